"""The lines of generated code, as black has them."""

from __future__ import annotations

import unicodedata

WIDTH = 88
"""Columns of a line, at the most."""


def width(line: str) -> int:
    """How many columns a line takes: two for an East Asian letter."""
    if line.isascii():
        return len(line)
    return len(line) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)
