"""What was made before, kept for all runs of a user by what it was made from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import TypeVar

_MOST = 256 << 20  # bytes of the file; above it the older half is dropped
_BATCH = 500  # keys in one question, below every limit of SQLite
_ABSENT = "off"

Result = TypeVar("Result")


def folder() -> Path | None:
    """The user's folder for caches of this tool, by the custom of the system.

    `VENUEKIT_CACHE` in the environment names another one. None where the user has no home.
    """
    ours = os.environ.get("VENUEKIT_CACHE", "")
    if ours and ours != _ABSENT:
        return Path(os.path.abspath(ours))
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if named and Path(named).is_absolute():
        caches = Path(named)
    elif sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = home / "Library" / "Caches"
    else:
        caches = home / ".cache"
    return caches / "venuekit"


def key_of(*parts: str | bytes) -> str:
    """The hash of texts in their order; no two lists of texts have the same."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


@lru_cache(maxsize=1)
def code() -> str:
    """The hash of this tool's own code: what another version made is not ours."""
    root = Path(__file__).resolve().parent
    modules = sorted(root.rglob("*.py"))
    return key_of(*(part for path in modules for part in (path.name, path.read_bytes())))


class Cache:
    """Texts by the hash of what they were made from.

    It may forget, and never fails: where the file cannot be used, nothing is remembered.
    `VENUEKIT_CACHE=off` in the environment does without it.
    """

    def __init__(self) -> None:
        place = None if os.environ.get("VENUEKIT_CACHE") == _ABSENT else folder()
        self._path = place / "made.sqlite" if place else None

    @property
    def is_there(self) -> bool:
        """Whether earlier runs may have left anything."""
        # `Path.is_file` raises where a folder may not be searched.
        return self._path is not None and os.path.isfile(self._path)

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """What is known of some keys."""
        wanted = list(keys)

        def read(file: sqlite3.Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                rows = file.execute(f"SELECT key, text FROM made WHERE key IN ({marks})", batch)  # noqa: S608 - marks only
                found.update({key: zlib.decompress(text).decode() for key, text in rows})
            return found

        if not wanted or not self._path or not self.is_there:
            return {}
        return _use(self._path, read) or {}

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep texts by their keys."""
        path = self._path
        if not texts or not path:
            return

        def write(file: sqlite3.Connection) -> None:
            file.execute("CREATE TABLE IF NOT EXISTS made (key TEXT PRIMARY KEY, text BLOB)")
            file.executemany(
                "INSERT OR REPLACE INTO made VALUES (?, ?)",
                [(key, zlib.compress(text.encode(), 1)) for key, text in texts.items()],
            )
            if path.stat().st_size > _MOST:
                file.execute("DELETE FROM made WHERE rowid < (SELECT avg(rowid) FROM made)")

        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        _use(path, write)


class Beside:
    """What a module has compiled, kept beside it as Python keeps the module.

    It is as much to be trusted as the module is. `PYTHONPYCACHEPREFIX` names another place, and
    `PYTHONDONTWRITEBYTECODE` keeps nothing; nor does `VENUEKIT_CACHE=off`.
    """

    def __init__(self, module: str) -> None:
        off = os.environ.get("VENUEKIT_CACHE") == _ABSENT or not sys.implementation.cache_tag
        self._path = None if off else Path(cache_from_source(module)).with_suffix(".bin")

    def read(self) -> bytes | None:
        """What was kept; None where there is nothing, or less than was written."""
        if self._path is None:
            return None
        try:
            data = self._path.read_bytes()
        except OSError:
            return None
        mark = hashlib.sha256().digest_size
        return data[mark:] if hashlib.sha256(data[mark:]).digest() == data[:mark] else None

    def write(self, data: bytes) -> bool:
        """Keep it, where that can be."""
        path = self._path
        if path is None or sys.dont_write_bytecode:
            return False
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(hashlib.sha256(data).digest() + data)
            os.replace(part, path)
        except OSError:
            return False
        return True


def _use(path: Path, action: Callable[[sqlite3.Connection], Result]) -> Result | None:
    """Do something with the file and commit it; None where the file is not to be used."""
    try:
        is_new = not os.path.exists(path)
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as file:
            file.execute("PRAGMA synchronous = OFF")
            if is_new:  # each time that this is said, the file is written
                file.execute("PRAGMA auto_vacuum = FULL")
            with file:
                return action(file)
    except sqlite3.OperationalError:
        return None  # locked, full or read-only
    except (sqlite3.DatabaseError, zlib.error, UnicodeDecodeError, OSError):
        with contextlib.suppress(OSError):
            path.unlink()
        return None
