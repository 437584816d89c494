"""The client of a plain document lacks nothing: what is left out of its runtime is not needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..making import write_client

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
security: [{key: [], secret: []}]
paths:
  /orders:
    delete:
      operationId: cancel
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Order'}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    secret: {type: apiKey, in: header, name: X-Secret}
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string}
        at: {type: string, format: date-time}
"""
KEYS = {"key": "k", "secret": "s"}


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def answering(package: Any, answer_with: dict[str, Any], **options: Any) -> Any:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, **answer_with)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = package.Client(http=http, **{**KEYS, **options})
    client.sent = sent
    return client


def test_a_caller_extends_a_model_that_was_never_used(package: Any) -> None:
    class Mine(package.models.Order):
        note: str = ""

    mine = Mine.model_validate({"id": "1", "at": "2026-11-21T10:00:00Z", "new": 5})

    assert ("1", "", {"new": 5}) == (mine.id, mine.note, mine.model_extra)
    assert isinstance(mine.at, datetime)


@pytest.mark.parametrize("lacking", [{"key": None}, {"secret": ""}, {"key": None, "secret": None}])
def test_nothing_is_sent_without_all_that_is_needed(package: Any, lacking: Any) -> None:
    client = answering(package, {"json": []}, **lacking)

    with pytest.raises(package.MissingCredentials, match=r"^cancel needs key and secret; nothing"):
        client.cancel()
    assert [] == client.sent


def test_a_caller_may_authenticate_by_himself(package: Any) -> None:
    client = answering(package, {"json": []}, key=None, authenticate=False)

    assert [] == client.cancel()
    assert "x-secret" not in client.sent[0].headers


@pytest.mark.parametrize("key", ["a\nb", " a", "\u00e9"])
def test_a_key_that_no_header_can_carry_is_not_shown(package: Any, key: str) -> None:
    client = answering(package, {"json": []}, key=key)

    with pytest.raises(package.InvalidRequest, match=r"^key holds what no header can carry$"):
        client.cancel()
    assert [] == client.sent


def test_an_answer_that_cannot_be_decoded_is_kept(package: Any) -> None:
    headers = {"content-encoding": "gzip", "x-request-id": "7"}
    stream = httpx.ByteStream(b"[] no gzip")
    client = answering(package, {"headers": headers, "stream": stream})

    with pytest.raises(package.InvalidBody) as caught:
        client.cancel()

    assert b"[] no gzip" == caught.value.response.content
    assert "7" == caught.value.response.headers["x-request-id"]
    assert "DELETE" == caught.value.response.request.method


def test_what_fits_is_read_and_what_is_missing_is_told(package: Any) -> None:
    body = [{"at": "2026-11-21T10:00:00Z"}, {"id": "1", "at": 5}]
    client = answering(package, {"json": body}, lenient=True)

    reply = client.raw.cancel()

    assert [(None, 2026), ("1", 5)] == [(o.id, getattr(o.at, "year", o.at)) for o in reply.data]
    assert ["/0/id", "/1/at"] == [problem.pointer for problem in reply.problems]


@pytest.mark.parametrize("location", ["http://[::1", "mailto:x@example.com"])
def test_a_redirect_to_no_address_is_an_error_of_the_client(package: Any, location: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": location})

    client = package.Client(http=httpx.Client(transport=httpx.MockTransport(answer)), **KEYS)
    with pytest.raises(package.TransportError) as caught:
        client.cancel()

    assert caught.value.may_have_taken_effect
    assert "X-Key" not in caught.value.__cause__.request.headers


def test_a_listing_of_links_has_nothing_for_arguments(tmp_path: Path) -> None:
    operation = "operationId: cancel"
    listing = f"{operation}\n      x-pagination: {{kind: link, items: ''}}"
    text = DOCUMENT.replace("delete:", "get:").replace(operation, listing)
    package = write_client(text, tmp_path)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F401,F821,F841"]
    done = subprocess.run([*command, package], capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr


def test_what_is_no_tuple_is_told_of_at_its_place(client_of: Callable[..., Any]) -> None:
    row = "{type: array, prefixItems: [{type: string}, {type: integer}], items: false, minItems: 2}"
    package = client_of(DOCUMENT.replace("id: {type: string}", f"id: {row}"))
    client = answering(package, {"json": [{"id": 5}]})

    with pytest.raises(package.InvalidBody) as raised:
        client.cancel()

    assert {"/0/id"} == {problem.pointer for problem in raised.value.problems}
