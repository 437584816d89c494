"""Schemas of Swagger 2.0: what OpenAPI says in other words."""

from __future__ import annotations

from venuekit.sources import JSON, Map, Seq, new_map, place_of, put, remove
from venuekit.upgrading.state import State

_ONE = ("additionalProperties", "not")
_LISTS = ("allOf", "anyOf", "oneOf")


def upgrade_schema(state: State, schema: JSON) -> None:
    """Change a schema, and all that it holds, in place."""
    stack: list[JSON] = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, Seq):
            stack.extend(node)
        if not isinstance(node, Map):
            continue
        if isinstance(node.get("$ref"), str):
            state.refer(node)
            continue
        _upgrade_words(node)
        stack.extend(node[key] for key in (*_ONE, *_LISTS, "items") if key in node)
        properties = node.get("properties")
        if isinstance(properties, Map):
            stack.extend(properties.values())


def _upgrade_words(node: Map) -> None:
    for word in ("x-nullable", "x-isnullable"):
        if isinstance(node.get(word), bool) and "nullable" not in node:
            put(node, "nullable", node[word], place_of(node, word))
            remove(node, word)
    if node.get("type") == "file":
        put(node, "type", "string")
        put(node, "format", "binary", place_of(node, "type"))
    if "collectionFormat" in node:
        remove(node, "collectionFormat")
    discriminator = node.get("discriminator")
    if isinstance(discriminator, str):
        place = place_of(node, "discriminator")
        put(node, "discriminator", new_map(place, [("propertyName", discriminator)]))
