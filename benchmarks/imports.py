"""Whole processes that import a client, against those that import what it stands on."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from measuring import Row, Settings, Skipped, interleave, run

CLIENT = "venue_clients.alpaca_trading"
BARE = "import httpx, pydantic"
PACKAGE = f"import {CLIENT}"
CLASS = f"from {CLIENT} import Client"
CONSTRUCTED = f"{CLASS}; Client('https://example.com', api_key='k', api_secret='s')"


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare the import of a client, and its construction, with `import httpx, pydantic`."""
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        work = Path(name)
        shutil.copytree(settings.root / "generated", work / "generated")
        programs = (BARE, PACKAGE, CLASS, CONSTRUCTED)
        sides = {program: _process(program, work) for program in programs}
        times = interleave(sides, rounds=settings.rounds * 3)
    bare = times[BARE]
    yield Row(what=PACKAGE, peer=BARE, times=times[PACKAGE], peer_times=bare, target=1.3)
    yield Row(what=CLASS, peer=BARE, times=times[CLASS], peer_times=bare, target=1.3)
    yield Row(
        what="the same, and a client constructed",
        peer=BARE,
        times=times[CONSTRUCTED],
        peer_times=bare,
        measure="beyond",
        target=0.050,
    )


def _process(program: str, work: Path) -> Callable[[], None]:
    environment = {"PYTHONPATH": str(work / "generated"), "PYTHONDONTWRITEBYTECODE": ""}
    return lambda: run([sys.executable, "-c", program], work, environment)
