"""What a value is: an OpenAPI document, or something that has to be named and refused."""

from __future__ import annotations

import enum
import re

from venuekit.sources import JSON, Map, Seq

_CONTENT = ("paths", "webhooks", "components", "definitions")

_JSON_DOCUMENT = re.compile(r'"(?:openapi|swagger)"\s*:')
_YAML_DOCUMENT = re.compile(
    r"""^(["']?)(?:openapi|swagger|asyncapi)\1[ \t]*:(?=[ \t]|$)""", re.MULTILINE
)
_MINTLIFY = re.compile(r"^paths:\s*\n\s+path:", re.MULTILINE)
_ENDPOINT = re.compile(
    r"ya?ml\b.*\b(?:get|put|post|delete|patch|head|options|trace)\s+\S+", re.IGNORECASE
)


class What(enum.Enum):
    """The kinds of values that a page is searched for."""

    OPENAPI = enum.auto()
    EMPTY = enum.auto()  # names a version of OpenAPI and holds nothing
    MINTLIFY = enum.auto()  # the page model that Mintlify had before it wrote OpenAPI
    ASYNCAPI = enum.auto()
    OTHER = enum.auto()


def what_is(value: JSON) -> What:
    """Recognise a value by its root."""
    if not isinstance(value, Map):
        return What.OTHER
    if _version(value) is not None:
        held = any(isinstance(value.get(key), Map) for key in _CONTENT)
        return What.OPENAPI if held else What.EMPTY
    if "asyncapi" in value:
        return What.ASYNCAPI
    paths = value.get("paths")
    if isinstance(paths, Map) and all(isinstance(paths.get(k), str) for k in ("path", "method")):
        return What.MINTLIFY
    return What.OTHER


def describe(value: JSON) -> str:
    """What a value is that is no OpenAPI document, as a sentence."""
    version = _version(value)
    if version is not None:
        return f"this is OpenAPI {version} without 'paths', 'webhooks' or 'components'"
    keys = tuple(value) if isinstance(value, Map) else ()
    for key in ("openapi", "swagger"):
        if key in keys:
            return f"this is no OpenAPI document: its '{key}' names no version"
        if cased := [name for name in keys if name.casefold() == key]:
            return f"this is no OpenAPI document: it has '{cased[0]}', which is written '{key}'"
    return f"this is no OpenAPI document but {_name(value)}"


def _version(value: JSON) -> str | None:
    """The version of OpenAPI that a root names, also one written as a number."""
    version = value.get("openapi", value.get("swagger")) if isinstance(value, Map) else None
    if isinstance(version, str | int | float) and not isinstance(version, bool):
        return str(version)
    return None


def _name(value: JSON) -> str:
    if isinstance(value, Seq):
        return "an array"
    if not isinstance(value, Map):
        return "a single value"
    for key, name in (("overlay", "an overlay"), ("arazzo", "an Arazzo description")):
        if key in value:
            return name
    info = value.get("info")
    if isinstance(info, Map) and "_postman_id" in info:
        return "a Postman collection"
    if "$schema" in value:
        return "a JSON schema"
    if not value:
        return "an empty object"
    keys = [f"'{key}'" for key in list(value)[:3]]
    return f"an object with {', '.join(keys)}{' and more' if len(value) > 3 else ''}"


def holds_document(text: str) -> bool:
    """Whether a text visibly holds a document, broken or not."""
    if text.lstrip()[:1] in ("{", "["):
        return _JSON_DOCUMENT.search(text) is not None
    return _YAML_DOCUMENT.search(text) is not None or _MINTLIFY.search(text) is not None


def names_version(text: str) -> bool:
    """Whether a line of the text begins as the first one of a YAML document does."""
    return _YAML_DOCUMENT.search(text) is not None


def kind_of_block(info: str, text: str) -> str:
    """Which documentation tool wrote a document into a page, as far as it shows."""
    if text.lstrip().startswith("{"):
        if "\n" not in text.strip():
            return "gitbook"
        return "readme" if '"x-readme' in text else "markdown"
    if _ENDPOINT.match(info):
        return "mintlify"
    return "apidog" if "x-apidog-" in text else "markdown"
