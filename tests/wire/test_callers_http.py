"""A caller's own HTTP client: its parameters, hooks and headers beside what the client sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..clients.loopback import Answer, venue

DOCUMENT = """
openapi: 3.1.0
info: {title: Orders, version: "1"}
servers: [{url: https://orders.example}]
paths:
  /orders:
    delete:
      operationId: cancelOrders
      parameters:
        - {name: symbol, in: query, schema: {type: string}}
        - {name: venue, in: query, schema: {type: string}}
      responses: &texts
        "200":
          description: ok
          content: {application/json: {schema: {type: array, items: {type: string}}}}
    get:
      operationId: listOrders
      x-pagination: {kind: link}
      parameters:
        - {name: symbol, in: query, schema: {type: string}}
      responses: *texts
"""
KEYED = (
    DOCUMENT.replace("paths:", "security: [{key: []}]\npaths:", 1)
    + """
components:
  securitySchemes: {key: {type: apiKey, in: query, name: apikey}}
"""
)


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Use a client with an HTTP client of the caller's."""

    def through(package: Any, url: str, what: Any, http: dict[str, Any], **given: Any) -> Any:
        with httpx.Client(**http) as own:
            return what(package.Client(url, http=own, **given))

    def awaited(package: Any, url: str, what: Any, http: dict[str, Any], **given: Any) -> Any:
        async def run() -> Any:
            async with httpx.AsyncClient(**http) as own:
                return await what(package.AsyncClient(url, http=own, **given))

        return asyncio.run(run())

    return through if request.param == "sync" else awaited


@pytest.mark.parametrize("document", [DOCUMENT, KEYED], ids=["open", "keyed"])
def test_its_parameters_replace_none_of_an_operation(
    client_of: Callable[..., Any], use: Callable[..., Any], document: str
) -> None:
    """httpx puts those of a client in place of a query: a cancel for one symbol hit all."""
    package = client_of(document)
    key = {"key": "k"} if document == KEYED else {}
    with venue(Answer.json(200, [])) as here:
        http = {"params": {"partner": "a b", "symbol": "ALL"}}
        use(package, here.url, lambda c: c.cancel_orders(symbol="A&B", venue="x/ü"), http, **key)
        use(package, here.url, lambda c: c.list_orders(), http, **key)

    first, second = [sent.target for sent in here.sent]
    expected = "&apikey=k" * bool(key)
    assert f"/orders?symbol=A%26B&venue=x%2F%C3%BC{expected}&partner=a+b" == first
    assert f"/orders?{expected[1:]}{'&' * bool(key)}partner=a+b&symbol=ALL" == second


def test_nor_those_of_a_page_or_of_a_redirect(
    client_of: Callable[..., Any], use: Callable[..., Any]
) -> None:
    package = client_of(KEYED)
    pages = [
        Answer(302, b"", {"Location": "/orders?moved=1"}),
        Answer.json(200, ["a"], Link="</orders?page=2&partner=b>; rel=next"),
        Answer.json(200, ["b"]),
    ]
    with venue(*pages) as here:
        found = use(
            package, here.url, lambda c: c.paged.list_orders(symbol="A").all(),
            {"params": {"partner": "p"}}, key="k",
        )  # fmt: skip

    assert ["a", "b"] == found
    assert [
        "/orders?symbol=A&apikey=k&partner=p",
        "/orders?moved=1&apikey=k&partner=p",
        "/orders?page=2&partner=b&apikey=k",
    ] == [sent.target for sent in here.sent]


def test_its_hook_may_read_the_body(
    client_of: Callable[..., Any], use: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    """The way httpx documents to log answers; the connection may serve another call by then."""
    seen: list[bytes] = []

    def read(response: httpx.Response) -> None:
        seen.append(response.read())

    async def awaited(response: httpx.Response) -> None:
        seen.append(await response.aread())

    hook: Any = awaited if "async" in request.node.name else read
    with venue(Answer.json(200, ["x"])) as here:
        http = {"event_hooks": {"response": [hook]}}
        found = use(client_of(DOCUMENT), here.url, lambda c: c.cancel_orders(), http)

    assert ["x"] == found
    assert [b'["x"]'] == seen


def test_what_was_closed_stays_closed(client_of: Callable[..., Any]) -> None:
    """Also where nothing was called before: a connection would be left that nobody closes."""
    package = client_of(DOCUMENT)
    with venue(Answer.json(200, [])) as here:
        with package.Client(here.url) as client:
            pass
        with pytest.raises(RuntimeError, match="closed"):
            client.cancel_orders()

        async def close_and_call() -> None:
            async with package.AsyncClient(here.url) as unused:
                pass
            await unused.cancel_orders()

        with pytest.raises(RuntimeError, match="closed"):
            asyncio.run(close_and_call())
    assert not here.sent
