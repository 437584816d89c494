"""What several parts of a schema say of one value: all of it is checked on what is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Call, sent_by

DOCUMENT = """
openapi: 3.1.1
info: {title: Joined, version: '1'}
servers: [{url: 'https://joined.test'}]
paths:
  /z:
    post:
      operationId: z
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Z'}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Text: {type: string, pattern: '^a'}
    Even: {type: integer, multipleOf: 2}
    Z:
      type: object
      properties:
        sibling: {$ref: '#/components/schemas/Text', pattern: 'z$'}
        text: {allOf: [{$ref: '#/components/schemas/Text'}, {pattern: 'z$'}, {maxLength: 4}]}
        sixth: {allOf: [{$ref: '#/components/schemas/Even'}, {multipleOf: 3}]}
        names:
          type: object
          additionalProperties: {type: integer}
          allOf: [{propertyNames: {pattern: '^a'}}, {propertyNames: {maxLength: 2}}]
        inner:
          allOf:
            - {type: object, properties: {x: {$ref: '#/components/schemas/Text'}}}
            - {type: object, properties: {x: {type: string, pattern: 'z$'}}}
        items: {allOf: [{type: array, items: {type: string, minLength: 2}}, {items: {maxLength: 3}}]}
        values:
          allOf:
            - {type: object, additionalProperties: {type: integer}}
            - {additionalProperties: {minimum: 3}}
        open: {allOf: [{type: object, additionalProperties: {type: integer}}, {additionalProperties: true}]}
        twice: {allOf: [{$ref: '#/components/schemas/Narrow'}, {$ref: '#/components/schemas/Wide'}]}
        turned: {allOf: [{$ref: '#/components/schemas/Wide'}, {$ref: '#/components/schemas/Narrow'}]}
    Narrow:
      type: object
      properties:
        count: {type: integer, maximum: 5}
        word: {type: string, maxLength: 3, pattern: '^a'}
        list: {type: array, items: {type: string, minLength: 2}, minItems: 2}
        side: {type: string, enum: [buy, sell]}
        deep: {type: object, required: [a], properties: {a: {type: integer, minimum: 3}}}
    Wide:
      type: object
      properties:
        count: {type: integer, maximum: 10}
        word: {type: string, maxLength: 5, pattern: 'z$', description: A word}
        list: {type: array, items: {type: string, minLength: 1}, minItems: 1}
        side: {type: string, enum: [sell, short]}
        deep: {type: object, required: [b], properties: {a: {type: integer, minimum: 1}, b: {type: string}}}
"""  # noqa: E501


TWICE = ("twice", "turned")


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


@pytest.mark.parametrize(
    "value",
    [
        *({"sibling": "az"}, {"text": "az"}, {"sixth": 6}, {"names": {"aa": 1}}),
        *({"inner": {"x": "az"}}, {"items": ["abc"]}, {"values": {"a": 3}}, {"open": {"a": 3}}),
    ],
)
def test_what_fits_all_parts_is_sent(package: Any, call: Call, value: Any) -> None:
    assert value == json.loads(sent_by(package, call, lambda client: client.z(body=value)).body)


@pytest.mark.parametrize(
    "value",
    [
        *({"sibling": "bz"}, {"sibling": "ab"}, {"text": "bz"}, {"text": "ab"}, {"text": "aaaaz"}),
        *({"sixth": 3}, {"sixth": 2}, {"names": {"b": 1}}, {"names": {"aaa": 1}}),
        *({"inner": {"x": "bz"}}, {"inner": {"x": "ab"}}, {"items": ["a"]}, {"items": ["abcd"]}),
        *({"items": [1]}, {"values": {"a": 1}}, {"values": {"a": "x"}}, {"open": {"a": "x"}}),
    ],
)
def test_what_misfits_one_part_is_refused(package: Any, call: Call, value: Any) -> None:
    with pytest.raises(package.InvalidRequest):
        sent_by(package, call, lambda client: client.z(body=value))


@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize(
    "value",
    [
        *({"count": 5}, {"word": "aaz"}, {"list": ["ab", "ab"]}, {"side": "sell"}),
        {"deep": {"a": 3, "b": "x"}},
    ],
)
def test_a_property_of_two_parts_fits_both(package: Any, call: Call, name: str, value: Any) -> None:
    sent = sent_by(package, call, lambda client: client.z(body={name: value}))

    assert {name: value} == json.loads(sent.body)


@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize(
    "value",
    [
        *({"count": 6}, {"word": "aaaz"}, {"word": "az!"}, {"word": "bz"}, {"list": ["ab"]}),
        *({"list": ["a", "b"]}, {"side": "buy"}, {"side": "short"}, {"deep": {"a": 3}}),
        *({"deep": {"a": 2, "b": "x"}}, {"deep": {"b": "x"}}),
    ],
)
def test_a_property_that_misfits_one_of_two_parts_is_refused(
    package: Any, call: Call, name: str, value: Any
) -> None:
    with pytest.raises(package.InvalidRequest):
        sent_by(package, call, lambda client: client.z(body={name: value}))
