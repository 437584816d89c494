"""Fragments, hand-written parts and overlays joined into one document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from venuekit.assembly.hoisting import hoist
from venuekit.assembly.joining import Part, join
from venuekit.assembly.rooting import root_paths
from venuekit.diagnostics import Place, Report
from venuekit.sources import Map, clone

if TYPE_CHECKING:
    from venuekit.extraction import Page

__all__ = ["assemble"]

_WHOLE = frozenset({"json", "yaml"})


def assemble(pages: Sequence[Page], overlays: Sequence[Map], report: Report) -> Map | None:
    """Join the fragments of all pages and apply the overlays in order.

    None where the pages contradict each other or an overlay is unsound. An overlay that is sound
    and does not fit is reported, and the document is given as far as it was mended.
    """
    document = _changed(pages, overlays, report) if overlays else _document(pages, report)
    if document is not None:
        root_paths(document, report)
    return document


def _changed(pages: Sequence[Page], overlays: Sequence[Map], report: Report) -> Map | None:
    from venuekit.overlays import apply_actions, read_actions  # few documents need it

    changes = [read_actions(overlay, report) for overlay in overlays]
    document = _document(pages, report)
    for actions in changes:
        if document is None or actions is None:
            return None
        document = apply_actions(document, actions, report)
    return document


def _document(pages: Sequence[Page], report: Report) -> Map | None:
    parts: list[Part] = []
    sound = True
    for page in pages:
        for fragment in page.fragments:
            document = _modern(clone(fragment.document), report)
            hoisted = hoist(document, report)
            sound = sound and hoisted is not None
            whole = fragment.kind in _WHOLE
            parts.append(Part(document=document, hoisted=hoisted or frozenset(), whole=whole))
    if not parts:
        _nothing(pages, report)
        return None
    return join(parts, report) if sound else None


def _modern(document: Map, report: Report) -> Map:
    """The document as one of OpenAPI 3, if it is of Swagger 2.0."""
    if "swagger" not in document:
        return document
    from venuekit.upgrading import upgrade  # few documents need it

    return upgrade(document, report)


def _nothing(pages: Sequence[Page], report: Report) -> None:
    """Report that no page holds OpenAPI; where no page could be read at all, that is reported."""
    if not pages and report.has_errors:
        return
    kind = "is evidence only, it holds" if len(pages) == 1 else "are evidence only, they hold"
    subject = "the page" if len(pages) == 1 else "the pages"
    report.error(
        "VK130",
        f"{subject} {kind} no OpenAPI" if pages else "there is no page",
        Place(pages[0].file) if pages else None,
        "write an openapi.yaml by hand; the pages are then checked against it",
    )
