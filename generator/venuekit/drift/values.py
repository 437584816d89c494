"""Formats, enumerations and constants compared."""

from __future__ import annotations

from venuekit.drift.flattening import Flat
from venuekit.drift.python import Types
from venuekit.drift.reading import Pointer
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import Use, Walk, names
from venuekit.sources import JSON, Seq

# Each format with the next wider one.
_WIDER = {"float": "double", "int32": "int64", "int64": "bigint", "date": "date-time",
          "time": "date-time"}  # fmt: skip
_SCALARS = ("string", "integer", "number", "boolean")
_TYPES = Types()


def compare_values(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Compare which values of a type there are."""
    _compare_formats(walk, old, new, use)
    _compare_enums(walk, old, new, use)
    _compare_names(walk, old, new, use)


def _compare_formats(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    one, other = old.format, new.format
    kinds = [k for k in _SCALARS if k in (old.types or ()) and k in (new.types or ())]
    if one == other or not kinds or old.values is not None or new.values is not None:
        return
    kind = kinds[0]
    is_wider = not other or (one != "" and _is_wider(one, other))
    is_narrower = not one or _is_wider(other, one)
    rule = "format-widened" if is_wider else "format-narrowed" if is_narrower else "format-changed"
    wire: Verdict | None = None
    source: Verdict | None = None
    if _TYPES.of(kind, one) != _TYPES.of(kind, other):
        source = "ok" if use.is_argument and _TYPES.takes(kind, one, other) else "breaking"
        if use.direction != "request" and not is_narrower and _TYPES.parses(kind, one):
            wire = "breaking"
    at = (old.at("format"), new.at("format"))
    message = f"the format was {one or 'not given'} and is {other or 'not given'}"
    walk.add(rule, use.direction, at, message, old=one or None, new=other or None,
             gone=not other, wire=wire, source=source)  # fmt: skip


def _is_wider(narrow: str, wide: str) -> bool:
    seen: str | None = narrow
    while seen is not None and seen != wide:
        seen = _WIDER.get(seen)
    return seen == wide and narrow != wide


def _compare_enums(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    one, other = old.values, new.values
    at = (old.values_at or old.pointer, new.values_at or new.pointer)
    if one is None or other is None:
        if one is not other:
            _became(walk, old, new, at, use)
        return
    if old.is_constant and new.is_constant and one != other:
        [before], [after] = one, other
        # An argument is a literal; the field of a model takes any text.
        walk.add("const-changed", use.direction, at, f"was {before} and is {after}",
                 old=one[before], new=other[after],
                 source="breaking" if use.is_argument else None)  # fmt: skip
        return
    if one == other and old.is_class and not new.is_class:
        walk.add("enum-dropped", use.direction, at, "no class is made of its value any more",
                 old=Seq(one.values()), new=Seq(other.values()))  # fmt: skip
    # Where null is another matter, that is a finding of its own.
    same_null = walk.old.is_legacy == walk.new.is_legacy and bool(old.null) == bool(new.null)
    for key, value in _with_null(new, same_null).items():
        if key not in _with_null(old, same_null):
            where = (at[0], _value_at(new, value))
            walk.add("enum-value-added", use.direction, where, f"the value {key} is new",
                     new=value)  # fmt: skip
    for key, value in _with_null(old, same_null).items():
        if key not in _with_null(new, same_null):
            where = (_value_at(old, value), at[1])
            walk.add("enum-value-removed", use.direction, where, f"the value {key} is gone",
                     old=value, gone=True)  # fmt: skip


def _with_null(flat: Flat, counts: bool) -> dict[str, JSON]:
    values = flat.values or {}
    return {**values, "null": None} if counts and flat.lists_null else values


def _became(walk: Walk, old: Flat, new: Flat, at: tuple[Pointer, Pointer], use: Use) -> None:
    values = new.values if old.values is None else old.values
    listed: JSON = Seq((values or {}).values())
    said = names(list(values or {}))
    flags = all(isinstance(value, bool) for value in (values or {}).values())
    source: Verdict | None = None
    if old.values is None:
        # An argument is one of the constants; the field of a model takes any text.
        if flags or not use.is_argument:
            source = "ok"
        walk.add("became-enum", use.direction, at, f"is one of {said} now", new=listed,
                 source=source)  # fmt: skip
    else:
        if flags or old.is_constant:
            source = "ok"
        walk.add("enum-dropped", use.direction, at, f"is no longer one of {said}", old=listed,
                 gone=True, source=source)  # fmt: skip


def _value_at(flat: Flat, value: JSON) -> Pointer:
    """Where a value stands, if it stands in a list."""
    if flat.values_at and flat.values_at[-1] == "enum":
        for index, held in enumerate((*(flat.values or {}).values(),)):
            if held is value and not flat.lists_null:
                return (*flat.values_at, str(index))
    return flat.values_at or flat.pointer


def _compare_names(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    for key in ("x-enum-varnames", "x-enumNames"):
        one, other = old.get(key), new.get(key)
        if one == other or old.values is None or new.values is None:
            continue
        before, after = _members(old, one), _members(new, other)
        if any(after.get(value, name) != name for value, name in before.items()):
            walk.add("enum-names-changed", use.direction, (old.at(key), new.at(key)),
                     "the members have other names", old=one, new=other,
                     gone=key not in new.keys)  # fmt: skip


def _members(flat: Flat, labels: JSON) -> dict[str, str]:
    """The name of each value: what the document calls it, else what it is."""
    values = list(flat.values or {})
    if isinstance(labels, Seq) and len(labels) == len(values):
        return dict(zip(values, map(str, labels), strict=True))
    return {value: value for value in values}
