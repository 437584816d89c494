"""Swagger 2.0 in, OpenAPI 3.0 out: the same API in the words of the later version."""

from __future__ import annotations

from venuekit.diagnostics import Report
from venuekit.sources import Float, Map, locate, place_of
from venuekit.upgrading.components import name_components, upgrade_components
from venuekit.upgrading.operations import upgrade_paths
from venuekit.upgrading.security import upgrade_security
from venuekit.upgrading.servers import upgrade_servers
from venuekit.upgrading.state import State, keep, new_like

__all__ = ["TARGET", "is_swagger", "upgrade"]

TARGET = "3.0.3"
"""The version that an upgraded document says."""

_CONVERTED = frozenset(
    """swagger openapi host basePath schemes consumes produces paths definitions parameters
    responses securityDefinitions components x-ms-parameterized-host""".split()
)


def is_swagger(document: Map) -> bool:
    """Whether a document says that it is one of Swagger 2.0."""
    written = document.get("swagger")
    text = written.text if isinstance(written, Float) else str(written)
    return "openapi" not in document and text in ("2.0", "2", "2.0.0")


def upgrade(document: Map, report: Report) -> Map:
    """The document as one of OpenAPI 3.0, with the places of the original, which is used up.

    A document of another version is given back as it is. What Swagger 2.0 can say and OpenAPI
    cannot is reported where it stands (the rules are those of both specifications, and of
    https://learn.openapis.org/upgrading/v2.0-to-v3.0.html backwards and forwards).
    """
    if not is_swagger(document):
        return document
    state = State(document, report)
    name_components(state)
    result = new_like(document)
    keep(document, "swagger", result, "openapi", TARGET)
    for key in document:
        if key not in _CONVERTED:
            keep(document, key, result)
    if "servers" not in result:
        upgrade_servers(state, document, result)
    upgrade_paths(state, result)
    upgrade_components(state, result)
    upgrade_security(state, result)
    state.redirect()
    if "paths" not in result and "components" not in result:
        place = place_of(document)
        report.error(
            "VK202",
            "the document has no paths and no definitions: there is no client to make",
            locate(document, ()) if place.file else None,
        )
    return result
