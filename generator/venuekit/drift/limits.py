"""Limits, patterns and other conditions on values: which way they moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from venuekit.drift.flattening import Flat, is_number
from venuekit.drift.reading import Pointer, dumped
from venuekit.drift.walking import Use, Walk
from venuekit.likeness import equal
from venuekit.sources import JSON, Map, Seq

_FLOORS = ("minimum", "minLength", "minItems", "minProperties", "minContains")
_CEILINGS = ("maximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_BOUNDS = frozenset((*_FLOORS, *_CEILINGS, "exclusiveMinimum", "exclusiveMaximum"))
_ZERO = frozenset({"minLength", "minItems", "minProperties"})
_CONDITIONS = (
    "not", "contains", "dependentRequired", "dependentSchemas", "dependencies",
    "unevaluatedProperties", "unevaluatedItems", "propertyNames", "patternProperties",
    "contentMediaType", "contentEncoding", "contentSchema", "if", "then", "else", "$ref",
    "$dynamicRef", "oneOf", "anyOf",
)  # fmt: skip
_SAID_BY_FORMATS = {"contentMediaType": "binary", "contentEncoding": "byte"}
_PROSE = frozenset("title description summary example examples externalDocs $comment".split())
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})


def compare_limits(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Compare everything that says which values of a type are taken."""
    for key, one, other, is_tighter in _bounds(old, new):
        rule = "limit-tightened" if is_tighter else "limit-loosened"
        before, after = (bound.shown if bound else None for bound in (one, other))
        at = (one.at if one else old.pointer, other.at if other else new.pointer)
        message = _moved(key, before, after)
        walk.add(rule, use.direction, at, message, old=before, new=after, gone=other is None)
    _multiple(walk, old, new, use)
    _unique(walk, old, new, use)
    one, other = old.get("pattern"), new.get("pattern")
    if one != other:
        rule = "pattern-removed" if other is None else "pattern-changed"
        _note(walk, rule, "pattern", (old, new), use)
    for key in _CONDITIONS:
        if old.format == new.format == _SAID_BY_FORMATS.get(key) and not (
            old.get(key) and new.get(key)
        ):
            continue  # the format of the one is the content of the other
        if not equal(_meant(old.get(key)), _meant(new.get(key))):
            rule = "assertion-removed" if key not in new.keys else "assertion-changed"
            _note(walk, rule, key, (old, new), use)


def _meant(value: JSON, *, is_named: bool = False) -> JSON:
    """A condition without its prose; `is_named` is a mapping by names, which may be any words."""
    if isinstance(value, Map):
        return Map(
            (key, _meant(held, is_named=not is_named and key in _NAMED))
            for key, held in value.items()
            if is_named or (key not in _PROSE and key[:2] != "x-")
        )
    return Seq(map(_meant, value)) if isinstance(value, Seq) else value


class _Bound(NamedTuple):
    """A limit, whether it is itself excluded, and where it stands."""

    value: float
    is_exclusive: bool
    at: Pointer

    def reach(self, direction: int, is_whole: bool) -> tuple[float, bool]:
        """How tight the limit is; of whole numbers an excluded one is the next that is not."""
        if is_whole and self.is_exclusive and self.value % 1 == 0:
            return self.value * direction + 1, False
        return self.value * direction, self.is_exclusive

    @property
    def shown(self) -> JSON:
        return f"{self.value} (exclusive)" if self.is_exclusive else self.value


def _bounds(old: Flat, new: Flat) -> Iterator[tuple[str, _Bound | None, _Bound | None, bool]]:
    """The limits that differ, and whether the new one is the tighter."""
    if _BOUNDS.isdisjoint(old.keys) and _BOUNDS.isdisjoint(new.keys):
        return
    for keys, direction in ((_FLOORS, 1), (_CEILINGS, -1)):
        for key in keys:
            one, other = _bound(old, key, direction), _bound(new, key, direction)
            is_whole = old.types == new.types == frozenset({"integer"})
            before, after = (bound and bound.reach(direction, is_whole) for bound in (one, other))
            if before != after:
                yield key, one, other, after is not None and (before is None or after > before)


def _bound(flat: Flat, key: str, direction: int) -> _Bound | None:
    """The tighter of a limit and of its exclusive twin, which in OpenAPI 3.0 is a flag."""
    found: list[_Bound] = []
    value, twin = flat.get(key), f"exclusive{key[:1].upper()}{key[1:]}"
    excluded = flat.get(twin)
    if is_number(value) and not (key in _ZERO and value == 0):
        found.append(_Bound(value, excluded is True, flat.at(key)))
    if is_number(excluded):
        found.append(_Bound(excluded, True, flat.at(twin)))
    if len(found) < 2:
        return found[0] if found else None
    return max(found, key=lambda bound: (bound.value * direction, bound.is_exclusive))


def _multiple(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    one, other = old.get("multipleOf"), new.get("multipleOf")
    if one == other:
        return
    is_looser = other is None
    if is_number(one) and is_number(other):
        is_looser = other != 0 and one % other == 0
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
