"""The blocks of code of a page, with their lines: the only import of markdown_it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venuekit.records import dataclass

if TYPE_CHECKING:
    from markdown_it.token import Token

_RULES = ["code", "fence", "blockquote", "list", "hr", "heading"]
_FENCE = re.compile(r"^[ \t]*(?:`{3}|~{3})", re.MULTILINE)
_OPENING = re.compile(r"([ \t]*)(`{3,}|~{3,})([^`]*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: `line` is that of its first content, `margins` what stands before each."""

    info: str
    text: str
    line: int
    margins: tuple[int, ...]


def blocks_of(lines: list[str], line: int) -> list[Block]:
    """The blocks of a Markdown text whose first line has the given number: fenced or indented.

    HTML does not hide a fence: below `<Tab>` it is one, also where Markdown sees it indented.
    """
    from markdown_it import MarkdownIt  # a document by itself does without

    parser = MarkdownIt("zero").enable(_RULES)
    tokens: list[Token] = []
    parser.block.parse("\n".join(lines), parser, {}, tokens)
    return [
        _block(token, lines, line)
        for token in tokens
        if token.map and (token.type == "fence" or _is_code(token))
    ]


def _is_code(token: Token) -> bool:
    """Whether a block is indented and hides no fence."""
    return token.type == "code_block" and not _FENCE.search(token.content)


def _block(token: Token, lines: list[str], line: int) -> Block:
    assert token.map is not None
    first = token.map[0] + (token.type == "fence")
    content = token.content.split("\n")
    margins = tuple(
        max(0, len(source) - len(text))
        for source, text in zip(lines[first:], content, strict=False)
    )
    return Block(token.info.strip(), token.content, line + first, margins)


def indented_blocks_of(lines: list[str], line: int) -> list[Block]:
    """The fenced blocks at whatever depth, as in MDX, where Markdown sees a paragraph or code."""
    blocks: list[Block] = []
    first = 0
    while first < len(lines):
        opening = _OPENING.fullmatch(lines[first])
        first += 1
        if opening is None:
            continue
        indent, fence, info = opening.groups()
        closing = re.compile(rf"[ \t]*{fence[0]}{{{len(fence)},}}[ \t]*")
        content: list[str] = []
        margins: list[int] = []
        start = first
        while first < len(lines) and not _closes(closing, lines[first], len(indent)):
            margins.append(_indent(lines[first], len(indent)))
            content.append(lines[first][margins[-1] :])
            first += 1
        first += 1
        blocks.append(Block(info.strip(), "\n".join(content), line + start, tuple(margins)))
    return blocks


def _indent(line: str, most: int) -> int:
    return min(most, len(line) - len(line.lstrip(" \t")))


def _closes(closing: re.Pattern[str], line: str, indent: int) -> bool:
    """Whether a line ends a block; deeper in than the block was begun, it is content."""
    return closing.fullmatch(line) is not None and _indent(line, indent + 4) < indent + 4
