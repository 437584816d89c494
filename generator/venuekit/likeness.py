"""JSON values compared: whether two are equal, and where they first differ."""

from __future__ import annotations

from collections.abc import Callable

from venuekit.sources import JSON, Map, Seq

Path = tuple[str | int, ...]


def difference(left: JSON, right: JSON, ignore: Callable[[str], bool] | None = None) -> Path | None:
    """The path to the first difference, None where there is none.

    The order of keys does not count, nor do keys that are to be ignored; 1 is 1.0, but not true.
    """
    if isinstance(left, Map) and isinstance(right, Map):
        return _of_maps(left, right, ignore)
    if isinstance(left, Seq) and isinstance(right, Seq):
        for index, (one, other) in enumerate(zip(left, right, strict=False)):
            if (path := difference(one, other, ignore)) is not None:
                return (index, *path)
        return None if len(left) == len(right) else (min(len(left), len(right)),)
    equal = left == right and isinstance(left, bool) == isinstance(right, bool)
    return None if equal else ()


def equal(left: JSON, right: JSON) -> bool:
    """Whether two values are the same JSON."""
    return difference(left, right) is None


def _of_maps(left: Map, right: Map, ignore: Callable[[str], bool] | None) -> Path | None:
    for key, value in left.items():
        if ignore and ignore(key):
            continue
        if key not in right:
            return (key,)
        if (path := difference(value, right[key], ignore)) is not None:
            return (key, *path)
    for key in right:
        if key not in left and not (ignore and ignore(key)):
            return (key,)
    return None
