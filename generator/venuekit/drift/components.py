"""Components compared by name: which are new, gone, or called otherwise, whoever uses them."""

from __future__ import annotations

from collections.abc import Mapping

from venuekit.drift import python
from venuekit.drift.reading import Node, Pointer, Side, dumped
from venuekit.drift.rules import Verdict
from venuekit.drift.schemas import visit_schema
from venuekit.drift.walking import Use, Walk
from venuekit.sources import JSON, Map, Seq, pointer

_SCHEMAS = ("components", "schemas")
_WRAPPERS = 4  # schemas around a reference that add nothing to it
_PROSE = frozenset({"description", "example", "examples", "externalDocs", "title"})


def compare_components(walk: Walk) -> None:
    """Compare the schemas that have names."""
    old = dict(walk.old.node.get("components").get("schemas").entries())
    new = dict(walk.new.node.get("components").get("schemas").entries())
    gone = [name for name in old if name not in new]
    fresh = [name for name in new if name not in old]
    renamed = _renamed(walk, {n: old[n] for n in gone}, {n: new[n] for n in fresh})
    for one, other in renamed:
        gone.remove(one)
        fresh.remove(other)
        same = python.class_of(one) == python.class_of(other)
        source: Verdict | None = None
        if same or not walk.old_schemas.flat((old[one],)).is_class:
            source = "ok"
        walk.add(
            "component-renamed",
            "response",
            (old[one].pointer, new[other].pointer),
            f"{one} is called {other} now",
            old=one,
            new=other,
            source=source,
        )
    for name in gone:
        source = None if walk.old_schemas.flat((old[name],)).is_class else "ok"
        walk.add(
            "component-removed",
            "response",
            (old[name].pointer, ("components", "schemas")),
            f"{name} is gone",
            old=name,
            gone=True,
            source=source,
        )
    for name in fresh:
        walk.add(
            "component-added",
            "response",
            (("components", "schemas"), new[name].pointer),
            f"{name} is new",
            new=name,
        )
    _compare_exchanged(walk)


def _compare_exchanged(walk: Walk) -> None:
    """Compare which component a value is of, where the one that it was of is still there."""
    found: dict[tuple[Pointer, Pointer], set[int]] = {}
    for (one, other), pairs in walk.reached.items():
        before, after = _components_at(walk.old, one), _components_at(walk.new, other)
        if before and after and set(before).isdisjoint(after):
            found.setdefault((before[0], after[0]), set()).update(pairs)
    there = walk.new.node.get("components").get("schemas").map
    for (one, other), pairs in found.items():
        names = one[2], other[2]
        is_class = [
            flattener.flat((node,)).is_class
            for flattener, at in ((walk.old_schemas, one), (walk.new_schemas, other))
            if (node := flattener.side.target("#" + pointer(at)))
        ]
        same = python.class_of(names[0]) == python.class_of(names[1])
        if names[0] in there and is_class == [True, True] and not same:
            walk.reached.setdefault((one, other), set()).update(pairs)
            walk.add(
                "component-exchanged",
                "response",
                (one, other),
                f"is what {names[0]} was in its place",
                old=names[0],
                new=names[1],
            )


def _components_at(side: Side, at: Pointer) -> list[Pointer]:
    """The components that a schema is by no more than references to them, or null; the last first.

    A component that adds nothing to another is a second name of its class.
    """
    found: list[Pointer] = []
    node = side.target("#" + pointer(at))
    for _ in range(_WRAPPERS):
        if node is None:
            return []
        if len(node.pointer) == 3 and node.pointer[:2] == _SCHEMAS:
            found.insert(0, node.pointer)
        branches = [
            branch
            for key in ("allOf", "anyOf", "oneOf")
            for branch in node.get(key).items()
            if branch.map.get("type") != "null"
        ]
        if len(branches) != 1 or "properties" in node.map:
            is_component = found[:1] == [node.pointer]
            return found if is_component else []
        node = side.follow(branches[0])
    return []


def visit_unused(walk: Walk) -> None:
    """Compare the schemas that no operation has led to: their classes exist all the same."""
    old = dict(walk.old.node.get("components").get("schemas").entries())
    reached = {pair[0] for pair in walk.reached}
    for name, node in walk.new.node.get("components").get("schemas").entries():
        if name in old and old[name].pointer not in reached:
            one = old[name]
            walk.root(
                None,
                ("unused", name),
                lambda a=one, b=node: visit_schema(walk, (a,), (b,), Use("none")),
            )


def compare_classes(walk: Walk) -> None:
    """Compare the names of classes, where schemas moved in or out of components or got titles."""
    if not walk.classes:
        return
    (before, olds), (after, news) = python.classes(walk.old.root), python.classes(walk.new.root)
    if not before or not after:
        return  # no client can be made of one of them
    # What is inside is called by what it is in, and what an operation has by its method.
    told = walk.noted("operation-renamed")
    told.extend((*_SCHEMAS, name) for name in _names(walk.old) if name not in _names(walk.new))
    for old, new in sorted(walk.classes, key=lambda pair: len(pair[0])):
        gone = [name for name in _called(olds, old) if name not in after]
        if not gone or any(old[: len(at)] == at for at in told):
            continue
        told.append(old)
        now = next((name for name in _called(news, new) if name not in before), None)
        walk.add(
            "class-renamed",
            "response",
            (old, new),
            f"the class {gone[0]} is called {now} now" if now else f"the class {gone[0]} is gone",
            old=gone[0],
            new=now,
        )


def _called(places: Mapping[Pointer, tuple[str, ...]], at: Pointer) -> tuple[str, ...]:
    """The classes of a schema: of a component, or of what is written where it is used."""
    if at[:2] == _SCHEMAS and len(at) == 3:
        return (python.class_of(at[2]),)
    return places.get(at, ())


def _names(side: Side) -> Map:
    return side.node.get("components").get("schemas").map


def _renamed(walk: Walk, gone: dict[str, Node], fresh: dict[str, Node]) -> list[tuple[str, str]]:
    """Pairs that say the same under two names, or that stood for each other where they are used."""
    found: list[tuple[str, str]] = []
    paired = {(a[2], b[2]) for a, b in walk.reached if len(a) == 3 == len(b)}
    texts: dict[str, list[str]] = {}
    for name, node in fresh.items():
        texts.setdefault(dumped(_bare(node.value)), []).append(name)
    taken: set[str] = set()
    for name, node in gone.items():
        alike = [n for n in texts.get(dumped(_bare(node.value)), ()) if n not in taken]
        used = [n for n in fresh if (name, n) in paired and n not in taken]
        both = [n for n in alike if n in used]
        # Alike by chance is likely where there is little to be alike in.
        meaningful = walk.old_schemas.flat((node,)).is_class
        candidates = both or (alike if meaningful and len(alike) == 1 else []) or used
        if candidates:
            found.append((name, candidates[0]))
            taken.add(candidates[0])
    return found


def _bare(value: JSON) -> JSON:
    """The value without prose."""
    if isinstance(value, Map):
        return Map({k: _bare(v) for k, v in value.items() if k not in _PROSE and k[:2] != "x-"})
    return Seq(map(_bare, value)) if isinstance(value, Seq) else value
