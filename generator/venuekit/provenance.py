"""What a client was made from: the hashes of its document, sources, overlays and files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import TypeVar, cast

from venuekit import __version__
from venuekit.installed import version
from venuekit.records import dataclass

Part = TypeVar("Part")

_TOOLS = ("datamodel-code-generator", "jinja2", "ruff")
_VALIDATOR = "openapi-spec-validator"


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    file: str
    url: str | None
    scraped_at: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Overlay:
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class File:
    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The contents of a client's provenance.json, with nothing of the machine that wrote it."""

    document: Document
    sources: tuple[Source, ...]
    overlays: tuple[Overlay, ...]
    tools: tuple[Tool, ...]
    operations: tuple[Operation, ...]
    files: tuple[File, ...]

    @property
    def hashes(self) -> dict[PurePosixPath, str]:
        return {PurePosixPath(file.path): file.sha256 for file in self.files}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tools(*, is_valid: bool) -> tuple[Tool, ...]:
    """Name what decides the bytes of a client, with the versions that are installed.

    The standard's validator is one of them where it has accepted the document.
    """
    names = (*_TOOLS, *((_VALIDATOR,) if is_valid else ()))
    return (Tool("venuekit", __version__), *(Tool(name, version(name)) for name in names))


def hashed(files: Mapping[PurePosixPath, str]) -> tuple[File, ...]:
    return tuple(File(str(path), sha256(files[path].encode())) for path in sorted(files))


def write(provenance: Provenance) -> str:
    return json.dumps(asdict(provenance), indent=2, ensure_ascii=False) + "\n"


def read(data: bytes) -> Provenance | None:
    """Read a provenance.json; None where it is not one that we wrote."""
    try:
        values = cast("dict[str, object]", json.loads(data))
        return Provenance(
            document=_one(Document, values["document"]),
            sources=tuple(_each(Source, values["sources"])),
            overlays=tuple(_each(Overlay, values["overlays"])),
            tools=tuple(_each(Tool, values["tools"])),
            operations=tuple(_each(Operation, values["operations"])),
            files=tuple(_each(File, values["files"])),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def listed(data: bytes) -> set[PurePosixPath]:
    """Name the files that a provenance.json lists, also where a merge has left it broken."""
    found = re.findall(r'"path": "([^"\\]+)"', data.decode("utf-8", "replace"))
    paths = {PurePosixPath(path) for path in found}
    return {path for path in paths if not path.is_absolute() and ".." not in path.parts}


def changes(old: Provenance, new: Provenance) -> Iterator[tuple[str, str]]:
    """Yield the sources, overlays and tools that differ, each with what has happened to it."""
    yield from _changes(
        {file.file: file.sha256 for file in (*old.sources, *old.overlays)},
        {file.file: file.sha256 for file in (*new.sources, *new.overlays)},
    )
    before = {tool.name: tool.version for tool in old.tools}
    for tool in new.tools:
        was = before.get(tool.name, "none")
        if was != tool.version:
            yield tool.name, f"is {tool.version} and was {was}"


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for file in [*new, *(file for file in old if file not in new)]:
        if file not in new:
            yield file, "is gone"
        elif file not in old:
            yield file, "is new"
        elif old[file] != new[file]:
            yield file, "changed"


def _each(kind: type[Part], values: object) -> list[Part]:
    if not isinstance(values, list):
        raise TypeError
    return [_one(kind, value) for value in cast("list[object]", values)]


def _one(kind: type[Part], value: object) -> Part:
    """Make one entry; a TypeError where its keys or values are not those of the entry."""
    if not isinstance(value, dict):
        raise TypeError
    entry = cast("dict[str, object]", value)
    if not all(isinstance(text, str) or text is None for text in entry.values()):
        raise TypeError
    return kind(**entry)
