"""Credentials and what else a request has in the same place: arguments, cookies, redirects."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from ..clients.loopback import Answer, Sent, venue

Call = Callable[..., Any]
DOCUMENT = """
openapi: 3.1.0
info: {title: Beside, version: '1'}
servers: [{url: 'https://beside.test'}]
paths:
  /cookie:
    get:
      operationId: cookie
      security: [{cookie_key: []}]
      parameters:
        - {name: lang, in: cookie, schema: {type: string}}
        - {name: sid, in: cookie, schema: {type: string}}
      responses: {'204': {description: Done}}
  /free:
    get:
      operationId: free
      security: []
      parameters: [{name: lang, in: cookie, schema: {type: string}}]
      responses: {'204': {description: Done}}
  /header:
    get:
      operationId: header
      security: [{header_key: []}]
      parameters:
        - {name: x-api-key, in: header, required: true, schema: {type: string}}
        - {name: page, in: query, schema: {type: integer}}
      responses: {'204': {description: Done}}
  /either:
    get:
      operationId: either
      security: [{header_key: []}, {query_key: []}]
      parameters:
        - {name: x-api-key, in: header, schema: {type: string}}
        - {name: 'key[]', in: query, schema: {type: string}}
      responses: {'204': {description: Done}}
  /query:
    get:
      operationId: query
      security: [{query_key: []}]
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: 'key[]', in: query, schema: {type: string}}
      responses: {'204': {description: Done}}
  /signed:
    get:
      operationId: signed
      security: [{sign: []}]
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: ts, in: query, schema: {type: integer}}
        - {name: x-sign, in: header, schema: {type: string}}
      responses: {'204': {description: Done}}
    put:
      operationId: upload
      security: [{sign: []}]
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Done}}
  /secrets:
    get:
      operationId: secrets
      security: []
      parameters:
        - name: form
          in: query
          schema: {type: object, properties: {pin: {$ref: '#/components/schemas/Pin'}, page: {type: integer}}}
        - name: deep
          in: query
          style: deepObject
          schema: {type: object, properties: {pin: {$ref: '#/components/schemas/Pin'}}}
        - {name: pins, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Pin'}}}
        - name: joined
          in: query
          explode: false
          schema: {type: object, properties: {pin: {$ref: '#/components/schemas/Pin'}}}
        - name: json
          in: query
          content: {application/json: {schema: {type: object, additionalProperties: {writeOnly: true}}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Pin: {type: string, format: password}
  securitySchemes:
    cookie_key: {type: apiKey, in: cookie, name: sid}
    header_key: {type: apiKey, in: header, name: X-API-Key}
    query_key: {type: apiKey, in: query, name: 'key[]'}
    sign:
      type: apiKey
      in: header
      name: X-Sign
      x-signature:
        algorithm: hmac-sha256
        key: {name: secret}
        message: '{method}{target}{body}'
        timestamp: ms
        encoding: hex
        query: {ts: '{timestamp}'}
        headers: {X-Sign: '{signature}'}
"""  # noqa: E501 - one parameter a line
KEYS = {"cookie_key": "c-1", "header_key": "h-1", "query_key": "q=1&ü", "secret": "s-1"}
QUERY_KEY = "key%5B%5D=q%3D1%26%C3%BC"


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def _sent(
    package: Any,
    call: Call,
    use: Callable[[Any], Any],
    *answers: Answer,
    base: str = "",
    **more: Any,
) -> list[Sent]:
    with venue(*(answers or [Answer(204)])) as here:
        call(package, here.url + base, use, **{**KEYS, **more})
    return here.sent


# Cookies.


def test_cookies_of_the_http_client_go_too(package: Any) -> None:
    kept = {"sid": "old", "mine": "1", "lang": "fr"}
    with venue(Answer(204)) as here, httpx.Client(cookies=kept) as http:
        client = package.Client(here.url, **KEYS, http=http)
        client.cookie()
        client.free(lang="de")
        client.free()

    found = [set((sent.value("Cookie") or "").split("; ")) for sent in here.sent]
    assert {"sid=c-1", "mine=1", "lang=fr"} == found[0]
    assert {"sid=old", "mine=1", "lang=de"} == found[1]
    assert {"sid=old", "mine=1", "lang=fr"} == found[2]


def test_a_session_that_the_venue_began_goes_on(package: Any, call: Call) -> None:
    def twice(client: Any) -> Any:
        first = client.cookie(lang="de")
        if first is None:
            return client.cookie(lang="de")

        async def both() -> None:
            await first
            await client.cookie(lang="de")

        return both()

    sent = _sent(package, call, twice, Answer(204, headers={"Set-Cookie": "session=7; Path=/"}))

    assert ["lang=de; sid=c-1", "lang=de; sid=c-1; session=7"] == [s.value("Cookie") for s in sent]


# Arguments.


def test_what_a_credential_writes_is_no_argument(package: Any, call: Call) -> None:
    [sent] = _sent(package, call, lambda client: client.header(page=1))
    assert (["h-1"], "page=1") == (sent.values("X-API-Key"), sent.query)
    assert ["page", "return"] == list(package.Client.header.__annotations__)
    assert ["page", "return"] == list(package.Client.query.__annotations__)
    assert ["lang", "return"] == list(package.Client.cookie.__annotations__)
    assert ["page", "return"] == list(package.Client.signed.__annotations__)


@pytest.mark.parametrize(
    ("keys", "header", "query"),
    [
        ({"header_key": "h-1"}, ["h-1"], "key%5B%5D=mine"),
        ({"query_key": "q-1"}, ["mine"], "key%5B%5D=q-1"),
    ],
)
def test_what_only_one_alternative_writes_is_there_once(
    package: Any, call: Call, keys: dict[str, str], header: list[str], query: str
) -> None:
    given = {"x_api_key": "mine", "key": "mine"}
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.either(**given), **keys)

    assert (header, query) == (here.sent[0].values("X-API-Key"), here.sent[0].query)


# Redirects that name the query again, as those to a path with a slash do.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("name", ["key%5B%5D", "key[]"])
def test_a_redirect_does_not_double_a_key(package: Any, call: Call, status: int, name: str) -> None:
    there = f"/v1/query/?flag&page=1&{name}=q%3D1%26%C3%BC&b"
    moved = Answer(status, headers={"Location": there})
    sent = _sent(package, call, lambda c: c.query(page=1), moved, Answer(204), base="/v1")

    assert f"/v1/query?page=1&{QUERY_KEY}" == sent[0].target
    assert f"/v1/query/?flag&page=1&b&{QUERY_KEY}" == sent[1].target


def test_a_redirect_is_signed_anew_and_once(package: Any, call: Call) -> None:
    moved = Answer(307, headers={"Location": "/signed/?page=1&ts=5"})
    moments = iter([1.0, 2.0])
    sent = _sent(
        package, call, lambda c: c.signed(page=1), moved, Answer(204), clock=lambda: next(moments)
    )

    assert ["/signed?page=1&ts=1000", "/signed/?page=1&ts=2000"] == [s.target for s in sent]
    for one in sent:
        expected = hmac.new(b"s-1", f"GET{one.target}".encode(), "sha256").hexdigest()
        assert [expected] == one.values("X-Sign")


# Bodies from an asynchronous iterator, which a signature needs as a whole.


async def _pieces() -> AsyncIterator[bytes]:
    yield b"by"
    yield b"tes"


def test_what_is_awaited_is_signed_as_it_is_sent(package: Any) -> None:
    async def send(url: str) -> None:
        async with package.AsyncClient(url, **KEYS) as client:
            await client.upload(body=_pieces())

    with venue(Answer(204)) as here:
        asyncio.run(send(here.url))

    [sent] = here.sent
    message = f"PUT{sent.target}".encode() + b"bytes"
    assert (b"bytes", "5") == (sent.body, sent.value("Content-Length"))
    assert hmac.new(b"s-1", message, "sha256").hexdigest() == sent.value("X-Sign")


# Secrets inside of arguments.


def test_secrets_inside_of_arguments_are_not_shown(package: Any, call: Call) -> None:
    pin = {"pin": "p1n"}
    given = {"form": {**pin, "page": 2}, "deep": pin, "pins": ["p1n"], "joined": pin, "json": pin}
    with venue(Answer(204)) as here:
        reply = call(package, here.url, lambda client: client.raw.secrets(**given))

    assert (
        f"{here.url}/secrets?pin=***&page=2&deep%5Bpin%5D=***&pins=***&joined=***&json=***"
        == str(reply.http.url)
    )
    assert 5 == here.sent[0].query.count("p1n")
