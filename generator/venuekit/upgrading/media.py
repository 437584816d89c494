"""Media types: what an operation takes and gives, where it or the document says so."""

from __future__ import annotations

from venuekit.ir import is_json
from venuekit.sources import JSON, Map
from venuekit.upgrading.state import State, strings

JSON_MEDIA = "application/json"
_TEXTS = ("text/plain", "text/html")


def of_root(state: State, key: str) -> list[str] | None:
    """What `consumes` or `produces` of the document names; None where it names nothing."""
    return strings(state.document.get(key)) or None


def of_operation(state: State, operation: Map, key: str) -> list[str] | None:
    """What `consumes` or `produces` of an operation names; else what the document does."""
    own = strings(operation.get(key))
    return (own or None) if own is not None else of_root(state, key)


def for_schema(state: State, medias: list[str] | None, schema: JSON) -> list[str]:
    """The media types that can hold the values of a schema; JSON where none is named.

    A document names for all of its operations what some of them need: an object is no plain text
    where it can be JSON, and a file is not JSON.
    """
    if is_file(state, schema):
        fitting = [media for media in medias or () if not is_json(media)]
        return fitting or ["application/octet-stream"]
    named = list(dict.fromkeys(medias or [JSON_MEDIA]))
    if any(is_json(media) for media in named) and _has_parts(state, schema):
        return [m for m in named if m.partition(";")[0].strip().lower() not in _TEXTS]
    return named


def for_errors(state: State, medias: list[str] | None, response: JSON) -> list[str] | None:
    """The media types of an answer that is no success: an object is JSON, whatever a success is."""
    schema = response.get("schema") if isinstance(response, Map) else None
    if medias is None or any(map(is_json, medias)) or not _has_parts(state, schema):
        return medias
    return [JSON_MEDIA, *medias]


def is_file(state: State, schema: JSON) -> bool:
    whole = state.resolved(schema)
    if whole is None:
        return False
    kind = (whole.get("type"), whole.get("format"))
    return kind[0] == "file" or kind == ("string", "binary")


def _has_parts(state: State, schema: JSON) -> bool:
    """Whether the values of a schema are objects or lists."""
    whole = state.resolved(schema)
    if whole is None:
        return False
    return whole.get("type") in ("object", "array") or any(
        key in whole for key in ("properties", "allOf", "additionalProperties")
    )
