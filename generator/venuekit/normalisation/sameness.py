"""Enumerations that say the same of what is called the same: one class with several names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from venuekit import naming
from venuekit.ir import EnumClass
from venuekit.normalisation.reading import Document, Node, Pointer

# Keywords between a property, or a parameter, and the schema of one of its values.
_BETWEEN = frozenset("schema items additionalProperties oneOf anyOf allOf".split())


def same_enums(
    enums: Iterable[EnumClass], places: Mapping[str, Node], document: Document
) -> dict[str, str]:
    """The other names of enumerations, each with that of the class that is written.

    `places` are the schemas that have no name of their own, by the names of their classes. They
    are called by where they stand, which stays so whatever else comes and goes; those of the same
    values and description, of properties or parameters of one name, are one class all the same.
    """
    found: dict[object, list[str]] = {}
    for enum in enums:
        word = _word(document, places[enum.name].pointer) if enum.name in places else ""
        if word:
            same = (word, _spelled(enum), enum.description)
            found.setdefault(same, []).append(enum.name)
    others: dict[str, str] = {}
    for names in found.values():
        first, *rest = sorted(set(names), key=lambda name: (len(name), name))
        others.update(dict.fromkeys(rest, first))
    return others


def _spelled(enum: EnumClass) -> tuple[tuple[str, str], ...]:
    """The members, where 1 is not true and not 1.0."""
    return tuple((name, repr(value)) for name, value in enum.members)


def _word(document: Document, pointer: Pointer) -> str:
    """The name of the property or parameter that a schema is of; empty if it is of neither."""
    for end in range(len(pointer), 1, -1):
        before, last = pointer[end - 2 : end]
        if before == "properties":
            return naming.joined(last)
        owner = document.at(pointer[: end - 1]) if last == "schema" else None
        if owner is not None and owner.text("in"):
            return naming.joined(owner.text("name"))
        if last not in _BETWEEN and not last.isdecimal():
            return ""
    return ""
