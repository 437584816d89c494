"""The lock beside vendored packages: what was copied, made from what, and by whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import PurePosixPath

from venuekit.config import is_package_name
from venuekit.diagnostics import Place, Report
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, decode, locate, read_json

NAME = "venuekit.lock"
_VERSION = 1
_REMEDY = "take it back from version control, or remove it and vendor again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One vendored package, and the hashes of its files by path below its folder."""

    name: str
    document: str | None  # the hash of its document; None for what is made from none
    generator: str  # the version
    files: Mapping[PurePosixPath, str] = field(hash=False)

    @property
    def checksum(self) -> str:
        """The hash of the entry's other values: a hand that changes one shows."""
        text = json.dumps(_values(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def digest(data: bytes) -> str:
    """The SHA-256 of a file with line ends as LF: a checkout may have turned them to CRLF."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def write_lock(entries: Iterable[Entry]) -> bytes:
    """Write a lock: packages and files in order, so that a difference shows what changed."""
    listed = sorted(entries, key=lambda entry: entry.name)
    packages = [{**_values(entry), "checksum": entry.checksum} for entry in listed]
    return (json.dumps({"version": _VERSION, "packages": packages}, indent=2) + "\n").encode()


def read_lock(data: bytes, file: str, report: Report) -> dict[str, Entry] | None:
    """Read a lock, entries by name; None if an error was reported."""
    before = len(report)
    text = decode(data, file, found := Report())
    root = None if text is None else read_json(text, file, found)
    if not isinstance(root, Map) or found.has_errors:
        first = next(iter(found), None)
        message = f"is no lock: {first.message}" if first else "is no lock: it is no object"
        place = first.place if first else Place(file)
        report.error("VK602", message, place, _REMEDY)
        return None
    if root.get("version") != _VERSION:
        message = f"is no lock of version {_VERSION}, the one that this venuekit reads"
        help = "use the venuekit that wrote it, or a later one"
        report.error("VK602", message, locate(root, ("version",)), help)
        return None
    packages = root.get("packages")
    entries: dict[str, Entry] = {}
    for index in range(len(packages)) if isinstance(packages, Seq) else ():
        entry = _entry(root, index, packages[index] if isinstance(packages, Seq) else None, report)
        if entry is not None and entry.name in entries:
            message = f"has '{entry.name}' twice"
            report.error("VK602", message, locate(root, ("packages", index)), _REMEDY)
        elif entry is not None:
            entries[entry.name] = entry
    if not isinstance(packages, Seq):
        report.error("VK602", "is no lock: it has no packages", locate(root, ()), _REMEDY)
    return entries if len(report) == before else None


def _values(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "document": entry.document,
        "generator": entry.generator,
        "files": {str(path): entry.files[path] for path in sorted(entry.files)},
    }


def _entry(root: Map, index: int, node: JSON, report: Report) -> Entry | None:
    place = locate(root, ("packages", index))
    match node:
        case {
            "name": str(name),
            "document": str() | None as document,
            "generator": str(generator),
            "files": Map() as listed,
            "checksum": str(checksum),
        } if is_package_name(str(name)) and all(map(_is_inside, listed)):
            files = {PurePosixPath(path): str(sha256) for path, sha256 in listed.items()}
            entry = Entry(
                name=str(name),
                document=None if document is None else str(document),
                generator=str(generator),
                files=files,
            )
            if entry.checksum == checksum and len(node) == len(_values(entry)) + 1:
                return entry
            message = f"the entry of '{name}' was edited: its checksum is another"
            report.error("VK603", message, place, _REMEDY)
        case _:
            report.error("VK602", "is no lock: an entry is not whole", place, _REMEDY)
    return None


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return not set(parts) & {"", ".", ".."} and "\\" not in path and ":" not in path
