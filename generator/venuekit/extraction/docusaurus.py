"""The operation that docusaurus-openapi-docs keeps in the front matter of a page, as a document."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Sequence
from typing import TypeGuard

from venuekit.diagnostics import Place, Report
from venuekit.extraction.header import OPERATION
from venuekit.sources import JSON, Map, clone, new_map, read_json, remove

_METHODS = frozenset("get put post delete options head patch trace".split())
_ABOVE = ("method", "path", "info", "servers", "securitySchemes")
_TOOLS = ("postman", "jsonRequestBodyExample", "extensions")
_LATER = re.compile(r'"type":\s*(?:\[|"null")|"const":|"exclusiveM(?:in|ax)imum":\s*[\d-]')
_MOST = 64_000_000  # characters that an operation may have when it is unpacked


def operation_of(lines: Sequence[str], file: str, first: int, report: Report) -> Map | None:
    """The document of the one operation that front matter holds, if it holds one.

    `first` is the number of its first line.

    The operation is JSON, or that deflated in base64; of the latter all is placed at its line.
    """
    for number, line in enumerate(lines[1:], first + 1):
        if line.rstrip() == "---":
            break
        found = OPERATION.fullmatch(line)
        if not found:
            continue
        text, column = found[2], found.start(2) + 1
        if not text.startswith("{"):
            text, column = _unpacked(text), 1
        value = read_json(text, file, report, line=number, column=column) if text else None
        if _is_operation(value):
            return _document(value, text, Place(file, number, found.start(2) + 1))
    return None


def _unpacked(text: str) -> str:
    """What was deflated; nothing where that is something else."""
    try:
        unpacking = zlib.decompressobj()
        return unpacking.decompress(base64.b64decode(text, validate=True), _MOST).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return ""


def _is_operation(value: JSON) -> TypeGuard[Map]:
    return (
        isinstance(value, Map)
        and str(value.get("method")).lower() in _METHODS
        and str(value.get("path", "")).startswith("/")
        and isinstance(value.get("responses"), Map)
    )


def _document(api: Map, text: str, place: Place) -> Map:
    """A document of one operation; what it does not say of its version, its words show."""
    operation = clone(api)
    for key in (*_ABOVE, *_TOOLS):
        if key in operation:
            remove(operation, key)
    item = new_map(place, [(str(api["method"]).lower(), operation)])
    schemes = api.get("securitySchemes")
    entries: list[tuple[str, JSON]] = [
        ("openapi", "3.1.0" if _LATER.search(text) else "3.0.3"),
        ("info", api.get("info")),
        ("servers", api.get("servers")),
        ("paths", new_map(place, [(str(api["path"]), item)])),
        ("components", new_map(place, [("securitySchemes", schemes)]) if schemes else None),
    ]
    return new_map(place, [(key, value) for key, value in entries if value is not None])
