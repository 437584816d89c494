"""What a page without a document leads to, and the file beside it that holds the document."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from venuekit.extraction.html import is_html, is_script
from venuekit.extraction.links import (
    Links,
    links_of_configuration,
    links_of_html,
    links_of_list,
    links_of_script,
    stats_link,
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
    return _file_beside(path, links_in(path.name, data))


def _file_beside(path: Path, links: Links) -> Path | None:
    folder = path.parent.resolve()
    for url in (*links.documents, *links.scripts):
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        inside = unquote(parts.path).lstrip("/")
        if parts.scheme or parts.netloc or not inside or "\0" in inside:
            continue
        for candidate in (folder / inside, folder / Path(inside).name):
            found = candidate.resolve()
            if found.is_relative_to(folder) and found.is_file() and found != path.resolve():
                return path.parent / found.relative_to(folder)
    return None
