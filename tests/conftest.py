"""What the tests share: the folders of cases, and the option that rewrites what they expect."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from .making import make_client

# A busy machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# Nothing is remembered from one test to another.
os.environ["VENUEKIT_CACHE"] = "off"

# Whoever runs the tests in the background has these ignored, and their children would inherit it.
for _signal in (getattr(signal, name, None) for name in ("SIGINT", "SIGHUP", "SIGTERM")):
    if _signal is not None and signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(
            _signal, signal.default_int_handler if _signal == signal.SIGINT else signal.SIG_DFL
        )

CASES = Path(__file__).parent / "cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected files of cases")
    parser.addoption("--long", action="store_true", help="run all of the proofs that are sampled")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Any]:
    """Make a client of a document's text, and import it: `make(text, **settings)`."""

    def made(text: str, **settings: Any) -> Any:
        return make_client(text, tmp_path, **settings)

    return made
