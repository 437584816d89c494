"""Where classes that lead to each other are parted, so that Python can follow them.

Pydantic builds a class together with all that it leads to, each from within the one before. A
chain of some thirty classes goes as deep as Python goes, so on a longer one there are fields whose
types are built when the first value comes for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from venuekit.ir import (
    Field,
    ListOf,
    MapOf,
    Model,
    ModelClass,
    OpenEnum,
    Tagged,
    TupleOf,
    Type,
    UnionOf,
)
from venuekit.records import dataclass

_DEEPEST = (
    70  # of steps as `_steps` counts them; pydantic 2.10 to 2.14 manage 105 of an empty stack
)
_MOST = 60  # classes that are built at once: the first value of them waits for all
_LOOKS = 300_000  # fields looked at; a document that needs more is deep enough

_Edge = tuple[str, str]  # a class, and one of its own fields by its wire name


@dataclass(frozen=True, slots=True)
class _Way:
    """A field that leads from a class to others, in so many steps; the edge is of its owner."""

    edge: _Edge
    targets: tuple[str, ...]
    steps: int


def parted(
    models: Sequence[ModelClass], aliases: Sequence[tuple[str, Type]]
) -> tuple[ModelClass, ...]:
    """The classes, with fields marked as late where they lead too deep."""
    ways = _ways(models, dict(aliases))
    if not _is_deep(ways):
        return tuple(models)
    late = _late(ways)
    return tuple(
        replace(m, fields=tuple(replace(f, is_late=(m.name, f.wire) in late) for f in m.fields))
        for m in models
    )


def _ways(models: Sequence[ModelClass], aliases: Mapping[str, Type]) -> dict[str, tuple[_Way, ...]]:
    """Where each class leads to, by its own fields and by those that it inherits."""
    by_name = {model.name: model for model in models}
    own: dict[str, tuple[_Way, ...]] = {}
    for model in models:
        found: list[_Way] = []
        for field in sorted(model.fields, key=lambda f: f.wire):
            targets, steps = _targets(field, aliases)
            if targets & by_name.keys():
                known = tuple(sorted(targets & by_name.keys()))
                found.append(_Way((model.name, field.wire), known, steps))
        own[model.name] = tuple(found)
    return {name: tuple(_inherited(name, by_name, own)) for name in sorted(own)}


def _inherited(
    name: str, models: Mapping[str, ModelClass], own: Mapping[str, tuple[_Way, ...]]
) -> Iterator[_Way]:
    while name:
        yield from own[name]
        name = models[name].base


def _targets(field: Field, aliases: Mapping[str, Type]) -> tuple[set[str], int]:
    """The classes that a field's type is made of, and how many steps lead there."""
    found: set[str] = set()
    deepest = 0
    waiting = [(field.type, 2)]
    while waiting:
        type_, steps = waiting.pop()
        deepest = max(deepest, steps)
        match type_:
            case Model(name) if name in aliases and name not in found:
                waiting.append((aliases[name], steps + 1))
                found.add(name)
            case Model(name):
                found.add(name)
            case Tagged(members, _, cases):
                waiting += [(Model(name), steps + 1) for _, name in cases]
                waiting += [(member, steps + 1) for member in members]
            case ListOf(inner) | MapOf(inner) | OpenEnum(_, inner):
                waiting.append((inner, steps + 1))
            case UnionOf(members) | TupleOf(members):
                waiting += [(member, steps + (len(members) > 2)) for member in members]
            case _:
                pass
    return found, deepest


def _is_deep(ways: Mapping[str, tuple[_Way, ...]]) -> bool:
    """Whether what pydantic does to build some class goes too deep."""
    looks = 0
    for root in ways:
        seen = {root}
        stack = [(0, _onward(ways[root]))]
        while stack:
            depth, rest = stack[-1]
            step = next(((t, n) for t, n in rest if t not in seen), None)
            if step is None:
                stack.pop()
                continue
            looks += 1
            if depth + step[1] > _DEEPEST or looks > _LOOKS:
                return True
            seen.add(step[0])
            stack.append((depth + step[1], _onward(ways[step[0]])))
    return False


def _onward(ways: Sequence[_Way]) -> Iterator[tuple[str, int]]:
    return ((target, way.steps) for way in ways for target in way.targets)


def _late(ways: Mapping[str, tuple[_Way, ...]]) -> set[_Edge]:
    """The fields without which nothing leads too deep: those that lead back, and some others."""
    late: set[_Edge] = set()
    heights: dict[str, int] = {}  # of what is finished: how deep it leads
    within: dict[str, set[str]] = {}  # and to which classes
    for root in ways:
        if root in heights:
            continue
        open_ = {root}
        stack = [(root, _onward(ways[root]))]
        while stack:
            name, rest = stack[-1]
            onward = next((t for t, _ in rest if t not in heights and t not in open_), None)
            if onward is not None:
                open_.add(onward)
                stack.append((onward, _onward(ways[onward])))
                continue
            stack.pop()
            heights[name], within[name] = 0, {name}
            for way in ways[name]:
                others = [target for target in way.targets if target != name]
                is_back = any(target in open_ for target in others)
                height = way.steps + max((heights.get(t, 0) for t in others), default=0)
                reached = within[name].union(*(within.get(t, ()) for t in others))
                if is_back or height > _DEEPEST or len(reached) > _MOST:
                    late.add(way.edge)
                elif way.edge not in late:
                    heights[name], within[name] = max(heights[name], height), reached
            open_.discard(name)
    return late
