"""Unions compared: which branch of the old is which of the new, and which have no match."""

from __future__ import annotations

from typing import TypeAlias

from venuekit.drift.flattening import Flat, Flattener, Nodes, Union
from venuekit.drift.objects import Visit
from venuekit.drift.reading import Node, Pointer, Side, dumped
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import Use, Walk
from venuekit.sources import JSON, Map, pointer

Tags: TypeAlias = tuple[Map, Map]
"""The discriminators of both sides."""

_LIKE = 0.5  # how alike two branches must be to be taken for the same


def compare_unions(
    walk: Walk, old: tuple[Flat, Nodes], new: tuple[Flat, Nodes], use: Use, visit: Visit
) -> None:
    """Compare two schemas of which at least one is a union; the other is one of a single branch."""
    (before, old_nodes), (after, new_nodes) = old, new
    at = (before.pointer, after.pointer)
    if (before.is_any and not before.unions) or (after.is_any and not after.unions):
        rule = "type-widened" if after.is_any else "type-narrowed"
        word = "may be anything now" if after.is_any else "could be anything"
        walk.add(
            rule,
            use.direction,
            at,
            word,
            old="anything" if before.is_any else "a union",
            new="anything" if after.is_any else "a union",
        )
        return
    ones = before.unions or [Union("", [old_nodes], before.pointer)]
    others = after.unions or [Union("", [new_nodes], after.pointer)]
    for index in range(max(len(ones), len(others))):
        one = ones[index] if index < len(ones) else None
        other = others[index] if index < len(others) else None
        if one and other:
            tags = before.get("discriminator"), after.get("discriminator")
            both = (
                (tags[0], tags[1])
                if isinstance(tags[0], Map) and isinstance(tags[1], Map)
                else None
            )
            inner = use.inner._replace(was_null=bool(before.null), is_null=bool(after.null))
            _compare_pair(walk, (one, other), inner, visit, both)
        elif one or other:
            rule = "assertion-changed" if other else "assertion-removed"
            held = one or other
            walk.add(
                rule,
                use.direction,
                (one.pointer if one else before.pointer, other.pointer if other else after.pointer),
                "one more choice of shapes" if other else "a choice of shapes less",
                old=held.kind if one and held else None,
                new=held.kind if other and held else None,
                gone=other is None,
            )


def _compare_pair(
    walk: Walk, unions: tuple[Union, Union], use: Use, visit: Visit, tags: Tags | None
) -> None:
    old, new = unions
    matches = _matches(walk, old.branches, new.branches)
    for index, other in matches.items():
        visit(walk, old.branches[index], new.branches[other], use)
        if tags:
            _compare_implied(walk, tags, (old.branches[index], new.branches[other]), use)
    if old.kind and new.kind and old.kind != new.kind:
        walk.add(
            "union-kind-changed",
            use.direction,
            (old.pointer, new.pointer),
            f"{old.kind} is {new.kind} now",
            old=old.kind,
            new=new.kind,
        )
    wire: Verdict | None = None
    source: Verdict | None = None
    if tags:  # an unknown shape is kept as it is, and its class is one of those expected
        wire = source = "ok"
    elif any(_takes_objects(walk.old_schemas.flat(branch)) for branch in old.branches):
        wire = "risk"
    for index, branch in enumerate(new.branches):
        if index not in matches.values():
            flat = walk.new_schemas.flat(branch)
            is_read = use.direction != "request" and "object" in (flat.types or ())
            walk.add(
                "branch-added",
                use.direction,
                (old.pointer, branch[0].pointer),
                f"may be {_called(walk.new_schemas, branch)} now",
                new=_called(walk.new_schemas, branch),
                wire=wire if is_read else None,
                source=source if is_read else None,
            )
    # Where shapes have tags a model of any class may be sent, to be refused.
    is_open = tags is not None and use.direction == "request"
    for index, branch in enumerate(old.branches):
        if index not in matches:
            walk.add(
                "branch-removed",
                use.direction,
                (branch[0].pointer, new.pointer),
                f"may not be {_called(walk.old_schemas, branch)} any more",
                old=_called(walk.old_schemas, branch),
                gone=True,
                source="ok" if is_open and _is_kept(walk, branch) else None,
            )


def _is_kept(walk: Walk, branch: Nodes) -> bool:
    """Whether the component of a branch is still there."""
    home = walk.old_schemas.home(branch)
    return len(home) == 3 and _is_there(walk.new, home[2])


def _takes_objects(flat: Flat) -> bool:
    """Whether a model reads any object: it requires nothing."""
    return "object" in (flat.types or ()) and not flat.required


def _matches(walk: Walk, old: list[Nodes], new: list[Nodes]) -> dict[int, int]:
    """The branches that belong together: by the name of their component, else the most alike."""
    matches: dict[int, int] = {}
    taken: set[int] = set()
    homes = {walk.new_schemas.home(branch): index for index, branch in enumerate(new)}
    for index, branch in enumerate(old):
        home = walk.old_schemas.home(branch)
        other = homes.get(home)
        if other is not None and other not in taken and home[:1] == ("components",):
            matches[index] = other
            taken.add(other)
    scores = sorted(
        (-likeness, abs(index - other), index, other)
        for index, one in enumerate(old)
        if index not in matches
        for other, two in enumerate(new)
        if other not in taken and (likeness := _likeness(walk, one, two)) >= _LIKE
    )
    for _, _, index, other in scores:
        if index not in matches and other not in taken:
            matches[index] = other
            taken.add(other)
    return matches


def _likeness(walk: Walk, old: Nodes, new: Nodes) -> float:
    if walk.same(old[0].value, new[0].value):
        return 1.0
    return alike(walk.old_schemas.flat(old), walk.new_schemas.flat(new))


def alike(old: Flat, new: Flat) -> float:
    """How much two schemas look like one, from 0 to 1."""
    kinds, others = old.types or frozenset(), new.types or frozenset()
    if not kinds & others and (kinds or others):
        near = {"integer", "number"}
        return 0.5 if kinds <= near and others <= near else 0.0
    if old.properties or new.properties:
        return _alike_objects(old, new)
    if old.values is not None and new.values is not None:
        both = old.values.keys() & new.values.keys()
        return len(both) / max(len(old.values), len(new.values), 1)
    if old.unions or new.unions:
        return 0.7 if bool(old.unions) == bool(new.unions) else 0.0
    return 0.9 if kinds == others and old.get("format") == new.get("format") else 0.6


def _alike_objects(old: Flat, new: Flat) -> float:
    shared = old.properties.keys() & new.properties.keys()
    score = len(shared) / max(len(old.properties.keys() | new.properties.keys()), 1)
    if old.get("title") and old.get("title") == new.get("title"):
        score = max(score, 0.8)
    for name in shared:
        # A property of few values tells the branches apart.
        one, other = _constants(old.properties[name][0]), _constants(new.properties[name][0])
        if one and other:
            return 0.0 if one.isdisjoint(other) else max(score, 0.95 if one == other else 0.7)
    return score


def _constants(schema: Node) -> set[str]:
    listed = schema.map.get("enum")
    if isinstance(listed, list):
        return set(map(dumped, listed))
    return {dumped(schema.map["const"])} if "const" in schema.map else set()


def _called(flattener: Flattener, branch: Nodes) -> str:
    """What a branch is called: its component, those that it is made of, its title, or its types."""
    parts = branch[0].get("allOf").items() if "$ref" not in branch[0].map else ()
    homes = [flattener.home(branch), *(flattener.home((part,)) for part in parts)]
    names = [home[2] for home in homes if len(home) == 3 and home[0] == "components"]
    if names:
        return " and ".join(names)
    flat = flattener.flat(branch)
    title = flat.get("title")
    if isinstance(title, str) and title:
        return title
    kinds = " or ".join(sorted(flat.types or ())) or "something else"
    fields = ", ".join(list(flat.properties)[:3])
    return f"{kinds} with {fields}" if fields else kinds


def compare_discriminators(walk: Walk, old: Flat, new: Flat, use: Use) -> None:
    """Compare which property tells the shapes apart, and by which values."""
    one, other = old.get("discriminator"), new.get("discriminator")
    at = (old.at("discriminator"), new.at("discriminator"))
    if not isinstance(one, Map) or not isinstance(other, Map):
        if isinstance(other, Map):
            name = other.get("propertyName")
            walk.add(
                "discriminator-added",
                use.direction,
                at,
                f"'{name}' tells the shapes apart",
                new=name,
            )
        elif isinstance(one, Map):
            name = one.get("propertyName")
            walk.add(
                "discriminator-removed",
                use.direction,
                at,
                f"'{name}' no longer tells the shapes apart",
                old=name,
                gone=True,
            )
        return
    if one.get("propertyName") != other.get("propertyName"):
        walk.add(
            "discriminator-changed",
            use.direction,
            at,
            f"'{other.get('propertyName')}' tells the shapes apart, not"
            f" '{one.get('propertyName')}'",
            old=one.get("propertyName"),
            new=other.get("propertyName"),
        )
    mappings = [
        mapping if isinstance(mapping := tag.get("mapping"), Map) else Map() for tag in (one, other)
    ]
    if mappings[0] != mappings[1]:
        _compare_mappings(walk, (mappings[0], mappings[1]), _unmatched(walk, old, new), at, use)


def _unmatched(walk: Walk, old: Flat, new: Flat) -> set[Pointer]:
    """The components among the branches that only one side has: findings by themselves."""
    found: set[Pointer] = set()
    for one, other in zip(old.unions, new.unions, strict=False):
        matches = _matches(walk, one.branches, other.branches)
        found.update(walk.old_schemas.home(branch) for index, branch in enumerate(one.branches)
                     if index not in matches)  # fmt: skip
        found.update(walk.new_schemas.home(branch) for index, branch in enumerate(other.branches)
                     if index not in matches.values())  # fmt: skip
    return found


def _compare_mappings(
    walk: Walk,
    mappings: tuple[Map, Map],
    unmatched: set[Pointer],
    at: tuple[Pointer, Pointer],
    use: Use,
) -> None:
    """Compare what announces which shape; a shape that comes or goes takes its value with it."""
    before, after = mappings
    for key, value in before.items():
        where = ((*at[0], "mapping", key), (*at[1], "mapping", key))
        shapes = _shape(walk.old, value), _shape(walk.new, after.get(key))
        if key not in after and shapes[0][-1:] == (key,) and _is_there(walk.new, key):
            continue  # a shape is announced by its name anyway
        if key in after and not _are_one(walk, *shapes):
            walk.add(
                "discriminator-mapping-changed",
                use.direction,
                where,
                f"'{key}' announces another shape",
                old=value,
                new=after[key],
            )
        elif key not in after and shapes[0] not in unmatched:
            walk.add(
                "discriminator-mapping-changed",
                use.direction,
                where,
                f"'{key}' announces nothing any more",
                old=value,
                gone=True,
                wire=None if use.direction == "request" else "ok",
            )
    for key, value in after.items():
        is_name = _shape(walk.new, value)[-1:] == (key,) and _is_there(walk.old, key)
        if key not in before and not is_name and _shape(walk.new, value) not in unmatched:
            walk.add(
                "discriminator-mapping-added",
                use.direction,
                ((*at[0], "mapping"), (*at[1], "mapping", key)),
                f"'{key}' announces a shape",
                new=value,
            )


def _compare_implied(walk: Walk, tags: Tags, branches: tuple[Nodes, Nodes], use: Use) -> None:
    """Compare the names of a shape, where it is announced by its name."""
    homes = walk.old_schemas.home(branches[0]), walk.new_schemas.home(branches[1])
    if any(len(home) != 3 for home in homes) or homes[0][2] == homes[1][2]:
        return
    for side, tag, branch, home in zip((walk.old, walk.new), tags, branches, homes, strict=True):
        mapping, wire = tag.get("mapping"), tag.get("propertyName")
        flattener = walk.old_schemas if side is walk.old else walk.new_schemas
        prop = flattener.flat(branch).properties.get(str(wire))
        told = mapping.values() if isinstance(mapping, Map) else ()
        if any(_shape(side, value) == home for value in told) or (
            prop and flattener.flat(prop).values
        ):
            return
    walk.add(
        "discriminator-mapping-changed",
        use.direction,
        homes,
        f"'{homes[0][2]}' announces nothing any more: the shape is called '{homes[1][2]}'",
        old=homes[0][2],
        new=homes[1][2],
        wire=None if use.direction == "request" else "ok",
    )


def _shape(side: Side, value: JSON) -> Pointer:
    """What a value of a mapping stands for: a reference, or the name of a component."""
    written = value if isinstance(value, str) else ""
    if _is_there(side, written):
        return ("components", "schemas", written)
    target = side.target(written)
    return target.pointer if target else (written,)


def _is_there(side: Side, name: str) -> bool:
    return name in side.node.get("components").get("schemas").map


def _are_one(walk: Walk, old: Pointer, new: Pointer) -> bool:
    """Whether two shapes are one, if perhaps one that is called otherwise now."""
    if old == new:
        return True
    renamed = not _is_there(walk.new, old[-1]) and not _is_there(walk.old, new[-1])
    nodes = [side.target("#" + pointer(at)) for side, at in ((walk.old, old), (walk.new, new))]
    if not renamed or nodes[0] is None or nodes[1] is None:
        return False
    return alike(walk.old_schemas.flat((nodes[0],)), walk.new_schemas.flat((nodes[1],))) >= _LIKE
