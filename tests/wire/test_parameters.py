"""Parameters on the wire, as the Style Examples of OpenAPI 3.0.4, 3.1.1 and 3.2 show them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_core import OpenAPI

from venuekit import sources
from venuekit.config import Names
from venuekit.diagnostics import Report

from ..clients.judge import Judged
from ..clients.loopback import Answer, Sent, venue

# The columns of the specification's table, and its values.
VALUES: dict[str, Any] = {
    "string": "blue",
    "array": ["blue", "black", "brown"],
    "object": {"R": 100, "G": 200, "B": 150},
}
SCHEMAS: dict[str, str] = {
    "string": "{type: string}",
    "array": "{type: array, items: {type: string}}",
    "object": "{type: object, properties: {R: {type: integer}, G: {type: integer},"
    " B: {type: integer}}}",
}
# Where, style, explode; then a cell for each column, None where the table has n/a.
TABLE: list[tuple[str, str, bool, str | None, str | None, str | None]] = [
    ("path", "matrix", False, ";color=blue", ";color=blue,black,brown",
     ";color=R,100,G,200,B,150"),
    ("path", "matrix", True, ";color=blue", ";color=blue;color=black;color=brown",
     ";R=100;G=200;B=150"),
    ("path", "label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("path", "label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("path", "simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("path", "simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("header", "simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("header", "simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("query", "form", False, "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("query", "form", True, "color=blue", "color=blue&color=black&color=brown",
     "R=100&G=200&B=150"),
    ("query", "spaceDelimited", False, None, "color=blue%20black%20brown",
     "color=R%20100%20G%20200%20B%20150"),
    ("query", "pipeDelimited", False, None, "color=blue%7Cblack%7Cbrown",
     "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("query", "deepObject", True, None, None,
     "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    ("cookie", "form", False, "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    # In a cookie, pairs are joined as RFC 6265 has it (Appendix D); & is never right there.
    ("cookie", "form", True, "color=blue", "color=blue; color=black; color=brown",
     "R=100; G=200; B=150"),
    ("cookie", "cookie", True, "color=blue", "color=blue; color=black; color=brown",
     "R=100; G=200; B=150"),
]  # fmt: skip
CELLS = [
    pytest.param(where, style, explode, kind, cell, id=f"{where}-{style}-{explode}-{kind}")
    for where, style, explode, *cells in TABLE
    for kind, cell in zip(VALUES, cells, strict=True)
    if cell is not None
]
# openapi-core 0.23 knows no 3.2, and looks for exploded objects under their own name.
JUDGED = {("query", "form"), ("query", "deepObject"), ("cookie", "form"), ("header", "simple"),
          ("query", "spaceDelimited"), ("query", "pipeDelimited")}  # fmt: skip


def _name(where: str, style: str, explode: bool, kind: str) -> str:
    return f"{where}_{style}_{explode}_{kind}".lower()


def _document() -> str:
    """A document with an operation for each cell, and some more."""
    paths: list[str] = []
    for where, style, explode, *cells in TABLE:
        for kind, cell in zip(VALUES, cells, strict=True):
            if cell is None:
                continue
            name = _name(where, style, explode, kind)
            path = f"/{name}/{{color}}" if where == "path" else f"/{name}"
            paths.append(
                f"  {path}:\n    get:\n      operationId: {name}\n      parameters:\n"
                f"        - {{name: color, in: {where}, required: true, style: {style},"
                f" explode: {str(explode).lower()}, schema: {SCHEMAS[kind]}}}\n"
                "      responses: {'204': {description: done}}\n"
            )
    return (
        "openapi: 3.2.0\ninfo: {title: Styles, version: '1'}\n"
        "servers: [{url: 'http://styles.test'}]\nsecurity: []\npaths:\n" + "".join(paths)
    )


DOCUMENT = _document()
OTHERS = """
openapi: 3.2.0
info: {title: Others, version: '1'}
servers: [{url: 'http://others.test'}]
security: []
paths:
  /wire:
    parameters:
      - {name: x-trace, in: header, schema: {type: integer}}
    get:
      operationId: wire
      parameters:
        - {name: X-Trace, in: header, schema: {type: string, format: uuid}}
        - {name: Accept, in: header, schema: {type: string}}
        - {name: content-type, in: header, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: texts, in: query, explode: false, schema: {type: array, items: {type: [string, 'null']}}}
        - {name: day, in: query, schema: {type: string, format: date}}
        - {name: at, in: query, schema: {type: string, format: date-time}}
        - {name: price, in: query, schema: {type: string, format: decimal}}
        - {name: number, in: query, schema: {type: number}}
        - {name: flag, in: query, schema: {type: boolean, default: true}}
        - {name: side, in: query, schema: {type: string, enum: [buy, sell]}}
        - {name: empty, in: query, allowEmptyValue: true, schema: {type: integer}}
        - {name: reserved, in: query, allowReserved: true, schema: {type: string}}
        - {name: 'odd [name]&=', in: query, schema: {type: string}}
        - {name: where, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: X-Where, in: header, content: {application/json: {schema: {type: object}}}}
        - {name: crumb, in: cookie, content: {application/json: {schema: {type: array}}}}
        - {name: raw, in: cookie, style: cookie, schema: {type: string}}
        - {name: X-List, in: header, schema: {type: array, items: {type: string}}}
        - {name: piped, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object}}
      responses: {'204': {description: done}}
    delete:
      operationId: wipe
      parameters:
        - {name: ids, in: query, schema: {type: array, items: {type: string}}}
      responses: {'204': {description: done}}
    query:
      operationId: asked
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: done}}
    additionalOperations:
      PURGE:
        operationId: purge
        responses: {'204': {description: done}}
  /twice/{id}/and/{id}:
    get:
      operationId: twice
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: done}}
  /v1/{+name}/{label}/{matrix}:
    get:
      operationId: odd
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: label, in: path, required: true, style: label, schema: {type: string}}
        - {name: matrix, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: string}}}
      responses: {'204': {description: done}}
  /v2/{name=shelves/*}/books/{bookId}:
    get:
      operationId: book
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: book, in: path, required: true, schema: {type: integer}}
      responses: {'204': {description: done}}
  /json/{where}:
    get:
      operationId: whereabouts
      parameters:
        - {name: where, in: path, required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: done}}
  /form:
    get:
      operationId: metadata
      parameters:
        - name: metadata
          in: querystring
          content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {foo: {type: string}, bar: {type: boolean}}}}}
      responses: {'204': {description: done}}
  /foo:
    get:
      operationId: by_json
      parameters:
        - {name: json, in: querystring, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: done}}
    post:
      operationId: by_path
      parameters:
        - {name: selector, in: querystring, content: {application/jsonpath: {schema: {type: string}}}}
      responses: {'204': {description: done}}
"""  # noqa: E501 - one parameter a line


def _part(sent: Sent, where: str, name: str) -> str | None:
    match where:
        case "path":
            return sent.path.removeprefix(f"/{name}/")
        case "header":
            return sent.value("color")
        case "cookie":
            return sent.value("Cookie")
        case _:
            return sent.query


@pytest.mark.parametrize(("where", "style", "explode", "kind", "cell"), CELLS)
def test_style_examples(
    client_of: Any, call: Any, where: str, style: str, explode: bool, kind: str, cell: str
) -> None:
    name = _name(where, style, explode, kind)
    with venue(Answer(204)) as here:
        use = {"color": VALUES[kind]} if where != "path" else {}
        at = [VALUES[kind]] if where == "path" else []
        call(client_of(DOCUMENT), here.url, lambda client: getattr(client, name)(*at, **use))
    (sent,) = here.sent

    assert cell == _part(sent, where, name)
    if (where, style) in JUDGED and (kind != "object" or style == "deepObject" or not explode):
        _judge(sent)


@cache
def _judging() -> OpenAPI:
    document: Any = sources.read(DOCUMENT, "styles.yaml", Report())
    plain = json.loads(json.dumps(document))
    plain["openapi"] = "3.1.0"
    plain["paths"] = {k: v for k, v in plain["paths"].items() if "cookie_cookie" not in k}
    return OpenAPI.from_dict(plain)


def _judge(sent: Sent) -> None:
    _judging().validate_request(Judged("http://styles.test", sent))  # pyright: ignore[reportUnknownMemberType]  # untyped there


def _sent(client_of: Any, call: Any, use: Callable[[Any], Any]) -> Sent:
    with venue(Answer(204)) as here:
        call(client_of(OTHERS), here.url, use)
    (sent,) = here.sent
    return sent


@pytest.mark.parametrize(
    ("given_", "query"),
    [
        ({}, ""),
        ({"texts": ["a,b", None, "", "é"]}, "texts=a%2Cb,,%C3%A9"),
        ({"texts": []}, ""),
        ({"day": date(2026, 1, 2)}, "day=2026-01-02"),
        ({"at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}, "at=2026-01-02T03%3A04%3A05Z"),
        ({"price": Decimal("1.50")}, "price=1.50"),
        ({"number": 1}, "number=1"),
        ({"number": 1.0}, "number=1"),
        ({"number": 1e22}, "number=1e%2B22"),
        ({"number": 1e-7}, "number=1e-7"),
        ({"number": 1e-5}, "number=0.00001"),
        ({"number": 1e16}, "number=10000000000000000"),
        ({"number": -0.5}, "number=-0.5"),
        ({"flag": False}, "flag=false"),
        ({"side": "buy"}, "side=buy"),
        ({"empty": ""}, "empty="),
        ({"empty": 5}, "empty=5"),
        # RFC 6570, section 3.2.3; # would end the query, and a bare % is no triplet.
        ({"reserved": "a:/?[]@!$&'()*+,;=%41%#é"}, "reserved=a:/?[]@!$&'()*+,;=%41%25%23%C3%A9"),
        ({"odd_name": "~-._"}, "odd%20%5Bname%5D%26%3D=~-._"),
        ({"where": {"a": [1, None], "é": 2}},
         "where=%7B%22a%22%3A%5B1%2Cnull%5D%2C%22%C3%A9%22%3A2%7D"),
        ({"deep": {"a": {"b": 1}, "c": None}}, "deep%5Ba%5D%5Bb%5D=1"),
    ],
)  # fmt: skip
def test_wire_forms(client_of: Any, call: Any, given_: dict[str, Any], query: str) -> None:
    sent = _sent(client_of, call, lambda client: client.wire(**given_))

    assert ("/wire", query) == (sent.path, sent.query)


def test_headers_and_cookies(client_of: Any, call: Any) -> None:
    number = uuid.UUID(int=7)
    arguments = {"x_trace": number, "x_where": {"é": 1}, "crumb": ["a", 1], "raw": "a%2Cb!"}
    sent = _sent(client_of, call, lambda client: client.wire(**arguments))

    assert [str(number)] == sent.values("X-Trace")
    assert '{"\\u00e9":1}' == sent.value("X-Where")
    assert "crumb=%5B%22a%22%2C1%5D; raw=a%2Cb!" == sent.value("Cookie")


def test_ignored_headers_are_no_parameters(client_of: Any) -> None:
    code = client_of(OTHERS).Client.wire.__code__

    assert not {"accept", "content_type", "authorization"} & set(code.co_varnames)


@pytest.mark.parametrize(
    "arguments",
    [
        {"side": "both"},
        {"number": float("nan")},
        {"number": "many"},
        {"x_where": "no object"},
        {"raw": "a;b"},
        {"raw": "a b"},
        {"x_list": ["a,b"]},
        {"x_list": ["a\r\nX-Evil: 1"]},
        {"x_list": ["é"]},
        {"piped": ["a|b"]},
        {"texts": [["nested"]]},
    ],
    ids=str,
)
def test_what_has_no_form_is_refused(client_of: Any, call: Any, arguments: dict[str, Any]) -> None:
    package = client_of(OTHERS)
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: client.wire(**arguments))

    assert [] == here.sent


def test_nothing_does_not_mean_all(client_of: Any, call: Any) -> None:
    """An empty list is left out of a query; to delete by one could delete everything."""
    package = client_of(OTHERS)
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match="empty"):
        call(package, here.url, lambda client: client.wipe(ids=[]))

    assert [] == here.sent


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_path_values_do_not_climb(client_of: Any, call: Any, value: str) -> None:
    package = client_of(OTHERS)
    for arguments in [(value, "x", ["x"]), *([("x", value, ["x"])] if value != ".." else [])]:
        if value == "." and arguments[0] == "x":
            continue
        with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
            call(package, here.url, lambda client, a=arguments: client.odd(*a))
        assert [] == here.sent
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: client.twice(value))
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: client.odd("a/%2E%2e", "x", ["x"]))
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: client.book("shelves/..", 3))


def test_templates(client_of: Any, call: Any) -> None:
    twice = _sent(client_of, call, lambda client: client.twice("a/b"))
    odd = _sent(client_of, call, lambda client: client.odd("a/b?c%41", "x.y", ["p", "q"]))
    book = _sent(client_of, call, lambda client: client.book(name="shelves/a b", book=3))
    where = _sent(client_of, call, lambda client: client.whereabouts({"a": "/"}))

    assert "/twice/a%2Fb/and/a%2Fb" == twice.target
    assert "/v1/a/b%3Fc%41/.x.y/;matrix=p;matrix=q" == odd.target
    assert "/v2/shelves/a%20b/books/3" == book.target
    assert "/json/%7B%22a%22%3A%22%2F%22%7D" == where.target


def test_querystrings(client_of: Any, call: Any) -> None:
    """The examples of OpenAPI 3.2, Parameter Object."""
    form = _sent(client_of, call, lambda c: c.metadata(metadata={"foo": "a + b", "bar": True}))
    by_json = _sent(client_of, call, lambda c: c.by_json(json={"numbers": [1, 2], "flag": None}))
    by_path = _sent(client_of, call, lambda c: c.by_path(selector="$.a.b[1:1]"))

    assert "foo=a+%2B+b&bar=true" == form.query
    assert "%7B%22numbers%22%3A%5B1%2C2%5D%2C%22flag%22%3Anull%7D" == by_json.query
    assert "%24.a.b%5B1%3A1%5D" == by_path.query


def test_methods(client_of: Any, call: Any) -> None:
    asked = _sent(client_of, call, lambda client: client.asked(body={"a": 1}))
    purge = _sent(client_of, call, lambda client: client.purge())

    assert ("QUERY", b'{"a":1}') == (asked.method, asked.body)
    assert "PURGE" == purge.method


# Properties: an independent decoder gives back what was encoded.

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _query(package: Any, name: str, **arguments: Any) -> str:
    import httpx

    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    transport = httpx.Client(transport=httpx.MockTransport(answer))
    getattr(package.Client("http://styles.test", http=transport), name)(**arguments)
    return seen[0].url.raw_path.decode().partition("?")[2]


@QUIET
@given(st.lists(TEXTS, min_size=1))
def test_joined_items_come_back(client_of: Any, items: list[str]) -> None:
    query = _query(client_of(DOCUMENT), "query_form_false_array", color=items)

    assert items == [unquote(item) for item in query.removeprefix("color=").split(",")]


@QUIET
@given(st.lists(TEXTS, min_size=1))
def test_repeated_items_come_back(client_of: Any, items: list[str]) -> None:
    query = _query(client_of(DOCUMENT), "query_form_true_array", color=items)

    assert items == [unquote(pair.removeprefix("color=")) for pair in query.split("&")]


@QUIET
@given(st.dictionaries(TEXTS, st.integers(), min_size=1))
def test_deep_objects_come_back(client_of: Any, value: dict[str, int]) -> None:
    query = _query(client_of(OTHERS), "wire", deep=value)
    pairs = [unquote(pair).rpartition("=") for pair in query.split("&")]

    assert value == {name.removeprefix("deep[")[:-1]: int(number) for name, _, number in pairs}


def test_namesakes_in_different_places_are_named_apart(
    client_of: Callable[..., Any], call: Callable[..., Any]
) -> None:
    text = """
openapi: 3.1.0
info: {title: Namesakes, version: '1'}
servers: [{url: https://namesakes.test}]
paths:
  /orders/{id}:
    get:
      operationId: list.orders
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: id, in: header, schema: {type: string}}
        - {name: a.b, in: query, schema: {type: string}}
      responses: {'204': {description: Nothing}}
"""
    names = {
        "list.orders.id in path": "order",
        "list.orders.id in query": "account",
        "list.orders.id": "trace",
        "list.orders.a.b": "other",
    }
    report = Report()
    package = client_of(text, names=Names(parameters=names), report=report)

    with venue(Answer(204)) as here:
        arguments = {"account": "q", "trace": "h", "other": "o"}
        call(package, here.url, lambda client: client.list_orders("p", **arguments))

    assert [] == list(report)
    assert "/orders/p?id=q&a.b=o" == here.sent[0].target
    assert "h" == here.sent[0].value("id")
