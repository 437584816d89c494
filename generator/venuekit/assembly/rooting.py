"""Paths that do not begin with a slash, as many publishers write them."""

from __future__ import annotations

import re

from venuekit.diagnostics import Report
from venuekit.grammar import METHODS
from venuekit.sources import Map, locate, place_of

_HELD = frozenset((*METHODS, "$ref", "additionalOperations"))  # of which a path has one
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def root_paths(document: Map, report: Report) -> None:
    """Begin every path with a slash (Paths Object: it must); an address is no path and stays.

    A path that is there with a slash too stays as well: of the two, that one is meant.
    """
    paths = document.get("paths")
    if not isinstance(paths, Map) or not any(_is_bare(url, paths[url]) for url in paths):
        return
    rooted = Map()
    rooted.start = place_of(paths)
    rooted.moved = {}
    for url, item in paths.items():
        place, name = locate(document, ("paths", url)), url
        if _is_bare(url, item) and f"/{url}" not in paths:
            name = f"/{url}"
            report.warning(
                "VK231",
                f"the path '{url[:200]}' does not begin with '/'; it is read as '{name[:200]}'",
                place,
                "write it with a slash",
            )
        rooted[name] = item
        rooted.moved[name] = place
    document["paths"] = rooted


def _is_bare(url: str, item: object) -> bool:
    if url.startswith(("/", "x-")) or _ADDRESS.match(url) or not isinstance(item, Map):
        return False
    return not _HELD.isdisjoint(item)
