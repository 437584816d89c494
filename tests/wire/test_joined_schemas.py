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
"""  # noqa: E501


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
