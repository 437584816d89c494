"""Requests that are hard to write: what has no form in JSON, empty values, open media types."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call, refused_by, sent_by

DONE = "responses: {'204': {description: Done}}"
DOCUMENT = f"""
openapi: 3.1.0
info: {{title: Edges, version: '1'}}
servers: [{{url: 'https://edges.test'}}]
components:
  schemas:
    Order: {{type: object, required: [a], properties: {{a: {{type: string}}, price: {{type: number, minimum: 0}}, note: {{type: [string, 'null']}}}}}}
paths:
  /order: {{post: {{operationId: order, requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}}}}}, {DONE}}}}}
  /any: {{post: {{operationId: anything, requestBody: {{content: {{application/json: {{}}}}}}, {DONE}}}}}
  /lines: {{post: {{operationId: lines, requestBody: {{content: {{application/x-ndjson: {{schema: {{type: array, items: {{}}}}}}}}}}, {DONE}}}}}
  /limit: {{get: {{operationId: limit, parameters: [{{name: n, in: query, schema: {{type: number, minimum: 0}}}}, {{name: deep, in: query, style: deepObject, schema: {{type: object}}}}, {{name: X-J, in: header, content: {{application/json: {{}}}}}}], {DONE}}}}}
  /form:
    post:
      operationId: form
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {{type: object}}
            encoding: {{joined: {{explode: false}}, spread: {{explode: true}}, piped: {{style: pipeDelimited}}}}
      {DONE}
  /parts: {{post: {{operationId: parts, requestBody: {{content: {{multipart/form-data: {{schema: {{type: object}}, encoding: {{joined: {{explode: false}}}}}}}}}}, {DONE}}}}}
  /open: {{post: {{operationId: open, requestBody: {{content: {{'*/*': {{schema: {{}}}}}}}}, {DONE}}}}}
  /suffix: {{post: {{operationId: suffix, requestBody: {{content: {{'application/*+json': {{schema: {{type: object}}}}}}}}, {DONE}}}}}
  /image: {{post: {{operationId: image, requestBody: {{content: {{'image/*': {{}}}}}}, {DONE}}}}}
  /several:
    post:
      operationId: several
      requestBody:
        content:
          application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}
          application/x-ndjson: {{schema: {{type: array, items: {{$ref: '#/components/schemas/Order'}}}}}}
          application/x-www-form-urlencoded: {{schema: {{type: object, required: [b], properties: {{b: {{type: string}}}}}}}}
      {DONE}
"""  # noqa: E501


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


# What has no form in JSON.

CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), "inf"], ids=str)
def test_a_number_that_is_not_finite_is_never_null(package: Any, call: Call, number: Any) -> None:
    refused_by(
        package, call, "finite", lambda client: client.order(body={"a": "x", "price": number})
    )
    if isinstance(number, float):
        refused_by(package, call, "finite", lambda client: client.anything(body=[{"p": number}]))
        refused_by(package, call, "finite", lambda client: client.lines(body=[{"p": number}]))
        refused_by(package, call, "written", lambda client: client.form(body={"p": number}))
        refused_by(package, call, "written", lambda client: client.parts(body={"p": number}))
        refused_by(package, call, "finite", lambda client: client.limit(deep={"p": number}))
        refused_by(package, call, "finite", lambda client: client.limit(x_j=[number]))
    refused_by(package, call, "n ", lambda client: client.limit(n=number))


def test_null_is_null(package: Any, call: Call) -> None:
    body = {"a": "x", "price": 1.5, "note": None}

    assert (
        b'{"a":"x","price":1.5,"note":null}'
        == sent_by(package, call, lambda client: client.order(body=body)).body
    )
    assert b"null" == sent_by(package, call, lambda client: client.anything(body=None)).body


@pytest.mark.parametrize("value", ["\ud800", object(), CIRCLE], ids=["half", "object", "circle"])
def test_what_has_no_form_at_all(package: Any, call: Call, value: Any) -> None:
    refused_by(package, call, "written", lambda client: client.anything(body={"a": value}))
    if value == "\ud800":
        refused_by(package, call, "written", lambda client: client.order(body={"a": value}))
        refused_by(package, call, "written", lambda client: client.form(body={"a": value}))
        refused_by(package, call, "written", lambda client: client.parts(body={"a": value}))


def test_values_inside_of_values_are_refused_in_a_form(package: Any, call: Call) -> None:
    refused_by(package, call, "written", lambda c: c.form(body={"joined": {"k": {"z": 1}}}))
    refused_by(package, call, "written", lambda c: c.parts(body={"joined": {"k": {"z": 1}}}))


# Empty values.

STYLES = """
openapi: 3.1.0
info: {title: Styles, version: '1'}
servers: [{url: 'https://styles.test'}]
paths:
  /label{v}: {get: {operationId: label, parameters: [{name: v, in: path, required: true, style: label, schema: {}}], responses: {'204': {description: Done}}}}
  /label/{v}: {get: {operationId: alone, parameters: [{name: v, in: path, required: true, style: label, schema: {}}], responses: {'204': {description: Done}}}}
  /joined{v}: {get: {operationId: joined, parameters: [{name: v, in: path, required: true, style: matrix, schema: {}}], responses: {'204': {description: Done}}}}
  /content: {get: {operationId: content, parameters: [{name: v, in: query, content: {application/xml: {schema: {type: object}}}}], responses: {'204': {description: Done}}}}
  /cookie: {get: {operationId: cookie, parameters: [{name: v, in: cookie, allowReserved: true, explode: false, schema: {}}], responses: {'204': {description: Done}}}}
  /spread{v}: {get: {operationId: spread, parameters: [{name: v, in: path, required: true, style: matrix, explode: true, schema: {}}], responses: {'204': {description: Done}}}}
"""  # noqa: E501


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("label", "", "/label."),  # the column `empty` of the Style Examples
        ("joined", "", "/joined;v"),
        ("spread", "", "/spread;v"),
        ("joined", ["a", ""], "/joined;v=a,"),  # RFC 6570, section 3.2.7
        ("spread", ["a", ""], "/spread;v=a;v"),
        ("spread", {"a": "", "b": "="}, "/spread;a;b=%3D"),
    ],
)
def test_empty_values_in_a_path(
    client_of: Any, call: Call, name: str, value: Any, path: str
) -> None:
    assert path == sent_by(client_of(STYLES), call, lambda c: getattr(c, name)(value)).target


@pytest.mark.parametrize("value", ["", [], {}, [""]], ids=str)
def test_an_empty_value_does_not_climb(client_of: Any, call: Call, value: Any) -> None:
    refused_by(client_of(STYLES), call, "must not be", lambda client: client.alone(value))


def test_empty_lists_are_left_out_of_forms(package: Any, call: Call) -> None:
    """RFC 6570, section 2.3: a list without members is undefined."""
    body: dict[str, Any] = {"joined": [], "spread": {}, "piped": [], "b": "1"}

    assert b"b=1" == sent_by(package, call, lambda client: client.form(body=body)).body
    parts = sent_by(package, call, lambda client: client.parts(body={"joined": [], "b": "1"})).body
    assert 1 == parts.count(b"Content-Disposition")
    assert b'name="b"' in parts


@pytest.mark.parametrize(
    ("value", "cookie"),
    [("a/b?c", "v=a/b?c"), ("a; b=c,d", "v=a%3B%20b=c%2Cd"), (["a/b", "c;d"], "v=a/b,c%3Bd")],
)
def test_reserved_characters_do_not_end_a_cookie(
    client_of: Any, call: Call, value: Any, cookie: str
) -> None:
    sent = sent_by(client_of(STYLES), call, lambda client: client.cookie(v=value))
    assert cookie == sent.value("Cookie")


def test_an_object_is_no_xml_in_a_parameter_either(client_of: Any, call: Call) -> None:
    refused_by(client_of(STYLES), call, "no form", lambda client: client.content(v={"a": 1}))


# Media types that are left open, and several of them.


@pytest.mark.parametrize(
    ("body", "given", "media", "content"),
    [
        ({"a": 1}, None, "application/json", b'{"a":1}'),
        ("x", None, "application/json", b'"x"'),
        (b"x", None, "application/octet-stream", b"x"),
        (iter([b"x"]), None, "application/octet-stream", b"x"),
        ({"a": 1}, "application/x+json; v=1", "application/x+json; v=1", b'{"a":1}'),
        ("<a/>", "application/xml", "application/xml", b"<a/>"),
        ("\xe9", "text/plain; charset=latin-1", "text/plain; charset=latin-1", b"\xe9"),
        (b"x", "image/png", "image/png", b"x"),
    ],
)
def test_an_open_media_type_is_written_as_what_it_is(
    package: Any, body: Any, given: str | None, media: str, content: bytes
) -> None:
    with venue(Answer(204)) as here, package.Client(here.url) as client:
        client.open(body=body, content_type=given)
    (sent,) = here.sent

    assert (media, content) == (sent.value("Content-Type"), sent.body)


def test_a_path_is_a_file_there(package: Any, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"PNG")

    sent = sent_by(package, call, lambda client: client.open(body=file))
    assert ("image/png", b"PNG") == (sent.value("Content-Type"), sent.body)


@pytest.mark.parametrize("media", ["image/*", "*/*", "png", "image/png, image/gif", ""])
def test_what_is_chosen_is_one_media_type(package: Any, call: Call, media: str) -> None:
    refused_by(package, call, "content_type", lambda c: c.image(body=b"x", content_type=media))


def test_a_range_of_suffixes_takes_what_has_the_suffix(package: Any, call: Call) -> None:
    media = "application/vnd.a+json"
    sent = sent_by(package, call, lambda client: client.suffix(body={"a": 1}, content_type=media))
    assert (media, b'{"a":1}') == (sent.value("Content-Type"), sent.body)

    for other in ("application/json", "image/a+json"):
        refused_by(
            package, call, "media types", lambda c, o=other: c.suffix(body={}, content_type=o)
        )


def test_a_mapping_has_no_form_in_any_other_media_type(package: Any, call: Call) -> None:
    refused_by(package, call, "bytes", lambda c: c.open(body={}, content_type="application/xml"))


@pytest.mark.parametrize(
    ("body", "media", "content"),
    [
        ({"a": "x"}, "application/json", b'{"a":"x"}'),
        ({"b": "x"}, "application/x-www-form-urlencoded", b"b=x"),
        ([{"a": "x"}], "application/x-ndjson", b'{"a":"x"}\n'),
    ],
)
def test_of_several_that_which_the_body_fits(
    package: Any, call: Call, body: Any, media: str, content: bytes
) -> None:
    sent = sent_by(package, call, lambda client: client.several(body=body))
    assert (media, content) == (sent.value("Content-Type"), sent.body)


def test_what_fits_none_is_told_of_the_first(package: Any, call: Call) -> None:
    refused_by(package, call, "/a: Field required", lambda client: client.several(body={"c": 1}))


# Methods.


@pytest.mark.parametrize("method", ["copy", "Copy", "M-SEARCH"])
def test_a_method_is_sent_as_the_document_writes_it(
    make: Callable[..., Any], call: Call, method: str
) -> None:
    """RFC 9110, section 9.1: methods are case-sensitive."""
    operation = f"additionalOperations: {{{method}: {{operationId: odd, {DONE}}}}}"
    package = make(
        "openapi: 3.2.0\ninfo: {title: Odd, version: '1'}\nservers: [{url: 'https://odd.test'}]\n"
        f"paths: {{/odd: {{{operation}}}}}"
    )

    assert method == sent_by(package, call, lambda client: client.odd()).method


# Bodies that are left out, or have odd media types.

ODD = f"""
openapi: 3.1.0
info: {{title: Odd, version: '1'}}
servers: [{{url: 'https://odd.test'}}]
components:
  schemas:
    Order: {{type: object, properties: {{a: {{type: string}}}}}}
    Maybe: {{oneOf: [{{$ref: '#/components/schemas/Order'}}, {{type: 'null'}}]}}
paths:
  /plain: {{post: {{operationId: plain, parameters: [{{name: q, in: query, schema: {{type: string}}}}], requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}}}}}, {DONE}}}}}
  /several: {{post: {{operationId: several, requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Order'}}}}, text/plain: {{schema: {{type: string}}}}}}}}, {DONE}}}}}
  /null: {{post: {{operationId: maybe, requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Maybe'}}}}}}}}, {DONE}}}}}
  /parts:
    post:
      operationId: parts
      requestBody:
        required: true
        content:
          multipart/form-data; boundary=abc; charset=utf-8:
            schema: {{type: object, properties: {{w: {{type: string, contentMediaType: application/json}}, v: {{type: string, contentMediaType: application/json}}}}}}
            encoding: {{v: {{contentType: application/json}}, x: {{contentType: application/xml}}, m: {{contentType: multipart/mixed}}, j: {{contentType: application/a+json}}}}
      {DONE}
"""  # noqa: E501


@pytest.mark.parametrize("name", ["plain", "several"])
def test_none_leaves_a_body_out_where_null_is_no_value(
    client_of: Any, call: Call, name: str
) -> None:
    for given in ({}, {"body": None}):
        sent = sent_by(client_of(ODD), call, lambda c, g=given: getattr(c, name)(**g))
        assert (b"", None) == (sent.body, sent.value("Content-Type"))


def test_none_is_null_where_that_is_a_value(client_of: Any, call: Call) -> None:
    package = client_of(ODD)

    assert b"null" == sent_by(package, call, lambda client: client.maybe(body=None)).body
    assert b"" == sent_by(package, call, lambda client: client.maybe(body=package.UNSET)).body


def test_a_required_body_is_never_left_out(client_of: Any, call: Call) -> None:
    for odd in (None, 5, "ab", [("a", "b")].__iter__()):
        refused_by(client_of(ODD), call, "body", lambda client, o=odd: client.parts(body=o))


def test_a_boundary_is_our_own(client_of: Any, call: Call) -> None:
    sent = sent_by(client_of(ODD), call, lambda c: c.parts(body={"j": {"a": 1}, "x": "<a/>"}))
    media = sent.value("Content-Type") or ""

    assert media.startswith("multipart/form-data; charset=utf-8; boundary=")
    assert sent.body.startswith(b"--" + media.partition("boundary=")[2].encode() + b"\r\n")
    assert b'application/a+json\r\n\r\n{"a":1}\r\n' in sent.body


@pytest.mark.parametrize("name", ["x", "m"])
def test_an_object_is_no_xml(client_of: Any, call: Call, name: str) -> None:
    refused_by(client_of(ODD), call, "no form", lambda client: client.parts(body={name: {"a": 1}}))


def test_a_text_that_holds_json_is_written_as_it_is(client_of: Any, call: Call) -> None:
    """contentMediaType says what a text holds already; contentType what a value is written as."""
    body = {"w": '{"a":1}', "v": "[1]", "j": "text"}
    parts = sent_by(client_of(ODD), call, lambda client: client.parts(body=body)).body

    for name, media, text in (
        ("w", "json", '{"a":1}'),
        ("v", "json", "[1]"),
        ("j", "a+json", '"text"'),
    ):
        head = f'name="{name}"\r\nContent-Type: application/{media}\r\n\r\n'
        assert f"{head}{text}\r\n".encode() in parts


SEARCH = """
openapi: 3.1.0
info: {title: Search, version: '1'}
servers: [{url: 'https://search.test'}]
paths:
  /search:
    get:
      operationId: search
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses: {'204': {description: Done}}
"""


def test_an_address_that_is_too_long_is_never_sent(client_of: Callable[..., Any]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError

    package = client_of(SEARCH)
    client = package.Client(http=httpx.Client(transport=httpx.MockTransport(answer)))
    with pytest.raises(package.InvalidRequest, match="too long; nothing was sent"):
        client.search(q="1" * 70_000)
