"""Undeclared properties of which the document knows the names, and no others."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..making import exchange

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  /a:
    post:
      operationId: a
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
components:
  schemas:
    A:
      type: object
      properties:
        side: {type: string}
        orderId: {type: string}
        books: {$ref: '#/components/schemas/Books'}
        either:
          oneOf: [{type: integer}, {$ref: '#/components/schemas/Books'}]
      patternProperties: {'^x-': {type: integer}}
      additionalProperties: false
    Books:
      type: object
      patternProperties:
        '^[A-Z]{3}$': {$ref: '#/components/schemas/Book'}
        '^n\\d$': {type: string, format: date-time}
      additionalProperties: false
    Book:
      type: object
      required: [px]
      properties: {px: {type: integer}, next: {$ref: '#/components/schemas/A'}}
"""
MOMENT = "2026-01-01T00:00:00.123456789Z"
VALUES: list[dict[str, Any]] = [
    {"x-1": 1, "q": "s"},
    {"side": "buy", "order_id": [1], "side_": None, "q": {"a": []}},
    {"books": {"ADA": {"px": 1}, "n1": MOMENT, "lower": "s", "ADAS": {"px": "x"}, "n": [1]}},
    {"either": {"BTC": {"px": 2, "next": {"x-2": 3, "X": "y"}}, "b": {"px": []}}},
    {"books": {}, "x-1": 2},
]


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def read(package: Any, value: object, **options: Any) -> Any:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=value))
    return package.Client(http=httpx.Client(transport=transport), **options).raw.a()


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_an_unknown_name_is_kept(package: Any, value: object, lenient: bool) -> None:
    reply = read(package, value, lenient=lenient)

    assert not reply.problems
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert value == json.loads(reply.data.model_dump_json(by_alias=True, exclude_unset=True))
        assert value == json.loads(
            reply.data.model_copy(deep=True).model_dump_json(by_alias=True, exclude_unset=True)
        )


def test_values_of_known_names_have_their_types(package: Any) -> None:
    data = read(package, VALUES[2] | {"x-1": 1, "q": "s"}).data

    assert isinstance(data.books["ADA"], package.models.Book)
    assert 2026 == data.books["n1"].year
    assert {"px": "x"} == data.books["ADAS"]
    assert {"x-1": 1, "q": "s"} == data.extras
    assert {"books", "x-1", "q"} == data.model_fields_set


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        ({"x-1": "s", "q": "s"}, ["/x-1"]),
        ({"books": {"ADA": {"px": "s"}, "lower": "s"}, "x-2": []}, ["/books/ADA/px", "/x-2"]),
        ({"books": {"ADA": {"px": 1, "next": {"x-1": "s"}}}}, ["/books/ADA/next/x-1"]),
    ],
)
def test_a_misfit_of_a_known_name_is_told(
    package: Any, value: dict[str, Any], pointers: list[str]
) -> None:
    with pytest.raises(package.InvalidBody) as caught:
        read(package, value)
    reply = read(package, value, lenient=True)

    assert set(pointers) <= {problem.pointer for problem in caught.value.problems}
    assert pointers == sorted({problem.pointer for problem in reply.problems})
    assert value == reply.data.model_dump(by_alias=True, exclude_unset=True, warnings=False)


@pytest.mark.parametrize("body", [{"q": 1}, {"x-1": "s"}, {"books": {"ada": {"px": 1}}}])
def test_what_is_sent_is_checked(package: Any, body: dict[str, Any]) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    client = package.Client(http=httpx.Client(transport=transport))

    with pytest.raises(package.InvalidRequest):
        client.a(body=body)
    assert {} == client.a(body={"x-1": 1, "books": {"ADA": {"px": 1}}}).model_dump(
        exclude_unset=True
    )


def test_a_lenient_client_reads_undeclared_properties_that_fit(
    client_of: Callable[..., Any],
) -> None:
    package = client_of(
        exchange(
            """
            properties: {a: {type: integer}}
            additionalProperties: {$ref: '#/components/schemas/A'}
            """
        )
    )
    reply = read(package, {"a": "s", "b": {"a": 1}, "c": {"a": "s"}, "d": 1}, lenient=True)

    assert ["/a", "/c/a", "/d"] == [problem.pointer for problem in reply.problems]
    assert 1 == reply.data.extras["b"].a
    assert 1 == reply.data.extras["d"]
