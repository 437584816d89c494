"""The types of requests: a client with every style and body, under both strict checkers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from venuekit import sources
from venuekit.diagnostics import Report

from ..clients.loopback import Answer, venue
from ..making import write_client
from .test_parameters import DOCUMENT, OTHERS

BODIES = (Path(__file__).parent / "bodies.yaml").read_text()
CALLER = '''
"""What a caller may write; an ignore that nothing needs is an error of the checkers."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

from bodies import AsyncClient, Client, Document, Form, Order


async def pieces() -> AsyncIterator[bytes]:
    yield b""


def whole(client: Client) -> None:
    client.send_json(body=Order(symbol="X"))
    client.send_json(body={"symbol": "X"})
    client.send_json(body="X")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.send_json()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.send_merge()
    client.send_merge(body=None)
    client.send_form(body=Form(name="n"))
    client.send_form(body={"name": "n"})
    client.send_parts(body=Document(file=Path("a.bin")))
    client.send_parts(body=Document(file=("a.bin", io.BytesIO(), "image/png")))
    client.send_parts(body={"file": b""})
    client.send_text(body="text")
    client.send_text(body=b"text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.send_bytes(body=b"")
    client.send_bytes(body=Path("a.bin"))
    client.send_bytes(body=io.BytesIO())
    client.send_bytes(body=iter([b""]))
    client.send_bytes(body="")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    later = pieces()
    client.send_bytes(body=later)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.send_any(body={"symbol": "X"}, content_type="application/x-www-form-urlencoded")


async def streamed(client: AsyncClient) -> None:
    await client.send_bytes(body=pieces())
    await client.send_any(body="a,b")
'''
LOCAL = """
openapi: 3.1.0
info: {title: Local, version: '1'}
servers: [{url: https://local.test}]
components:
  parameters:
    list: {name: list, in: query, schema: {type: array, items: {type: string}}}
    reply: {name: reply, in: query, schema: {type: string}}
    stream: {name: stream, in: query, schema: {type: boolean}}
    models: {name: models, in: query, schema: {type: string}}
    chosen: {name: chosen, in: query, schema: {type: string}}
paths:
  /old:
    post:
      operationId: old
      deprecated: true
      parameters:
        - $ref: '#/components/parameters/list'
        - $ref: '#/components/parameters/reply'
        - $ref: '#/components/parameters/stream'
        - $ref: '#/components/parameters/models'
        - $ref: '#/components/parameters/chosen'
      requestBody: {content: {application/json: {}, text/plain: {}}}
      responses:
        '200':
          description: Done
          content:
            application/json:
              schema: {type: array, items: {type: object, properties: {a: {type: string}}}}
  /days/{day}:
    get:
      operationId: day
      parameters:
        - {name: day, in: path, required: true, schema: {type: string, format: date}}
        - {name: at, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: wait, in: query, required: true, schema: {type: string, format: duration}}
        - {name: clock, in: query, required: true, schema: {type: string, format: time}}
      responses: {'204': {description: Done}}
  /live:
    get:
      operationId: live
      parameters:
        - $ref: '#/components/parameters/list'
        - $ref: '#/components/parameters/stream'
        - $ref: '#/components/parameters/models'
      responses:
        '200':
          description: Events
          content:
            text/event-stream:
              itemSchema:
                type: object
                properties: {data: {type: object, properties: {a: {type: string}}}}
"""
CONFIG = {
    "typeCheckingMode": "strict",
    "pythonVersion": "3.10",
    "enableTypeIgnoreComments": False,
    "reportUnnecessaryTypeIgnoreComment": "error",
}


def _alone(text: str) -> Iterator[tuple[str, str]]:
    """A document for each operation of a document."""
    document: Any = sources.read(text, "openapi.yaml", Report())
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in ("parameters", "additionalOperations"):
                alone = {**document, "paths": {path: {method: operation}}}
                yield operation["operationId"], json.dumps(alone)


def _examples(package: Path) -> str:
    """The examples of the index of a client's methods."""
    index = (package / "API.md").read_text(encoding="utf-8")
    _, *calls = re.findall(r"```python\n(?:result = )?(.*?)\n```", index, re.DOTALL)
    assert calls
    lines = "\n".join(calls).splitlines()
    head = "# pyright: reportDeprecated=false, reportUnusedVariable=false\n"
    head += f"from {package.name} import Client\n"
    return "\n    ".join([f"{head}\n\ndef calls(client: Client) -> None:", *lines, ""])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types")
    texts = {"bodies": BODIES, "styles": DOCUMENT, "others": OTHERS, "local": LOCAL}
    for name, text in texts.items():
        write_client(text, folder).rename(folder / name)
        (folder / f"examples_of_{name}.py").write_text(_examples(folder / name), encoding="utf-8")
    for text in (BODIES, OTHERS):  # each alone, so that the runtime holds but what it needs
        for name, alone in _alone(text):
            write_client(alone, folder).rename(folder / f"only_{name}")
    (folder / "caller.py").write_text(dedent(CALLER).lstrip(), encoding="utf-8")
    (folder / "pyrightconfig.json").write_text(json.dumps(CONFIG))
    return folder


def test_pyright(folder: Path) -> None:
    done = _run("pyright", "--outputjson", "--pythonpath", sys.executable, cwd=folder)
    found = json.loads(done.stdout)["generalDiagnostics"]

    assert [] == [f"{d['file']}:{d['range']['start']['line'] + 1}: {d['message']}" for d in found]


def test_mypy(folder: Path) -> None:
    options = ("--strict", "--warn-unused-ignores", "--python-version", "3.10")
    done = _run("mypy", *options, "--cache-dir", folder / "cache", ".", cwd=folder)

    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_arguments_are_called_as_what_methods_use(client_of: Any, call: Any) -> None:
    given: dict[str, Any] = {"list": ["a"], "reply": "r", "stream": True, "models": "m"}
    with venue(Answer.json(200, [{"a": "x"}])) as here:
        [found] = call(
            client_of(LOCAL),
            here.url,
            lambda client: client.old(**given, chosen_="c", body="text", content_type="text/plain"),
        )

    assert ("x", b"text") == (found.a, here.sent[0].body)
    assert "list=a&reply=r&stream=true&models=m&chosen=c" == here.sent[0].query


def _run(module: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
