"""Schemas that a host has inlined, put back under the names that they had."""

from __future__ import annotations

import re
from dataclasses import replace

from venuekit.diagnostics import Place, Report
from venuekit.likeness import Path, difference
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, locate, new_map, place_of, pointer, put, remove

_MARK = "x-readme-ref-name"
_NAME = re.compile(r"[a-zA-Z0-9._-]+")

_NOISE = ("x-readme", "x-stoplight", "x-mint")

# Below these keys anything may stand, also text that looks like a schema.
_OPAQUE = frozenset({"const", "default", "enum", "example", "examples"})

# The keys of what stands below these are names of the document's author, not OpenAPI's words.
_NAMED = frozenset(
    {
        "$defs", "callbacks", "content", "definitions", "dependentSchemas", "encoding", "headers",
        "links", "parameters", "pathItems", "paths", "patternProperties", "properties",
        "requestBodies", "responses", "schemas", "securitySchemes", "webhooks",
    }
)  # fmt: skip

# What may stand beside a reference and changes no value; an inlined schema holds it merged.
_REMARKS = ("title", "summary", "description", "example", "examples")

_HELP = (
    "the host has inlined one schema in several places and they are not alike: fetch the page "
    "again, or write this part by hand in openapi.yaml"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """An inlined schema, and where it stood."""

    name: str
    body: Map
    reference: Map  # what stands in its place now
    place: Place
    path: Path


def is_noise(key: str) -> bool:
    """Whether a key is a host's own and says nothing of the API."""
    return key.startswith(_NOISE)


def hoist(document: Map, report: Report) -> frozenset[str] | None:
    """Move inlined schemas into `components.schemas`, in place, and refer to them.

    Gives their names, None where two of one name differ. Inner ones move before outer ones.
    """
    schemas = _schemas(document)
    if schemas is None:
        return frozenset()
    found: list[_Found] = []
    _collect(document, (), False, found)
    sound = True
    for item in found:
        if item.name not in schemas:
            put(schemas, item.name, item.body, item.place)
        elif (path := _contradiction(schemas[item.name], item)) is not None:
            sound = False
            _report(item, schemas, path, report)
    if found:
        _attach(document, schemas, found[0].place)
    return frozenset(item.name for item in found) if sound else None


def _schemas(document: Map) -> Map | None:
    """The schemas of the document, or new ones; None where it has something else there."""
    components = document.get("components", Map())
    schemas = components.get("schemas", Map()) if isinstance(components, Map) else None
    return schemas if isinstance(schemas, Map) else None


def _attach(document: Map, schemas: Map, place: Place) -> None:
    if "components" not in document:
        put(document, "components", new_map(place), place)
    components = document["components"]
    assert isinstance(components, Map)
    if "schemas" not in components:
        put(components, "schemas", schemas, place)


def _collect(node: Map | Seq, path: Path, named: bool, found: list[_Found]) -> None:
    """Replace what is marked by references, from the inside out."""
    children = list(node.items()) if isinstance(node, Map) else list(enumerate(node))
    for key, child in children:
        if not isinstance(child, Map | Seq) or (not named and _is_opaque(key)):
            continue
        here = (*path, key)
        names = not named and key in _NAMED
        _collect(child, here, names, found)
        mark = child.get(_MARK) if isinstance(child, Map) and not names else None
        if not isinstance(child, Map) or not isinstance(mark, str) or not _NAME.fullmatch(mark):
            continue
        at = place_of(child, _MARK)
        remove(child, _MARK)
        if here != ("components", "schemas", mark):
            reference = new_map(place_of(child))
            put(reference, "$ref", f"#/components/schemas/{mark}", at)
            found.append(_Found(mark, child, reference, place_of(node, key), here))
            _set(node, key, reference)


def _contradiction(schema: JSON, item: _Found) -> Path | None:
    """Where the schema contradicts an inlined one; one that only says it in other words does not.

    A reference may have a description of its own, which the host has merged into the schema: it
    is put back beside the reference.
    """
    path = difference(schema, item.body, is_noise)
    if path is None or not isinstance(schema, Map):
        return path
    if difference(_bare(schema), _bare(item.body), is_noise) is not None:
        return path
    for key in (key for key in _REMARKS if key in item.body):
        if difference(schema.get(key), item.body[key]) is not None:
            put(item.reference, key, item.body[key], place_of(item.body, key))
    return None


def _bare(schema: Map) -> Map:
    return Map((key, value) for key, value in schema.items() if key not in _REMARKS)


def _is_opaque(key: str | int) -> bool:
    return isinstance(key, str) and (key in _OPAQUE or key.startswith("x-"))


def _set(node: Map | Seq, key: str | int, value: JSON) -> None:
    match node, key:
        case Map(), str():
            put(node, key, value)
        case Seq(), int():
            put(node, key, value)
        case _:
            raise AssertionError(key)


def _report(item: _Found, schemas: Map, path: Path, report: Report) -> None:
    first = locate(schemas, (item.name, *path))
    inside = f" in {pointer(path)}" if path else ""
    report.error(
        "VK135",
        f"the inlined schema {item.name} contradicts {first}{inside}",
        replace(locate(item.body, path), pointer=pointer((*item.path, *path))),
        _HELP,
    )
