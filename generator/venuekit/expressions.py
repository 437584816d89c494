"""Python expressions in the layout of black, for people to read and to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from venuekit.layout import WIDTH

_INDENT = "    "


def call(function: str, arguments: Sequence[tuple[str, object]], before: str = "") -> str:
    """Write a call with its arguments: (keyword, or "" for a positional one; value).

    What is written `before` it in its line takes part of the width.
    """
    texts = [f"{keyword}=" if keyword else "" for keyword, _ in arguments]
    values = [value for _, value in arguments]
    return before + _wrapped(f"{function}(", texts, values, ")", len(before), 0)


def _wrapped(
    opening: str, keys: Sequence[str], values: Sequence[object], closing: str, used: int, depth: int
) -> str:
    """Items in brackets: in one line where they fit, else each in lines of its own."""
    items = [key + _line(value) for key, value in zip(keys, values, strict=True)]
    line = f"{opening}{', '.join(items)}{closing}"
    if not items or used + len(line) < WIDTH:
        return line
    inner = _INDENT * (depth + 1)
    broken = [
        f"{inner}{key}{_broken(value, len(inner + key), depth + 1)},\n"
        for key, value in zip(keys, values, strict=True)
    ]
    return f"{opening}\n{''.join(broken)}{_INDENT * depth}{closing}"


def _broken(value: object, used: int, depth: int) -> str:
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        keys = [f"{_line(key)}: " for key in items]
        return _wrapped("{", keys, list(items.values()), "}", used, depth)
    if isinstance(value, list):
        found = cast("list[object]", value)
        return _wrapped("[", [""] * len(found), found, "]", used, depth)
    return _line(value)


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return f"{{{', '.join(f'{_line(key)}: {_line(inner)}' for key, inner in items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_line, cast('list[object]', value)))}]"
    text = repr(value)
    prefix, quote, rest = text.partition("'")
    if isinstance(value, str | bytes) and quote and '"' not in text and "\\'" not in rest:
        return f'{prefix}"{rest[:-1]}"'
    return text
