"""What stands beside its place: by an indent, or under a key that is nearly the right one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from venuekit.grammar import GRAMMAR, METHODS
from venuekit.sources import JSON, Map
from venuekit.validation.parts import Plain
from venuekit.validation.slips import KEYWORDS, nearest

SECTIONS = tuple(GRAMMAR["components"])
"""The fields of the components."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "document": (
        "openapi", "$self", "info", "jsonSchemaDialect", "servers", "paths", "webhooks",
        "components", "security", "tags", "externalDocs",
    ),
    "components": SECTIONS,
    "path item": (
        *METHODS, "$ref", "summary", "description", "servers", "parameters",
        "additionalOperations",
    ),
    "operation": (
        "tags", "summary", "description", "externalDocs", "operationId", "parameters",
        "requestBody", "responses", "callbacks", "deprecated", "security", "servers",
    ),
    "parameter": (
        "name", "in", "description", "required", "deprecated", "allowEmptyValue", "style",
        "explode", "allowReserved", "schema", "content", "example", "examples",
    ),
    "media type": ("schema", "itemSchema", "example", "examples", "encoding"),
    "response": ("summary", "description", "headers", "content", "links"),
    "request body": ("description", "content", "required"),
}  # fmt: skip
"""The fields of the objects of OpenAPI that are told apart by them."""

# Where Swagger 2.0 has what OpenAPI 3 has in components, and what is called so without a reason.
_SECTION_OF = {"definitions": "schemas", "securityDefinitions": "securitySchemes"}
_ROOT = frozenset(("info", "servers", "paths", "webhooks", "components", "security", "tags"))
_INFO = frozenset(("title", "version", "contact", "license", "termsOfService"))
_STATUS = re.compile(r"[1-5](?:\d\d|XX)|default")


def _is_field(kind: str) -> Callable[[str], bool]:
    return frozenset(FIELDS[kind]).__contains__


def _is_media(name: str) -> bool:
    return "/" in name


def _is_keyword(name: str) -> bool:
    return name in KEYWORDS


# What stands inside of the fields of objects: told by its names.
_INSIDE: Mapping[tuple[str, str], Callable[[str], bool]] = {
    ("document", "info"): _INFO.__contains__,
    ("document", "paths"): lambda name: name.startswith("/"),
    ("document", "components"): _is_field("components"),
    **{("components", section): lambda name: True for section in SECTIONS},
    **{("path item", method): _is_field("operation") for method in METHODS},
    ("operation", "requestBody"): _is_field("request body"),
    ("operation", "responses"): lambda name: _STATUS.fullmatch(name) is not None,
    ("parameter", "schema"): _is_keyword,
    ("media type", "schema"): _is_keyword,
    ("response", "content"): _is_media,
    ("request body", "content"): _is_media,
}


def outdented(kind: str, node: Mapping[str, Plain]) -> dict[str, tuple[str, ...]]:
    """The keys of an object that hold nothing, each with those beside it that belong into it."""
    fields = FIELDS.get(kind, ())
    found: dict[str, tuple[str, ...]] = {}
    for key in (key for key, value in node.items() if value is None):
        inside = _INSIDE.get((kind, key))
        if inside is not None:
            found[key] = tuple(name for name in node if name not in fields and inside(name))
    return {key: names for key, names in found.items() if names}


def place_for(kind: str, name: str) -> str:
    """What to do with a key that another object has, as a sentence; empty where none is known."""
    match kind:
        case "document" if name.startswith("/"):
            return "indent it: it belongs into 'paths'"
        case "document" if name in _SECTION_OF or name in SECTIONS:
            return f"put what it holds under components.{_SECTION_OF.get(name, name)}"
        case "components" | "info" if name in _ROOT:
            return "indent it less: it belongs to the document"
        case "components" if name in _SECTION_OF:
            return f"call it '{_SECTION_OF[name]}'"
        case "response" | "request body" if name in ("schema", "example", "examples"):
            return "put it into 'content', under its media type"
        case "media type" if name in KEYWORDS:
            return "put it into 'schema'"
        case _:
            return ""


def elsewhere(document: Map) -> dict[str, set[str]]:
    """The names of components that stand where none is looked for, by their sections.

    What an empty section is beside may be meant to be in it.
    """
    found: dict[str, set[str]] = {}
    for holder in _holders(document):
        for key, value in holder.items():
            if section := _section(key):
                names = value if isinstance(value, Map) else holder if value is None else ()
                found.setdefault(section, set()).update(names)
    return found


def _holders(document: Map) -> Iterator[Map]:
    """The objects that may hold sections of components, for want of an indent or of a letter."""
    yield document
    paths = document.get("paths")
    inside = [paths] if isinstance(paths, Map) and "components" in paths else []
    yield from inside
    for holder in (document, *inside):
        for key, value in holder.items():
            if isinstance(value, Map) and nearest(key, ("components",)):  # itself, too
                yield value


def _section(key: str) -> str:
    return _SECTION_OF.get(key) or (key if key in SECTIONS else nearest(key, SECTIONS))


def is_inside(document: Mapping[str, Plain], name: str) -> bool:
    """Whether an object of the document holds one of its fields, which is said of that."""
    return name in _ROOT and any(
        isinstance(value, dict) and name in value and key in ("components", "info")
        for key, value in document.items()
    )


def is_root(name: str, value: JSON) -> bool:
    """Whether a key among the paths is one of the document, or of its components."""
    is_bare = not name.startswith(("/", "x-"))
    return (
        is_bare
        and name in (*FIELDS["document"], *SECTIONS, *_SECTION_OF)
        and (value is None or isinstance(value, Map))
    )
