"""Server-sent events whose names tell what their data are, in each way that a document says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

DOCUMENT = """
openapi: 3.2.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  /events:
    get:
      operationId: watch
      responses:
        '200':
          description: ok
          content:
            text/event-stream:
              itemSchema: ITEM
components:
  schemas:
    One:
      type: object
      required: [event]
      properties: {event: EVENT, data: {type: string, contentMediaType: application/json,
        contentSchema: {$ref: '#/components/schemas/Foo'}}}
    Two:
      type: object
      required: [event]
      properties: {event: EVENT, data: {type: string, contentMediaType: application/json,
        contentSchema: {$ref: '#/components/schemas/Bar'}}}
    Base:
      type: object
      properties: {event: {type: string}, data: {type: string}}
      discriminator: {propertyName: event, mapping: {one: '#/components/schemas/OneOfBase'}}
    OneOfBase:
      allOf:
        - $ref: '#/components/schemas/Base'
        - properties: {data: {contentMediaType: application/json,
            contentSchema: {$ref: '#/components/schemas/Foo'}}}
    two:
      allOf:
        - $ref: '#/components/schemas/Base'
        - properties: {data: {contentMediaType: application/json,
            contentSchema: {$ref: '#/components/schemas/Bar'}}}
    Both:
      oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
      discriminator:
        propertyName: event
        mapping: {one: '#/components/schemas/One', uno: One, two: Two}
    Foo: {type: object, required: [n], properties: {n: {type: integer}}}
    Bar: {type: object, required: [n], properties: {n: {type: integer}}}
"""
FOO, BAR = (
    "{type: string, contentMediaType: application/json,"
    f" contentSchema: {{$ref: '#/components/schemas/{name}'}}}}"
    for name in ("Foo", "Bar")
)
ALTERNATIVES = "[{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]"
MAPPING = "{propertyName: event, mapping: {one: One, two: '#/components/schemas/Two'}}"
WAYS = {
    "a mapping of oneOf": f"{{oneOf: {ALTERNATIVES}, discriminator: {MAPPING}}}",
    "a mapping of anyOf": f"{{anyOf: {ALTERNATIVES}, discriminator: {MAPPING}}}",
    "a component": "{$ref: '#/components/schemas/Both'}",
    "a union in a union": f"""
      oneOf:
        - $ref: '#/components/schemas/Both'
        - properties: {{event: {{const: three}}, data: {BAR}}}
    """,
    "a base class": "{$ref: '#/components/schemas/Base'}",
    "constants": f"""
      oneOf:
        - properties: {{event: {{const: one}}, data: {FOO}}}
        - properties: {{event: {{enum: [two, three]}}, data: {BAR}}}
    """,
    "constants beside what all have": f"""
      type: object
      properties: {{event: {{type: string}}, data: {FOO}}}
      oneOf:
        - properties: {{event: {{const: one}}}}
        - properties: {{event: {{const: two}}, data: {BAR}}}
    """,
    "conditions": f"""
      type: object
      properties: {{event: {{type: string}}}}
      allOf:
        - if: {{properties: {{event: {{const: one}}}}}}
          then: {{properties: {{data: {FOO}}}}}
        - if: {{properties: {{event: {{const: two}}}}}}
          then: {{properties: {{data: {BAR}}}}}
    """,
    "a chain of conditions": f"""
      properties: {{event: {{enum: [one, two]}}, data: {{type: string}}}}
      if: {{properties: {{event: {{const: one}}}}}}
      then: {{properties: {{data: {FOO}}}}}
      else:
        if: {{properties: {{event: {{const: two}}}}}}
        then: {{properties: {{data: {BAR}}}}}
    """,
}


def watched(package: Any, *events: str) -> list[Any]:
    text = "".join(f"event: {name}\ndata: {json.dumps({'n': 1})}\n\n" for name in events)
    answer = httpx.Response(200, text=text, headers={"Content-Type": "text/event-stream"})
    transport = httpx.MockTransport(lambda request: answer)
    with package.Client(http=httpx.Client(transport=transport)) as client:
        return [event.data for event in client.watch()]


@pytest.mark.parametrize("item", WAYS.values(), ids=WAYS)
def test_the_name_decides(client_of: Callable[..., Any], item: str) -> None:
    item = item if item.startswith("{") else item.replace("\n      ", "\n" + " " * 18)
    package = client_of(DOCUMENT.replace("ITEM", item).replace("EVENT", "{type: string}"))
    two, one = watched(package, "two", "one")

    assert (package.models.Bar, package.models.Foo) == (type(two), type(one))


def test_a_mapping_may_have_several_names_for_one_kind(client_of: Callable[..., Any]) -> None:
    item = "{$ref: '#/components/schemas/Both'}"
    package = client_of(DOCUMENT.replace("ITEM", item).replace("EVENT", "{type: string}"))
    found = watched(package, "uno", "two", "one")

    assert ["Foo", "Bar", "Foo"] == [type(data).__name__ for data in found]


def test_the_name_of_a_schema_is_a_name_of_its_events(client_of: Callable[..., Any]) -> None:
    item = f"{{oneOf: {ALTERNATIVES}, discriminator: {{propertyName: event}}}}"
    package = client_of(DOCUMENT.replace("ITEM", item).replace("EVENT", "{type: string}"))
    two, one = watched(package, "Two", "One")

    assert (package.models.Bar, package.models.Foo) == (type(two), type(one))
