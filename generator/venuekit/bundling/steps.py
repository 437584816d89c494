"""Values on their way into a bundle, and the places that wait for the name of a component."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from venuekit.bundling.kinds import Expected
from venuekit.bundling.library import Document, Target, Tokens
from venuekit.diagnostics import Place
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, place_of, pointer, put

Key: TypeAlias = tuple[str, str, Tokens]
"""A kind, a location, and a pointer there: what becomes one component."""


@dataclass(slots=True)
class Slot:
    """A place that has to name a component: the `$ref` of a node, or a value of a mapping."""

    node: Map
    name: str


@dataclass(slots=True)
class Step:
    """A value on its way: where it is, in which document its references start, and what it is."""

    owner: Map | Seq
    at: str | int
    expected: Expected
    document: Document
    path: Tokens  # in the document itself, or in that of the part
    is_own: bool  # whether the path is one of the document itself
    depth: int = 0
    chain: tuple[tuple[str, Tokens], ...] = ()
    base: str = ""  # the address that `$id` and `$self` give to what the value is in

    @property
    def place(self) -> Place:
        """Where a reference stands."""
        assert isinstance(self.value, Map)
        return replace(place_of(self.value, "$ref"), pointer=pointer((*self.path, "$ref")))

    @property
    def value(self) -> JSON:
        if isinstance(self.owner, Map):
            assert isinstance(self.at, str)
            return self.owner[self.at]
        assert isinstance(self.at, int)
        return self.owner[self.at]

    def put(self, value: JSON, target: Target) -> None:
        """Put a part in the place of the reference to it."""
        place = place_of(value) if isinstance(value, Map | Seq) else None
        if isinstance(self.owner, Map):
            assert isinstance(self.at, str)
            put(self.owner, self.at, value, place)
        else:
            assert isinstance(self.at, int)
            put(self.owner, self.at, value, place)
        self.document = target.document
        self.base = target.document.base_at(target.tokens)
        self.chain = (*self.chain, target.key)
