"""Page in, fragments with their places out: content is recognised, not hosts."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from venuekit.diagnostics import Place, Report
from venuekit.extraction.beside import file_beside
from venuekit.extraction.header import header_of, renewed, split
from venuekit.extraction.html import is_html, is_script
from venuekit.extraction.links import (
    LOOKED_FOR,
    Links,
    is_list,
    links_of_configuration,
    links_of_html,
    links_of_list,
    links_of_script,
    stats_link,
)
from venuekit.extraction.page import Evidence, Example, Fragment, Page, Reference, Request
from venuekit.extraction.search import Body, find
from venuekit.sources import decode

__all__ = [
    "LOOKED_FOR",
    "Evidence",
    "Example",
    "Fragment",
    "Links",
    "Page",
    "Reference",
    "Request",
    "extract",
    "is_list",
    "linked_file",
    "links_in",
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


def links_in(file: str, data: bytes) -> Links:
    """Where a text that holds no document says that it is; the name tells scripts from pages."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    if is_html(text):
        return links_of_html(text)
    if is_script(file):
        return links_of_script(text)
    if url := stats_link(text):
        return Links(documents=(url,))
    if text.lstrip().startswith("{"):
        return links_of_configuration(text)
    return links_of_list(text)


def linked_file(path: Path, data: bytes) -> Path | None:
    """The file beside a page that the page loads its document from, or that names it in turn.

    Never one of another folder than that of the page, or those below it.
    """
    return file_beside(path, links_in(path.name, data))
