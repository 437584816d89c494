"""What venues said of the state of their pages, kept outside of repositories between two runs."""

from __future__ import annotations

import json
from dataclasses import asdict, field
from pathlib import Path
from typing import cast

from venuekit import caching
from venuekit.records import dataclass

_MOST = 20_000  # addresses that are kept, the latest


@dataclass(frozen=True, slots=True)
class Validators:
    """The ETag and the time of an answer, and the hash of what it was."""

    etag: str | None
    modified: str | None
    sha256: str


@dataclass(slots=True)
class Memory:
    """Validators by address."""

    known: dict[str, Validators] = field(default_factory=dict[str, Validators])

    def recall(self, url: str) -> Validators | None:
        return self.known.get(url)

    def note(self, url: str, etag: str | None, modified: str | None, sha256: str) -> None:
        """Keep what came with an answer; without validators there is nothing to keep."""
        self.known.pop(url, None)
        if etag or modified:
            self.known[url] = Validators(etag, modified, sha256)

    def text(self) -> str:
        """The memory as it is kept."""
        kept = list(self.known.items())[-_MOST:]
        return json.dumps({url: asdict(found) for url, found in kept}, indent=1) + "\n"


def place() -> Path | None:
    """The file of the memory: `validators.json` in the caches of the user.

    None where the user has no home.
    """
    folder = caching.folder()
    return folder / "validators.json" if folder else None


def read(path: Path | None) -> Memory:
    """Read a memory; what cannot be read is forgotten, which costs a fetch."""
    memory = Memory()
    if path is None:
        return memory
    try:
        values: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return memory
    entries = cast("dict[str, object]", values) if isinstance(values, dict) else {}
    for url, entry in entries.items():
        values = list(cast("dict[str, object]", entry).values()) if isinstance(entry, dict) else [0]
        if not all(isinstance(value, str) or value is None for value in values):
            continue
        try:
            memory.known[url] = Validators(**cast("dict[str, str]", entry))
        except TypeError:
            continue
    return memory
