"""Whole runs of the generator, against another one and against each other."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from measuring import MeasurementError, Row, Settings, Skipped, Times, run, timed
from peers import PeerMissing, installed

PEER, PEER_VERSION = "openapi-python-client", "0.29.1"
PAGE = Path("specs/polymarket/pages/cancel-all-orders.md")
_FORGETFUL = {"VENUEKIT_CACHE": "off"}
ALL_COLD = f"all clients generated cold, against one by {PEER}"


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare cold runs of `generate` with the peer, and `check` with them."""
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        work = Path(name)
        times: dict[str, list[float]] = {"generate": [], "check": [], PEER: []}
        missing = ""
        try:
            peer = _peer(settings, work)
        except PeerMissing as error:
            peer, missing = None, str(error)
        for number in range(settings.rounds + 1):
            taken = _round(settings.root, work, peer, peer_first=number % 2 == 0)
            for side, seconds in taken.items():
                if number:
                    times[side].append(seconds)
    if missing:
        yield Skipped(what=ALL_COLD, why=missing)
    else:
        yield _row(ALL_COLD, times["generate"], f"{PEER} {PEER_VERSION}", times[PEER], 4.0)
    yield _row("check of all clients", times["check"], "generate, cold", times["generate"], 1.0)


def _row(what: str, times: Times, peer: str, peer_times: Times, target: float) -> Row:
    return Row(what=what, peer=peer, times=times, peer_times=peer_times, target=target)


def _round(
    root: Path, work: Path, peer: Callable[[], None] | None, *, peer_first: bool
) -> dict[str, float]:
    """Time each side once, ours in a fresh copy of the project."""
    project = work / "project"
    _copy(root, project)
    command = [sys.executable, "-m", "venuekit"]
    sides: dict[str, Callable[[], None]] = {
        "generate": lambda: run([*command, "generate", "--quiet"], project, _FORGETFUL),
        "check": lambda: run([*command, "check", "--quiet"], project, _FORGETFUL),
    }
    if peer:
        sides = {PEER: peer, **sides} if peer_first else {**sides, PEER: peer}
    try:
        return {name: timed(side) for name, side in sides.items()}
    finally:
        shutil.rmtree(project)


def _copy(root: Path, project: Path) -> None:
    """Copy what a project consists of, without what is generated from it."""
    project.mkdir()
    shutil.copy(root / "pyproject.toml", project)
    shutil.copytree(root / "specs", project / "specs")


def _peer(settings: Settings, work: Path) -> Callable[[], None]:
    """Make a cold run of the peer, its formatter included, on the document of one page."""
    commands = installed(PEER, PEER_VERSION, settings.peers)
    document = work / "document.json"
    document.write_text(json.dumps(_document(settings.root / PAGE)), encoding="utf-8")
    output = work / "peer"
    # Its post hooks run `ruff` from the path, and are passed over where there is none.
    environment = {"PATH": os.pathsep.join((str(commands), os.environ["PATH"]))}
    command = [commands / PEER, "generate", "--path", document, "--output-path", output]

    def generate() -> None:
        shutil.rmtree(output, ignore_errors=True)
        run(command, work, environment)

    return generate


def _document(page: Path) -> object:
    from venuekit.diagnostics import Report
    from venuekit.extraction import extract

    found = extract(page.name, page.read_bytes(), Report())
    if found is None or not found.fragments:
        raise MeasurementError(f"{page} holds no document")
    return found.fragments[0].document
