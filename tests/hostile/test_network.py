"""No command asks the network for anything that the command line did not name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = """\
openapi: 3.1.0
jsonSchemaDialect: https://evil.test/dialect
$self: https://evil.test/openapi.yaml
info:
  title: Outside
  version: '1'
  contact: {url: https://evil.test/contact}
  license: {name: MIT, url: https://evil.test/license}
externalDocs: {url: https://evil.test/docs}
servers: [{url: https://evil.test}]
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          description: Done
          content:
            application/json:
              schema: {$ref: '#/components/schemas/A'}
              examples:
                Outside: {externalValue: https://evil.test/example.json}
          links: {Other: {operationRef: 'https://evil.test/other.yaml#/paths/~1a/get'}}
components:
  schemas:
    A:
      $schema: https://evil.test/schema
      $id: https://evil.test/a.json
      $vocabulary: {https://evil.test/vocabulary: true}
      type: object
      properties:
        dynamic: {$dynamicRef: https://evil.test/b.json#node}
        xml: {type: string, xml: {namespace: https://evil.test/ns}}
  securitySchemes:
    Open: {type: openIdConnect, openIdConnectUrl: https://evil.test/.well-known}
"""
REFERRING = DOCUMENT.replace(
    "dynamic: {$dynamicRef: https://evil.test/b.json#node}",
    "other: {$ref: 'https://evil.test/b.json#/B'}",
)

WATCHED = """
import json, sys

events = []

def hook(event, arguments):
    is_file = event == "urllib.Request" and arguments[0].startswith("file:")
    if not is_file and event.startswith(("socket.", "urllib.", "http.client.", "ftplib.")):
        events.append(event)
        raise OSError(f"no {event} here")

sys.addaudithook(hook)
from venuekit import cli

status = cli.main(sys.argv[1:])
print(json.dumps([status, events]), file=sys.stderr)
"""


@pytest.mark.parametrize("text", [DOCUMENT, REFERRING], ids=["inert", "referring"])
@pytest.mark.parametrize("command", ["generate", "validate", "diff"])
def test_nothing_is_fetched(text: str, command: str, tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text, encoding="utf-8")
    arguments = {
        "generate": ("--spec", spec, "--out", tmp_path / "client"),
        "validate": ("--spec", spec),
        "diff": (spec, spec),
    }[command]

    done = subprocess.run(
        [sys.executable, "-c", WATCHED, command, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    status, events = json.loads(done.stderr.splitlines()[-1])

    assert [] == events
    assert status in (0, 1), done.stderr
    assert "VK999" not in done.stderr


def test_the_watch_would_see_it(tmp_path: Path) -> None:
    program = WATCHED.partition("from venuekit")[0] + (
        "import socket\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9))\nexcept OSError:\n    pass\n"
        "print(events)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert "socket.getaddrinfo" in done.stdout
