"""JSON read by the standard parser; places are found by a second scan, when one is asked for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import cast

from venuekit.diagnostics import Report
from venuekit.sources.faults import conflict
from venuekit.sources.limits import DEPTH, Refusal, fits, repeated, too_deep, unfit
from venuekit.sources.tree import JSON, Float, Map, Marks, Origin, Seq, Table

_TOKEN = re.compile(
    r'("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*(:)?|([{\[])|([}\]])|[^\s"{}\[\],:]+', re.DOTALL
)
_STRING, _COLON, _OPEN, _CLOSE = 1, 2, 3, 4
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u([dD][89a-fA-F])|.)", re.DOTALL
)


def read_json(
    text: str,
    file: str,
    report: Report,
    *,
    line: int = 1,
    column: int = 1,
    margins: Sequence[int] = (),
) -> JSON:
    """Read a JSON text; None if an error was reported.

    `line`, `column` and `margins` say where the text stands in its file, see `Origin`.
    """
    origin = Origin(file, text, line, column, margins)
    try:
        reading = _Reading(origin)
        value = reading.value()
    except Refusal as refusal:
        place = origin.place(refusal.offset)
        report.error(refusal.code, refusal.message, place, help=refusal.help)
        return None
    if reading.repeats:
        duplicates: list[tuple[str, int]] = []
        _tables(text, duplicates)
        for key, offset in duplicates:
            repeated(report, key, origin.place(offset))
        return None
    return value


class _Unusual(Exception):
    """Something that the standard parser lets through, and that JSON does not."""


class _Reading:
    """One text on its way through the standard parser."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.repeats = False
        self._heights: list[int] = []

    def value(self) -> JSON:
        text = self.origin.text
        try:
            value: object = json.loads(
                text,
                object_pairs_hook=self._map,
                parse_float=_number,
                parse_constant=_constant,
            )
            root = self._seq(cast("list[object]", value))[0] if type(value) is list else value
        except json.JSONDecodeError as broken:
            raise _syntax(broken) from broken
        except (RecursionError, ValueError, _Unusual) as unusual:
            raise _refused(text) from unusual
        if (offset := _lone_surrogate(text)) is not None:
            raise Refusal("VK102", "broken JSON: half of a surrogate pair is no character", offset)
        if root is None:
            raise Refusal("VK102", "broken JSON: the text holds nothing but null", 0)
        self.origin.know(lambda: _tables(text))
        return cast(JSON, root)

    def _map(self, pairs: list[tuple[str, object]]) -> Map:
        node = Map(cast("list[tuple[str, JSON]]", pairs))
        if len(node) != len(pairs):
            self.repeats = True
        heights = self._heights
        node.origin = self.origin
        node.number = number = len(heights)
        heights.append(0)
        height = 1
        for key, value in pairs:
            kind = type(value)
            if kind is Map:
                height = max(height, heights[cast(Map, value).number] + 1)
            elif kind is list:
                array, below = self._seq(cast("list[object]", value))
                node[key] = array
                height = max(height, below + 1)
        if height > DEPTH:
            raise _Unusual
        heights[number] = height
        return node

    def _seq(self, items: list[object], depth: int = 1) -> tuple[Seq, int]:
        """The array of a list, whose objects are made already, and its height."""
        if depth > DEPTH:
            raise _Unusual
        node = Seq(cast("list[JSON]", items))
        node.origin = self.origin
        node.number = len(self._heights)
        self._heights.append(0)
        height = 1
        for position, value in enumerate(items):
            kind = type(value)
            if kind is Map:
                height = max(height, self._heights[cast(Map, value).number] + 1)
            elif kind is list:
                node[position], below = self._seq(cast("list[object]", value), depth + 1)
                height = max(height, below + 1)
        if height > DEPTH:
            raise _Unusual
        return node, height


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Unusual
    return number if repr(number) == text else Float(text)


def _constant(text: str) -> float:
    raise _Unusual(text)


def _syntax(broken: json.JSONDecodeError) -> Refusal:
    text, offset = broken.doc, broken.pos
    if broken.msg.startswith("Illegal trailing comma"):  # from Python 3.13
        offset = len(text) - len(text[offset + 1 :].lstrip())
    if merging := conflict(text, offset):
        return Refusal("VK102", f"broken JSON: {merging.problem}", merging.offset, merging.help)
    problem = broken.msg[:1].lower() + broken.msg[1:].removesuffix(" at").removesuffix(" starting")
    if not text.strip():
        problem = "the text is empty"
    elif text.startswith(("//", "/*", "#"), offset):
        problem = "it has no comments"
    elif text[offset : offset + 1] in ("}", "]") and text[:offset].rstrip().endswith(","):
        problem = f"a comma stands before '{text[offset]}'"
    return Refusal("VK102", f"broken JSON: {problem}", offset)


def _refused(text: str) -> Refusal:
    """What the reading of the text was given up for; the first such thing in it."""
    depth = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastindex
        if kind == _OPEN:
            depth += 1
            if depth > DEPTH:
                return too_deep(token.start())
        elif kind == _CLOSE:
            depth -= 1
        elif kind is None:
            word = token.group()
            if word in ("NaN", "Infinity", "-Infinity"):
                return Refusal("VK108", f"{word} is no number of JSON", token.start())
            if not fits(word):
                return unfit(word, token.start())
    return too_deep(0)


def _lone_surrogate(text: str) -> int | None:
    if "\\ud" not in text and "\\uD" not in text:
        return None
    return next((found.start() for found in _ESCAPE.finditer(text) if found.group(1)), None)


def _tables(text: str, duplicates: list[tuple[str, int]] | None = None) -> list[Table]:
    """Where the containers of a valid text and their children begin.

    The order is that of `_Reading`: an object is met when it closes, and then its arrays are.
    """
    tables: list[Table] = []
    stack: list[_Open] = []
    marks: Marks = []
    for token in _TOKEN.finditer(text):
        kind = token.lastindex
        if kind == _COLON:
            assert not isinstance(marks, list)
            word: str = token.group(_STRING)
            key = cast("str", json.loads(word)) if "\\" in word else word[1:-1]
            first = marks.setdefault(key, token.start())
            if duplicates is not None and first != token.start():
                duplicates.append((key, token.start()))
        elif kind == _CLOSE:
            closed = stack.pop()
            if isinstance(closed.marks, dict):
                tables.append((closed.start, closed.marks))
                tables.extend(table for array in closed.arrays for table in array.tables())
            elif stack:
                stack[-1].arrays.append(closed)
            else:
                tables.extend(closed.tables())
            marks = stack[-1].marks if stack else []
        else:
            if isinstance(marks, list):
                marks.append(token.start())
            if kind == _OPEN:
                marks = {} if token.group() == "{" else []
                stack.append(_Open(token.start(), marks))
    return tables


class _Open:
    """A container that the scan is in, with the arrays that are its direct children."""

    __slots__ = ("arrays", "marks", "start")

    def __init__(self, start: int, marks: Marks) -> None:
        self.start = start
        self.marks = marks
        self.arrays: list[_Open] = []

    def tables(self) -> Iterator[Table]:
        yield self.start, self.marks
        for array in self.arrays:
            yield from array.tables()
