"""A document and what it refers to elsewhere, made into one document."""

from __future__ import annotations

from dataclasses import replace

from venuekit.bundling.library import Fetch, Library, Refusal, Shelf, refuse
from venuekit.bundling.shelves import Folder
from venuekit.diagnostics import Report
from venuekit.extraction import Page
from venuekit.sources import JSON, Map, Seq, clone

__all__ = ["Fetch", "Folder", "Library", "Refusal", "Shelf", "bundle", "bundle_page", "refuse"]


def bundle_page(page: Page, location: str, library: Library, report: Report) -> Page:
    """The page with each of its documents bundled, and with what they were bundled from."""
    if not any(_refers_elsewhere(fragment.document) for fragment in page.fragments):
        return page
    before = len(library.used)
    fragments = tuple(
        replace(fragment, document=bundle(fragment.document, location, library, report))
        for fragment in page.fragments
    )
    used = sorted(list(library.used.values())[before:], key=lambda reference: reference.file)
    return replace(page, fragments=fragments, references=tuple(used))


def bundle(document: Map, location: str, library: Library, report: Report) -> Map:
    """The document with all that it refers to, which becomes components of it.

    `location` is where the document is, as the library's shelf calls it. References that name
    nothing are reported, and what they stand for is as loose as its kind can be. The places of all
    values are those of their own files.
    """
    if not _refers_elsewhere(document):
        return document
    from venuekit.bundling.expansion import Expansion, Key  # few documents need it
    from venuekit.bundling.placing import place_parts

    copy = clone(document)
    expansion = Expansion(library, library.add(location, document), report)
    expansion.document(copy)
    parts = dict[Key, JSON]()
    while open_ := [key for key in expansion.targets if key not in parts]:
        for key in open_:
            parts[key] = expansion.part(expansion.targets[key], key[0])
    place_parts(expansion, parts, copy, report)
    expansion.finish()
    return copy


def _refers_elsewhere(document: Map) -> bool:
    """Whether a document has references that lead out of it, perhaps only in its examples."""
    stack: list[JSON] = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, Map):
            reference = node.get("$ref")
            if isinstance(reference, str) and not reference.startswith("#"):
                return True
            stack.extend(value for value in node.values() if isinstance(value, Map | Seq))
        elif isinstance(node, Seq):
            stack.extend(value for value in node if isinstance(value, Map | Seq))
    return False
