"""Nothing that a caller gives is lost, or written otherwise, on its way into a request."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call, refused_by, sent_by

DONE = "responses: {'204': {description: Done}}"
FORM = "application/x-www-form-urlencoded"
OBJECT = "{type: object, properties: {x: {type: integer}}}"
FIELDS = f"""{{type: object, properties: {{
  joined: {{type: array, items: {{type: string}}}}, deep: {OBJECT},
  link: {{type: string}}, n: {{type: number}}}}}}"""
HOW = (
    "{joined: {style: pipeDelimited, explode: false}, deep: {style: deepObject, explode: true}, "
    "link: {allowReserved: true}}"
)
FILE = "{type: string, contentMediaType: application/octet-stream}"
DOCUMENT = f"""
openapi: 3.2.0
info: {{title: Whole, version: '1'}}
servers: [{{url: 'https://whole.test'}}]
components:
  securitySchemes:
    signed:
      type: apiKey
      in: header
      name: X-Sign
      x-signature:
        algorithm: hmac-sha256
        key: {{name: secret}}
        message: '{{body}}'
        encoding: hex
        headers: {{X-Sign: '{{signature}}'}}
        body: {{nonce: '{{nonce}}'}}
paths:
  /whole:
    get:
      operationId: whole
      parameters: [{{name: all, in: querystring, content: {{{FORM}: {{schema: {FIELDS}, encoding: {HOW}}}}}}}]
      {DONE}
    put:
      operationId: within
      parameters: [{{name: all, in: query, content: {{{FORM}: {{schema: {FIELDS}, encoding: {HOW}}}}}}}]
      {DONE}
  /files:
    post:
      operationId: files
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {{file: {FILE}, more: {{type: array, items: {FILE}}}, text: {{type: string}}}}
      {DONE}
  /text:
    post:
      operationId: text
      requestBody: {{content: {{text/plain: {{schema: {{type: string, maxLength: 3}}}}}}}}
      {DONE}
    put:
      operationId: markup
      requestBody: {{content: {{text/xml: {{schema: {{type: object, minProperties: 2}}}}}}}}
      {DONE}
  /image:
    put:
      operationId: image
      requestBody: {{required: true, content: {{'image/*': {{}}, application/octet-stream: {{}}}}}}
      {DONE}
  /signed:
    post:
      operationId: signed
      security: [{{signed: []}}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [nonce]
              properties: {{nonce: {{type: string}}, size: {{type: number, format: decimal}}, note: {{type: string}}}}
      {DONE}
  /wait:
    get:
      operationId: wait
      parameters: [{{name: wait, in: query, schema: {{type: string, format: duration}}}}]
      {DONE}
"""  # noqa: E501


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


GIVEN = {"joined": ["a", "b c"], "deep": {"x": 1}, "link": "http://a/b?c", "n": 1.0}
WRITTEN = "joined=a%7Cb+c&deep%5Bx%5D=1&link=http://a/b?c&n=1"


def test_a_parameter_that_is_a_form_has_its_encodings(client_of: Any, call: Call) -> None:
    package = client_of(DOCUMENT)

    assert WRITTEN == sent_by(package, call, lambda client: client.whole(all=GIVEN)).query
    sent = sent_by(package, call, lambda client: client.within(all=GIVEN))
    escaped = WRITTEN.replace("%", "%25").replace("+", "%2B").replace("&", "%26")
    escaped = escaped.replace("=", "%3D").replace(":", "%3A").replace("/", "%2F")
    assert f"all={escaped.replace('?', '%3F')}" == sent.query


# Files of a form.


def test_a_file_that_is_required_cannot_be_none(package: Any, call: Call) -> None:
    null = "/file: Must not be null"
    refused_by(package, call, null, lambda c: c.files(body={"file": None}))
    refused_by(package, call, null, lambda c: c.files(body=package.FilesRequest(file=None)))
    refused_by(
        package, call, "/more: not a file", lambda c: c.files(body={"file": b"", "more": [None]})
    )


async def _awaited() -> AsyncIterator[bytes]:
    yield b"one "
    yield b"two"


def _pieces() -> Iterator[bytes]:
    yield b"one "
    yield b"two"


@pytest.mark.parametrize("name", [None, "notes.txt"])
def test_a_file_is_also_sent_from_an_iterator(package: Any, call: Call, name: str | None) -> None:
    def use(client: Any) -> Any:
        is_async = isinstance(client, package.AsyncClient)
        content: Any = _awaited() if is_async else _pieces()
        return client.files(body={"file": (name, content) if name else content, "text": "t"})

    sent = sent_by(package, call, use)

    head, _, rest = sent.body.partition(b"\r\n\r\n")
    assert f'name="file"; filename="{name or "file"}"'.encode() in head
    assert rest.startswith(b"one two\r\n--")
    assert b'name="text"\r\n\r\nt\r\n' in rest


def test_an_iterator_is_no_list_of_files(package: Any, call: Call) -> None:
    def use(client: Any) -> Any:
        return client.files(body={"file": b"", "more": iter([b"1", b"2"])})

    refused_by(package, call, "/more: Input should be a valid list", use)


# Bodies.


def test_a_text_is_checked_as_its_schema_says(package: Any, call: Call) -> None:
    assert b"abc" == sent_by(package, call, lambda client: client.text(body="abc")).body
    refused_by(package, call, "More than 3", lambda client: client.text(body="abcd"))
    assert b"<a/>" == sent_by(package, call, lambda client: client.markup(body="<a/>")).body


def test_a_medium_that_fits_goes_before_a_range_that_says_nothing(package: Any, call: Call) -> None:
    sent = sent_by(package, call, lambda client: client.image(body=b"x"))

    assert "application/octet-stream" == sent.value("Content-Type")
    typed = sent_by(package, call, lambda client: client.image(body=b"x", content_type="image/png"))
    assert "image/png" == typed.value("Content-Type")


def test_a_field_that_a_signature_writes_is_replaced(package: Any, call: Call) -> None:
    body = {"note": 'a "nonce": {1}', "nonce": "mine", "size": Decimal("1e-20")}
    options = {"secret": "s", "nonce": lambda: "7"}
    sent = sent_by(package, call, lambda client: client.signed(body=body), **options)

    assert rb'{"nonce":"7","size":1E-20,"note":"a \"nonce\": {1}"}' == sent.body


@pytest.mark.parametrize(
    ("wait", "text"),
    [
        (timedelta(hours=1, minutes=30), "PT1H30M"),
        (timedelta(hours=1, seconds=3), "PT1H0M3S"),
        (timedelta(days=400), "P400D"),
        (timedelta(days=1, minutes=2, microseconds=500), "P1DT2M0.0005S"),
        (timedelta(0), "PT0S"),
        (timedelta(seconds=-90), "-PT1M30S"),
        (timedelta(microseconds=10), "PT0.00001S"),
    ],
    ids=str,
)
def test_durations(package: Any, call: Call, wait: timedelta, text: str) -> None:
    assert f"wait={text}" == sent_by(package, call, lambda client: client.wait(wait=wait)).query


# What the index of methods says of it.


def test_the_examples_of_files_and_forms_can_be_sent(package: Any) -> None:
    index = Path(package.__file__).with_name("API.md").read_text(encoding="utf-8")
    _, *calls = re.findall(r"```python\n(.*?)\n```", index, re.DOTALL)
    with venue(Answer(204)) as here, package.Client(here.url, secret="s") as client:
        for call in calls:
            exec(compile(call, "API.md", "exec"), {"client": client})

    assert 'client.files(body={"file": b"content"})' in calls
    assert 'client.image(body=b"content")' in calls
    assert len(calls) == len(here.sent)


def test_the_index_has_the_type_and_all_media_types_of_a_body(package: Any) -> None:
    index = Path(package.__file__).with_name("API.md").read_text(encoding="utf-8")

    assert "| `body` | `models.FilesRequest` | multipart/form-data |" in index
    assert "| `body` | `bytes` | image/\\*, application/octet-stream |" in index
    assert "\n\n\n" not in index
