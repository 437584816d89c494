"""Bodies that are read while they are sent: for each try, and never beyond their length."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call

_FILE = """
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {"204": {description: done}, "503": {description: later}}
"""
DOCUMENT = f"""
openapi: 3.1.0
info: {{title: Uploads, version: "1"}}
servers: [{{url: https://uploads.example}}]
paths:
  /file:
    put:
      operationId: put{_FILE}
    post:
      operationId: post{_FILE}
  /form:
    post:
      operationId: form
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties: {{a: {{type: string, format: binary}}, b: {{type: string}}}}
      responses: {{"204": {{description: done}}}}
"""


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


class Growing(io.BytesIO):
    """A log that is written while it is sent."""

    has_grown = False

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        if not found and not self.has_grown:
            self.has_grown = True
            return b"more"
        return found


class Shrinking(io.BytesIO):
    """A file that is cut off while it is sent."""

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(2)
        self.truncate(2)
        return found


def _file(path: Path) -> Path:
    path.write_bytes(b"0123456789" * 20_000)
    return path


@pytest.mark.parametrize("kind", ["path", "file", "bytes"])
def test_what_can_be_read_again_is_sent_again(
    package: Any, call: Call, kind: str, tmp_path: Path
) -> None:
    path = _file(tmp_path / "file")
    with path.open("rb") as file, venue(Answer(503), Answer(204)) as here:
        body: Any = {"path": path, "file": file, "bytes": path.read_bytes()}[kind]
        retry = package.Retry(first_wait=0.001)
        call(package, here.url, lambda client: client.put(body=body), retry=retry)

    assert [path.read_bytes()] * 2 == [sent.body for sent in here.sent]


def test_what_a_file_grows_by_is_not_sent(package: Any, call: Call) -> None:
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.post(body=Growing(b"hello")))
        fields = {"a": Growing(b"hello"), "b": "after"}
        call(package, here.url, lambda client: client.form(body=fields))

    post, form = here.sent
    assert (b"hello", "5") == (post.body, post.value("Content-Length"))
    assert b"\r\n\r\nhello\r\n--" in form.body
    assert form.body.rstrip().endswith(b"--")
    assert b"after" in form.body


def test_a_file_that_shrinks_is_no_request(package: Any, call: Call) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match="shorter"):
        call(package, here.url, lambda client: client.post(body=Shrinking(b"hello")))


def test_what_gives_no_bytes_is_no_body(package: Any, call: Call) -> None:
    def texts() -> Iterator[Any]:
        yield "text"

    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match="give bytes"):
        call(package, here.url, lambda client: client.post(body=texts()))


def test_the_deadline_ends_a_body_that_never_ends(package: Any, call: Call) -> None:
    """Each chunk is sent in time; that of the whole call is over."""
    given = 0

    def endless() -> Iterator[bytes]:
        nonlocal given
        while given < 1_000:
            given += 1
            time.sleep(0.01)
            yield b"x"

    retry = package.Retry(deadline=0.5)
    with venue(Answer(204)) as here, pytest.raises(package.TransportError):
        call(package, here.url, lambda client: client.post(body=endless()), retry=retry)
    assert 0 < given < 500
