"""The types of JSON values, as JSON Schema names them."""

from __future__ import annotations

from collections.abc import Collection

from venuekit.sources.tree import JSON, Map, Seq

# Numbers are told apart by their values.
_TYPES: dict[str, type] = {
    "boolean": bool,
    "string": str,
    "object": Map,
    "array": Seq,
    "null": type(None),
}
TYPES = frozenset({*_TYPES, "integer", "number"})
"""All that there are (JSON Schema 2020-12, validation, section 6.1.1)."""


def is_of_type(value: JSON, types: Collection[str]) -> bool:
    """Whether a value is of one of some types; `1.0` is an integer (core, section 4.2.3)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number" in types or ("integer" in types and value == int(value))
    return any(isinstance(value, _TYPES[name]) for name in types if name in _TYPES)
