"""Page in, fragments with their places out: content is recognised, not hosts."""

from __future__ import annotations

import hashlib
import re

from venuekit.diagnostics import Place, Report
from venuekit.extraction.header import header_of, renewed, split
from venuekit.extraction.page import Evidence, Example, Fragment, Page, Reference, Request
from venuekit.extraction.search import Body, find
from venuekit.sources import decode

__all__ = [
    "Evidence",
    "Example",
    "Fragment",
    "Page",
    "Reference",
    "Request",
    "extract",
    "renewed",
    "split",
]

_LINE_END = re.compile(r"\r\n?")


def extract(file: str, data: bytes, report: Report, *, hints: bool = False) -> Page | None:
    """Read a page or a document, shown to people as `file`; None if an error was reported.

    `hints` is for documents that are ours to edit, see `read_yaml`.
    """
    text = decode(data, file, report)
    if text is None:
        return None
    if not text.strip():
        report.error("VK110", "the file is empty", Place(file), help="save the page again")
        return None
    lines = _LINE_END.sub("\n", text).split("\n")
    header = header_of(lines)
    found = find(Body(file, lines[header.length :], header.length + 1, hints), report)
    if found is None:
        return None
    fragments, evidence = found
    return Page(
        file,
        hashlib.sha256(data).hexdigest(),
        header.url,
        header.scraped_at,
        fragments,
        evidence,
    )
