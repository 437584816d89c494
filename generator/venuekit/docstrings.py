"""The docstrings of a module apart from its code: a formatter leaves those that are tidy alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venuekit.layout import WIDTH, width
from venuekit.records import dataclass

_QUOTES = '"""'
_MARK = "\0"  # which no module holds
_MARGIN = re.compile(r"(?:\A|\n)( *)\Z")


@dataclass(frozen=True, slots=True)
class Parted:
    """A module with a mark in the place of each tidy docstring, and these in order.

    The mark tells their forms: two modules of one code are formatted alike.
    """

    code: str
    texts: tuple[str, ...]


def parted(module: str) -> Parted:
    """Take the tidy docstrings out of a module; none where quotes are not all of docstrings."""
    pieces = module.split(_QUOTES)
    if len(pieces) % 2 == 0:
        return Parted(module, ())
    texts: list[str] = []
    for place in range(1, len(pieces), 2):
        before, text, after = pieces[place - 1 : place + 2]
        margin = _MARGIN.search(before)
        if margin is None or not (after == "" or after.startswith("\n")):
            return Parted(module, ())
        form = _form(margin[1], text)
        if form:
            texts.append(text)
            pieces[place] = _MARK + form
    return Parted(_QUOTES.join(pieces), tuple(texts))


def joined(code: str, texts: Sequence[str]) -> str:
    """The module that was parted into this."""
    rest = iter(texts)
    pieces = code.split(_QUOTES)
    return _QUOTES.join(next(rest) if piece[:1] == _MARK else piece for piece in pieces)


def _form(margin: str, text: str) -> str:
    """How a tidy docstring is laid out; empty for one that a formatter might change."""
    first, *lines = text.split("\n")
    if "\\" in text or text[:1] in (" ", '"') or text[-1:] == '"' or not _is_clean(first):
        return ""
    if not lines:
        return "line" if first and width(margin + first) + 6 <= WIDTH else ""
    *lines, last = lines
    is_closed = last == margin  # the quotes have a line of their own
    if not is_closed:
        lines.append(last)
    said = [line for line in lines if line]
    is_tidy = (
        all(map(_is_clean, lines))
        and bool(lines and lines[-1])
        and all(line.startswith(margin) for line in said)
        and any(line[len(margin)] != " " for line in said)
        and (is_closed or width(lines[-1]) + 3 <= WIDTH)
    )
    form = f"{'opened' if not first else 'begun'} {'closed' if is_closed else 'ended'}"
    return form if is_tidy else ""


def _is_clean(line: str) -> bool:
    """Whether a line has nothing that is no letter, and no space at its end."""
    return line.isprintable() and not line.endswith(" ")
