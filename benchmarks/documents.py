"""Large real documents: cold, unchanged and with one change, against the generators in use."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generation import PEER, PEER_VERSION
from measuring import Row, Settings, Skipped, used
from peers import PeerMissing, installed

# Where the peer completes, and where it does not: there, against models alone.
COMPLETED = (
    "openfigi/openfigi.yml",
    "openai/openai.yaml",
    "digitalocean/digitalocean-bundled.yaml",
)
CRASHED = ("github/github-api.json", "alpaca/alpaca-trading.yaml")
_MODELS = "datamodel-code-generator, models alone"
_ROUNDS = 2  # at the most: a round takes a minute


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare whole processes; the documents are data for tests, and not in this repository."""
    corpus = settings.root.parent / "shared" / "corpus" / "real"
    if not corpus.is_dir() or not hasattr(os, "wait4"):
        yield Skipped(what="large documents", why=f"they are not in {corpus}")
        return
    rounds = min(settings.rounds, _ROUNDS)
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        _ours(corpus / COMPLETED[0], Path(name))  # from here on the tool's modules are compiled
        try:
            commands = installed(PEER, PEER_VERSION, settings.peers)
        except PeerMissing as error:
            yield Skipped(what="large documents", why=str(error))
        else:
            for document in COMPLETED:
                yield from _against_client(corpus / document, Path(name), commands, rounds)
        for document in CRASHED:
            yield from _against_models(corpus / document, Path(name), rounds)


def _against_client(
    document: Path, work: Path, commands: Path, rounds: int
) -> Iterator[Row | Skipped]:
    environment = {"PATH": os.pathsep.join((str(commands), os.environ["PATH"]))}
    peer = [commands / PEER, "generate", "--path", document, "--output-path", work / "peer"]
    times: dict[str, list[float]] = {"cold": [], "unchanged": [], "changed": [], "peer": []}
    memory: dict[str, list[float]] = {"cold": [], "peer": []}
    for _ in range(rounds):
        shutil.rmtree(work / "peer", ignore_errors=True)
        seconds, _, megabytes = used(peer, work, environment=environment)
        times["peer"].append(seconds)
        memory["peer"].append(megabytes)
        for what, (seconds, megabytes) in _ours(document, work).items():
            times[what].append(seconds)
            memory.setdefault(what, []).append(megabytes)
    name = document.stem
    for what, target in (("cold", 1.0), ("unchanged", 0.15), ("changed", 0.3)):
        yield Row(
            what=f"{name}, {what}",
            peer=PEER,
            times=times[what],
            peer_times=times["peer"],
            target=target,
        )
    yield Row(
        what=f"{name}, memory",
        peer=PEER,
        times=memory["cold"],
        peer_times=memory["peer"],
        unit="MB",
        target=1.5,
    )


def _against_models(document: Path, work: Path, rounds: int) -> Iterator[Row | Skipped]:
    kind = "pydantic_v2.BaseModel"
    peer = [sys.executable, "-m", "datamodel_code_generator", "--input", document]
    peer += ["--input-file-type", "openapi", "--output-model-type", kind]
    peer += ["--output", work / "models.py", "--formatters", "builtin"]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        theirs.append(used(peer, work)[0])
        ours.append(_ours(document, work)["cold"][0])
    yield Row(
        what=f"{document.stem}, cold", peer=_MODELS, times=ours, peer_times=theirs, target=2.0
    )


def _ours(document: Path, work: Path) -> dict[str, tuple[float, float]]:
    """Seconds and megabytes: nothing made before, nothing changed, one description changed."""
    spec, cache = work / f"spec{document.suffix}", work / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    shutil.rmtree(work / "client", ignore_errors=True)
    text = document.read_text(encoding="utf-8")
    command = [sys.executable, "-m", "venuekit", "generate", "-q", "--spec", spec]
    command += ["--out", work / "client"]
    found: dict[str, tuple[float, float]] = {}
    for what in ("cold", "unchanged", "changed"):
        changed = _changed(text) if what == "changed" else text
        spec.write_text(changed, encoding="utf-8")
        seconds, _, megabytes = used(command, work, environment={"VENUEKIT_CACHE": str(cache)})
        found[what] = seconds, megabytes
    return found


def _changed(text: str) -> str:
    """The text with another summary of its first operation."""
    for mark in ('"summary": "', "summary: "):
        if mark in text:
            return text.replace(mark, f"{mark}Now ", 1)
    return text.replace("description: ", "description: Now ", 1)
