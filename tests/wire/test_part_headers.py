"""Parts of multipart bodies with the headers that the document describes, files or not."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from .conftest import Call, sent_by

DOCUMENT = """
openapi: 3.1.1
info: {title: Parts, version: '1'}
servers: [{url: https://t.example}]
paths:
  /a:
    post:
      operationId: a
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [meta, files]
              properties:
                meta: {$ref: '#/components/schemas/Meta'}
                metas: {type: array, items: {$ref: '#/components/schemas/Meta'}}
                files: {type: array, items: {type: string, format: binary}}
                note: {type: string, maxLength: 3}
            encoding:
              meta:
                contentType: application/vnd.meta+json
                headers: {X-Part: {required: true, schema: {type: integer}}}
              metas:
                headers: {X-Part: {schema: {type: integer}}, X-Kind: {schema: {const: meta}}}
              files:
                contentType: 'image/png, image/jpeg'
                headers: {X-Hash: {schema: {type: string}}}
              note: {headers: {X-Language: {schema: {type: string}}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Meta:
      type: object
      required: [title]
      properties: {title: {type: string}, id: {type: string, readOnly: true}}
"""


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def _parts(package: Any, call: Call, body: Any) -> list[Any]:
    sent = sent_by(package, call, lambda client: client.a(body=body))
    head = f"Content-Type: {sent.value('Content-Type')}\r\n\r\n".encode()
    whole = message_from_bytes(head + sent.body, policy=policy.HTTP)
    assert not whole.defects
    return list(whole.iter_parts())


def _told(part: Any) -> tuple[str | None, str | None, str | None, bytes]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part.get_filename(), part.get("Content-Type"), part.get("X-Part"), content


def test_a_part_that_is_json_has_its_headers(package: Any, call: Call) -> None:
    model = package.MetaRequest(title="b")
    for given in ({"title": "b", "id": "1"}, model):
        meta, file = _parts(
            package, call, {"meta": (None, given, None, {"X-Part": "7"}), "files": [b"x"]}
        )
        assert (None, "application/vnd.meta+json", "7", b'{"title":"b"}') == _told(meta)
        assert ("files", "image/png", None, b"x") == _told(file)


def test_name_and_media_type_are_those_that_are_given(package: Any, call: Call) -> None:
    given = ("meta.json", {"title": "b"}, "application/json", {"X-Part": "7"})
    meta, _ = _parts(package, call, {"meta": given, "files": [b"x"]})
    assert ("meta.json", "application/json", "7", b'{"title":"b"}') == _told(meta)


def test_each_of_several_parts_has_its_own(package: Any, call: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"y")
    body = {
        "meta": {"title": "a"},
        "metas": [{"title": "b"}, (None, {"title": "c"}, None, {"X-Part": "2"})],
        "files": [path, ("b.png", b"x", "image/png", {"X-Hash": "9"})],
        "note": (None, "ja", None, {"X-Language": "de"}),
    }
    meta, first, second, jpeg, png, note = _parts(package, call, body)
    assert (None, "application/vnd.meta+json", None, b'{"title":"a"}') == _told(meta)
    assert (None, "application/json", None, b'{"title":"b"}') == _told(first)
    assert (None, "application/json", "2", b'{"title":"c"}') == _told(second)
    assert ["meta", "meta"] == [first["X-Kind"], second["X-Kind"]]
    assert ("a.jpg", "image/jpeg", None, b"y") == _told(jpeg)
    assert [None, "9"] == [jpeg["X-Hash"], png["X-Hash"]]
    assert ("de", b"ja") == (note["X-Language"], note.get_payload(decode=True))
    assert isinstance(body["note"], tuple)  # the caller's own mapping stays what it was


@pytest.mark.parametrize(
    "body",
    [
        {"meta": (None, {}, None, {"X-Part": "1"}), "files": [b"x"]},
        {"meta": (None, {"title": "b"}, None, {"X-Part": "1\r\n"}), "files": [b"x"]},
        {"meta": (None, b"{}", None, {"X-Part": "1"}), "files": [b"x"]},
        {"meta": (None, {"title": "b"}, None), "files": [b"x"]},
        {"meta": {"title": "b"}, "files": [b"x"], "note": (None, "long", None, {})},
    ],
)
def test_what_is_inside_is_checked(package: Any, call: Call, body: Any) -> None:
    with pytest.raises(package.InvalidRequest):
        sent_by(package, call, lambda client: client.a(body=body))
