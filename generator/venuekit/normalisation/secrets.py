"""Which values are secrets: those of `format: password`, and what is `writeOnly`."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.normalisation.reading import Document, Node, Pointer, schemas_in
from venuekit.records import dataclass


@dataclass(frozen=True, slots=True)
class Secrets:
    """Looks for secrets in schemas."""

    document: Document

    def is_secret(self, schema: Node) -> bool:
        """Whether a value is a secret, or has one inside of it."""
        inner = self._within(schema, (*_CONTAINERS, *_BRANCHES))
        return any(n.text("format") == "password" or n.flag("writeOnly") for n in inner)

    def is_hidden(self, schema: Node) -> bool:
        """Whether a property is a secret as a whole; an object hides its own properties."""
        if schema.flag("writeOnly") or schema.text("format") == "password":
            return True
        inner = self._within(schema, (*_LISTS, *_BRANCHES))
        return any(n.text("format") == "password" or n.flag("writeOnly") for n in inner)

    def names(self, schema: Node, style: str, explode: bool) -> tuple[str, ...]:
        """The names that secrets have in a query where the properties of an object are pairs."""
        if style != "form" or not explode:
            return ()
        pairs = [pair for n in self._within(schema, _BRANCHES) for pair in n.get(_FIELDS).entries()]
        return tuple(dict.fromkeys(wire for wire, node in pairs if self.is_secret(node)))

    def _within(self, schema: Node, keywords: tuple[str, ...]) -> Iterator[Node]:
        """A schema and those that it is made of, each once."""
        seen: set[Pointer] = set()
        ahead = [schema]
        while ahead:
            here = self.document.resolve(ahead.pop())
            if here.pointer not in seen:
                seen.add(here.pointer)
                yield here
                ahead += schemas_in(here, keywords)


_FIELDS = "properties"
_BRANCHES = ("allOf", "anyOf", "oneOf")
_LISTS = ("prefixItems", "items", "additionalProperties")
_CONTAINERS = (_FIELDS, *_LISTS)
