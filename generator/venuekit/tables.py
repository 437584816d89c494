"""A TOML file whose keys know their places, read key by key with diagnostics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from venuekit.diagnostics import Place, Report
from venuekit.records import dataclass

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEY = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_KEY})\s*\]")
_ENTRY = re.compile(rf"\s*({_KEY})\s*=")
_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Text:
    """A TOML text with the places of its keys."""

    file: str
    text: str
    positions: Mapping[tuple[str, ...], tuple[int, int]]

    def place(self, *keys: str, value: str | None = None) -> Place:
        """Find a key, or its nearest parent; with `value`, that string at or after the key."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.positions:
                line, column = self.positions[keys[:length]]
                return self._value(value, line) or Place(self.file, line, column)
        return self._value(value, 1) or Place(self.file)

    def _value(self, value: str | None, start: int) -> Place | None:
        if value is None:
            return None
        for number, line in enumerate(self.text.split("\n")[start - 1 :], start):
            for literal in (f'"{value}"', f"'{value}'"):
                if literal in line:
                    return Place(self.file, number, line.index(literal) + 1)
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file; reading a value reports what is wrong with it."""

    source: Text
    values: Mapping[str, object]
    report: Report
    keys: tuple[str, ...] = ()

    def place(self, *keys: str, value: str | None = None) -> Place:
        return self.source.place(*self.keys, *keys, value=value)

    def wrong(self, key: str, expected: str) -> None:
        name = ".".join((*self.keys, key))
        self.report.error("VK004", f"'{name}' must be {expected}", self.place(key))

    def only(self, *known: str) -> None:
        """Report every key that is not one of these."""
        for key in self.values:
            if key not in known:
                import difflib

                near = difflib.get_close_matches(key, known, 1)
                self.report.error(
                    "VK003",
                    f"unknown key '{'.'.join((*self.keys, key))}'",
                    self.place(key),
                    f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}",
                )

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value:
            return value
        self.wrong(key, "a string that is not empty")
        return None

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if isinstance(value, bool):
            return value
        self.wrong(key, "true or false")
        return False

    def table(self, key: str) -> Table:
        """Read a table; empty where there is none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "a table")
            value = {}
        return self.nested(cast("dict[str, object]", value), key)

    def nested(self, values: Mapping[str, object], key: str) -> Table:
        return Table(self.source, values, self.report, (*self.keys, key))

    def texts(self, key: str) -> dict[str, str]:
        """Read a table of strings."""
        table = self.table(key)
        read = {name: table.text(name) for name in table.values}
        return {name: value for name, value in read.items() if value is not None}

    def items(self, key: str, expected: str) -> list[object] | None:
        """Read an array; None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, list):
            return cast("list[object]", value)
        self.wrong(key, expected)
        return None


def read(path: Path, file: str, report: Report) -> Table | None:
    """Read a TOML file, shown to users as `file`; None where it is none."""
    import tomllib  # not every run reads one

    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        report.error("VK002", f"cannot be read: {error.strerror}", Place(file))
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        report.error("VK002", "is not UTF-8 text", Place(file, line, 1))
        return None
    try:
        values = cast("dict[str, object]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        report.error("VK002", *_syntax(str(error), file, text))
        return None
    except RecursionError:
        report.error("VK002", "is nested too deeply", Place(file))
        return None
    return Table(Text(file, text, _positions(text)), values, report)


def _syntax(message: str, file: str, text: str) -> tuple[str, Place]:
    """Split the parser's message into a sentence and the place that it names."""
    found = _SYNTAX_PLACE.search(message)
    line, column = (found[1], found[2]) if found else (None, None)
    if line is None or column is None:
        last = text.rstrip("\n").split("\n")
        place = Place(file, len(last), len(last[-1]) + 1)
    else:
        place = Place(file, int(line), int(column))
    sentence = message[: found.start()] if found else message
    return f"is not TOML: {sentence[:1].lower()}{sentence[1:]}", place


def _positions(text: str) -> dict[tuple[str, ...], tuple[int, int]]:
    positions: dict[tuple[str, ...], tuple[int, int]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _split(header[1])
            positions.setdefault(table, (number, header.start(1) + 1))
        elif entry := _ENTRY.match(line):
            keys = (*table, *_split(entry[1]))
            positions.setdefault(keys, (number, entry.start(1) + 1))
    return positions


def _split(key: str) -> tuple[str, ...]:
    """Split a dotted key by reading it as TOML; lines inside a string may be no key at all."""
    import tomllib

    try:
        values: object = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(values, dict):
        [(name, values)] = cast("dict[str, object]", values).items()
        keys.append(name)
    return tuple(keys)
