"""Simulated venues, and no credentials of the machine's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from venue_desk.environment import VENUES
from venue_sandbox import Sandbox, running


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running() as venues:
        for venue in venues.venues.values():
            venue.limit = None
        yield venues


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for known in VENUES.values():
        for name in [n for names in known.credentials for n in names] + [known.accounts]:
            if name:
                monkeypatch.delenv(name, raising=False)
