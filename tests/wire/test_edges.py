"""Values at the edges of what a request or a reply can carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from venuekit import sources
from venuekit.diagnostics import Report
from venuekit.validation import validate

from ..clients.loopback import Answer, venue

Call = Callable[..., Any]
EDGES = """
openapi: 3.1.0
info: {title: Edges, version: '1'}
servers: [{url: https://edges.test}]
paths:
  /files:
    post:
      operationId: sendFile
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                file: {type: string, contentMediaType: image/png}
                note: {type: string, contentMediaType: text/markdown}
      responses: {'204': {description: Sent}}
  /pieces:
    get:
      operationId: pieces
      parameters: [{name: X-Note, in: header, schema: {type: string}}]
      responses:
        '200': {description: Pieces, content: {application/jsonl: {schema: {type: object, properties: {a: {type: integer}}}}}}
    put:
      operationId: sendPieces
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Sent}}
"""  # noqa: E501


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(EDGES)


@pytest.mark.parametrize("is_model", [False, True])
def test_a_string_of_a_binary_medium_is_a_file(package: Any, call: Call, is_model: bool) -> None:
    given = {"file": b"\x89PNG", "note": "text"}
    body = package.SendFileRequest(**given) if is_model else given

    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.send_file(body=body))

    _, file, note, _ = here.sent[0].body.split(b"--" + here.sent[0].body[2:34])
    named = b'Content-Disposition: form-data; name="file"; filename="file"'
    assert b"\r\n" + named + b"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n" == file
    assert b'name="note"\r\nContent-Type: text/markdown\r\n\r\ntext\r\n' in note


@pytest.mark.parametrize("note", [" a", "a ", "a\tb", "a\n", "é"])
def test_what_no_header_can_carry_is_refused(package: Any, call: Call, note: str) -> None:
    with venue(Answer(204)) as here:
        with pytest.raises(package.InvalidRequest, match=r"^pieces: x_note (holds|begins)"):
            call(package, here.url, lambda client: client.raw.pieces(x_note=note))
        assert [] == here.sent


def test_lines_may_begin_with_a_byte_order_mark(package: Any) -> None:
    lines = b'\xef\xbb\xbf{"a":1}\r\n\r\n{"a":2}'
    answer = Answer(200, lines, {"Content-Type": "application/jsonl"})
    with venue(answer) as here, package.Client(here.url) as client:
        assert [1, 2] == [item.a for item in client.pieces()]


@pytest.mark.parametrize("body", [[{"a": 1}], ("text",), {"a": 1}, 5])
def test_a_list_of_no_bytes_is_no_binary_body(package: Any, call: Call, body: Any) -> None:
    with venue(Answer(204)) as here:
        with pytest.raises(package.InvalidRequest, match="the body must be bytes"):
            call(package, here.url, lambda client: client.send_pieces(body=body))
        assert [] == here.sent


def test_references_in_a_schema_with_an_id_start_there() -> None:
    schema = (
        "{$id: 'https://edges.test/order', properties: {a: {$ref: '#/$defs/A'}}, $defs: {A: {}}}"
    )
    text = f"{EDGES}components: {{schemas: {{Order: {schema}}}}}"
    report = Report()
    document = sources.read(text, "openapi.yaml", report)
    assert isinstance(document, sources.Map)

    validate(document, (), report)

    assert [] == [d.message for d in report]
