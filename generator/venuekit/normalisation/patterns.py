"""Regular expressions of JSON Schema (ECMA-262) in the dialect that pydantic checks in Rust."""

from __future__ import annotations

import re

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_"}
_OUTSIDE = {
    **{name: f"[{chars}]" for name, chars in _CLASSES.items()},
    **{name.upper(): f"[^{chars}]" for name, chars in _CLASSES.items()},
    "b": r"(?-u:\b)",
    "B": r"\B",
}
_LITERAL = frozenset("/-_#%&'\"@!<>=:;,`~ ")  # escaped by habit, and special to nobody
_ESCAPE = r"\\(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|c[A-Za-z]|.)"
_TOKEN = re.compile(f"{_ESCAPE}|.", re.DOTALL)


def portable(pattern: str) -> str | None:
    """The same pattern for Rust's linear-time engine; None where it cannot say it."""
    # Imported when needed: few documents have patterns.
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    translated = _translated(pattern)
    if translated is None:
        return None
    try:
        SchemaValidator(core_schema.str_schema(pattern=translated, regex_engine="rust-regex"))
    except SchemaError:
        return None
    return translated


def _translated(pattern: str) -> str | None:
    result: list[str] = []
    inside = False
    for piece in _TOKEN.findall(pattern):
        if piece[0] == "\\":
            escaped = _escaped(piece[1:], inside)
            if escaped is None:
                return None
            result.append(escaped)
        elif inside:
            inside = piece != "]"
            result.append(f"\\{piece}" if piece in "[&~" else piece)
        else:
            if piece == "[":
                inside = True
            result.append(piece)
    return "".join(result)


def _escaped(name: str, inside: bool) -> str | None:
    if not name:
        return None  # a backslash at the end escapes nothing
    if name in "dw" and inside:
        return _CLASSES[name]
    if name in ("D", "W") and inside:
        return f"[^{_CLASSES[name.lower()]}]"
    if name in _OUTSIDE and not inside:
        return _OUTSIDE[name]
    if name == "b":
        return r"\x08"
    if name[0] == "c" and len(name) == 2:
        return f"\\x{ord(name[1]) % 32:02x}"
    if name.isdigit() and name != "0":
        return None  # a reference to a group
    if name == "0":
        return r"\x00"
    if name in _LITERAL:
        return "\\-" if name == "-" else name if name not in "#&~" else f"\\{name}"
    return f"\\{name}"
