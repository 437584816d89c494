"""A row of a venue's answer: its fields, under whatever name, and its quantities as decimals."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import Any, TypeGuard

from .failures import VenueError


def listed(value: object) -> list[Any]:
    """The rows of a list; raises VenueError where it is none."""
    if not _is_list(value):
        raise VenueError("the list of orders is none")
    return value


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def part(row: Any, *names: str) -> Any:
    """A field of a row under the first name that it has: of a model, or of what did not fit one."""
    own: Any = getattr(row, "__dict__", row)
    both: tuple[Any, Any] = (own, getattr(row, "model_extra", None))
    holders: list[Any] = [holder for holder in both if hasattr(holder, "get")]
    for name in names:
        for holder in holders:
            found = holder.get(name)
            if found is not None:
                return getattr(found, "value", found)
    return None


def text(row: Any, *names: str) -> str:
    """The same as text; empty where there is none."""
    found = part(row, *names)
    return "" if found is None else str(found)


def decimal(row: Any, name: str) -> Decimal | None:
    """A quantity, to its last digit; None where there is none, or what is there is none."""
    number = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?"
    found = text(row, name)
    return Decimal(found) if re.fullmatch(number, found) and len(found) < 100 else None


def difference(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    """What is left, without rounding; None where one of both is not known."""
    if whole is None or part is None:
        return None
    with localcontext() as context:
        context.prec = 400
        return whole - part
