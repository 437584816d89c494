"""Thousands of runs in one process: none of them begins others to write classes."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest

from venuekit.modelling.pieces import written
from venuekit.modelling.writers import Writers

_SHARES = 16  # of a run that would be too long for one test
_ALONE = threading.Lock()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "share" in metafunc.fixturenames:
        shares = _SHARES if metafunc.config.getoption("--long") else 1
        metafunc.parametrize("share", range(shares))


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write classes here: a process that is begun for one small document costs more than it."""

    def ask(_: Writers, document: str, aliases: Mapping[str, str]) -> str:
        with _ALONE:
            return written(document, aliases)

    monkeypatch.setattr(Writers, "_ask", ask)
