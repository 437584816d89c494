"""Bytes that a document has as base64 text, wherever they are sent; and names that are empty."""

from __future__ import annotations

from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest

from ..clients.loopback import Answer, Sent, venue
from .conftest import Call

DOCUMENT = """
openapi: 3.2.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  /json:
    post:
      operationId: post_json
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}
      responses: {'204': {description: d}}
  /form:
    post:
      operationId: post_form
      requestBody:
        content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/B'}}}
      responses: {'204': {description: d}}
  /parts:
    post:
      operationId: post_parts
      requestBody:
        content: {multipart/form-data: {schema: {$ref: '#/components/schemas/P'}}}
      responses: {'204': {description: d}}
  /query:
    get:
      operationId: query
      parameters:
      - {name: a, in: query, schema: {type: string, contentEncoding: base64}}
      - {name: u, in: query, schema: {type: string, contentEncoding: base64url}}
      - {name: b, in: query, schema: {type: string, format: byte}}
      - {name: n, in: query, schema: {type: object, additionalProperties: {type: string}}}
      responses: {'204': {description: d}}
  /whole:
    get:
      operationId: whole
      parameters:
      - {name: q, in: querystring, content: {text/plain: {schema: {type: string}}}}
      responses: {'204': {description: d}}
components:
  schemas:
    B:
      type: object
      properties:
        a: {type: string, contentEncoding: base64}
        u: {type: string, contentEncoding: base64url}
        b: {type: string, format: byte}
    P:
      type: object
      properties:
        a: {type: string, contentEncoding: base64}
        u: {type: string, contentEncoding: base64url}
        b: {type: string, format: byte}
        png: {type: string, contentEncoding: base64, contentMediaType: image/png}
        l: {type: array, items: {type: string, contentEncoding: base64}}
        raw: {type: string, contentMediaType: application/octet-stream}
"""
DATA = b"\xff\xfe?>~~"
TEXT, SAFE = b"//4/Pn5+", b"__4_Pn5-"  # RFC 4648, sections 4 and 5


def _sent(package: Any, call: Any, use: Callable[[Any], Any]) -> Sent:
    with venue(Answer(204)) as here:
        call(package, here.url, use)
    return here.sent[-1]


def _parts(sent: Sent) -> list[tuple[bytes, bytes]]:
    """The head and the content of each part, as they came."""
    boundary = (sent.value("Content-Type") or "").partition("boundary=")[2].encode()
    pieces = sent.body.split(b"--" + boundary)[1:-1]
    return [(head, content[:-2]) for head, _, content in (p.partition(b"\r\n\r\n") for p in pieces)]


@pytest.mark.parametrize("given", [DATA, None], ids=["bytes", "text"])
def test_bytes_are_base64_text_and_ready_text_passes(
    client_of: Callable[..., Any], call: Any, given: bytes | None
) -> None:
    package = client_of(DOCUMENT)
    body = {"a": given or TEXT.decode(), "u": given or SAFE.decode(), "b": given or TEXT.decode()}

    sent = _sent(package, call, lambda c: c.post_json(body=package.B(**body)))
    assert sent.body == b'{"a":"%b","u":"%b","b":"%b"}' % (TEXT, SAFE, TEXT)

    written = "a=%2F%2F4%2FPn5%2B&u=__4_Pn5-&b=%2F%2F4%2FPn5%2B"
    assert _sent(package, call, lambda c: c.post_form(body=body)).body == written.encode()
    assert _sent(package, call, lambda c: c.query(**body)).query == written


@pytest.mark.parametrize("given", [DATA, None], ids=["bytes", "text"])
@pytest.mark.parametrize("as_model", [True, False], ids=["model", "mapping"])
def test_parts_of_base64_are_text_and_files_are_raw(
    client_of: Callable[..., Any], call: Any, given: bytes | None, as_model: bool
) -> None:
    package = client_of(DOCUMENT)
    text, safe = given or TEXT.decode(), given or SAFE.decode()
    body = {"a": text, "u": safe, "b": text, "png": text, "l": [text, text], "raw": DATA}

    sent = _sent(
        package, call, lambda c: c.post_parts(body=package.P(**body) if as_model else body)
    )

    parts = _parts(sent)
    assert [content for _, content in parts] == [TEXT, SAFE, TEXT, TEXT, TEXT, TEXT, DATA]
    assert [b"filename" in head for head, _ in parts] == [False] * 6 + [True]
    # The default of contentType (OpenAPI 3.1.1, Encoding Object), and the one that is named.
    assert b"Content-Type: application/octet-stream" in parts[0][0]
    assert b"Content-Type: image/png" in parts[3][0]


def test_what_is_no_base64_is_not_sent(client_of: Callable[..., Any], call: Any) -> None:
    package = client_of(DOCUMENT)
    with venue() as here:
        for name in ("a", "u", "b"):
            with pytest.raises(package.InvalidRequest):
                call(package, here.url, lambda c, n=name: c.post_parts(body={n: "no base64!"}))
    assert not here.sent


def test_a_property_without_a_name_is_written_with_its_sign(
    client_of: Callable[..., Any], call: Any
) -> None:
    package = client_of(DOCUMENT)

    assert _sent(package, call, lambda c: c.query(n={"": "x", "k": ""})).query == "=x&k="
    assert _sent(package, call, lambda c: c.whole(q="x y")).query == "x%20y"


ITEMS = """
openapi: 3.2.0
info: {title: Parts, version: "1"}
servers: [{url: "http://parts.test"}]
paths:
  /mixed:
    post:
      operationId: mixed
      requestBody:
        required: true
        content: {multipart/mixed: {itemSchema: {$ref: "#/components/schemas/Order"}}}
      responses: {"204": {description: done}}
  /related:
    post:
      operationId: related
      requestBody:
        required: true
        content: {multipart/related: {itemSchema: {}, itemEncoding: {contentType: image/png}}}
      responses: {"204": {description: done}}
components:
  schemas:
    Order: {type: object, required: [size], properties: {size: {type: integer, maximum: 5}}}
"""


def _parts_of(sent: Sent) -> list[tuple[str, object]]:
    head = f"Content-Type: {sent.value('Content-Type')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + sent.body)
    return [(p.get_content_type(), p.get_payload(decode=True)) for p in message.iter_parts()]  # type: ignore[attr-defined]


def test_an_item_schema_alone_is_that_of_each_part(
    client_of: Callable[..., Any], call: Call
) -> None:
    """OpenAPI 3.2.0, "Encoding multipart Media Types": by position, without a `schema`."""
    package = client_of(ITEMS)
    with venue(Answer(204)) as here:
        orders = [{"size": 1}, package.Order(size=2)]
        call(package, here.url, lambda client: client.mixed(body=orders))
        call(package, here.url, lambda client: client.related(body=[b"\x89PNG", b"\r\n--"]))
        with pytest.raises(package.InvalidRequest, match="/1/size: More than 5"):
            call(package, here.url, lambda client: client.mixed(body=[{"size": 1}, {"size": 6}]))

    mixed, related = here.sent
    json_ = "application/json"
    assert [(json_, b'{"size":1}'), (json_, b'{"size":2}')] == _parts_of(mixed)
    assert [("image/png", b"\x89PNG"), ("image/png", b"\r\n--")] == _parts_of(related)
    assert str(mixed.value("Content-Type")).startswith("multipart/mixed; boundary=")
