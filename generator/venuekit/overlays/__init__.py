"""Overlays applied to documents, as the OpenAPI Overlay Specification 1.0 and 1.1 say."""

from __future__ import annotations

from venuekit.diagnostics import Report
from venuekit.overlays.application import apply_actions
from venuekit.overlays.reading import Action, read_actions
from venuekit.sources import Map

__all__ = ["Action", "apply", "apply_actions", "read_actions"]


def apply(document: Map, overlay: Map, report: Report) -> Map:
    """Apply an overlay; an unsound overlay is reported and leaves the document as it is."""
    actions = read_actions(overlay, report)
    return apply_actions(document, actions or (), report)
