"""Schemas compared by meaning, for data that are sent and for data that are read."""

from __future__ import annotations

from venuekit.drift.flattening import SILENT, Flat, Nodes
from venuekit.drift.lifecycle import compare_lifecycle
from venuekit.drift.limits import compare_limits
from venuekit.drift.objects import compare_objects
from venuekit.drift.reading import Node, Pointer, dumped
from venuekit.drift.rules import Verdict
from venuekit.drift.unions import compare_discriminators, compare_unions
from venuekit.drift.values import compare_values
from venuekit.drift.walking import Use, Walk, is_elsewhere
from venuekit.likeness import equal
from venuekit.sources import Map

_LIST, _COMPOUND = (frozenset(kinds.split()) for kinds in ("array", "array object"))


def visit_schema(walk: Walk, old: Nodes, new: Nodes, use: Use) -> None:
    """Compare two schemas, once for each use, unless they are written alike."""
    if not old or not new:
        _against_nothing(walk, old, new, use)
        return
    if len(old) == len(new) and all(
        walk.same(one.value, other.value) for one, other in zip(old, new, strict=True)
    ):
        for one, other in zip(old, new, strict=True):
            _note_class(walk, one, other)
        return
    homes = (_home(walk, old, 0), _home(walk, new, 1))
    if use.direction == "none" and (homes[0][0], homes[1][0]) in walk.reached:
        return  # compared already, for somebody who uses it
    pair = ("schema", *homes, use)
    walk.visit(pair, lambda: _compare(walk, old, new, use))


def _note_class(walk: Walk, old: Node, new: Node) -> None:
    """Note a class that is called by its place, which is another."""
    while isinstance(old.get("items").value, Map):
        old, new = old.get("items"), new.get("items")
    if (
        "$ref" not in old.map
        and is_elsewhere(old.pointer, new.pointer)
        and walk.old_schemas.flat((old,)).is_class
    ):
        walk.classes[old.pointer, new.pointer] = None


def _home(walk: Walk, nodes: Nodes, side: int) -> tuple[Pointer, ...]:
    flattener = walk.new_schemas if side else walk.old_schemas
    # A reference with keywords beside it is a schema of its own.
    return tuple(
        n.pointer if len(n.map) > 1 or "$ref" not in n.map else flattener.side.follow(n).pointer
        for n in nodes
    )


def _against_nothing(walk: Walk, old: Nodes, new: Nodes, use: Use) -> None:
    """Compare a schema with none, which takes anything."""
    if old:
        flat = walk.old_schemas.flat(old)
        if not flat.is_any:
            walk.add(
                "type-widened",
                use.direction,
                (flat.pointer, flat.pointer),
                f"was {spelled(flat)}, may be anything",
                old=spelled(flat),
                gone=True,
            )
    elif new:
        flat = walk.new_schemas.flat(new)
        if not flat.is_any:
            walk.add(
                "type-narrowed",
                use.direction,
                (flat.pointer, flat.pointer),
                f"could be anything, is {spelled(flat)}",
                new=spelled(flat),
            )


def _compare(walk: Walk, old_nodes: Nodes, new_nodes: Nodes, use: Use) -> None:
    old, new = walk.old_schemas.flat(old_nodes), walk.new_schemas.flat(new_nodes)
    walk.meet(old.pointer, new.pointer)
    if old.is_class and new.is_class and _may_be_called_otherwise(old, new):
        walk.classes[old.pointer, new.pointer] = None
    _compare_annotations(walk, old, new, use)
    compare_discriminators(walk, old, new, use)
    if old.unions or new.unions:
        compare_unions(walk, (old, old_nodes), (new, new_nodes), use, visit_schema)
        compare_null(walk, old, new, use)
        if old.unions and new.unions:
            compare_objects(walk, old, new, use, visit_schema)
        return
    if not _compare_types(walk, old, new, use):
        return
    compare_null(walk, old, new, use)
    compare_values(walk, old, new, use)
    compare_limits(walk, old, new, use)
    compare_objects(walk, old, new, use, visit_schema)
    _compare_arrays(walk, old, new, use)


def _may_be_called_otherwise(old: Flat, new: Flat) -> bool:
    """Whether what names the class of a schema that is not a component on both sides changed."""
    components = [at[0] == "components" and len(at) == 3 for at in (old.pointer, new.pointer)]
    if all(components):
        return False
    keys = ("title", "x-readme-ref-name")
    return is_elsewhere(old.pointer, new.pointer) or any(old.get(k) != new.get(k) for k in keys)


def _compare_annotations(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    if not equal(old.get("default"), new.get("default")):
        one, other = old.get("default"), new.get("default")
        was, is_ = (
            dumped(flat.get("default")) if "default" in flat.keys else "not given"
            for flat in (old, new)
        )
        walk.add(
            "default-changed",
            use.direction,
            (old.at("default"), new.at("default")),
            f"the default was {was} and is {is_}",
            old=one,
            new=other,
            gone="default" not in new.keys,
        )
    key = next((k for k in ("deprecated", "x-sunset") if k in new.keys or k in old.keys), "")
    if key:
        found = [Map({k: value for k, (value, _) in flat.keys.items()}) for flat in (old, new)]
        at = (old.at(key), new.at(key))
        compare_lifecycle(walk, use.direction, (found[0], found[1]), at)


def _compare_types(walk: Walk, old: Flat, new: Flat, use: Use) -> bool:
    """Compare the kinds of value; False where nothing below can be compared."""
    at = (old.at("type"), new.at("type"))
    one, other = spelled(old), spelled(new)
    if old.is_any or new.is_any:
        if old.is_any != new.is_any:
            rule = "type-narrowed" if old.is_any else "type-widened"
            word = "could be anything" if old.is_any else f"was {one}"
            then = f"is {other}" if old.is_any else "may be anything"
            walk.add(rule, use.direction, at, f"{word}, {then}", old=one, new=other)
            return any(key not in SILENT for key in (old if old.is_any else new).keys)
        return True
    before, after = old.types or frozenset(), new.types or frozenset()
    if before == after:
        if old.is_declared != new.is_declared and not (old.values and new.values):
            word = "says so now" if new.is_declared else "is left to its keywords"
            walk.add(
                "type-declared",
                use.direction,
                at,
                f"the type {one} {word}",
                old=old.is_declared,
                new=new.is_declared,
            )
        return True
    covered = _covers(after, before)
    covering = _covers(before, after)
    rule = "type-widened" if covered else "type-narrowed" if covering else "type-changed"
    wire: Verdict | None = None
    source: Verdict | None = None
    if use.is_text and use.direction == "request":
        # All of it is text; a list that was written as one, or is read from one, may be misread.
        if "string" in after:
            wire = "risk" if before & _COMPOUND else "ok"
        elif after == _LIST and _takes(walk, new.items, before):
            wire = "risk"
            # To a type checker a text is a sequence of texts; the client refuses it.
            source = "risk" if old.is_text else None
    walk.add(rule, use.direction, at, f"was {one} and is {other}", old=one, new=other,
             wire=wire, source=source)  # fmt: skip
    return covered or covering


def _takes(walk: Walk, items: Nodes, kinds: frozenset[str]) -> bool:
    """Whether the items of a list may be of some types."""
    flat = walk.new_schemas.flat(items)
    return flat.is_any or _covers(flat.types or frozenset(), kinds)


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Whether every value of the narrow types is one of the wide; an integer is a number."""
    return all(kind in wide or (kind == "integer" and "number" in wide) for kind in narrow)


def spelled(flat: Flat) -> str:
    """The types of a schema in words."""
    if flat.unions:
        return "one of several shapes"
    kinds = sorted(flat.types) if flat.types is not None else []
    nothing = "null" if flat.null else "nothing"
    return " or ".join(kinds) if kinds else "anything" if flat.is_any else nothing


def compare_null(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Compare whether null is a value, however that is spelled."""
    one, other = bool(old.null) or use.was_null, bool(new.null) or use.is_null
    if one == other or (old.is_any and not one) or (new.is_any and not other):
        return
    rule = "became-nullable" if other else "became-not-nullable"
    word = "may be null now" if other else "may not be null any more"
    wire: Verdict | None = None
    source: Verdict | None = None
    if use.was_optional if other else use.is_optional:  # it takes None all the same
        source = "ok"
        wire = "ok" if use.direction in ("response", "error") else None
    at = (old.pointer, new.pointer)
    walk.add(rule, use.direction, at, word, old=one, new=other, wire=wire, source=source)


def _compare_arrays(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    if "array" not in (old.types or ()) or "array" not in (new.types or ()):
        return
    if len(old.prefix) != len(new.prefix):
        one, other = len(old.prefix), len(new.prefix)
        at = ((*old.pointer, "prefixItems"), (*new.pointer, "prefixItems"))
        walk.add(
            "tuple-changed",
            use.direction,
            at,
            f"had {one} fixed positions, has {other}",
            old=one,
            new=other,
            gone=not new.prefix,
        )
    for index, (one, other) in enumerate(zip(old.prefix, new.prefix, strict=False), 1):
        kinds = walk.old_schemas.flat((one,)), walk.new_schemas.flat((other,))
        was, is_ = map(spelled, kinds)
        if was != is_:  # what does not fit is read as a list of anything
            walk.add("tuple-changed", use.direction, (one.pointer, other.pointer),
                     f"position {index} was {was} and is {is_}", old=was, new=is_)  # fmt: skip
        else:
            visit_schema(walk, (one,), (other,), use.inner)
    if old.items or new.items:
        visit_schema(walk, _items(old), _items(new), use.item)


def _items(flat: Flat) -> Nodes:
    return flat.items or (Node(True, (*flat.pointer, "items")),)
