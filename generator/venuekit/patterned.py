"""Texts that match a regular expression, for samples of values."""

from __future__ import annotations

import re

from venuekit.records import dataclass

_CLASSES = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t"}
_MOST = 1_000  # characters
_REPEATED = re.compile(r"([*+?])|\{(\d+)(,?)(\d*)\}")
_GROUP = re.compile(r"\?(?::|P?<\w+>)")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]+)\}")


class _UnknownError(Exception):
    """What is not understood: lookaround, references and properties of characters."""


def matching(pattern: str, least: int = 0) -> str | None:
    """A short text that a pattern matches; `least` characters where repetitions allow it.

    None where none is found: the pattern is no regular expression, looks around, or asks for too
    much. Whether the text does match is not tried: there are patterns that take for ever.
    """
    for more in (0, 1, least):
        try:
            text = _Reader(pattern, more).alternatives()
            if len(text) >= least:
                return text
        except (_UnknownError, IndexError, ValueError, OverflowError, re.error):
            break
    return None


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right, and writes what it means in its shortest form."""

    pattern: str
    more: int  # how often what may be repeated is written, at the least
    at: int = 0

    def alternatives(self) -> str:
        """The first alternative that is not empty."""
        found = [self._sequence()]
        while self._takes("|"):
            found.append(self._sequence())
        return next(filter(None, found), "")

    def _sequence(self) -> str:
        text = ""
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            text += self._repeated(self._atom())
            if len(text) > _MOST:
                raise _UnknownError
        return text

    def _atom(self) -> str:
        char = self._next()
        match char:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "[":
                return self._class()
            case "\\":
                return self._escaped()
            case "(":
                if self.pattern[self.at] == "?":
                    self._skip(_GROUP)
                text = self.alternatives()
                if not self._takes(")"):
                    raise _UnknownError
                return text
            case _:
                return char

    def _repeated(self, text: str) -> str:
        found = _REPEATED.match(self.pattern, self.at)
        if found is None:
            return text
        self.at = found.end()
        self._takes("?")
        sign, least, comma, most = found.groups()
        if sign:
            count = {"*": self.more, "+": max(1, self.more), "?": min(1, self.more)}[sign]
        elif comma:
            count = min(max(int(least), self.more), int(most or _MOST))
        else:
            count = int(least)
        if count * len(text) > _MOST:
            raise _UnknownError
        return text * count

    def _escaped(self) -> str:
        if code := _CODE.match(self.pattern, self.at):
            self.at = code.end()
            return chr(int(next(filter(None, code.groups())), 16))
        char = self._next()
        if char in "bBAzZ":
            return ""
        if char in "pPkg" or char.isdigit():
            raise _UnknownError
        return _CLASSES.get(char, char)

    def _class(self) -> str:
        """A character of a class: for one that is negated, one that is not in it."""
        is_negated = self._takes("^")
        start, found = self.at, list[str]()
        while self.pattern[self.at] != "]" or self.at == start:
            char = self._next()
            found.append(self._escaped() if char == "\\" else char)
        inside = self.pattern[start : self.at]
        self.at += 1
        if not is_negated:
            return next((c for c in found if c.isalnum()), found[0])
        outside = re.compile(f"[^{inside}]")
        found = [c for c in "aA1-_ .é\n" if outside.match(c)]
        return found[0]

    def _next(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def _takes(self, char: str) -> bool:
        is_there = self.pattern.startswith(char, self.at)
        self.at += is_there
        return is_there

    def _skip(self, form: re.Pattern[str]) -> None:
        found = form.match(self.pattern, self.at)
        if found is None:
            raise _UnknownError
        self.at = found.end()
