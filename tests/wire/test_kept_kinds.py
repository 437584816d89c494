"""Values of one schema and several kinds: each is read and written as the kind that it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from ..making import exchange
from .conftest import Call

DOCUMENT = exchange(
    """
    properties:
      kinds: {type: [string, number], format: decimal}
      number: {anyOf: [{type: number}, {type: string, format: decimal}]}
      both: {oneOf: [{type: number, format: decimal}, {type: string, format: decimal}]}
      held:
        type: array
        items: {oneOf: [{type: string, format: decimal}, {type: number, format: decimal}]}
      object: {enum: [{a: 1}, null, 2]}
      list: {enum: [[1], x]}
      whole: {type: integer, enum: [1.0, 2.0]}
      only: {type: [integer, "null"], const: 3.0}
      shared: {allOf: [{type: number, minimum: 1}, {type: integer}, {maximum: 5}]}
      turned: {allOf: [{type: [integer, "null"]}, {type: [number, "null"]}]}
    """,
    method="post",
    request="""
    requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
    """,
)


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


@pytest.mark.parametrize(
    "text",
    [
        *(f'{{"kinds":{value}}}' for value in ('"1.50"', "1.5", "2")),
        *(f'{{"number":{value}}}' for value in ('"1.50"', "1.5", "2")),
        *(f'{{"both":{value}}}' for value in ('"1.50"', "1.5", "2")),
        '{"held":["1.50",1.5]}',
        *(f'{{"object":{value}}}' for value in ('{"a":1}', "null", "2")),
        *(f'{{"list":{value}}}' for value in ("[1]", '"x"')),
        '{"whole":1}',
        '{"only":3}',
        '{"shared":3}',
        '{"turned":2}',
        '{"turned":null}',
    ],
)
def test_the_kind_survives(package: Any, call: Call, text: str) -> None:
    with venue(Answer(200, text.encode(), {"Content-Type": "application/json"})) as here:
        found = call(package, here.url, lambda client: client.a(body=json.loads(text)))
        call(package, here.url, lambda client: client.a(body=found))
    assert [text, text] == [sent.body.decode() for sent in here.sent]
    assert text == found.model_dump_json(by_alias=True, exclude_unset=True)


@pytest.mark.parametrize(
    "value",
    [
        *({"object": {"a": 2}}, {"object": 3}, {"list": [2]}, {"list": "y"}, {"whole": 3}),
        *({"only": 4}, {"shared": 1.5}, {"shared": 0}, {"shared": 6}, {"turned": 1.5}),
    ],
)
def test_what_is_not_listed_is_refused(package: Any, call: Call, value: Any) -> None:
    with venue() as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: client.a(body=value))
    assert [] == here.sent
