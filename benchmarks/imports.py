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
LARGE = Path("shared", "corpus", "real", "github", "github-api.json")
FIRST_CALL = """
import httpx, large
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"id": 1}))
client = large.Client(http=httpx.Client(transport=transport), lenient=True)
client.repos_get("owner", "repo")
"""
CONSTRUCTED = f"{CLASS}; Client('https://example.com', api_key='k', api_secret='s')"
CALLED = f"""
import httpx
{CLASS}
answers = httpx.MockTransport(lambda request: httpx.Response(207, json=[{{"status": 200}}]))
settings = {{"api_key": "k", "api_secret": "s", "http": httpx.Client(transport=answers)}}
Client("https://example.com", **settings).delete_all_orders()
"""


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare the import of a client, its construction and its first call with bare imports."""
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        work = Path(name)
        shutil.copytree(settings.root / "generated", work / "generated")
        programs = (BARE, PACKAGE, CLASS, CONSTRUCTED, CALLED)
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
    yield Row(
        what="the same, and a first call, which loads the models",
        peer=BARE,
        times=times[CALLED],
        peer_times=bare,
        measure="beyond",
    )
    yield from _large(settings)


def _large(settings: Settings) -> Iterator[Row | Skipped]:
    """Import the client of a large document and call it once."""
    what, document = "the client of GitHub and its first call", settings.root.parent / LARGE
    if not document.is_file():
        yield Skipped(what=what, why=f"{document} is not there")
        return
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        work = Path(name)
        made = work / "generated" / "large"
        command = ("-m", "venuekit", "generate", "-q", "--spec", document, "--out", made)
        run([sys.executable, *command], work)
        programs = (BARE, FIRST_CALL)
        sides = {program: _process(program, work) for program in programs}
        times = interleave(sides, rounds=settings.rounds * 3)
    yield Row(
        what=what,
        peer=BARE,
        times=times[FIRST_CALL],
        peer_times=times[BARE],
        measure="beyond",
        target=0.3,
    )


def _process(program: str, work: Path) -> Callable[[], None]:
    environment = {"PYTHONPATH": str(work / "generated"), "PYTHONDONTWRITEBYTECODE": ""}
    return lambda: run([sys.executable, "-c", program], work, environment)
