"""How long something is there: deprecations, sunset dates, and declared stability."""

from __future__ import annotations

from venuekit.drift.reading import Pointer
from venuekit.drift.rules import Direction
from venuekit.drift.walking import Walk
from venuekit.sources import Map

_STABILITY = ("draft", "alpha", "beta", "stable")


def compare_lifecycle(
    walk: Walk,
    direction: Direction,
    keywords: tuple[Map, Map],
    at: tuple[Pointer, Pointer],
    subject: str = "",
) -> None:
    """Compare the keywords of something that may go; `subject` says what, unless its place does."""
    old, new = keywords
    was, is_ = old.get("deprecated") is True, new.get("deprecated") is True
    if was != is_:
        rule = "deprecated" if is_ else "undeprecated"
        word = "deprecated now" if is_ else "no longer deprecated"
        walk.add(rule, direction, at, f"{subject} is {word}".lstrip(), old=was, new=is_)
    one, other = str(old.get("x-sunset") or ""), str(new.get("x-sunset") or "")
    if one != other and (other or is_):
        if other:
            rule = "sunset-advanced" if one and other < one else "sunset-set"
            message = f"the sunset is {other}{f', not {one}' if one else ''}"
        else:
            rule, message = "sunset-removed", f"the sunset, {one}, is gone"
        walk.add(rule, direction, at, f"{subject and f'{subject}: '}{message}",
                 old=one or None, new=other or None)  # fmt: skip
    levels = [str(held.get("x-stability-level") or "") for held in keywords]
    if levels[0] != levels[1]:
        # What says nothing is stable.
        before, after = (_STABILITY.index(v) if v in _STABILITY else 3 for v in levels)
        rule = "stability-lowered" if after < before else "stability-raised"
        message = f"the stability was {levels[0] or 'not given'} and is {levels[1] or 'not given'}"
        walk.add(rule, direction, at, f"{subject and f'{subject}: '}{message}",
                 old=levels[0] or None, new=levels[1] or None)  # fmt: skip
