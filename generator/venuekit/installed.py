"""What is installed, and in which version, read from the names that say so.

`importlib.metadata` knows it too, and takes a fifth of a run that has nothing to do to import.
"""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path

_INFO = re.compile(r"(.+)-[^-]+\.dist-info")
_SEPARATORS = re.compile(r"[-_.]+")


@lru_cache(maxsize=1)
def everything() -> tuple[str, ...]:
    """The names, with versions, of all distributions that can be imported from, and the Python."""
    names = [name for _, name in _entries() if name.endswith((".dist-info", ".egg-info"))]
    return (sys.version, *names)


@lru_cache
def version(name: str) -> str:
    """The version of a distribution; a `PackageNotFoundError` where it is not installed."""
    wanted = _SEPARATORS.sub("-", name).lower()
    for folder, entry in _entries():
        found = _INFO.fullmatch(entry)
        if not found or _SEPARATORS.sub("-", found[1]).lower() != wanted:
            continue
        lines = Path(folder, entry, "METADATA").read_text(encoding="utf-8").splitlines()
        said = next((line for line in lines if line.startswith("Version: ")), None)
        if said:
            return said.removeprefix("Version: ").strip()
    from importlib.metadata import version as version_of

    return version_of(name)


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[str, str], ...]:
    """What is in the folders and archives of Python's path; of an archive, its state."""
    found: list[tuple[str, str]] = []
    for place in sys.path:
        if os.path.isdir(place):
            found += [(place, name) for name in sorted(os.listdir(place))]
        elif os.path.isfile(place):
            state = os.stat(place)
            found.append((place, f"{state.st_size}-{state.st_mtime_ns}.egg-info"))
    return tuple(found)
