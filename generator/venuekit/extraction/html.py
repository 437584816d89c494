"""Documents that an HTML page embeds as JSON: Redoc, Swagger UI, Scalar and ReadMe do."""

from __future__ import annotations

import json
import re

from venuekit.diagnostics import Report
from venuekit.extraction.recognition import What, what_is
from venuekit.sources import Map, read_json
from venuekit.sources.tree import Origin

_HTML = re.compile(
    r"\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_VERSION = re.compile(r'"(?:openapi|swagger)"\s*:\s*"[\d.]+"')
_LINK = re.compile(
    r"""(?:spec-url|data-url|apiDescriptionUrl)\s*=\s*["']([^"']+)["']"""
    r"""|Redoc\.init\(\s*["']([^"']+)["']|\burl\s*:\s*["']([^"']+\.(?:json|ya?ml))["']"""
)
_REACH = 200  # braces before the version that are tried for the start of its document


def is_html(text: str) -> bool:
    return _HTML.match(text) is not None


def link_in(text: str) -> str | None:
    """The address of the document that a page loads."""
    found = _LINK.search(text)
    return next((group for group in found.groups() if group), None) if found else None


def embedded_in(text: str, file: str, line: int, report: Report) -> list[Map]:
    """The documents of an HTML text that begins at a line of a file."""
    origin = Origin(file, text, line)
    documents: list[Map] = []
    position = 0
    while found := _VERSION.search(text, position):
        position = found.end()
        span = _around(text, found.start())
        if span is None:
            continue
        start, position = span
        place = origin.place(start)
        value = read_json(text[start:position], file, report, line=place.line, column=place.column)
        if isinstance(value, Map) and what_is(value) is What.OPENAPI:
            documents.append(value)
    return documents


def _around(text: str, version: int) -> tuple[int, int] | None:
    """Where the JSON object that directly holds the version begins and ends."""
    decoder = json.JSONDecoder()
    start = version
    for _ in range(_REACH):
        start = text.rfind("{", 0, start)
        if start < 0:
            return None
        try:
            end = decoder.raw_decode(text, start)[1]
        except (RecursionError, ValueError):
            continue
        if end > version:
            return start, end
    return None
