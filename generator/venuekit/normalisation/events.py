"""Server-sent events: what the data of each are, told by the names of events."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.normalisation.kinds import constants
from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.reading import Document, Node, Pointer, branches_of
from venuekit.normalisation.variants import Families
from venuekit.records import dataclass

_FIELDS = frozenset({"data", "event", "id", "retry"})  # of an event (OpenAPI 3.2, section 4.14.4)
_Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """Finds the events of a stream: by alternatives, a discriminator, a base class, conditions.

    `is_item` says that schemas are those of events (`itemSchema`); else one may be that of data.
    """

    document: Document
    families: Families
    is_item: bool

    def read(self, schema: Node) -> list[tuple[_Names, Node]]:
        """The schemas of the data of events, each with the names of its events, if it has any.

        `schema` is that of the event, or of its data.
        """
        told = self._told(schema, Node(None, ()), frozenset())
        return told or [((), schema)]

    def _told(
        self, schema: Node, outer: Node, seen: frozenset[Pointer]
    ) -> list[tuple[_Names, Node]]:
        """The same; none where it is no event. `outer` is what data are said to be around it."""
        place, whole = self.document.resolve(schema), self._whole(schema)
        data = whole.get("properties", "data")
        data = data if set(data.map()) - {"format"} else outer
        cases = list(self._cases(schema, whole)) if place.pointer not in seen else []
        found: list[tuple[_Names, Node]] = []
        for names, case in cases:
            if case.pointer == place.pointer:
                inner = [(names, data)]
            else:
                inner = self._told(case, data, seen | {place.pointer})
            if not inner:
                return []
            found += [(own or names, each) for own, each in inner]
        if found:
            return found
        return [(self._names(whole), data)] if self._is_event(whole) else []

    def _cases(self, schema: Node, whole: Node) -> Iterator[tuple[_Names, Node]]:
        """The kinds of an event, each with the names that a discriminator or a condition gives."""
        place, branches = self.document.resolve(schema), branches_of(whole)
        base = self.families.of_base(place)
        variants = base or self.families.of_union(whole, branches)
        tags: dict[Pointer, _Names] = {}
        if variants and variants.wire == "event":
            for tag, case in variants.cases:
                tags[case.pointer] = (*tags.get(case.pointer, ()), tag)
        for branch in branches:
            yield tags.get(self.document.resolve(branch).pointer, ()), branch
        further = [(tags[at], self.document.at(at) or place) for at in tags] if base else []
        if not branches:
            further = further or list(self._conditions(place))
        yield from further
        if further and whole.get("properties", "data"):
            yield (), place

    def _conditions(self, event: Node) -> Iterator[tuple[_Names, Node]]:
        """What `then` says of an event that `if` names."""
        waiting = [event, *map(self.document.resolve, event.get("allOf").items())]
        for part in waiting:
            names = self._names(self._whole(part.get("if")))
            if names and part.get("then"):
                yield names, part.get("then")
            if part.get("else"):
                waiting.append(self.document.resolve(part.get("else")))

    def _names(self, event: Node) -> _Names:
        listed = constants(self._whole(event.get("properties", "event")))
        return tuple(name for name in listed if isinstance(name, str))

    def _whole(self, schema: Node) -> Node:
        return whole_schema(self.document, schema)

    def _is_event(self, whole: Node) -> bool:
        """Whether a schema is that of a whole event: of its fields, and nothing else."""
        names = set(whole.get("properties").map())
        return bool(names) and names <= _FIELDS and (self.is_item or {"data"} < names)
