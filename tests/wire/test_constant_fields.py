"""Fields of requests that the document leaves no choice of: sent always, asked of nobody."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  /orders:
    post:
      operationId: order
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Order'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Order'}}
      responses: {'204': {description: ok}}
  /told:
    post:
      operationId: told
      requestBody:
        required: true
        content:
          application/json:
            schema:
              oneOf: [{$ref: '#/components/schemas/Limit'}, {$ref: '#/components/schemas/Market'}]
              discriminator: {propertyName: kind, mapping: {mkt: '#/components/schemas/Market'}}
      responses: {'204': {description: ok}}
  /pets:
    post:
      operationId: pet
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses: {'204': {description: ok}}
  /mixed:
    post:
      operationId: mixed
      requestBody:
        required: true
        content:
          application/json:
            schema:
              anyOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
      responses: {'204': {description: ok}}
  /read:
    post:
      operationId: read
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Read'}}}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Read'}}}
components:
  schemas:
    Order:
      type: object
      required: [type, side, version, isLive, leg, size]
      properties:
        type: {const: limit}
        side: {$ref: '#/components/schemas/Side'}
        version: {type: integer, enum: [2]}
        isLive: {const: true}
        optional: {const: o}
        leg: {$ref: '#/components/schemas/Leg'}
        legs: {type: array, items: {$ref: '#/components/schemas/Leg'}}
        size: {type: integer}
    Side: {type: string, enum: [buy]}
    Leg:
      type: object
      required: [object, px]
      properties: {object: {const: leg}, px: {type: integer}}
    Limit:
      type: object
      required: [kind, px]
      properties: {kind: {const: limit}, px: {type: integer}}
    Market:
      type: object
      required: [kind, size]
      properties: {kind: {type: string}, size: {type: integer}}
    Pet:
      type: object
      required: [petType]
      properties: {petType: {type: string}, name: {type: string}}
      discriminator: {propertyName: petType, mapping: {cat: '#/components/schemas/Cat'}}
    Cat:
      allOf:
        - $ref: '#/components/schemas/Pet'
        - {type: object, required: [lives], properties: {lives: {type: integer}}}
    Lion:
      allOf:
        - $ref: '#/components/schemas/Cat'
        - {type: object, required: [pride], properties: {pride: {type: integer}}}
    One: {type: object, required: [a, n], properties: {a: {const: x}, n: {type: integer}}}
    Two: {type: object, required: [n], properties: {n: {type: integer}}}
    Read: {type: object, required: [object], properties: {object: {const: r}, n: {type: integer}}}
"""
ORDER = {"type": "limit", "side": "buy", "version": 2, "isLive": True, "size": 1}
LEG = {"object": "leg", "px": 3}


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


@pytest.fixture(params=["sync", "async"])
def sent(request: pytest.FixtureRequest, package: Any) -> Callable[..., bytes]:
    """The body that a call sends."""

    def send(name: str, body: object, answer: str = "{}", **options: Any) -> bytes:
        found: list[bytes] = []

        def answered(request: httpx.Request) -> httpx.Response:
            found.append(request.content)
            return httpx.Response(200 if name == "read" else 204, text=answer)

        transport = httpx.MockTransport(answered)

        async def awaited() -> None:
            client = package.AsyncClient(http=httpx.AsyncClient(transport=transport))
            await getattr(client, name)(body=body, **options)

        if request.param == "async":
            asyncio.run(awaited())
        else:
            client = package.Client(http=httpx.Client(transport=transport))
            getattr(client, name)(body=body, **options)
        return found[0]

    return send


def test_models_and_mappings_have_their_constants(package: Any, sent: Callable[..., bytes]) -> None:
    model = package.Order(size=1, leg=package.Leg(px=3), legs=[{"px": 3}])
    for body in (model, {"size": 1, "leg": {"px": 3}, "legs": [LEG]}, copy.deepcopy(model)):
        assert {**ORDER, "leg": LEG, "legs": [LEG]} == json.loads(sent("order", body))
    made = pickle.loads(pickle.dumps(package.Leg(px=3)))
    assert LEG == made.model_dump(exclude_unset=True) == made.model_copy().model_dump()
    assert LEG == package.Leg.model_validate({"px": 3}).model_dump(exclude_unset=True)
    assert LEG == package.Leg.model_construct(px=3).model_dump(exclude_unset=True)


def test_forms_have_them_too(sent: Callable[..., bytes]) -> None:
    form = "application/x-www-form-urlencoded"
    text = sent("order", {"size": 1, "leg": {"px": 3}}, content_type=form).decode()

    assert {"type": ["limit"], "side": ["buy"], "version": ["2"]}.items() <= parse_qs(text).items()


def test_another_value_is_refused(package: Any, sent: Callable[..., bytes]) -> None:
    for body in ({"px": 1, "object": "lag"}, package.Leg(px=1, object="lag")):
        with pytest.raises(package.InvalidRequest, match="/leg/object"):
            sent("order", {"size": 1, "leg": body})
    with pytest.raises(package.InvalidRequest, match="/size"):
        sent("order", {"leg": {"px": 1}})


def test_a_class_has_its_tag(package: Any, sent: Callable[..., bytes]) -> None:
    assert {"kind": "limit", "px": 1} == json.loads(sent("told", package.Limit(px=1)))
    assert {"kind": "mkt", "size": 1} == json.loads(sent("told", package.Market(size=1)))
    assert {"petType": "cat", "lives": 9} == json.loads(sent("pet", package.Cat(lives=9)))
    lion = sent("pet", package.Lion(lives=1, pride=3))
    assert {"petType": "Lion", "lives": 1, "pride": 3} == json.loads(lion)
    with pytest.raises(ValueError, match="petType"):
        package.Pet(name="who knows")


def test_a_constant_stays_required_where_it_tells_something(
    package: Any, sent: Callable[..., bytes]
) -> None:
    assert {"n": 1} == json.loads(sent("mixed", {"n": 1}))
    assert {"n": 1, "a": "x"} == json.loads(sent("mixed", {"n": 1, "a": "x"}))
    with pytest.raises(package.InvalidBody, match="/object"):  # for it is read as well
        sent("read", {"object": "r"}, '{"n": 1}')
