"""Values of Python that JSON has no such form for are refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from ..making import exchange

DOCUMENT = exchange(
    """
    properties:
      i: {type: integer}
      n: {type: number}
      c: {const: 1}
      at: {type: string, format: date-time}
      ats: {type: array, items: {type: string, format: date-time}}
      any: {}
      map: {type: object, additionalProperties: {type: integer}}
    """,
    method="post",
    path="/a/{id}",
    request="""
    parameters:
    - {name: id, in: path, required: true, schema: {type: integer}}
    - {name: n, in: query, schema: {type: number}}
    - {name: ns, in: query, schema: {type: array, items: {type: integer}}}
    - {name: u, in: query, schema: {anyOf: [{type: integer}, {type: string}]}}
    - {name: e, in: query, schema: {type: integer, enum: [0, 1]}}
    - {name: b, in: query, schema: {type: boolean}}
    - {name: ib, in: query, schema: {type: [integer, boolean]}}
    - {name: at, in: query, schema: {type: string, format: date-time}}
    - name: day
      in: query
      schema: {anyOf: [{type: string, format: date-time}, {type: string, format: date}]}
    requestBody:
      content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
    """,
)
NAIVE = datetime(2026, 1, 2, 3, 4, 5)
OFFSET = "with its offset from UTC"
BOOLEAN = "a boolean is no number"


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def sent(package: Any, *values: Any, answer: str = "{}", **more: Any) -> httpx.Request:
    found: list[httpx.Request] = []

    def answered(request: httpx.Request) -> httpx.Response:
        found.append(request)
        return httpx.Response(200, text=answer)

    with package.Client(http=httpx.Client(transport=httpx.MockTransport(answered))) as client:
        client.a(*values, **more)
    return found[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": True}, f"id does not fit: {BOOLEAN}"),
        ({"n": False}, f"n does not fit: {BOOLEAN}"),
        ({"ns": [1, True]}, f"ns does not fit: {BOOLEAN}"),
        ({"u": True}, f"u does not fit: {BOOLEAN}"),
        ({"e": True}, f"e does not fit: {BOOLEAN}"),
        ({"body": {"i": True}}, "/i: A boolean is no number"),
        ({"body": {"n": False}}, "/n: A boolean is no number"),
        ({"body": {"c": True}}, "/c: A boolean is no number"),
        ({"body": {"map": {"a/b": True}}}, "/map/a~1b: A boolean is no number"),
        ({"at": NAIVE}, OFFSET),
        ({"at": date(2026, 1, 2)}, OFFSET),
        ({"day": NAIVE}, OFFSET),
        ({"body": {"at": NAIVE}}, f"/at: Not a timestamp as it is written in JSON, {OFFSET}"),
        ({"body": {"ats": [NAIVE]}}, "/ats/0: Not a timestamp"),
    ],
)
def test_what_has_no_such_form_is_refused(package: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(package.InvalidRequest) as caught:
        sent(package, **{"id": 7, **given})

    assert said in str(caught.value)


def test_a_naive_moment_of_a_model_is_refused(package: Any) -> None:
    with pytest.raises(package.InvalidRequest, match="offset"):
        sent(package, 7, body=package.A(at=NAIVE))


@pytest.mark.parametrize(
    ("given", "target", "body"),
    [
        ({"b": True, "ib": False}, "/a/7?b=true&ib=false", b""),
        ({"body": {"any": [True, {"x": False}]}}, "/a/7", b'{"any":[true,{"x":false}]}'),
        ({"day": date(2026, 1, 2)}, "/a/7?day=2026-01-02", b""),
        (
            {"at": NAIVE.replace(tzinfo=timezone(timedelta(hours=-5)))},
            "/a/7?at=2026-01-02T03%3A04%3A05-05%3A00",
            b"",
        ),
        ({"at": "2026-01-02T03:04:05"}, "/a/7?at=2026-01-02T03%3A04%3A05", b""),
    ],
)
def test_what_has_one_is_sent(package: Any, given: Any, target: str, body: bytes) -> None:
    request = sent(package, 7, **given)

    assert (target.encode(), body) == (request.url.raw_path, request.content)


@pytest.mark.parametrize("fraction", ["", ".5", ".123456", ".123456789", ".000000"])
def test_what_was_read_without_an_offset_is_sent_as_it_was_read(
    package: Any, fraction: str
) -> None:
    text = f'{{"at":"2026-01-02T03:04:05{fraction}"}}'
    read = package.A.model_validate_json(text)

    assert read.at.tzinfo is None
    assert NAIVE == read.at.replace(microsecond=0)
    assert text.encode() == sent(package, 7, body=read).content
    assert text.encode() == sent(package, 7, body={"at": read.at}).content
