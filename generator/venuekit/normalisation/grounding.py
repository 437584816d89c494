"""Named types that are members of themselves: what remains of them when that is taken away."""

from __future__ import annotations

from collections.abc import Mapping

from venuekit.ir import ANY, Model, Type, UnionOf, alternatives_of


def grounded(aliases: Mapping[str, Type]) -> dict[str, Type]:
    """The aliases, none of which leads to itself but through a class, an array or a mapping.

    `A` as `A | int` says no more than `int`, and no validator can be built of it.
    """
    reached = {name: _reached(name, aliases) for name in aliases}
    circular = {name for name in aliases if name in reached[name]}
    found: dict[str, Type] = {}
    for name, type_ in aliases.items():
        if name not in circular:
            found[name] = type_
            continue
        round_ = {other for other in circular if other in reached[name] and name in reached[other]}
        members = [m for other in sorted(round_) for m in alternatives_of(aliases[other])]
        kept = tuple(dict.fromkeys(m for m in members if not _is_one(m, round_)))
        found[name] = kept[0] if len(kept) == 1 else UnionOf(kept) if kept else ANY
    return found


def _reached(name: str, aliases: Mapping[str, Type]) -> set[str]:
    """The aliases that a value of this one may be a value of as well."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for member in alternatives_of(aliases[waiting.pop()]):
            if isinstance(member, Model) and member.name in aliases and member.name not in found:
                found.add(member.name)
                waiting.append(member.name)
    return found


def _is_one(type_: Type, names: set[str]) -> bool:
    return isinstance(type_, Model) and type_.name in names
