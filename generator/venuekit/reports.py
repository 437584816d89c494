"""Diagnostics as text for people, and as JSON, SARIF and workflow commands for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from venuekit import __version__
from venuekit.diagnostics import Diagnostic, Place, Severity

_BOLD, _RED, _YELLOW, _END = "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m"
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def text(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """Write one diagnostic as compilers do, its help on a line of its own."""
    bold, end = (_BOLD, _END) if colour else ("", "")
    weight = "" if not colour else _RED if diagnostic.severity is Severity.ERROR else _YELLOW
    where = plain(str(diagnostic.place)) if diagnostic.place else "venuekit"
    kind = f"{weight}{diagnostic.severity.value}[{diagnostic.code}]{end}"
    lines = [f"{bold}{where}{end}: {kind}: {plain(diagnostic.message)}"]
    if diagnostic.help:
        lines.append(f"  help: {plain(diagnostic.help)}")
    return "\n".join(lines)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Count them, as `2 errors, 1 warning`; nothing where there are none."""
    weights = [diagnostic.severity for diagnostic in diagnostics]
    counts = ((severity.value, weights.count(severity)) for severity in Severity)
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts if n)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Write one JSON object; what is not known of a place is null."""
    entries = [
        {
            "code": d.code,
            "severity": d.severity.value,
            "message": d.message,
            "help": d.help,
            "file": d.place.file if d.place else None,
            "line": (d.place.line or None) if d.place else None,
            "column": (d.place.column or None) if d.place else None,
            "pointer": d.place.pointer if d.place else "",
        }
        for d in diagnostics
    ]
    return json.dumps({"diagnostics": entries}, indent=2)


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Write the workflow commands that annotate a pull request."""
    return "\n".join(_command(diagnostic) for diagnostic in diagnostics)


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Write a SARIF 2.1.0 log of one run."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {
        "name": "venuekit",
        "version": __version__,
        "rules": [{"id": code} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes.index(d.code)) for d in diagnostics],
    }
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, object]:
    help = f"\nhelp: {diagnostic.help}" if diagnostic.help else ""
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": {"text": diagnostic.message + help},
    }
    if diagnostic.place:
        result["locations"] = [sarif_location(diagnostic.place)]
    return result


def sarif_location(place: Place) -> dict[str, object]:
    """A place as SARIF has it."""
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    location: dict[str, object] = {"physicalLocation": physical}
    if place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": place.pointer}]
    return location


def _uri(file: str) -> str:
    path = PurePosixPath(file)
    return f"file://{quote(file)}" if path.is_absolute() else quote(file)


def _command(diagnostic: Diagnostic) -> str:
    help = f"\nhelp: {diagnostic.help}" if diagnostic.help else ""
    level, said = diagnostic.severity.value, diagnostic.message + help
    return workflow_command(level, diagnostic.code, diagnostic.place, said)


def workflow_command(level: str, title: str, place: Place | None, said: str) -> str:
    """A workflow command of GitHub; its level is error, warning or notice."""
    properties = {"title": title}
    if place:
        properties = {"file": place.file, **properties}
    if place and place.line:
        properties |= {"line": str(place.line), "col": str(max(place.column, 1))}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {listed}::{_data(said)}"


def _data(value: str) -> str:
    return plain(value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def plain(value: str) -> str:
    """Spell out what would steer a terminal: messages quote documents of strangers."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
