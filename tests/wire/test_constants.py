"""Parameters that the document leaves no choice of: sent always, and asked of nobody."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest

PARAMETERS = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  /{market}/orders/{id}/{view}:
    get:
      operationId: a
      parameters:
        - {name: market, in: path, required: true, schema: {const: spot}}
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: view, in: path, required: true, schema: {type: string, enum: [full]}}
        - {name: version, in: query, required: true, schema: {type: string, enum: ['2']}}
        - {name: kind, in: query, required: true, schema: {$ref: '#/components/schemas/Kind'}}
        - {name: X-Number, in: header, required: true, schema: {type: integer, const: 3}}
        - {name: flag, in: cookie, required: true, schema: {const: true}}
        - {name: is, in: query, required: true, schema: {type: boolean, enum: [false]}}
        - {name: either, in: query, required: true, schema: {enum: [x, null]}}
        - {name: optional, in: query, schema: {const: x}}
        - {name: usual, in: query, schema: {type: string, default: d}}
        - {name: old, in: query, required: true, deprecated: true, schema: {const: o}}
        - {name: open, in: query, required: true, schema: {anyOf: [{const: o}, {type: string}]}}
      responses:
        '200': {description: ok}
components:
  schemas:
    Kind: {type: string, enum: [limit]}
"""


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(PARAMETERS)


def sent(package: Any, *arguments: Any, **keywords: Any) -> httpx.Request:
    found: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        found.append(request)
        return httpx.Response(200)

    async def call() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        await package.AsyncClient(http=http).a(*arguments, **keywords)

    package.Client(http=httpx.Client(transport=httpx.MockTransport(answer))).a(
        *arguments, **keywords
    )
    asyncio.run(call())
    assert found[0].url == found[1].url
    return found[0]


def test_a_required_constant_is_sent_without_being_given(package: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        request = sent(package, "spot", "7", either="x", old="o", open="any")

    assert "/spot/orders/7/full" == request.url.path
    assert {"version": "2", "kind": "limit", "is": "false"}.items() <= request.url.params.items()
    assert {"optional", "usual"}.isdisjoint(request.url.params)
    assert ("3", "flag=true") == (request.headers["X-Number"], request.headers["Cookie"])


def test_parameters_beside_a_constant_stay(client_of: Callable[..., Any]) -> None:
    text = PARAMETERS.replace("/{market}/orders/{id}/{view}", "/orders").replace("path", "query")
    package = client_of(text.replace("query" + "s:", "paths:"))
    known = inspect.signature(package.Client.a).parameters

    assert {"market", "id", "view", "version", "optional", "usual", "old"} < set(known)


def test_it_may_be_given_and_is_checked(package: Any) -> None:
    given = {"either": "x", "old": "o", "open": "any"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        request = sent(package, "spot", "7", "full", version="2", x_number=3, **given)
        with pytest.raises(package.InvalidRequest):
            sent(package, "spot", "7", version="3", **given)
        with pytest.raises(package.InvalidRequest):
            sent(package, "spot", "7", kind=None, **given)

    assert "2" == request.url.params["version"]


def test_what_must_be_given_is_said_by_the_signature(package: Any) -> None:
    for owner in (package.Client, package.AsyncClient, package.RawClient, package.AsyncRawClient):
        known = inspect.signature(owner.a).parameters
        asked = [name for name, p in known.items() if p.default is p.empty]
        # A constant before a part of the path that must be given, or whose use warns, is asked for.
        assert ["self", "market", "id", "either", "old", "open"] == asked
        assert ["market", "id", "view"] == [
            name for name, p in known.items() if p.kind is p.POSITIONAL_OR_KEYWORD
        ][1:]
