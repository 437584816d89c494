"""Findings that somebody has accepted: by fingerprint, with a reason, until a date."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from venuekit import tables
from venuekit.diagnostics import Place, Report
from venuekit.drift.findings import Finding
from venuekit.records import dataclass

_KEYS = ("fingerprint", "reason", "lapses")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One accepted finding."""

    fingerprint: str
    reason: str
    lapses: datetime.date
    place: Place


def read_accepted(path: Path, file: str, report: Report) -> tuple[Acceptance, ...]:
    """Read an `accepted.toml`; what is wrong in it is reported."""
    table = tables.read(path, file, report)
    if table is None:
        return ()
    table.only("accepted")
    entries = table.items("accepted", "tables, as [[accepted]]") or []
    found: list[Acceptance] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            table.wrong("accepted", "tables, as [[accepted]]")
            continue
        values = cast("dict[str, object]", entry)
        place = _place(table, str(values.get("fingerprint", "")))
        read = _read(values, place, index, report)
        if read:
            found.append(read)
    return tuple(found)


def _read(values: dict[str, object], place: Place, index: int, report: Report) -> Acceptance | None:
    name = f"entry {index + 1}"
    unknown = [key for key in values if key not in _KEYS]
    if unknown:
        report.error("VK003", f"unknown key '{unknown[0]}' in {name}", place,
                     f"known are {', '.join(_KEYS)}")  # fmt: skip
        return None
    fingerprint, reason, lapses = (values.get(key) for key in _KEYS)
    if not (isinstance(fingerprint, str) and fingerprint and isinstance(reason, str) and reason):
        report.error("VK004", f"{name} needs a fingerprint and a reason", place)
        return None
    if not isinstance(lapses, datetime.date) or isinstance(lapses, datetime.datetime):
        report.error("VK004", f"'lapses' of {name} must be a date, such as 2027-01-31", place)
        return None
    return Acceptance(fingerprint, reason, lapses, place)


def _place(table: tables.Table, fingerprint: str) -> Place:
    return table.place(value=fingerprint) if fingerprint else table.place("accepted")


def sort_out(
    findings: Sequence[Finding],
    accepted: Sequence[Acceptance],
    today: datetime.date,
    report: Report,
    *,
    complete: bool = True,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that stand, and those that are accepted.

    What accepts nothing is an error, where the findings are `complete`.
    """
    valid: set[str] = set()
    known = {finding.fingerprint for finding in findings}
    for entry in accepted:
        if entry.fingerprint not in known and not complete:
            continue
        if entry.fingerprint not in known:
            report.error("VK505", f"nothing has the fingerprint '{entry.fingerprint}' any more",
                         entry.place, "remove the entry")  # fmt: skip
        elif entry.lapses < today:
            report.error("VK506", f"this lapsed on {entry.lapses}: {entry.reason}", entry.place,
                         "mend what it is about, or set a new date")  # fmt: skip
        else:
            valid.add(entry.fingerprint)
    standing = tuple(f for f in findings if f.fingerprint not in valid)
    return standing, tuple(f for f in findings if f.fingerprint in valid)
