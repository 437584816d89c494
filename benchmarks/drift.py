"""`venuekit diff` of two states of a document of 3 MB: the time and the memory of a process."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import Row, Settings, Skipped, used

SIZE = 3_000_000
_SECONDS, _MEGABYTES = 5.0, 500.0
_FIELDS = 24


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare `diff` with a Python that does nothing."""
    if not hasattr(os, "wait4"):
        yield Skipped(what="diff of 3 MB", why="this system does not tell the memory of a process")
        return
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        work = Path(name)
        for file, moved in (("old.json", False), ("new.json", True)):
            (work / file).write_text(json.dumps(document(moved=moved), indent=1), encoding="utf-8")
        command = [sys.executable, "-m", "venuekit", "diff", "old.json", "new.json", "-q"]
        ours: list[tuple[float, float]] = []
        bare: list[tuple[float, float]] = []
        for number in range(settings.rounds + 1):
            pair = used([sys.executable, "-c", "pass"], work)[1:], used(command, work, 1)[1:]
            if number:
                bare.append(pair[0])
                ours.append(pair[1])
    for index, (what, unit, target) in enumerate(
        (("diff of 3 MB, time", "s", _SECONDS), ("diff of 3 MB, memory", "MB", _MEGABYTES))
    ):
        yield Row(
            what=what,
            peer="python -c pass",
            times=[found[index] for found in ours],
            peer_times=[found[index] for found in bare],
            measure="beyond",
            unit="MB" if unit == "MB" else "s",
            target=target,
        )


def document(*, moved: bool) -> dict[str, object]:
    """A document of some 3 MB; in one state of it every tenth schema and path is another."""
    text, schemas, paths = 0, dict[str, object](), dict[str, object]()
    number = 0
    while text < SIZE:
        is_other = moved and number % 10 == 0
        schemas[f"Order{number}"] = _schema(number, is_other)
        paths[f"/accounts/{{account}}/orders{number}"] = _path(number, is_other)
        text += 5_350  # of one schema and one path, as they are written
        number += 1
    return {
        "openapi": "3.1.0",
        "info": {"title": "Venue", "version": "2" if moved else "1"},
        "servers": [{"url": "https://venue.example"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _schema(number: int, is_other: bool) -> dict[str, object]:
    kinds = ({"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date-time"})
    fields: dict[str, object] = {
        f"field_{index}": {**kinds[index % 3], "description": f"What field {index} says. " * 3}
        for index in range(_FIELDS)
    }
    fields["parent"] = {"$ref": f"#/components/schemas/Order{number // 2}"}
    if is_other:
        fields["field_0"] = {"type": "number"}
        fields["added"] = {"type": "string"}
    return {"type": "object", "required": ["field_1", "field_2"], "properties": fields}


def _path(number: int, is_other: bool) -> dict[str, object]:
    schema = {"$ref": f"#/components/schemas/Order{number}"}
    content = {"application/json": {"schema": schema}}
    query = [
        {"name": f"filter_{index}", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}
        for index in range(5 if is_other else 6)
    ]
    account = {"name": "account", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "parameters": [account],
        "get": {
            "operationId": f"getOrder{number}",
            "parameters": query,
            "responses": {"200": {"description": "The order.", "content": content}},
        },
        "put": {
            "operationId": f"putOrder{number}",
            "requestBody": {"required": True, "content": content},
            "responses": {"204": {"description": "Done."}},
        },
    }
