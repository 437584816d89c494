"""Request bodies: what Swagger 2.0 sends as a parameter `body`, or as the fields of a form."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.sources import JSON, Map, clone, new_map, new_seq, place_of, put
from venuekit.upgrading.media import for_schema
from venuekit.upgrading.parameters import list_format, schema_of, style_of
from venuekit.upgrading.schemas import upgrade_schema
from venuekit.upgrading.state import Path, State, keep, new_like

_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_MOVED = frozenset({"in", "name", "schema", "x-example", "x-examples", "example"})
_OF_FIELDS = ("description", "example", "x-example")


def request_body(state: State, node: Map, consumes: list[str] | None, old: Path, new: Path) -> Map:
    """The body that a parameter `in: body` describes."""
    result = new_like(node)
    for key in node:
        if key not in _MOVED:
            keep(node, key, result)
    schema = clone(node["schema"]) if "schema" in node else None
    content = new_map(place_of(node, "schema"))
    for media in for_schema(state, consumes, schema):
        typed = new_like(node)
        if schema is not None:
            put(typed, "schema", clone(schema), place_of(node, "schema"))
            upgrade_schema(state, typed["schema"])
            state.move((*old, "schema"), (*new, "content", media, "schema"))
        for key in ("example", "x-example"):
            if key in node and "example" not in typed:
                keep(node, key, typed, "example", clone(node[key]))
        put(content, media, typed, place_of(node, "schema"))
    put(result, "content", content, place_of(node, "schema"))
    return result


def form_body(
    state: State, fields: Sequence[tuple[Path, Map]], consumes: list[str] | None, new: Path
) -> Map:
    """The body that parameters `in: formData` describe, each a property of one object."""
    first = fields[0][1]
    result = new_like(first)
    if any(field.get("required") is True for _, field in fields):
        put(result, "required", True)
    medias = _form_medias(fields, consumes)
    content = new_like(first)
    for media in medias:
        typed = new_like(first)
        here = (*new, "content", media, "schema", "properties")
        put(typed, "schema", _form_schema(state, fields, here))
        encoding = _encoding(state, fields)
        if encoding:
            put(typed, "encoding", encoding)
        put(content, media, typed)
    put(result, "content", content)
    return result


def _form_medias(fields: Sequence[tuple[Path, Map]], consumes: list[str] | None) -> list[str]:
    """The forms that an operation takes; files need one of several parts."""
    named = [
        media
        for media in consumes or ()
        if media.partition(";")[0].strip().lower() in (_URLENCODED, _MULTIPART)
    ]
    if any(field.get("type") == "file" for _, field in fields):
        named = [media for media in named if media.lower().startswith("multipart/")]
        return named or [_MULTIPART]
    return list(dict.fromkeys(named)) or [_URLENCODED]


def _form_schema(state: State, fields: Sequence[tuple[Path, Map]], here: Path) -> Map:
    first = fields[0][1]
    schema, properties = new_like(first), new_like(first)
    required = new_seq(place_of(first))
    put(schema, "type", "object")
    for old, field in fields:
        name = field.get("name")
        if not isinstance(name, str):
            continue
        value = schema_of(state, field, old, (*here, name))
        for key in _OF_FIELDS:
            if key in field and key.removeprefix("x-") not in value:
                keep(field, key, value, key.removeprefix("x-"), clone(field[key]))
        put(properties, name, value, place_of(field))
        if field.get("required") is True:
            required.append(name)
    put(schema, "properties", properties)
    if required:
        put(schema, "required", required)
    return schema


def _encoding(state: State, fields: Sequence[tuple[Path, Map]]) -> Map:
    """How the lists of a form are written."""
    encoding = new_like(fields[0][1])
    for old, field in fields:
        name: JSON = field.get("name")
        if field.get("type") != "array" or not isinstance(name, str):
            continue
        place = place_of(field, "collectionFormat")
        written = list_format(state, field, old, can_repeat=True)
        put(encoding, name, new_map(place, style_of(written)), place)
    return encoding
