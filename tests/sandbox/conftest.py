"""A venue of its own for each test: `trading`, `broker`, `street`, `poly`, `delta`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from venue_sandbox import running

from .calling import Caller, calling


def _fixture(name: str) -> Iterator[Caller]:
    with running(name) as sandbox, calling(sandbox, name) as caller:
        yield caller


@pytest.fixture
def trading() -> Iterator[Caller]:
    yield from _fixture("alpaca_trading")


@pytest.fixture
def broker() -> Iterator[Caller]:
    yield from _fixture("alpaca_broker")


@pytest.fixture
def street() -> Iterator[Caller]:
    yield from _fixture("clear_street")


@pytest.fixture
def poly() -> Iterator[Caller]:
    yield from _fixture("polymarket")


@pytest.fixture
def delta() -> Iterator[Caller]:
    yield from _fixture("deltadefi")
