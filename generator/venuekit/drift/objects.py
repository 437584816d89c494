"""Objects compared: their properties, and what else they may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from venuekit import naming
from venuekit.drift.flattening import Flat, Nodes
from venuekit.drift.reading import Node, Pointer
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import Use, Walk, names

Visit: TypeAlias = Callable[[Walk, Nodes, Nodes, Use], None]


def compare_objects(walk: Walk, old: Flat, new: Flat, use: Use, visit: Visit) -> None:
    """Compare the properties of two objects, and whether they may have others."""
    if _is_mapping(old) and new.is_class and "object" in (new.types or ()):
        _became_class(walk, old, new, use)
        return
    is_object = "object" in (old.types or ()) and len(old.properties) > 1
    if is_object and _is_mapping(new) and new.extra is not False:
        _became_mapping(walk, old, new, use)
        return
    respelled = _respelled(old, new)
    for name, one in old.properties.items():
        other = new.properties.get(name)
        if other is not None:
            _compare_property(walk, name, (old, one), (new, other), use, visit)
        elif name in respelled:
            _respell(walk, (name, respelled[name]), (old, new), use, visit)
        else:
            _removed(walk, name, (old, new), use)
    for name in new.properties:
        if name not in old.properties and name not in respelled.values():
            _added(walk, name, (old, new), use)
    _compare_unlisted(walk, old, new, use)
    _compare_extra(walk, old, new, use, visit)


def _is_mapping(flat: Flat) -> bool:
    """Whether an object is read as a mapping of whatever names."""
    return "object" in (flat.types or ()) and not flat.properties and not flat.unions


def _became_class(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Note that what was a mapping has fields: a body that is sent may be a mapping still."""
    is_sent = use.direction == "request"
    wire: Verdict | None = "breaking" if is_sent and new.required else None
    if not is_sent and isinstance(old.extra, tuple):
        wire = "risk"  # what the fields hold may not be what the mapping held
    walk.add("type-narrowed", use.direction, (old.pointer, new.pointer),
             f"was a mapping of any names, has the fields {names(list(new.properties))}",
             old="mapping", new=", ".join(new.properties), wire=wire,
             source="ok" if use.is_body and not new.required else "breaking")  # fmt: skip


def _became_mapping(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Note, once for all its fields, that what had some is a mapping now."""
    is_sent = use.direction == "request"
    wire: Verdict = "breaking" if old.required and not is_sent else "risk"
    if is_sent and not isinstance(new.extra, tuple):
        wire = "ok"
    walk.add("type-widened", use.direction, (old.pointer, new.pointer),
             f"had the fields {names(list(old.properties))}, is a mapping of any names",
             old=", ".join(old.properties), new="mapping", wire=wire,
             source="breaking")  # fmt: skip


def _respelled(old: Flat, new: Flat) -> dict[str, str]:
    """Properties that are called otherwise and whose field keeps its name."""
    gone = [name for name in old.properties if name not in new.properties]
    fresh = {naming.field(name): name for name in new.properties if name not in old.properties}
    return {name: fresh[naming.field(name)] for name in gone if naming.field(name) in fresh}


def _respell(
    walk: Walk, spellings: tuple[str, str], flats: tuple[Flat, Flat], use: Use, visit: Visit
) -> None:
    (before, after), (old, new) = spellings, flats
    at = (old.properties[before][0].pointer, new.properties[after][0].pointer)
    # An optional property that nobody sends or finds breaks nothing by itself.
    needed = before in old.required or after in new.required
    walk.add("property-respelled", use.direction, at, f"'{before}' is spelled '{after}' now",
             old=before, new=after, wire=None if needed else "risk")  # fmt: skip
    visit(walk, old.properties[before], new.properties[after], use.inner)


def _removed(walk: Walk, name: str, flats: tuple[Flat, Flat], use: Use) -> None:
    old, new = flats
    prop = old.properties[name]
    required = name in old.required
    rule = "required-property-removed" if required else "optional-property-removed"
    wire: Verdict | None = None
    if use.direction == "request":
        if _flag(walk, prop, 0, "readOnly"):
            wire = "ok"
        elif new.extra is False:
            wire = "breaking"
    elif _flag(walk, prop, 0, "writeOnly"):
        wire = "ok"
    word = "required" if required else "optional"
    walk.add(rule, use.direction, (prop[0].pointer, new.pointer),
             f"the {word} property '{name}' is gone", old=name, gone=True, wire=wire)  # fmt: skip


def _added(walk: Walk, name: str, flats: tuple[Flat, Flat], use: Use) -> None:
    old, new = flats
    prop = new.properties[name]
    required = name in new.required
    rule = "required-property-added" if required else "optional-property-added"
    wire: Verdict | None = None
    source: Verdict | None = None
    if use.direction == "request" and _flag(walk, prop, 1, "readOnly"):
        wire = "ok"
        # It is no field of what is sent, which has a class of its own from the first such one on.
        source = "ok" if _is_split(walk, old) else "breaking"
    elif use.direction != "request" and _flag(walk, prop, 1, "writeOnly"):
        source = "ok"
    word = "required" if required else "optional"
    walk.add(rule, use.direction, (old.pointer, prop[0].pointer),
             f"the {word} property '{name}' is new", new=name, wire=wire,
             source=source)  # fmt: skip


def _is_split(walk: Walk, old: Flat) -> bool:
    """Whether what is sent of an object has had a class of its own."""
    return any(
        _flag(walk, prop, 0, "readOnly")
        or (name in old.required and _flag(walk, prop, 0, "writeOnly"))
        for name, prop in old.properties.items()
    )


def _compare_property(
    walk: Walk, name: str, old: tuple[Flat, Nodes], new: tuple[Flat, Nodes], use: Use, visit: Visit
) -> None:
    (before, one), (after, other) = old, new
    was, is_ = name in before.required, name in after.required
    access = [(_flag(walk, one, 0, key), _flag(walk, other, 1, key))
              for key in ("readOnly", "writeOnly")]  # fmt: skip
    unsent = access[0] if use.direction == "request" else access[1]
    if was != is_:
        _compare_required(walk, name, old, new, use, muted=unsent == (True, True))
    for key, (had, has) in zip(("readOnly", "writeOnly"), access, strict=True):
        if had != has:
            _compare_access(walk, (key, name, has), (one, other), before, is_, use)
    direction = use.direction if unsent != (True, True) else "none"
    visit(walk, one, other, Use(direction, was_optional=not was, is_optional=not is_))


def _compare_required(
    walk: Walk,
    name: str,
    old: tuple[Flat, Nodes],
    new: tuple[Flat, Nodes],
    use: Use,
    *,
    muted: bool,
) -> None:
    (before, one), (after, other) = old, new
    became = name in after.required
    at = [one[0].pointer, other[0].pointer]
    # Who requires it may be another schema than the one that describes it.
    side, flat = (1, after) if became else (0, before)
    owner = flat.required[name]
    if at[side][: len(owner) - 2] != owner[:-2]:
        at[side] = owner
    rule = "property-became-required" if became else "property-became-optional"
    wire: Verdict | None = "ok" if muted else None
    source: Verdict | None = None
    if not became and walk.old_schemas.flat(one).null:
        source = "ok"
    word = "required" if became else "optional"
    walk.add(rule, use.direction, (at[0], at[1]), f"the property '{name}' is {word} now",
             old=not became, new=became, wire=wire, source=source, gone=at[0] == owner)  # fmt: skip


def _compare_access(
    walk: Walk,
    change: tuple[str, str, bool],
    nodes: tuple[Nodes, Nodes],
    owner: Flat,
    required: bool,
    use: Use,
) -> None:
    (key, name, has), (one, other) = change, nodes
    is_sent = use.direction == "request"
    wire: Verdict | None = None
    if required and is_sent and key == "readOnly" and not has:
        wire = "breaking"
    if required and use.direction in ("response", "error") and key == "writeOnly" and has:
        wire = "breaking"
    if key == "writeOnly" and not required:
        source: Verdict = "ok"  # its field takes None all the same
    elif is_sent == (key == "readOnly"):
        source = "breaking" if has else "risk"
    else:
        # A required one that is only sent is a field of a class of its own.
        is_fresh = has and not _is_split(walk, owner)
        source = "ok" if not is_sent else "breaking" if is_fresh else "ok" if has else "risk"
    word = "is" if has else "is no longer"
    walk.add("access-changed", use.direction, (one[0].pointer, other[0].pointer),
             f"the property '{name}' {word} {key}", old=None if has else key,
             new=key if has else None, wire=wire, source=source)  # fmt: skip


def _flag(walk: Walk, nodes: Nodes, side: int, key: str) -> bool:
    flattener = walk.new_schemas if side else walk.old_schemas
    return flattener.flat(nodes).get(key) is True


def _compare_unlisted(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Compare names that are required without being described."""
    for name, owner in new.required.items():
        if name not in new.properties and name not in old.required:
            at: tuple[Pointer, Pointer] = (old.pointer, owner)
            walk.add("required-property-added", use.direction, at,
                     f"the property '{name}' is required now", new=name)  # fmt: skip
    for name, owner in old.required.items():
        if name not in old.properties and name not in new.required:
            walk.add("property-became-optional", use.direction, (owner, new.pointer),
                     f"the property '{name}' is optional now", old=name, gone=True,
                     wire="ok", source="ok")  # fmt: skip


def _compare_extra(walk: Walk, old: Flat, new: Flat, use: Use, visit: Visit) -> None:
    if "object" not in (old.types or ()) or "object" not in (new.types or ()):
        return
    one, other = old.extra, new.extra
    at = (old.extra_at or old.pointer, new.extra_at or new.pointer)
    if (one is False) != (other is False):
        rule = "additional-properties-forbidden" if other is False else (
            "additional-properties-allowed"
        )  # fmt: skip
        word = "forbidden" if other is False else "allowed"
        # Those of a declared type are `extras` of a model.
        is_typed = isinstance(one, tuple) and old.is_class
        source: Verdict | None = "breaking" if is_typed else None
        walk.add(rule, use.direction, at, f"other properties are {word} now",
                 old=one is not False, new=other is not False, source=source,
                 gone=not new.extra_at)  # fmt: skip
    elif isinstance(one, tuple) or isinstance(other, tuple):
        places = [flat.extra_at or (*flat.pointer, "additionalProperties") for flat in (old, new)]
        anything, wide = [(Node(True, place),) for place in places]
        visit(
            walk,
            one if isinstance(one, tuple) else anything,
            other if isinstance(other, tuple) else wide,
            use.inner,
        )
