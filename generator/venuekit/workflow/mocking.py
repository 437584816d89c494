"""A document served on loopback, for callers' tests."""

from __future__ import annotations

from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.documents import document_hash
from venuekit.sources import Map
from venuekit.validation import validate
from venuekit.workflow import Job
from venuekit.workflow.making import assembled


def mocked(job: Job, report: Report) -> Map | None:
    """The document of a job's only client; None if an error was reported.

    What the standard says of it is not asked: whatever a client can be made of can be served.
    """
    settings: ClientSettings = next(iter(job.clients.values()))
    found = assembled(settings, report)
    if found is None:
        return None
    document, pages, _ = found
    validate(document, pages, report, known_valid=document_hash(document))
    return None if report.has_errors else document
