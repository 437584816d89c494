"""What may stand where: the kinds of parts, with those of Swagger 2.0, and what is only data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from venuekit.grammar import GRAMMAR, LIST, MAP, ONE, REFERABLE, TABLE
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq

_SWAGGER: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "document": {
        "definitions": (MAP, "schema"),
        "parameters": (MAP, "parameter"),
        "responses": (MAP, "response"),
        "securityDefinitions": (MAP, "security scheme"),
    },
    "response": {"schema": (ONE, "schema")},
}
_GRAMMAR = {kind: {**_SWAGGER.get(kind, {}), **children} for kind, children in GRAMMAR.items()}
_DATA = frozenset({"example", "default", "enum", "const"})
_PLURAL = frozenset({"schema", "response"})  # whose `examples` are values

SECTIONS: Mapping[str, str] = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
    "security scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
"""Where the components of a kind stand in OpenAPI; the other kinds are put where they are used."""

SWAGGER_SECTIONS: Mapping[str, str] = {
    "schema": "definitions",
    "response": "responses",
    "parameter": "parameters",
}

How: TypeAlias = Literal["part", "list", "map", "table", "free"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected somewhere: a part of a kind, several of it, or something without parts."""

    how: How
    kind: str = ""

    @property
    def is_referable(self) -> bool:
        """Whether a reference may stand here by the specification."""
        return self.how == "part" and self.kind in REFERABLE


DOCUMENT = Expected("part", "document")
_FREE = Expected("free")
_HOWS: Mapping[str, How] = {LIST: "list", MAP: "map", TABLE: "table"}


def children(node: Map | Seq, expected: Expected) -> Iterator[tuple[str | int, Expected]]:
    """What is expected below each key and index; data, which holds no references, is left out."""
    if isinstance(node, Seq):
        inner = _inner(expected) if expected.how == "list" else _FREE
        yield from ((index, inner) for index in range(len(node)))
        return
    for key, value in node.items():
        if expected.how in ("map", "table"):
            if expected.how == "map" or not key.startswith("x-"):
                yield key, _inner(expected)
        elif not key.startswith("x-"):
            found = _below(expected, key, value)
            if found is not None:
                yield key, found


def _inner(expected: Expected) -> Expected:
    return Expected("part", expected.kind)


def _below(expected: Expected, key: str, value: JSON) -> Expected | None:
    if expected.how != "part":
        return _FREE
    kind = expected.kind
    if kind == "callback":
        return Expected("part", "path item")
    if key in (grammar := _GRAMMAR.get(kind, {})):
        how, child = grammar[key]
        if how == ONE:
            return Expected("list" if isinstance(value, Seq) else "part", child)
        return Expected(_HOWS[how], child)
    if kind == "example" or key in _DATA or (key == "examples" and kind in _PLURAL):
        return None
    return _FREE
