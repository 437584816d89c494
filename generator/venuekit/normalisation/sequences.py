"""Sequential media types: what one of their items is."""

from __future__ import annotations

from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.reading import Document, Node


def item_schema(document: Document, content: Node) -> Node:
    """The schema of one item; an empty node where there is none.

    `itemSchema` (OpenAPI 3.2) is that of an item. `schema` is that of all items, an array, and in
    older documents just as often that of one.
    """
    item, schema = content.get("itemSchema"), content.get("schema")
    if item or not schema:
        return item
    whole = whole_schema(document, schema)
    is_array = whole.map().get("type") == "array" or "items" in whole.map()
    return whole.get("items") if is_array else schema
