"""Values that are no strings, in places of text: plain bodies, and headers that hold JSON."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
%s
  /named:
    get:
      operationId: named
      responses:
        '200':
          description: ok
          headers:
            X-Name: {content: {application/json: {schema: {type: string}}}}
            X-Count: {content: {application/json: {schema: {type: integer}}}}
            X-List: {content: {application/json: {schema: {type: array, items: {type: string}}}}}
            X-Plain: {schema: {type: string}}
            X-Text: {content: {text/plain: {schema: {type: string}}}}
"""
TYPES = {
    "count": "{type: integer}",
    "ratio": "{type: number}",
    "exact": "{type: number, format: decimal}",
    "flag": "{type: boolean}",
    "either": "{type: [integer, boolean]}",
    "text": "{type: string}",
    "mixed": "{type: [integer, string]}",
    "small": "{type: integer, minimum: 1}",
}
PATH = """
  /{0}:
    post:
      operationId: {0}
      requestBody: {{required: true, content: {{text/plain: {{schema: {1}}}}}}}
      responses: {{'200': {{description: ok, content: {{text/plain: {{schema: {1}}}}}}}}}
"""


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT % "".join(PATH.format(*item) for item in TYPES.items()))


def exchange(package: Any, name: str, *body: Any, **answer: Any) -> tuple[list[Any], Any]:
    sent: list[httpx.Request] = []

    def answered(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, **answer)

    with package.Client(http=httpx.Client(transport=httpx.MockTransport(answered))) as client:
        reply = getattr(client.raw, name)(**({"body": body[0]} if body else {}))
    return sent, reply


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("count", 7, "7"),
        ("count", -(10**30), f"-1{'0' * 30}"),
        ("ratio", 1.5, "1.5"),
        ("exact", Decimal("1.10"), "1.10"),
        ("flag", True, "true"),
        ("flag", False, "false"),
        ("either", 3, "3"),
        ("either", True, "true"),
        ("text", "7", "7"),
        ("mixed", "seven", "seven"),
    ],
)
def test_a_plain_body_is_typed_both_ways(package: Any, name: str, value: Any, text: str) -> None:
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    [sent], reply = exchange(package, name, value, text=f"{text}", headers=plain)

    assert text.encode() == sent.content
    assert "text/plain" == sent.headers["Content-Type"].partition(";")[0]
    assert (value, type(value)) == (reply.data, type(reply.data))


@pytest.mark.parametrize(
    ("name", "value"), [("count", "x"), ("count", True), ("flag", "perhaps"), ("small", 0)]
)
def test_what_does_not_fit_is_not_sent(package: Any, name: str, value: Any) -> None:
    with pytest.raises(package.InvalidRequest):
        exchange(package, name, value)


@pytest.mark.parametrize("text", ["", "seven", "7 8", "<html>"])
def test_what_does_not_fit_is_told(package: Any, text: str) -> None:
    with pytest.raises(package.InvalidBody) as caught:
        exchange(package, "count", 1, text=text)

    assert text == caught.value.response.text


def test_headers_that_hold_json(package: Any) -> None:
    headers = {
        "X-Name": '"a, b"',
        "X-Count": "7",
        "X-List": '["a,b", "c"]',
        "X-Plain": '"p"',
        "X-Text": '"t"',
    }
    _, reply = exchange(package, "named", headers=headers)
    found = reply.header

    assert ("a, b", 7, ["a,b", "c"]) == (found.x_name, found.x_count, found.x_list)
    assert ('"p"', '"t"') == (found.x_plain, found.x_text)


@pytest.mark.parametrize("text", ["plain", '"a', "7"])
def test_a_header_that_holds_other_json_or_none_is_none(package: Any, text: str) -> None:
    _, reply = exchange(package, "named", headers={"X-Name": text, "X-Count": "7"})

    assert (None, 7) == (reply.header.x_name, reply.header.x_count)
