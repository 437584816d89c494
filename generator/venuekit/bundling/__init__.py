"""A document and what it refers to elsewhere, made into one document."""

from __future__ import annotations

from dataclasses import replace

from venuekit.bundling.library import Fetch, Library, Refusal, Shelf, refuse
from venuekit.bundling.shelves import Folder
from venuekit.diagnostics import Report
from venuekit.extraction import Page
from venuekit.grammar import METHODS
from venuekit.sources import JSON, Map, Seq, clone

__all__ = ["Fetch", "Folder", "Library", "Refusal", "Shelf", "bundle", "bundle_page", "refuse"]


def bundle_page(page: Page, location: str, library: Library, report: Report) -> Page:
    """The page with each of its documents bundled, and with what they were bundled from."""
    if not any(_is_in_parts(fragment.document) for fragment in page.fragments):
        return page
    before = len(library.used)
    fragments = tuple(
        replace(fragment, document=bundle(fragment.document, location, library, report))
        for fragment in page.fragments
    )
    used = sorted(list(library.used.values())[before:], key=lambda reference: reference.file)
    return replace(page, fragments=fragments, references=tuple(used), is_bundled=True)


def bundle(document: Map, location: str, library: Library, report: Report) -> Map:
    """The document with all that it refers to, which becomes components of it.

    `location` is where the document is, as the library's shelf calls it. References that name
    nothing are reported, and what they stand for is as loose as its kind can be. The places of all
    values are those of their own files.
    """
    if not _is_in_parts(document):
        return document
    from venuekit.bundling.expansion import Expansion  # few documents need it
    from venuekit.bundling.placing import place_parts
    from venuekit.bundling.steps import Key

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


# The keys of what stands below these are names of the document's author, not OpenAPI's words.
_NAMED = frozenset(
    """$defs callbacks content definitions dependentSchemas encoding headers links parameters
    pathItems paths patternProperties properties requestBodies responses schemas securitySchemes
    webhooks""".split()
)
# Below these keys stands data, in which nothing is a reference.
_DATA = frozenset({"const", "dataValue", "default", "enum", "example", "value"})


def _is_in_parts(document: Map) -> bool:
    """Whether a document has references that lead out of it, or stand for more than a component.

    Those that stand for an operation, or for a whole mapping such as `responses`, are put in place.
    """
    stack: list[tuple[Map | Seq, bool, bool]] = [(document, False, False)]
    while stack:
        node, named, is_operation = stack.pop()
        if isinstance(node, Seq):
            stack.extend((item, False, False) for item in node if isinstance(item, Map | Seq))
            continue
        reference = node.get("$ref")
        if isinstance(reference, str) and (
            not reference.startswith("#") or named or is_operation and reference != "#"
        ):
            return True
        for key, value in node.items():
            if isinstance(value, Map | Seq) and (named or key not in _DATA):
                stack.append((value, not named and key in _NAMED, not named and key in METHODS))
    return False
