"""What a scraper wrote above a page: its address and its time."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENTRY = re.compile(r"([\w.-]+)[ \t]*:[ \t]+(.*?)[ \t]*")
_SOURCE_LINE = re.compile(r"#[ \t]*source[ \t]*:[ \t]*(https?://\S+)[ \t]*", re.IGNORECASE)
_DOCUMENT = re.compile(r"""["']?(?:openapi|swagger|asyncapi)["']?[ \t]*:[ \t]*["']?\d""")

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


def _front_matter(lines: list[str]) -> int:
    """How many lines front matter takes; a YAML document between `---` lines is none."""
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 1):
        if _DOCUMENT.match(line):
            return 0
        if line.rstrip() == "---":
            return number + 1
    return 0


def _first(entries: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((entries[key] for key in keys if entries.get(key)), None)
