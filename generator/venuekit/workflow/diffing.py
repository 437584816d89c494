"""The use case `diff`: two documents, wherever they are, and what lies between them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from venuekit import drift
from venuekit.bundling import refuse
from venuekit.config import shown
from venuekit.diagnostics import Report
from venuekit.sources import Map, locate
from venuekit.workflow import Progress
from venuekit.workflow.bundles import fetch_locked
from venuekit.workflow.making import described


def diff(
    old: str,
    new: str,
    report: Report,
    progress: Progress,
    *,
    accepted: Path | None = None,
    force: bool = False,
    outside: bool = False,
    network: bool = False,
) -> drift.Drift | None:
    """Compare two documents, wherever they are; None where there is nothing to compare.

    `outside` and `network` let them refer to files of other folders, and to addresses.
    """
    documents: list[Map | None] = []
    fetch = fetch_locked() if network else refuse
    for name in (old, new):
        progress(f"{name}: reading")
        documents.append(drift.read_input(name, report, outside=outside, fetch=fetch))
    entries = drift.read_accepted(accepted, shown(accepted), report) if accepted else ()
    before, after = documents
    if before is None or after is None or report.has_errors:
        return None
    if not force and not drift.are_of_one_api(before, after):
        titles = " and ".join(f"'{described(d).title}'" for d in (before, after))
        message = f"these are different APIs: {titles} share neither title nor server"
        place = locate(after, ("info", "title"))
        report.error("VK501", message, place, "compare them all the same with --force")
        return None
    progress("comparing")
    found = drift.compare(before, after)
    standing, known = drift.sort_out(found.findings, entries, datetime.date.today(), report)
    return replace(found, findings=standing, accepted=known)
