"""Parameters of `allowEmptyValue`: the empty text, or what their schema says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Call, sent_by

DOCUMENT = """
openapi: 3.1.1
info: {title: Empty, version: '1'}
servers: [{url: 'https://empty.test'}]
paths:
  /e:
    get:
      operationId: e
      parameters:
        - {name: n, in: query, allowEmptyValue: true, schema: {type: integer, minimum: 5}}
        - {name: s, in: query, allowEmptyValue: true, schema: {type: string, minLength: 3}}
        - {name: k, in: query, allowEmptyValue: true, schema: {type: string, enum: [a, b]}}
        - {name: l, in: query, allowEmptyValue: true, schema: {$ref: '#/components/schemas/List'}}
        - name: o
          in: query
          style: deepObject
          allowEmptyValue: true
          schema: {$ref: '#/components/schemas/Object'}
      responses: {'204': {description: Done}}
components:
  schemas:
    List: {type: array, maxItems: 1, items: {type: string, enum: [a]}}
    Object:
      type: object
      properties: {x: {type: integer, minimum: 2}, id: {type: integer, readOnly: true}}
"""


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


@pytest.mark.parametrize(
    ("given", "query"),
    [
        *(({name: ""}, f"{name}=") for name in "nsklo"),
        *(({"n": 5}, "n=5"), ({"s": "abc"}, "s=abc"), ({"k": "a"}, "k=a"), ({"l": ["a"]}, "l=a")),
        ({"o": {"x": 2, "id": 1}}, "o%5Bx%5D=2"),
    ],
)
def test_empty_or_as_the_schema_says(
    package: Any, call: Call, given: dict[str, Any], query: str
) -> None:
    assert query == sent_by(package, call, lambda client: client.e(**given)).query


@pytest.mark.parametrize(
    "given",
    [
        *({"n": 4}, {"s": "ab"}, {"k": "z"}, {"l": ["z"]}, {"l": ["a", "a"]}, {"o": {"x": 1}}),
        *({"n": "x"}, {"l": "a"}, {"o": "x"}),
    ],
)
def test_what_is_neither_is_refused(package: Any, call: Call, given: dict[str, Any]) -> None:
    with pytest.raises(package.InvalidRequest):
        sent_by(package, call, lambda client: client.e(**given))
