"""What the upgrade of one document shares: where parts have moved, and references to redirect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import TypeAlias
from urllib.parse import unquote

from venuekit.diagnostics import Place, Report
from venuekit.records import dataclass
from venuekit.sources import (
    JSON,
    Map,
    Seq,
    child,
    clone,
    locate,
    new_map,
    place_of,
    pointer,
    put,
    step,
    tokens_of,
)

Path: TypeAlias = tuple[str | int, ...]

_ALLOWED = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(slots=True)
class State:
    """The original document, which is read but not changed until a part of it is placed."""

    document: Map
    report: Report
    moves: dict[Path, Path] = field(default_factory=dict[Path, Path])
    references: list[Map] = field(default_factory=list[Map])
    names: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """The names of components that OpenAPI does not allow as they are, by section and name."""

    def name(self, section: str, name: str) -> str:
        return self.names.get((section, name), name)

    def target(self, reference: str) -> tuple[Path, JSON] | None:
        """What a reference within the original names."""
        if not reference.startswith("#/"):
            return None
        node: JSON = self.document
        path: list[str | int] = []
        for token in tokens_of(unquote(reference)):
            key = step(node, token)
            if key is None:
                return None
            node = child(node, key)
            path.append(key)
        return tuple(path), node

    def resolved(self, node: JSON) -> Map | None:
        """A part of the original at the end of its references; None where there is none."""
        seen: set[int] = set()
        while isinstance(node, Map) and id(node) not in seen:
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return node
            seen.add(id(node))
            found = self.target(reference)
            node = found[1] if found else None
        return None

    def place(self, *path: str | int) -> Place:
        """The place of a part of the original."""
        return locate(self.document, path)

    def refer(self, node: Map) -> None:
        """Remember a reference that has to follow what it names."""
        self.references.append(node)

    def referring(self, node: Map) -> Map:
        """A reference as it stands in the result, to be redirected with the others."""
        copy = clone(node)
        self.refer(copy)
        return copy

    def move(self, old: Path, new: Path) -> None:
        """Say where a part of the original stands now; its first place counts."""
        self.moves.setdefault(old, new)

    def redirect(self) -> None:
        """Let every reference name the new place of its target."""
        moves = {tuple(map(str, old)): new for old, new in self.moves.items()}
        for node in self.references:
            reference = node["$ref"]
            if not isinstance(reference, str) or not reference.startswith("#/"):
                continue
            tokens = tuple(tokens_of(unquote(reference)))
            for length in range(len(tokens), 0, -1):
                new = moves.get(tokens[:length])
                if new is not None:
                    put(node, "$ref", f"#{pointer((*new, *tokens[length:]))}")
                    break

    def warn(self, code: str, message: str, place: Place, help: str = "") -> None:
        self.report.warning(code, message, place, help)


def new_like(node: Map) -> Map:
    """An empty object in the place of another."""
    return new_map(place_of(node))


def keep(old: Map, key: str, new: Map, name: str = "", value: JSON = None) -> None:
    """Put what an object has under a key into another, perhaps by another name or value."""
    put(new, name or key, old[key] if value is None else value, place_of(old, key))


def strings(node: JSON) -> list[str] | None:
    """The strings of a list; None where it is no list."""
    return [item for item in node if isinstance(item, str)] if isinstance(node, Seq) else None


def entries(node: JSON) -> Iterator[tuple[str, JSON]]:
    """The entries of an object; none of something else."""
    if isinstance(node, Map):
        yield from node.items()


def is_allowed(name: str) -> bool:
    """Whether OpenAPI allows a name for a component."""
    return _ALLOWED.fullmatch(name) is not None
