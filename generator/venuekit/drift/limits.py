"""Limits, patterns and other conditions on values: which way they moved."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.drift.flattening import Flat
from venuekit.drift.reading import Pointer, dumped
from venuekit.drift.walking import Use, Walk
from venuekit.likeness import equal
from venuekit.sources import JSON

_FLOORS = ("minimum", "minLength", "minItems", "minProperties", "minContains")
_CEILINGS = ("maximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_ZERO = frozenset({"minLength", "minItems", "minProperties"})
_CONDITIONS = (
    "not", "contains", "dependentRequired", "dependentSchemas", "dependencies",
    "unevaluatedProperties", "unevaluatedItems", "propertyNames", "patternProperties",
    "contentMediaType", "contentEncoding", "contentSchema", "if", "then", "else", "$ref",
    "$dynamicRef",
)  # fmt: skip


def compare_limits(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Compare everything that says which values of a type are taken."""
    for key, one, other, direction in _bounds(old, new):
        if one == other:
            continue
        is_tighter = other is not None and (
            one is None or (other > one if direction > 0 else other < one)
        )
        rule = "limit-tightened" if is_tighter else "limit-loosened"
        # Of an exclusive limit that was a flag, the number stands under the other name.
        at = (_limit_at(old, key), _limit_at(new, key))
        walk.add(rule, use.direction, at, _moved(key, one, other), old=one, new=other,
                 gone=other is None)  # fmt: skip
    _multiple(walk, old, new, use)
    _unique(walk, old, new, use)
    one, other = old.get("pattern"), new.get("pattern")
    if one != other:
        rule = "pattern-removed" if other is None else "pattern-changed"
        _note(walk, rule, "pattern", (old, new), use)
    for key in _CONDITIONS:
        if not equal(old.get(key), new.get(key)):
            rule = "assertion-removed" if key not in new.keys else "assertion-changed"
            _note(walk, rule, key, (old, new), use)


def _bounds(old: Flat, new: Flat) -> Iterator[tuple[str, float | None, float | None, int]]:
    """The limits of both, exclusive ones too, and whether a bigger one is tighter (1) or not."""
    for keys, direction in ((_FLOORS, 1), (_CEILINGS, -1)):
        for key in keys:
            yield key, _number(old, key), _number(new, key), direction
    for key, direction in (("exclusiveMinimum", 1), ("exclusiveMaximum", -1)):
        yield key, _exclusive(old, key), _exclusive(new, key), direction


def _number(flat: Flat, key: str) -> float | None:
    value = flat.get(key)
    if not _is_number(value) or (key in _ZERO and value == 0):
        return None
    exclusive = f"exclusive{key[:1].upper()}{key[1:]}"
    return None if flat.get(exclusive) is True else value  # type: ignore[return-value]


def _exclusive(flat: Flat, key: str) -> float | None:
    """An exclusive limit: a number of its own, or in OpenAPI 3.0 a flag beside the other."""
    value = flat.get(key)
    if value is True:
        value = flat.get(key.removeprefix("exclusive").lower())
    return value if _is_number(value) else None  # type: ignore[return-value]


def _limit_at(flat: Flat, key: str) -> Pointer:
    return flat.at(key)


def _multiple(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    one, other = old.get("multipleOf"), new.get("multipleOf")
    if one == other:
        return
    is_looser = other is None
    if _is_number(one) and _is_number(other):
        is_looser = bool(other) and float(one) % float(other) == 0  # type: ignore[arg-type]
    rule = "limit-loosened" if is_looser else "limit-tightened"
    _note(walk, rule, "multipleOf", (old, new), use)


def _unique(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    one, other = old.get("uniqueItems") is True, new.get("uniqueItems") is True
    if one != other:
        rule = "limit-tightened" if other else "limit-loosened"
        _note(walk, rule, "uniqueItems", (old, new), use)


def _note(walk: Walk, rule: str, key: str, flats: tuple[Flat, Flat], use: Use) -> None:
    old, new = flats
    one, other = old.get(key), new.get(key)
    walk.add(rule, use.direction, (old.at(key), new.at(key)), _moved(key, one, other),
             old=one, new=other, gone=key not in new.keys)  # fmt: skip


def _moved(key: str, old: JSON, new: JSON) -> str:
    if old is None:
        return f"{key} is new: {_short(new)}"
    if new is None:
        return f"{key} is gone: it was {_short(old)}"
    return f"{key} was {_short(old)} and is {_short(new)}"


def _short(value: JSON) -> str:
    text = dumped(value)
    return text if len(text) <= 60 else "another"


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
