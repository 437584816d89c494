"""Parameters in path, query and header: their schemas, and how lists are written."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.sources import JSON, Map, clone, place_of, put, remove
from venuekit.upgrading.schemas import upgrade_schema
from venuekit.upgrading.state import Path, State, keep, new_like

SCHEMA_WORDS = frozenset(
    """type format items default maximum exclusiveMaximum minimum exclusiveMinimum maxLength
    minLength pattern maxItems minItems uniqueItems enum multipleOf x-nullable x-isnullable
    x-enum-varnames x-enumNames x-ms-enum title properties additionalProperties""".split()
)
_FORMATS = ("csv", "ssv", "tsv", "pipes", "multi")
_STYLES = {"csv": "form", "ssv": "spaceDelimited", "pipes": "pipeDelimited", "tsv": "form"}
_SEPARATORS = {"ssv": "spaces", "tsv": "tabs", "pipes": "the character |"}


def upgrade_parameter(state: State, node: JSON, old: Path, new: Path) -> JSON:
    """A parameter that is neither a body nor a field of a form; a reference stays one."""
    if not isinstance(node, Map):
        return node
    if isinstance(node.get("$ref"), str):
        return state.referring(node)
    result = new_like(node)
    for key in node:
        if key not in SCHEMA_WORDS and key not in ("collectionFormat", "schema", "x-example"):
            keep(node, key, result)
    if "x-example" in node and "example" not in node:
        keep(node, "x-example", result, "example")
    schema = schema_of(state, node, old, new)
    if _is_list(schema):
        _upgrade_list(state, node, old, result, schema)
    put(result, "schema", schema, place_of(node, "type" if "type" in node else None))
    return result


def schema_of(state: State, node: Map, old: Path, new: Path) -> Map:
    """The schema of a parameter, which Swagger 2.0 has written among its other words."""
    own = node.get("schema")
    if isinstance(own, Map):
        schema = clone(own)
        state.move((*old, "schema"), (*new, "schema"))
    else:
        schema = new_like(node)
        for key in node:
            if key in SCHEMA_WORDS:
                keep(node, key, schema, value=clone(node[key]))
            if key == "items":
                state.move((*old, key), (*new, "schema", key))
    upgrade_schema(state, schema)
    return schema


def list_format(state: State, node: Map, old: Path, *, can_repeat: bool) -> str:
    """How a parameter writes a list; what no list can be is reported and taken for commas."""
    written = node.get("collectionFormat")
    if written is None:
        return "csv"
    place = state.place(*old, "collectionFormat")
    if written not in _FORMATS:
        message = f"'{str(written)[:40]}' is no collectionFormat; the items are joined by commas"
        state.warn("VK240", message, place, f"it is one of {', '.join(_FORMATS)}")
        return "csv"
    if written == "multi" and not can_repeat:
        message = f"'{node.get('in')}' parameters cannot repeat; the items are joined by commas"
        state.warn("VK240", message, place, "only those in query and formData can")
        return "csv"
    return str(written)


def _upgrade_list(state: State, node: Map, old: Path, result: Map, schema: Map) -> None:
    is_query = node.get("in") == "query"
    written = list_format(state, node, old, can_repeat=is_query)
    place = place_of(node, "collectionFormat")
    if is_query:
        for key, value in style_of(written):
            put(result, key, value, place)
    elif written != "csv":
        _as_text(state, node, old, schema, written)


def style_of(written: str) -> Iterator[tuple[str, JSON]]:
    """The words of OpenAPI for a list in a query or a form."""
    if written == "multi":
        yield from (("style", "form"), ("explode", True))
        return
    yield from (("style", _STYLES[written]), ("explode", False))
    if written == "tsv":  # OpenAPI has no word for it
        yield "x-collection-format", "tsv"


def _as_text(state: State, node: Map, old: Path, schema: Map, written: str) -> None:
    """Let the caller write a list that OpenAPI has no form for."""
    name = str(node.get("name"))[:80]
    state.warn(
        "VK241",
        f"a list in {node.get('in')} that is joined by {_SEPARATORS[written]} has no form in "
        f"OpenAPI; '{name}' is typed as a string",
        state.place(*old, "collectionFormat"),
        "join the items in the call",
    )
    place = place_of(node, "type")
    for key in list(schema):
        remove(schema, key)
    put(schema, "type", "string", place)


def _is_list(schema: Map) -> bool:
    return schema.get("type") == "array"
