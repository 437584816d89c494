"""What moved between two documents, and whom it breaks: on the wire, and in callers' Python."""

from __future__ import annotations

from venuekit.drift.accepted import read_accepted, sort_out
from venuekit.drift.comparing import Drift, are_of_one_api, compare
from venuekit.drift.exchange import as_object
from venuekit.drift.findings import Finding
from venuekit.drift.formats import FORMATS
from venuekit.drift.gate import GATES, USUAL, fails
from venuekit.drift.inputs import read_document, read_input
from venuekit.drift.listing import as_text, sentence, summary
from venuekit.drift.operations import Missing
from venuekit.drift.table import RULES, rules_page

__all__ = [
    "FORMATS",
    "GATES",
    "RULES",
    "USUAL",
    "Drift",
    "Finding",
    "Missing",
    "are_of_one_api",
    "as_object",
    "as_text",
    "compare",
    "fails",
    "read_accepted",
    "read_document",
    "read_input",
    "rules_page",
    "sentence",
    "sort_out",
    "summary",
]
