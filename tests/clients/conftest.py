"""Every test that asks for `caller` and `way` runs for the five clients, sync and async."""

from __future__ import annotations

import pytest

from .callers import CALLERS, Caller, Way, sync, unsync


@pytest.fixture(params=CALLERS, ids=str)
def caller(request: pytest.FixtureRequest) -> Caller:
    return request.param


@pytest.fixture(params=[sync, unsync], ids=["sync", "async"])
def way(request: pytest.FixtureRequest) -> Way:
    return request.param
