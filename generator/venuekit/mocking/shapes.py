"""What a schema takes, seen through references and alternatives: types, properties, items."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.records import dataclass
from venuekit.sources import Map, Seq
from venuekit.validation.dialect import Schemas
from venuekit.validation.misfits import Misfit
from venuekit.validation.parts import Path, Plain, Use
from venuekit.validation.references import Parts

_MOST = 1_000_000  # schemas that may be tried on one value
_TYPES: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


@dataclass(frozen=True, slots=True)
class Shapes:
    """The schemas of a document, by the paths of their nodes."""

    parts: Parts
    schemas: Schemas

    def node(self, path: Path | None) -> Map:
        """The schema at a path, without what it refers to."""
        part = None if path is None else self.parts.by_path.get(path)
        return Map() if part is None else part.node

    def whole(self, path: Path | None) -> Iterator[Path]:
        """Yield a schema and all that apply to the same value beside it or as an alternative."""
        waiting = [] if path is None else [path]
        seen: set[Path] = set()
        while waiting:
            here = waiting.pop(0)
            if here in seen or here not in self.parts.by_path:
                continue
            seen.add(here)
            yield here
            waiting += self.beside(here)

    def beside(self, path: Path) -> Iterator[Path]:
        """Yield what a schema refers to, and its branches."""
        if path in self.parts.targets:
            yield self.parts.targets[path]
        for key in ("allOf", "anyOf", "oneOf"):
            branches = self.node(path).get(key)
            for index in range(len(branches) if isinstance(branches, Seq) else 0):
                yield (*path, key, index)

    def types(self, path: Path | None) -> frozenset[str]:
        """The JSON types that a schema names or means; none where it takes anything."""
        found: set[str] = set()
        for here in self.whole(path):
            found.update(_types(self.node(here)))
        return frozenset(found)

    def property(self, path: Path | None, name: str) -> Path | None:
        """The schema of a property; that of undeclared ones where it is none of the declared."""
        extra: Path | None = None
        for here in self.whole(path):
            node = self.node(here)
            known = node.get("properties")
            if isinstance(known, Map) and name in known:
                return (*here, "properties", name)
            if isinstance(node.get("additionalProperties"), Map):
                extra = extra or (*here, "additionalProperties")
        return extra

    def properties(self, path: Path | None) -> tuple[str, ...]:
        """The names of all declared properties."""
        found: dict[str, None] = {}
        for here in self.whole(path):
            known = self.node(here).get("properties")
            found.update(dict.fromkeys(known if isinstance(known, Map) else ()))
        return tuple(found)

    def items(self, path: Path | None) -> Path | None:
        """The schema of the items of an array."""
        for here in self.whole(path):
            if isinstance(self.node(here).get("items"), Map):
                return (*here, "items")
        return None

    def misfits(self, path: Path, value: Plain, use: Use) -> list[Misfit]:
        """Why a value does not fit; nothing where that would take too long to find out."""
        if path not in self.parts.by_path or self._effort(path, value, {}) > _MOST:
            return []
        return self.schemas.misfits(path, value, use)

    def _effort(self, path: Path, value: Plain, known: dict[tuple[Path, int], int]) -> int:
        """How many schemas are tried on a value: alternatives within alternatives multiply."""
        key = (path, id(value))
        if key not in known:
            known[key] = 1
            try:
                tried = (self._effort(p, v, known) for p, v in self._tried(path, value))
                known[key] = min(1 + sum(tried), _MOST + 1)
            except RecursionError:
                return _MOST + 1
        return known[key]

    def _tried(self, path: Path, value: Plain) -> Iterator[tuple[Path, Plain]]:
        if path not in self.parts.by_path:
            return
        yield from ((p, value) for p in self.beside(path))
        yield from (((*path, key), value) for key in ("if", "then", "else", "not"))
        if isinstance(value, list):
            yield from (((*path, "items"), item) for item in value)
        elif isinstance(value, dict):
            for name, item in value.items():
                yield (*path, "properties", name), item
                yield (*path, "additionalProperties"), item


def _types(node: Map) -> Iterator[str]:
    named = node.get("type")
    if isinstance(named, Seq):
        yield from (str(name) for name in named)
    elif isinstance(named, str):
        yield str(named)
    elif isinstance(node.get("properties"), Map):
        yield "object"
    elif "items" in node:
        yield "array"
    else:
        values = node.get("enum")
        const = [node["const"]] if "const" in node else []
        for value in [*(values if isinstance(values, Seq) else ()), *const]:
            yield next((name for kind, name in _TYPES.items() if isinstance(value, kind)), "null")
