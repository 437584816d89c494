"""The file beside a saved page that the page loads its document from."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from venuekit.extraction.links import Links


def file_beside(path: Path, links: Links) -> Path | None:
    """The file beside a page that the page loads its document from, or that names it in turn."""
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
