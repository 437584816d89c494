"""The pages of a client, each with what it refers to in other files."""

from __future__ import annotations

import os
from pathlib import Path

from venuekit.bundling import Folder, Library, Refusal, bundle_page
from venuekit.config import ClientSettings, References
from venuekit.diagnostics import Report
from venuekit.extraction import Page


def bundled(pages: tuple[Page, ...], settings: ClientSettings, report: Report) -> tuple[Page, ...]:
    """Put what the pages refer to into their documents; each file is read once."""
    references = settings.references
    assert references is not None
    libraries = {ours: Library(_shelf(references), _refuse, hints=ours) for ours in (False, True)}
    return tuple(
        bundle_page(page, location(source.path), libraries[source.ours], report)
        for source, page in zip(settings.sources, pages, strict=True)
    )


def location(path: Path) -> str:
    """Where a document is: a link is in its own folder, not in that of its target."""
    absolute = os.path.abspath(path)
    return os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))


def _shelf(references: References) -> Folder:
    return Folder(references.root, references.home, is_open=references.outside)


def _refuse(url: str) -> Refusal:
    del url
    return Refusal(
        "VK121",
        "which is an address, and nothing is fetched unasked",
        "save it beside the document, or allow it with --allow-network-refs",
    )
