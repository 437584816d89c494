"""Texts of a document, made fit for docstrings and Markdown."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from venuekit.layout import WIDTH

_UNDERLINE = re.compile(r"^(\s*)([-=])(?=[-=\s]*$)", re.MULTILINE)
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # categories of characters
_LAID_OUT = re.compile(r"\s{2,}|\s*([-*+|>#]|\d+[.)]|```|<)")
_BLANK = re.compile(r"\n\s*\n+")
# What is no plain paragraph: a heading, HTML, a table, code, a rule, or a picture.
_MARKED = re.compile(r"#|<|\||```|~~~|!\[|[-=*_]{3}|[^\n]*\n[-=]{3,}\s*$")
_OPENING = 5  # paragraphs


def tidy(text: str) -> str:
    """Plain lines: no control or formatting characters, no trailing or surrounding space."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    if not kept.replace("\n", "").isprintable():
        kept = "".join(
            c if c == "\n" or unicodedata.category(c) not in _UNSEEN else " " for c in kept
        )
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


def first_paragraph(text: str) -> str:
    """The first paragraph of a text, in one line."""
    return " ".join(_BLANK.split(tidy(text))[0].split())


def opening(text: str) -> str:
    """What a long text begins with: its first paragraphs, without a title, up to what is none.

    The description of a document is often a manual, which nobody reads in a docstring.
    """
    kept: list[str] = []
    for paragraph in _BLANK.split(tidy(text)):
        is_plain = _MARKED.match(paragraph) is None
        if (kept and not is_plain) or len(kept) == _OPENING:
            break
        if is_plain:
            kept.append(paragraph)
    return "\n\n".join(kept)


def sentence(text: str) -> str:
    """The first paragraph of a text, ended so that a sentence can follow."""
    line = first_paragraph(text)
    return f"{line}." if line and line[-1] not in ".!?:;…。" else line


def wrapped(text: str, width: int) -> str:
    """Fold the paragraphs of a text; lists, tables and indented lines stay as they are."""
    folded: list[str] = []
    for paragraph in _BLANK.split(tidy(text)):
        lines = paragraph.split("\n")
        if any(map(_LAID_OUT.match, lines)):
            folded.append("\n".join(_long(line, width) for line in lines))
        else:
            folded.append(_fold(" ".join(lines), width))
    return "\n\n".join(folded)


def _fold(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _long(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())] + "  "
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def docstring(text: str, indent: int = 0) -> str:
    """Quote a text as a docstring that begins in column `indent`."""
    folded = wrapped(text, WIDTH - indent) or "Undocumented."
    escaped = folded.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped += " "
    if "\n" in escaped or len(escaped) + indent + 6 > WIDTH:
        escaped += "\n"
    margin = " " * indent
    return f'"""{escaped}"""'.replace("\n", f"\n{margin}").replace(f"\n{margin}\n", "\n\n")


def markdown(text: str) -> str:
    """A text inside Markdown: nothing in it is HTML, a link or a heading."""
    escaped = re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", tidy(text))
    escaped = _UNDERLINE.sub(r"\1\\\2", escaped)
    return _BLANK.sub("\n\n", escaped)


def cell(text: str) -> str:
    """A text inside a cell of a Markdown table, where nothing of it is alive either."""
    return " ".join(markdown(text).split())


def code(text: str) -> str:
    """A text between backticks, also in a cell of a table."""
    return " ".join(tidy(text).replace("|", "\\|").replace("`", "'").split()) or " "
