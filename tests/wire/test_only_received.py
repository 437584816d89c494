"""What is only received (`readOnly`) is never sent, whatever it is given by."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call

BODY = "requestBody: {required: true, content: {%s: {schema: %s}}}"
PET = "{$ref: '#/components/schemas/Pet'}"
PETS = f"{{type: array, items: {PET}}}"
DONE = (
    f"responses: {{'200': {{description: Done, content: {{application/json: {{schema: {PET}}}}}}}}}"
)
DOCUMENT = f"""
openapi: %s
info: {{title: Received, version: '1'}}
servers: [{{url: 'https://received.test'}}]
paths:
  /pet:
    put: {{operationId: put, {BODY % ("application/json", PET)}, {DONE}}}
    post: {{operationId: form, {BODY % ("application/x-www-form-urlencoded", PET)}, {DONE}}}
    patch: {{operationId: lines, {BODY % ("application/x-ndjson", PETS)}, {DONE}}}
  /pets:
    put: {{operationId: several, {BODY % ("application/json", PETS)}, {DONE}}}
  /one:
    put: {{operationId: one, {BODY % ("application/json", "{$ref: '#/components/schemas/One'}")}, {DONE}}}
  /find:
    get:
      operationId: find
      parameters: [{{name: like, in: query, style: deepObject, schema: {PET}}}]
      {DONE}
components:
  schemas:
    Pet:
      type: object
      required: [id, name]
      example: {{id: 7, name: Rex}}
      properties:
        id: {{type: integer, readOnly: true}}
        name: {{type: string}}
        owner: {{allOf: [{{$ref: '#/components/schemas/Owner'}}]}}
        friends: {PETS}
        by_name: {{type: object, additionalProperties: {PET}}}
    Owner: {{type: object, properties: {{since: {{type: string, format: date, readOnly: true}}, name: {{type: string}}}}}}
    One: {{oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Dog'}}], discriminator: {{propertyName: kind}}}}
    Cat: {{type: object, required: [kind, age], properties: {{kind: {{type: string}}, age: {{type: integer, readOnly: true}}}}}}
    Dog: {{type: object, required: [kind, age], properties: {{kind: {{type: string}}, age: {{type: integer}}}}}}
"""  # noqa: E501
READ = {
    "id": 1,
    "name": "Rex",
    "owner": {"since": "2026-01-01", "name": "Ann"},
    "friends": [{"id": 2, "name": "Tom", "new": 1}],
    "by_name": {"x": {"id": 3, "name": "X"}},
    "new": {"id": 4},
}
SENT = {
    "name": "Rex",
    "owner": {"name": "Ann"},
    "friends": [{"name": "Tom", "new": 1}],
    "by_name": {"x": {"name": "X"}},
    "new": {"id": 4},
}


@pytest.fixture(params=["3.0.3", "3.1.0"])
def package(request: pytest.FixtureRequest, client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT % request.param)


def _sent(package: Any, call: Call, use: Callable[[Any], Any]) -> bytes:
    with venue(Answer.json(200, READ)) as here:
        call(package, here.url, use)
    return here.sent[-1].body


def test_a_model_that_was_read_is_sent_without_it(package: Any, call: Call) -> None:
    with venue(Answer.json(200, READ)) as here:
        pet = call(package, here.url, lambda client: client.put(body={"name": "Rex"}))

    assert 1 == pet.id
    assert SENT == json.loads(_sent(package, call, lambda client: client.put(body=pet)))
    assert [SENT] == json.loads(_sent(package, call, lambda client: client.several(body=[pet])))
    assert SENT == json.loads(_sent(package, call, lambda client: client.lines(body=[pet])))


def test_a_mapping_is_sent_without_it(package: Any, call: Call) -> None:
    assert SENT == json.loads(_sent(package, call, lambda client: client.put(body=READ)))
    assert [SENT] == json.loads(_sent(package, call, lambda client: client.several(body=(READ,))))
    assert b"name=Rex" == _sent(package, call, lambda c: c.form(body={"id": 1, "name": "Rex"}))


def test_an_argument_is_sent_without_it(package: Any, call: Call) -> None:
    with venue(Answer.json(200, READ)) as here:
        call(package, here.url, lambda client: client.find(like={"id": 1, "name": "Rex"}))

    assert "like%5Bname%5D=Rex" == here.sent[0].query


def test_the_tag_of_a_union_tells_what_that_is(package: Any, call: Call) -> None:
    for kind, sent in {"Cat": {"kind": "Cat"}, "Dog": {"kind": "Dog", "age": 3}}.items():
        body = {"kind": kind, "age": 3}
        assert sent == json.loads(_sent(package, call, lambda c, body=body: c.one(body=body)))


def test_examples_are_without_it(package: Any) -> None:
    index = Path(package.__file__).with_name("API.md").read_text(encoding="utf-8")

    assert 'result = client.put(body={"name": "Rex"})' in re.findall(r"(?m)^result = .*", index)


UNTOLD = """
openapi: 3.1.1
info: {title: Received, version: '1'}
servers: [{url: 'https://received.test'}]
paths:
  /any:
    get:
      operationId: find
      parameters: [{name: like, in: query, style: deepObject, schema: {$ref: '#/components/schemas/User'}}]
      responses: {'204': {description: Done}}
    put:
      operationId: put
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                one: {oneOf: [{$ref: '#/components/schemas/User'}, {$ref: '#/components/schemas/Note'}]}
                some: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Note'}, {$ref: '#/components/schemas/User'}]}}
                many:
                  anyOf:
                    - {type: array, items: {$ref: '#/components/schemas/User'}}
                    - {$ref: '#/components/schemas/User'}
                plain:
                  anyOf:
                    - {type: object, required: [a], properties: {a: {type: string}, id: {type: integer, readOnly: true}}}
                    - {type: object, required: [b], properties: {b: {type: string}, id: {type: integer}}}
                told:
                  anyOf:
                    - {type: object, properties: {is: {const: x}, id: {type: integer, readOnly: true}}}
                    - {type: object, properties: {is: {const: y}, id: {type: integer}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    User: {type: object, required: [name], properties: {name: {type: string}, id: {type: integer, readOnly: true}}}
    Note:
      type: object
      required: [by]
      properties: {by: {$ref: '#/components/schemas/User'}, id: {type: integer, readOnly: true}}
"""  # noqa: E501
USER = {"name": "a", "id": 1}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"one": USER}, {"one": {"name": "a"}}),
        ({"one": {"by": USER, "id": 2}}, {"one": {"by": {"name": "a"}}}),
        ({"some": [USER, {"by": USER}]}, {"some": [{"name": "a"}, {"by": {"name": "a"}}]}),
        ({"many": [USER]}, {"many": [{"name": "a"}]}),
        ({"many": USER}, {"many": {"name": "a"}}),
        ({"plain": {"a": "x", "id": 1}}, {"plain": {"a": "x"}}),
        ({"plain": {"b": "x", "id": 1}}, {"plain": {"b": "x", "id": 1}}),
        ({"told": {"is": "x", "id": 1}}, {"told": {"is": "x"}}),
        ({"told": {"is": "y", "id": 1}}, {"told": {"is": "y", "id": 1}}),
        # What may be another alternative, of which it is sent, is kept.
        ({"told": {"id": 1}}, {"told": {"id": 1}}),
    ],
)
def test_alternatives_that_nothing_tells_apart(
    client_of: Callable[..., Any], call: Call, given: dict[str, Any], sent: dict[str, Any]
) -> None:
    with venue(Answer(204)) as here:
        call(client_of(UNTOLD), here.url, lambda client: client.put(body=given))
    assert sent == json.loads(here.sent[0].body)


def test_an_argument_that_was_read(client_of: Callable[..., Any], call: Call) -> None:
    package = client_of(UNTOLD)
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.find(like=package.User(name="a", id=1)))
    assert "like%5Bname%5D=a" == here.sent[0].query
