"""What is checked on what is sent where types do not tell: roles, alternatives, places, names."""

# ruff: noqa: E501 - schemas read best on a line each

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from .making import make_client
from .test_schemas import document, refusal

SENT = """
Got: {type: object}
Sent:
  type: object
  properties:
    either: {oneOf: [{$ref: '#/components/schemas/Kept'}, {type: string}]}
    pair: {type: array, prefixItems: [{$ref: '#/components/schemas/Kept'}, {type: integer}], items: {type: boolean}}
    one: {type: array, prefixItems: [{type: string}], items: false}
    none: {type: array, items: false}
    patterns:
      type: object
      properties: {own: {type: string}}
      patternProperties: {^n_: {type: integer}, ^d_: {type: string, format: date-time}}
      additionalProperties: {type: boolean}
    never: false
    solid: {not: {type: 'null'}}
    marked: {allOf: [{$ref: '#/components/schemas/Id'}, {description: By reference}]}
Kept:
  type: object
  required: [id, at, name]
  properties:
    id: {allOf: [{$ref: '#/components/schemas/Id'}]}
    at: {type: string, readOnly: true}
    name: {type: string}
Id: {type: string, readOnly: true}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(SENT), tmp_path_factory.mktemp("sent"))


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"either": {"name": "a"}}, ""),  # what is only received is not asked for
        ({"either": {}}, "/either"),
        ({"either": "a"}, ""),
        ({"pair": [{"name": "a"}, 1, True]}, ""),
        ({"pair": [{"name": "a"}]}, ""),
        ({"pair": [{}]}, "/pair/0: Lacks name"),
        ({"pair": [{"name": "a"}, "b"]}, "/pair/1: Of a kind that is not documented"),
        ({"pair": [{"name": "a"}, 1, "b"]}, "/pair/2: Of a kind that is not documented"),
        ({"one": ["a"]}, ""),
        ({"one": ["a", "b"]}, "/one: More than 1 items"),
        ({"none": []}, ""),
        ({"none": [1]}, "/none: More than 0 items"),
        ({"patterns": {"own": "a", "n_a": 1, "d_a": "2024-01-01T00:00:00Z", "b": True}}, ""),
        ({"patterns": {"n_a": "2024-01-01T00:00:00Z"}}, "/patterns/n_a: Of a kind"),
        ({"patterns": {"d_a": 1}}, "/patterns/d_a: Of a kind"),
        ({"patterns": {"b": 1}}, "/patterns/b: Of a kind"),
        ({"never": 1}, "/never: Not one of the documented values"),
        ({"never": None}, "/never: Must not be null"),
        ({"solid": 1}, ""),
        ({"solid": None}, "/solid: Must not be null"),
    ],
)
def test_a_body_is_what_the_document_has_sent(made: Any, body: Any, refused: str) -> None:
    assert refused in refusal(made, body) if refused else not refusal(made, body)


def test_what_is_only_received_by_one_of_its_parts_is_not_sent(made: Any) -> None:
    assert {"name"} == {*made.KeptRequest.model_fields}
    assert {"id", "at", "name"} == {*made.Kept.model_fields}
    assert "marked" not in made.SentRequest.model_fields


CONSTANTS = """
Got: {$ref: '#/components/schemas/Sent'}
Sent:
  type: object
  properties:
    level: {type: string, enum: [1, 2.50]}
    answer: {type: string, enum: [true, 'no']}
    count: {type: integer, enum: ['1', '2']}
    one: {type: string, const: 1}
    ratio: {type: [number, boolean], enum: ['1.5', true]}
"""


def test_a_constant_is_of_the_type_of_its_schema(make: Callable[..., Any]) -> None:
    """Whichever way it is written: what is sent and read has that type."""
    made = make(document(CONSTANTS))
    values = {"level": "2.50", "answer": "true", "count": 1, "one": "1", "ratio": 1.5}
    got = made.Got.model_validate_json(json.dumps(values))

    assert "" == refusal(made, values)
    assert values == json.loads(got.model_dump_json(exclude_unset=True))
    assert "/level" in refusal(made, {"level": "3"})
    assert "/count" in refusal(made, {"count": 3})


NUMBERS = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /do/{price}:
    post:
      operationId: do
      parameters:
      - {name: price, in: path, required: true, schema: &number {type: number, format: decimal}}
      - {name: many, in: query, schema: {type: array, items: *number}}
      - {name: json, in: query, content: {application/json: {schema: {type: object, additionalProperties: *number}}}}
      requestBody: {required: true, content: {application/json: {schema: &body {type: object, properties: {price: *number, more: {type: array, items: *number}, text: {type: string}}}}}}
      responses: {'204': {description: Done.}}
  /form:
    post:
      operationId: form
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: *body}}}
      responses: {'204': {description: Done.}}
"""


def test_a_decimal_number_is_sent_with_all_its_digits(make: Callable[..., Any]) -> None:
    """Where no double holds it, and with the zeros at its end."""
    made, requests = make(NUMBERS), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(204)

    exact, half = Decimal("1.123456789012345678901"), Decimal("1.50")
    body = {"price": exact, "more": [half, 2, 0.25, Decimal("1E+2")], "text": '"1.50"'}
    with made.Client(http=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        client.do(exact, many=[exact, half], json={"a": exact}, body=body)
        client.form(body=body)
    call, form = requests

    written = f'"price":{exact},"more":[1.50,2,0.25,100]'
    assert f'{{{written},"text":"\\"1.50\\""}}' == call.read().decode()
    assert f"/do/{exact}" == call.url.path
    assert [str(exact), "1.50"] == call.url.params.get_list("many")
    assert f'{{"a":{exact}}}' == call.url.params["json"]
    assert [str(exact)] == parse_qs(form.read().decode())["price"]
    assert 1.5 == json.loads(made.DoRequest(price=half).model_dump_json())["price"]


NAMED = """
Got: {type: object}
Sent:
  type: object
  properties:
    word: {$ref: '#/components/schemas/Alias'}
    words: {type: array, items: {$ref: '#/components/schemas/Second'}}
    union: {$ref: '#/components/schemas/Union'}
    unions: {type: array, items: {$ref: '#/components/schemas/Unions'}}
    pet: {$ref: '#/components/schemas/Friend'}
Second: {$ref: '#/components/schemas/Alias'}
Alias: {allOf: [{$ref: '#/components/schemas/Word'}], description: The same}
Word: {type: string, minLength: 3}
Unions: {$ref: '#/components/schemas/Union'}
Union:
  oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
  discriminator: {propertyName: kind}
One: {type: object, required: [kind], properties: {kind: {type: string}, n: {type: integer, minimum: 1}}}
Two: {type: object, required: [kind], properties: {kind: {type: string}}}
Friend: {$ref: '#/components/schemas/Pet'}
Pet:
  type: object
  properties: {kind: {type: string}, name: {type: string, maxLength: 3}}
  discriminator: {propertyName: kind}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer, maximum: 9}}}]}
"""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(NAMED), tmp_path_factory.mktemp("named"))


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"word": "a"}, "/word: Less than 3 characters"),
        ({"words": ["abc", "a"]}, "/words/1: Less than 3 characters"),
        ({"union": {"kind": "One", "n": 1}}, ""),
        ({"union": {"kind": "One", "n": 0}}, "/union/n: Less than 1"),
        ({"union": {"kind": "Three"}}, "/union/kind: Not a documented value"),
        ({"unions": [{"kind": "Two"}, {"kind": "Three"}]}, "/unions/1/kind: Not a documented"),
        ({"pet": {"kind": "Dog", "name": "Rex"}}, ""),  # a base has other cases, too
        ({"pet": {"kind": "Dog", "name": "Bello"}}, "/pet/name: More than 3 characters"),
        ({"pet": {"kind": "Cat", "lives": 10}}, "/pet/lives: More than 9"),
    ],
)
def test_rules_hold_behind_names_of_names(named: Any, body: Any, refused: str) -> None:
    assert refused in refusal(named, body) if refused else not refusal(named, body)
