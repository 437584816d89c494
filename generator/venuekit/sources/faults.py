"""What is probably wrong with a text that a parser has given up on, and where that is."""

from __future__ import annotations

import re

from venuekit.records import dataclass

_MARK = re.compile(r"^(?:<{7}|>{7}|={7})(?: .*)?$", re.MULTILINE)  # of a merge with conflicts
# What looks like a space, or like nothing, before a text or between a key and its value.
_UNSEEN = re.compile(
    "(?:^[ -]*|:)([\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff])", re.MULTILINE
)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENDED = re.compile(r"[^\s#][^#]*: +[^\s#|>&*\[{].*")  # a key that has its value in the line

_COLON = "quote a text that holds ': ', or indent the line as others"
_SAID = {
    "mapping values are not allowed": _COLON,
    "did not find expected key": "look above for a quote that is not closed, or a wrong indent",
    "did not find expected '-'": "indent the items of a list alike",
    "did not find expected ','": "look above for a bracket or a quote that is not closed",
    "found unexpected end of stream": "look above for a quote that is not closed",
    "cannot start any token": "quote a text that begins with this character",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a text is wrong, in what, and what is to be done about it."""

    offset: int
    problem: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text: where it starts, what it says, and how far that is indented."""

    start: int
    number: int
    text: str

    @property
    def said(self) -> str:
        return self.text.strip(" ")

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def first(self) -> int:
        return self.start + self.indent


def conflict(text: str, offset: int) -> Explanation | None:
    """The marks of a merge around or before an offset where a parser has given up."""
    opened: list[int] = []  # where a conflict begins, and where its second side does
    for mark in _MARK.finditer(text):
        if mark[0][0] == "<":
            opened = [mark.start()]
        elif mark[0][0] == "=":
            opened = [*opened[:1], mark.start()] if opened else []
        elif len(opened) == 2 and opened[0] <= offset <= mark.end() + 1:
            help = "keep one of the two sides, or both, and remove the three marks"
            return Explanation(opened[0], "a conflict of a merge is left here", help)
    return None


def explained(text: str, problem: str, offset: int, opening: int) -> Explanation:
    """Why a text is no YAML, where a parser gives it up at an offset for a problem.

    What the parser says is often true of a later line than that which is wrong. `opening` is
    where it had begun what it was about; the offset itself where it does not say.
    """
    offset, opening = min(offset, len(text)), min(opening, len(text))
    if text[offset : offset + 1] == "\t":
        return Explanation(offset, "a tab cannot indent a line", "indent with spaces")
    line, before = _around(text, offset)
    return (
        conflict(text, offset)
        or _unseen(text, before.start if before else line.start, offset)
        or _unclosed(text, problem, offset, opening)
        or _without_colon(problem, opening, line, before)
        or _indented(text, problem, offset, line, before)
        or Explanation(
            offset,
            problem or "it cannot be read",
            next((help for words, help in _SAID.items() if words in problem), ""),
        )
    )


def unprintable(text: str) -> Explanation:
    """The first character of a text that YAML does not have."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return Explanation(0, "it cannot be read")
    return Explanation(found.start(), f"the character U+{ord(found[0]):04X} is not allowed")


def _around(text: str, offset: int) -> tuple[_Line, _Line | None]:
    """The line of an offset, and the one above it that says something."""
    start = text.rfind("\n", 0, offset) + 1
    number = text.count("\n", 0, start) + 1
    line = _Line(start, number, text[start:].partition("\n")[0])
    while start:
        end = start - 1
        start, number = text.rfind("\n", 0, end) + 1, number - 1
        above = _Line(start, number, text[start:end].rstrip("\r"))
        if above.said and not above.said.startswith("#"):
            return line, above
    return line, None


def _unseen(text: str, start: int, offset: int) -> Explanation | None:
    found = _UNSEEN.search(text, start, offset + 1)
    if found is None:
        return None
    says = f"the character U+{ord(found[1]):04X} is no space, but looks like one or like nothing"
    return Explanation(found.start(1), says, "write a space, or remove it")


def _unclosed(text: str, problem: str, offset: int, opening: int) -> Explanation | None:
    """A quote that the end of the text has closed; a bracket that the next line should have."""
    mark = text[opening : opening + 1]
    if "scanning a quoted scalar" in problem and "end of stream" in problem:
        return Explanation(opening, "the quote that opens here is not closed", f"add a {mark}")
    is_near = text.count("\n", opening, offset) == 1 or offset == len(text)
    if "did not find expected ','" in problem and is_near and mark in ("[", "{"):
        closing = "]" if mark == "[" else "}"
        return Explanation(opening, "the bracket that opens here is not closed", f"add a {closing}")
    return None


def _without_colon(
    problem: str, opening: int, line: _Line, before: _Line | None
) -> Explanation | None:
    """A key that no colon, or no space behind it, ends; a parser goes on with the next line."""
    help = "write ': ' behind a key; indent a text as the rest of it"
    if "could not find expected ':'" in problem:
        return Explanation(opening, "this is no key: no ': ' follows it", help)
    if (
        "mapping values are not allowed" in problem
        and before is not None
        and before.indent == line.indent
        and ": " not in before.text
        and not before.said.endswith(":")
        and not before.said.startswith("- ")
    ):
        return Explanation(before.first, "this is no key: no ': ' follows it", help)
    return None


def _indented(
    text: str, problem: str, offset: int, line: _Line, before: _Line | None
) -> Explanation | None:
    """A line that begins where nothing can; or a text that goes on behind its quote."""
    if "mapping values are not allowed" in problem:
        is_deeper = before is not None and line.indent > before.indent
        if before is None or not is_deeper or not _ENDED.fullmatch(before.said):
            return None
        says = f"this line is indented further than line {before.number}, which has a value already"
        return Explanation(line.first, says, "indent the two alike, or remove that value")
    if "did not find expected key" not in problem:
        return None
    if offset and text[offset - 1] in "'\"":
        says = "a text goes on behind the quote that closes it"
        return Explanation(offset, says, "write '' for a ' within single quotes, and \\\" for a \"")
    if line.first != offset or before is None:
        return None
    if line.said.startswith("-"):
        return Explanation(offset, problem, "indent the items of a list alike")
    says = (
        f"this line is indented by {line.indent} spaces, and line {before.number} above it by"
        f" {before.indent}: the one does not fit the other"
    )
    return Explanation(offset, says, "indent the keys of an object alike")
