"""Responses: their content by media type, and their headers with schemas."""

from __future__ import annotations

from venuekit.sources import JSON, Map, clone, new_map, place_of, put
from venuekit.upgrading.media import for_schema
from venuekit.upgrading.parameters import SCHEMA_WORDS, schema_of
from venuekit.upgrading.schemas import upgrade_schema
from venuekit.upgrading.state import Path, State, entries, keep, new_like

_MOVED = frozenset({"schema", "examples", "headers"})


def upgrade_response(
    state: State, node: JSON, produces: list[str] | None, old: Path, new: Path
) -> JSON:
    """A response; a reference stays one."""
    if not isinstance(node, Map):
        return node
    if isinstance(node.get("$ref"), str):
        return state.referring(node)
    result = new_like(node)
    for key in node:
        if key not in _MOVED:
            keep(node, key, result)
    headers = node.get("headers")
    if isinstance(headers, Map):
        put(result, "headers", _headers(state, headers, old, new), place_of(node, "headers"))
    content = _content(state, node, produces, old, new)
    if content:
        put(result, "content", content, place_of(node, "schema"))
    return result


def _content(state: State, node: Map, produces: list[str] | None, old: Path, new: Path) -> Map:
    examples = dict(entries(node.get("examples")))
    schema = node.get("schema")
    place = place_of(node, "schema")
    content = new_map(place)
    medias = for_schema(state, produces, schema) if "schema" in node else []
    shown = [media for media in examples if "/" in media]
    for media in dict.fromkeys([*medias, *shown]):
        typed = new_map(place)
        if "schema" in node:
            put(typed, "schema", clone(schema), place)
            upgrade_schema(state, typed["schema"])
            state.move((*old, "schema"), (*new, "content", media, "schema"))
        example = examples.get(media)
        if media in examples:
            put(typed, "example", clone(example), place_of(node, "examples"))
        put(content, media, typed, place)
    return content


def _headers(state: State, headers: Map, old: Path, new: Path) -> Map:
    result = new_like(headers)
    for name, header in headers.items():
        if not isinstance(header, Map):
            keep(headers, name, result)
            continue
        changed = new_like(header)
        for key in header:
            if key not in SCHEMA_WORDS and key not in ("schema", "collectionFormat"):
                keep(header, key, changed)
        here, there = (*old, "headers", name), (*new, "headers", name)
        put(changed, "schema", schema_of(state, header, here, there), place_of(header))
        put(result, name, changed, place_of(headers, name))
    return result
