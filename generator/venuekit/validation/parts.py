"""The parts of a document by kind: what is a schema, a parameter, an operation, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias
from urllib.parse import unquote

from venuekit.grammar import GRAMMAR, LIST, MAP, ONE, REFERABLE, TABLE
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq
from venuekit.sources import step as named_child

Path: TypeAlias = tuple[str | int, ...]
Use: TypeAlias = Literal["request", "response"] | None
Plain: TypeAlias = "None | bool | int | float | str | dict[str, Plain] | list[Plain]"

_USES: Mapping[str, Use] = {
    "parameter": "request",
    "request body": "request",
    "response": "response",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A node of a known kind, with its twin in the plain copy and the direction of its use."""

    kind: str
    path: Path
    node: Map
    plain: dict[str, Plain]
    use: Use = None

    @property
    def reference(self) -> str | None:
        """The reference that stands for this part, if one does."""
        reference = self.node.get("$ref")
        return reference if isinstance(reference, str) and self.kind in REFERABLE else None


def plain_copy(node: JSON) -> Plain:
    """Copy a value into dicts, lists and numbers of Python's own classes."""
    if isinstance(node, Map):
        return {str(key): plain_copy(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [plain_copy(value) for value in node]
    if isinstance(node, float):
        return float(node)
    return node


def parts_of(kind: str, path: Path, node: JSON, plain: Plain, use: Use = None) -> Iterator[Part]:
    """Yield a part and all parts in it, in the order of the document."""
    stack: list[tuple[str, Path, JSON, Plain, Use]] = [(kind, path, node, plain, use)]
    while stack:
        kind, path, node, plain, use = stack.pop()
        if not isinstance(node, Map) or not isinstance(plain, dict):
            continue
        use = None if kind == "callback" else use or _USES.get(kind)
        yield Part(kind, path, node, plain, use)
        stack.extend(reversed(list(_children(kind, path, node, plain, use))))


def _children(
    kind: str, path: Path, node: Map, plain: dict[str, Plain], use: Use
) -> Iterator[tuple[str, Path, JSON, Plain, Use]]:
    grammar = GRAMMAR.get(kind, {})
    for key, value in node.items():
        twin = plain[key]
        if kind == "callback":
            if key != "$ref" and not key.startswith("x-"):
                yield "path item", (*path, key), value, twin, use
        elif key in grammar:
            how, child = grammar[key]
            if how == ONE and not isinstance(value, Seq):
                yield child, (*path, key), value, twin, use
            else:
                for name, item, its_twin in _entries(how, value, twin):
                    yield child, (*path, key, name), item, its_twin, use


def _entries(how: str, value: JSON, twin: Plain) -> Iterator[tuple[str | int, JSON, Plain]]:
    """The items of a list (`items` of old is one too), or the values of a mapping."""
    if isinstance(value, Seq) and isinstance(twin, list):
        if how in (LIST, ONE):
            yield from ((index, item, twin[index]) for index, item in enumerate(value))
    elif isinstance(value, Map) and isinstance(twin, dict) and how in (MAP, TABLE):
        for name, item in value.items():
            if how == MAP or not name.startswith("x-"):
                yield name, item, twin[name]


def find(document: Map, reference: str) -> tuple[Path, JSON] | None:
    """Follow a reference within the document (`#/...`) to what it names."""
    node: JSON = document
    path: list[str | int] = []
    for token in unquote(reference).removeprefix("#").split("/")[1:]:
        key = named_child(node, token.replace("~1", "/").replace("~0", "~"))
        if isinstance(node, Map) and isinstance(key, str):
            node = node[key]
        elif isinstance(node, Seq) and isinstance(key, int):
            node = node[key]
        else:
            return None
        path.append(key)
    return tuple(path), node


def twin_of(plain: Plain, path: Path) -> Plain:
    """The node of the plain copy at a path."""
    for key in path:
        if isinstance(plain, dict) and isinstance(key, str):
            plain = plain[key]
        elif isinstance(plain, list) and isinstance(key, int):
            plain = plain[key]
        else:
            return None
    return plain
