"""What a scraper wrote above a page: its address and its time."""

from __future__ import annotations

import re

from venuekit.records import dataclass

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ENTRY = re.compile(r"([\w.-]+)[ \t]*:[ \t]+(.*?)[ \t]*")
_SOURCE_LINE = re.compile(r"#[ \t]*source[ \t]*:[ \t]*(https?://\S+)[ \t]*", re.IGNORECASE)
_DOCUMENT = re.compile(r"""["']?(?:openapi|swagger|asyncapi)["']?[ \t]*:[ \t]*["']?\d""")

OPERATION = re.compile(r"""api:[ \t]+(["']?)(\{.*\}|[A-Za-z0-9+/]{40,}={0,2})\1[ \t]*""")
"""The line of front matter in which docusaurus-openapi-docs keeps an operation."""

_URLS = ("source_md", "source_view", "source_url", "url", "source")
_TIMES = ("scraped_at_utc", "scraped_at", "fetched_at")


@dataclass(frozen=True, slots=True)
class Header:
    """Address and time of a page, and how many of its lines told them."""

    url: str | None
    scraped_at: str | None
    length: int


def header_of(lines: list[str]) -> Header:
    """Read front matter or a `# Source: URL` line; other pages have an empty header."""
    if found := _SOURCE_LINE.fullmatch(lines[0]):
        return Header(found.group(1), None, 1)
    end = _front_matter(lines)
    entries: dict[str, str] = {}
    for line in lines[1:end]:
        if entry := _ENTRY.fullmatch(line):
            entries.setdefault(entry.group(1), entry.group(2).strip("\"'"))
    return Header(_first(entries, _URLS), _first(entries, _TIMES), end)


def renewed(data: bytes, header: bytes, scraped_at: str) -> bytes:
    """A page that was fetched at a time, below the header that its older state has.

    Only the time in the header changes. A page that comes with a header of its own keeps that.
    """
    if split(data)[0]:
        return data
    lines = header.splitlines(keepends=True)
    for index, line in enumerate(lines):
        entry = _ENTRY.fullmatch(line.decode("utf-8", "replace").rstrip("\r\n"))
        if entry and entry[1] in _TIMES:
            begin = entry.start(2)
            lines[index] = b"%s%s%s" % (
                line[:begin],
                scraped_at.encode(),
                line[len(line.rstrip(b"\r\n")) :],
            )
    return b"".join(lines) + data


def split(data: bytes) -> tuple[bytes, bytes]:
    """The header of a page, and what is below it, as they stand in the file."""
    lines = _LINE.findall(data)
    texts = [line.decode("utf-8", "replace").rstrip("\r\n") for line in lines]
    length = header_of(texts or [""]).length
    header = b"".join(lines[:length])
    return header, data[len(header) :]


def _front_matter(lines: list[str]) -> int:
    """How many lines front matter takes; with a document or an operation in it, it is none."""
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 1):
        if _DOCUMENT.match(line) or OPERATION.fullmatch(line):
            return 0
        if line.rstrip() == "---":
            return number + 1
    return 0


def _first(entries: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((entries[key] for key in keys if entries.get(key)), None)
