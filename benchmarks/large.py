"""What a document of a size costs: `python benchmarks/large.py [MEGABYTES] [COMMAND ...]`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

KINDS = ("string", "integer", "number", "boolean")
OK = "The thing, as it was when the answer was written."


def main(megabytes: int, commands: list[str]) -> None:
    """Write a document, run each command on it, and print its seconds of CPU and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "large.json")
        count = write(spec, megabytes * 1_000_000)
        print(f"{spec.stat().st_size / 1e6:.0f} MB, {count} operations, {count} schemas")
        for command in commands:
            more = ["--out", f"{folder}/large"] if command == "generate" else []
            print(f"{command}: {measured(command, '--spec', str(spec), *more)}", flush=True)


def write(path: Path, size: int) -> int:
    """Write a document of about `size` bytes; how many operations and schemas it has."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    written = each = 0
    while written < size:
        number = len(schemas)
        paths[f"/things{number}/{{id}}"] = {"get": _operation(number)}
        schemas[f"Thing{number}"] = _schema(number)
        if number % 100 == 0:
            each = len(json.dumps(_operation(number))) + len(json.dumps(_schema(number))) + 50
        written += each
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Large", "version": "1"},
        "servers": [{"url": "https://large.test"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return len(schemas)


def _operation(number: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/Thing{number}"}
    return {
        "operationId": f"getThing{number}",
        "tags": [f"tag{number % 50}"],
        "summary": f"Get thing {number}",
        "description": "A long description of what it does. " * 5,
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        ],
        "responses": {
            "200": {"description": OK, "content": {"application/json": {"schema": schema}}}
        },
    }


def _schema(number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        f"field{n}": {"type": KINDS[n % 4], "description": f"The field {n} of thing {number}."}
        for n in range(12)
    }
    fields["next"] = {"$ref": f"#/components/schemas/Thing{(number * 7 + 1) % max(number, 1)}"}
    return {"type": "object", "description": f"Thing {number}. " * 8, "properties": fields}


def measured(*arguments: str) -> str:
    """Run the command without its memory of earlier runs."""
    command = [sys.executable, "-m", "venuekit", *arguments, "-q"]
    child = subprocess.Popen(command, env={**os.environ, "VENUEKIT_CACHE": "off"})
    _, status, usage = os.wait4(child.pid, 0)
    scale = 2**20 if sys.platform == "darwin" else 2**10
    seconds, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale
    return f"exit code {os.waitstatus_to_exitcode(status)}, {seconds:.0f} s of CPU, {peak:.0f} MB"


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["100"])[0]), sys.argv[2:] or ["validate", "generate"])
