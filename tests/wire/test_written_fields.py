"""What a signature or a credential writes itself is asked of nobody, and checked all the same."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
security: [{sign: []}]
paths:
  /orders:
    post:
      operationId: order
      parameters:
        - {name: x-sign, in: header, required: true, schema: {type: string}}
        - {name: ts, in: query, required: true, schema: {type: integer}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Order'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Order'}}
      responses: {'204': {description: ok}}
  /either:
    post:
      operationId: either
      security: [{sign: []}, {bearer: []}]
      parameters:
        - {name: X-SIGN, in: header, required: true, schema: {type: string}}
        - {name: size, in: query, required: true, schema: {type: integer}}
        - {name: ts, in: query, schema: {type: integer}}
      responses: {'204': {description: ok}}
  /shared:
    post:
      operationId: shared
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Shared'}}}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Shared'}}}
components:
  schemas:
    Order:
      type: object
      required: [nonce, symbol]
      properties: {nonce: {type: string}, symbol: {type: string}}
    Shared:
      type: object
      required: [nonce]
      properties: {nonce: {type: string}}
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    sign:
      type: apiKey
      in: header
      name: X-SIGN
      x-signature:
        algorithm: hmac-sha256
        key: {name: secret}
        message: '{query}{body}'
        encoding: hex
        headers: {X-SIGN: '{signature}'}
        query: {ts: '{timestamp}'}
        body: {nonce: '{nonce}'}
"""


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


@pytest.fixture(params=["sync", "async"])
def sent(request: pytest.FixtureRequest, package: Any) -> Callable[..., httpx.Request]:
    """What the call of an operation sends."""

    def send(use: Callable[[Any], Any], **keys: Any) -> httpx.Request:
        found: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            found.append(request)
            return httpx.Response(204)

        transport = httpx.MockTransport(answer)

        async def awaited() -> None:
            http = httpx.AsyncClient(transport=transport)
            await use(package.AsyncClient(http=http, nonce=lambda: "7", **keys))

        if request.param == "async":
            asyncio.run(awaited())
        else:
            http = httpx.Client(transport=transport)
            use(package.Client(http=http, nonce=lambda: "7", **keys))
        return found[0]

    return send


def test_a_field_that_the_signature_writes_need_not_be_given(
    package: Any, sent: Callable[..., httpx.Request]
) -> None:
    for body in ({"symbol": "ADA"}, package.Order(symbol="ADA"), {"symbol": "ADA", "nonce": "1"}):
        request = sent(lambda c, body=body: c.order(body=body), secret="s")
        form = sent(
            lambda c, body=body: c.order(
                body=body, content_type="application/x-www-form-urlencoded"
            ),
            secret="s",
        )

        assert {"symbol": "ADA", "nonce": "7"} == json.loads(request.content)
        assert {"symbol": ["ADA"], "nonce": ["7"]} == parse_qs(form.content.decode())
        assert request.headers["X-SIGN"]
    assert ["self", "body", "content_type"] == list(
        inspect.signature(package.Client.order).parameters
    )


def test_all_else_is_still_asked_for(package: Any, sent: Callable[..., httpx.Request]) -> None:
    with pytest.raises(package.InvalidRequest, match="symbol"):
        sent(lambda c: c.order(body={"nonce": "1"}), secret="s")
    with pytest.raises(package.InvalidRequest, match="nonce"):
        sent(lambda c: c.shared(body={}), secret="s")  # whose class is read too


def test_what_one_alternative_writes_is_optional(
    package: Any, sent: Callable[..., httpx.Request]
) -> None:
    signed = sent(lambda c: c.either(size=1), secret="s")
    given = sent(lambda c: c.either(size=1, ts=5, x_sign="mine"), secret="s")
    borne = sent(lambda c: c.either(size=1, x_sign="mine"), bearer="b")

    assert 64 == len(signed.headers["X-SIGN"]) == len(given.headers["X-SIGN"])
    assert 1 == len(given.url.params.get_list("ts"))
    assert ["5"] != given.url.params.get_list("ts")
    assert ("mine", "Bearer b") == (borne.headers["X-SIGN"], borne.headers["Authorization"])
    assert ["self", "size"] == [
        name
        for name, p in inspect.signature(package.Client.either).parameters.items()
        if p.default is p.empty
    ]
