"""What a text may ask of its reader, and what is said where it asks too much."""

from __future__ import annotations

import math
import sys

from venuekit.diagnostics import Place, Report

DEPTH = 250
"""How deep values may nest: real documents stay below a hundred, recursion ends near a thousand."""

SIZE = 256 << 20
"""How many bytes a file may have: the largest documents in use have twenty million."""

EXPANSION = 250_000
"""How many values the aliases of one YAML text may add to it."""


class Refusal(Exception):
    """A text that is not read further, for a cause at an offset of it."""

    def __init__(self, code: str, message: str, offset: int, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.help = help


def too_deep(offset: int) -> Refusal:
    return Refusal("VK107", f"values are nested more than {DEPTH} deep", offset)


def fits(number: str) -> bool:
    """Whether Python holds the number of a text: neither an infinity nor too many digits."""
    if any(character in number for character in ".eE"):
        try:
            return math.isfinite(float(number))
        except ValueError:
            return True
    most = sys.get_int_max_str_digits()
    return not most or len(number.lstrip("-")) <= most


def unfit(number: str, offset: int) -> Refusal:
    shown = number if len(number) <= 20 else f"{number[:17]}..."
    message = f"the number {shown} is too large"
    return Refusal("VK108", message, offset, help="write it as a string")


def repeated(report: Report, key: str, place: Place) -> None:
    """Report a key that an object has already."""
    report.error(
        "VK104",
        f"the key '{key}' is given twice in one object",
        place,
        help="remove one of the two, or give it another name",
    )
