"""JSON values that know where they were written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from re import compile as pattern
from typing import TypeAlias, overload

from venuekit.diagnostics import Place

JSON: TypeAlias = "bool | int | float | str | Map | Seq | None"

Marks: TypeAlias = dict[str, int] | list[int]
Table: TypeAlias = tuple[int, Marks]  # where a container begins, and where its children do

_LINE_END = pattern(r"\r\n?|\n")
_NOWHERE = Place("")


class Origin:
    """A text that was read: where it stands in its file, and where its values stand in it.

    `line` and `column` are where the text begins; `margins` are the characters that its file has
    before each of its lines (of a fence in a list or a quote). Tables may be filled when asked for.
    """

    __slots__ = ("_breaks", "_fill", "_tables", "column", "file", "line", "margins", "text")

    def __init__(
        self, file: str, text: str, line: int = 1, column: int = 1, margins: Sequence[int] = ()
    ) -> None:
        self.file = file
        self.text = text
        self.line = line
        self.column = column
        self.margins = margins
        self._breaks: list[int] | None = None
        self._tables: list[Table] | None = None
        self._fill: Callable[[], list[Table]] | None = None

    def know(self, tables: list[Table] | Callable[[], list[Table]]) -> None:
        """Take the tables of the containers, by number, or what finds them later."""
        if callable(tables):
            self._fill = tables
        else:
            self._tables = tables

    def table(self, number: int) -> Table:
        if self._tables is None:
            self._tables = self._fill() if self._fill else []
            self._fill = None
        return self._tables[number]

    def place(self, offset: int) -> Place:
        """The place in the file of the character at the offset of the text."""
        if self._breaks is None:
            self._breaks = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        row = bisect_right(self._breaks, offset) - 1
        column = offset - self._breaks[row] + 1
        if row < len(self.margins):
            column += self.margins[row]
        if row == 0:
            column += self.column - 1
        return Place(self.file, self.line + row, column)


class Float(float):
    """A number whose text says more than its value: `1.10`."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Float:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[type[Float], tuple[str]]:
        return (Float, (self.text,))


class Map(dict[str, JSON]):
    """An object; `put` and `remove` keep the places of its keys.

    `origin` and `number` say where it was read, `moved` where its later keys come from, `start`
    where it stands if it was never read. All may be unset: a plain `Map()` has no places.
    """

    __slots__ = ("moved", "number", "origin", "start")
    origin: Origin
    number: int
    moved: dict[str, Place]
    start: Place

    def __deepcopy__(self, memo: object) -> Map:
        return clone(self)


class Seq(list[JSON]):
    """An array; `put`, `append` and `remove` keep the places of its items.

    As in `Map`; `moved`, where set, has for each item its index when it was read, or its place.
    """

    __slots__ = ("moved", "number", "origin", "start")
    origin: Origin
    number: int
    moved: list[int | Place]
    start: Place

    def __deepcopy__(self, memo: object) -> Seq:
        return clone(self)


def new_map(place: Place, items: Iterable[tuple[str, JSON]] = ()) -> Map:
    """An object that was not read, with the place that it and its keys are to have."""
    node = Map(items)
    node.start = place
    return node


def new_seq(place: Place, items: Iterable[JSON] = ()) -> Seq:
    """An array that was not read, with the place that it and its items are to have."""
    node = Seq(items)
    node.start = place
    return node


@overload
def clone(node: Map) -> Map: ...
@overload
def clone(node: Seq) -> Seq: ...
@overload
def clone(node: JSON) -> JSON: ...
def clone(node: JSON) -> JSON:
    """Copy a value with all that it holds; the copies have the places of the originals."""
    if isinstance(node, Map):
        copy = Map()
        for key, value in node.items():
            copy[key] = clone(value) if isinstance(value, Map | Seq) else value
        if (moved := getattr(node, "moved", None)) is not None:
            copy.moved = moved.copy()
        return _bound(copy, node)
    if isinstance(node, Seq):
        copy = Seq([clone(value) if isinstance(value, Map | Seq) else value for value in node])
        if (moved := getattr(node, "moved", None)) is not None:
            copy.moved = moved.copy()
        return _bound(copy, node)
    return node


def _bound(copy: Map | Seq, node: Map | Seq) -> Map | Seq:
    if (origin := getattr(node, "origin", None)) is not None:
        copy.origin = origin
        copy.number = node.number
    if (start := getattr(node, "start", None)) is not None:
        copy.start = start
    return copy


def place_of(node: Map | Seq, key: str | int | None = None) -> Place:
    """The place of a key or an item, or of the container itself, without a pointer.

    A key or an item that has no place of its own has that of its container.
    """
    if isinstance(node, Map):
        found = _key_place(node, key) if isinstance(key, str) else None
    else:
        found = _item_place(node, key) if isinstance(key, int) else None
    return found or _own_place(node)


def _own_place(node: Map | Seq) -> Place:
    if (start := getattr(node, "start", None)) is not None:
        return start
    if (origin := getattr(node, "origin", None)) is not None:
        return origin.place(origin.table(node.number)[0])
    if isinstance(node, Map):
        return next(iter(getattr(node, "moved", {}).values()), _NOWHERE)
    return next(
        (mark for mark in getattr(node, "moved", []) if not isinstance(mark, int)), _NOWHERE
    )


def _key_place(node: Map, key: str) -> Place | None:
    if key not in node:
        return None
    moved: dict[str, Place] = getattr(node, "moved", {})
    if key in moved:
        return moved[key]
    origin: Origin | None = getattr(node, "origin", None)
    if origin is None:
        return None
    marks = origin.table(node.number)[1]
    assert isinstance(marks, dict)
    return origin.place(marks[key]) if key in marks else None


def _item_place(node: Seq, key: int) -> Place | None:
    if not 0 <= key < len(node):
        return None
    moved: list[int | Place] | None = getattr(node, "moved", None)
    mark = key
    if moved is not None:
        if key >= len(moved):
            return None
        mark = moved[key]
        if isinstance(mark, Place):
            return mark
    origin: Origin | None = getattr(node, "origin", None)
    if origin is None or mark < 0:
        return None
    marks = origin.table(node.number)[1]
    assert isinstance(marks, list)
    return origin.place(marks[mark]) if mark < len(marks) else None


@overload
def put(node: Map, key: str, value: JSON, place: Place | None = None) -> None: ...
@overload
def put(node: Seq, key: int, value: JSON, place: Place | None = None) -> None: ...
def put(node: Map | Seq, key: str | int, value: JSON, place: Place | None = None) -> None:
    """Set a key or an item, with its place; without one, the place that it had is kept."""
    if isinstance(node, Map):
        assert isinstance(key, str)
        node[key] = value
        if place is not None:
            if getattr(node, "moved", None) is None:
                node.moved = {}
            node.moved[key] = place
    else:
        assert isinstance(key, int)
        node[key] = value
        if place is not None:
            _marks(node)[key] = place


def append(node: Seq, value: JSON, place: Place | None = None) -> None:
    """Add an item at the end, with its place."""
    marks = _marks(node)
    node.append(value)
    marks.append(-1 if place is None else place)


@overload
def remove(node: Map, key: str) -> None: ...
@overload
def remove(node: Seq, key: int) -> None: ...
def remove(node: Map | Seq, key: str | int) -> None:
    """Remove a key or an item; the items behind it keep their places."""
    if isinstance(node, Map):
        assert isinstance(key, str)
        del node[key]
        getattr(node, "moved", {}).pop(key, None)
    else:
        assert isinstance(key, int)
        marks = _marks(node)
        del node[key]
        del marks[key]


def _marks(node: Seq) -> list[int | Place]:
    """Where each item comes from, made when items first move; -1 is nowhere."""
    if getattr(node, "moved", None) is None:
        node.moved = list(range(len(node)))
    return node.moved
