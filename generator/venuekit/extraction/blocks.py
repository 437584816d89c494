"""The fenced blocks of a page, with their lines: the only import of markdown_it."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_RULES = ["fence", "blockquote", "list", "hr", "heading"]


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `line` is that of its first content, `margins` what stands before each."""

    info: str
    text: str
    line: int
    margins: tuple[int, ...]


def blocks_of(lines: list[str], line: int, *, indented: bool = False) -> list[Block]:
    """The fenced blocks of a Markdown text whose first line has the given number.

    HTML does not hide a fence: below `<Tab>` it is one. Nor does deep indentation, where asked for.
    """
    parser = MarkdownIt("zero").enable(_RULES if indented else [*_RULES, "code"])
    tokens: list[Token] = []
    parser.block.parse("\n".join(lines), parser, {}, tokens)
    return [_block(token, lines, line) for token in tokens if token.type == "fence" and token.map]


def _block(token: Token, lines: list[str], line: int) -> Block:
    assert token.map is not None
    first = token.map[0] + 1
    content = token.content.split("\n")
    margins = tuple(
        max(0, len(source) - len(text))
        for source, text in zip(lines[first:], content, strict=False)
    )
    return Block(token.info.strip(), token.content, line + first, margins)
