"""Reports as people and programs read them: lines, a live table, JSON."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter

from .orders import OrderReport, Report, Result, VenueReport

_COLOURS = {Result.VERIFIED: "32", Result.RESIDUAL: "31", Result.UNVERIFIED: "33"}
_MARKS = {Result.VERIFIED: "✓", Result.RESIDUAL: "✗", Result.UNVERIFIED: "?"}


def as_json(report: Report) -> str:
    """The report as programs read it."""
    venues = [
        {
            "venue": v.venue,
            "environment": v.environment,
            "accounts": list(v.accounts),
            "result": v.result.value,
            "reason": v.reason,
            "orders": [_order(order) for order in v.orders],
        }
        for v in report.venues
    ]
    return json.dumps({"venues": venues}, indent=2, ensure_ascii=False)


def _order(order: OrderReport) -> dict[str, str | None]:
    return {
        "id": order.id,
        "symbol": order.symbol,
        "outcome": order.outcome.value,
        "filled": None if order.filled is None else f"{order.filled:f}",
        "remaining": None if order.remaining is None else f"{order.remaining:f}",
        "reason": order.reason,
    }


def lines(report: Report, *, colour: bool = False, every: bool = True) -> list[str]:
    """The report as people read it: a line a venue, and one for each order that needs a look."""
    found: list[str] = []
    for venue in report.venues:
        found.append(venue_line(venue, colour=colour))
        failures = () if venue.result is Result.VERIFIED else venue.failures[-3:]
        found += [f"    {_plain(known.reason)}" for known in failures]
        for order in venue.orders:
            if every or order.outcome.value != "canceled":
                found.append(f"    {_order_line(order)}")
    return found


def venue_line(venue: VenueReport, *, colour: bool = False) -> str:
    """One venue: its mark, its name, what was found, and what became of its orders."""
    counts = Counter(order.outcome.value for order in venue.orders)
    what = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items()) or "no orders"
    where = f"{venue.venue} ({venue.environment})"
    accounts = f" {', '.join(venue.accounts)}" if venue.accounts else ""
    reason = f": {_plain(venue.reason)}" if venue.reason else ""
    at = f" at {venue.at:%H:%M:%S}Z" if venue.at and venue.result is Result.VERIFIED else ""
    state = f"{_MARKS[venue.result]} {venue.result.value}"
    if colour:
        state = f"\033[{_COLOURS[venue.result]}m{state}\033[0m"
    return f"{state}{at}  {where}{accounts}  {what}{reason}"


def _order_line(order: OrderReport) -> str:
    quantities = [
        f"{name} {value:f}"
        for name, value in (("filled", order.filled), ("remaining", order.remaining))
        if value is not None
    ]
    about = [order.id, order.symbol or "", order.outcome.value, *quantities, order.reason]
    return _plain("  ".join(part for part in about if part))


def _plain(text: str) -> str:
    """A venue's words on a terminal: nothing in them moves the cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


class Table:
    """The venues while work goes on: redrawn in place on a terminal, nothing elsewhere."""

    def __init__(self) -> None:
        self._stream = sys.stderr
        self._is_shown = self._stream.isatty()
        self._rows: dict[str, str] = {}
        self._height = 0

    def update(self, venue: VenueReport) -> None:
        """Take in what is known of a venue now."""
        if self._is_shown:
            width = shutil.get_terminal_size().columns - 1
            self._rows[venue.venue] = venue_line(venue)[:width]
            self._write("".join(f"\033[2K{row}\n" for row in self._rows.values()))
            self._height = len(self._rows)

    def _write(self, text: str) -> None:
        up = f"\033[{self._height}F" if self._height else ""
        self._stream.write(up + text)
        self._stream.flush()

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        if self._height:  # the report takes the table's place
            self._write("\033[J")
