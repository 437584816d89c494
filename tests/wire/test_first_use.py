"""What is loaded when: a client is made without its models, and many may need them first."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ..making import write_client

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /nodes/{id}:
    post:
      operationId: grow
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: side, in: query, schema: {type: string, pattern: '^[a-z]+$'}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}
      responses:
        '200':
          description: Done.
          content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}
    get:
      operationId: read
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: A pet, as what it is.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
components:
  schemas:
    Node:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        at: {type: string, format: date-time}
        size: {type: number, format: decimal}
        pin: {type: string, format: password}
        color: {type: string, enum: [red, green]}
        class: {anyOf: [{type: integer}, {type: array, items: {type: integer}}]}
        nodes: {type: array, items: {$ref: '#/components/schemas/Node'}}
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind}
    Cat:
      allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]
"""

MADE = """
import sys, typing
import httpx, pydantic
from {package} import NO_RETRY, AsyncClient, Client

Client(timeout=3.0, retry=NO_RETRY), AsyncClient()
loaded = set(sys.modules)
assert not loaded & {{"{package}.models", "pydantic.main", "pydantic.fields", "pydantic.types"}}
import {package}

hints = typing.get_type_hints(Client.grow)
assert hints["return"] is {package}.Node is sys.modules["{package}.models"].Node
"""

# Threads of which some call, some make models, some import: none of it was loaded before.
AT_ONCE = """
import importlib, json, sys, threading
import httpx
import {package}

ID = "61E69015-8549-4bfd-b9c3-01e75843f47d"
NODE = {{"id": ID, "size": 1.5, "color": "red", "nodes": [{{"id": ID}}], "class": [1]}}

def answer(request):
    cat = {{"kind": "Cat", "lives": 9}}
    return httpx.Response(200, json=cat if request.method == "GET" else NODE)

def http():
    return httpx.Client(transport=httpx.MockTransport(answer))

def grow():
    return {package}.Client(http=http()).grow(ID, body=NODE, side="a")

def make():
    return {package}.Node(**NODE)

def load():
    return importlib.import_module("{package}.models").Node.model_validate_json(json.dumps(NODE))

def run(number):
    barrier.wait()
    try:
        found = (grow, make, load)[number % 3]()
        assert NODE == found.model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert 9 == {package}.Client(http=http()).read("1").lives
    except BaseException as failure:
        failures.append(repr(failure))

sys.setswitchinterval(1e-5)
failures, barrier = [], threading.Barrier(16)
threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not failures, failures
"""


def run(program: str, package: Path) -> None:
    """Run a program in a process of its own, which sees the client."""
    text = textwrap.dedent(program).format(package=package.name)
    begin = f"import sys\nsys.path.insert(0, {str(package.parent)!r})\n"
    done = subprocess.run([sys.executable, "-c", begin + text], capture_output=True, text=True)
    assert (0, "") == (done.returncode, done.stderr)


def test_a_client_is_made_without_its_models(tmp_path: Path) -> None:
    """To build classes takes most of what it takes to import pydantic: a first call needs them."""
    run(MADE, write_client(DOCUMENT, tmp_path))


@pytest.mark.parametrize("round_", range(3))
def test_many_threads_may_need_the_models_first(tmp_path: Path, round_: int) -> None:
    run(AT_ONCE, write_client(DOCUMENT, tmp_path))
