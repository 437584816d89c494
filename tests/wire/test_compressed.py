"""Compressed answers that are framed well and yet lack their end: none passes for a whole."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call
from .trickle import trickling

DOCUMENT = """
openapi: 3.1.0
info: {title: Compressed, version: "1"}
servers: [{url: https://compressed.example}]
paths:
  /text:
    get:
      operationId: text
      responses: {"200": {description: ok, content: {text/csv: {schema: {type: string}}}}}
  /file:
    get:
      operationId: file
      responses: {"200": {description: ok, content: {application/octet-stream: {}}}}
  /lines:
    get:
      operationId: lines
      responses:
        "200": {description: ok, content: {application/x-ndjson: {schema: {type: integer}}}}
"""
TEXT = b"".join(b"%d\n" % number for number in range(2000))
GZIP, ZLIB = gzip.compress(TEXT, mtime=0), zlib.compress(TEXT)
RAW = zlib.compressobj(wbits=-15)
DEFLATE = RAW.compress(TEXT) + RAW.flush()
CUT = [
    pytest.param("gzip", GZIP[: len(GZIP) // 2], id="half"),
    pytest.param("gzip", GZIP[:-8], id="no-end"),  # all of the text, and nothing that says so
    pytest.param("gzip", GZIP + GZIP, id="members"),  # httpx reads the first of several members
    pytest.param("deflate", ZLIB[:-5], id="zlib"),
    pytest.param("deflate", DEFLATE[:-5], id="deflate"),
    pytest.param("gzip, deflate", zlib.compress(GZIP[:-20]), id="twice"),
]
WHOLE = [
    pytest.param("gzip", GZIP, id="gzip"),
    pytest.param("gzip", GZIP + b"\0" * 8, id="padded"),
    pytest.param("deflate", ZLIB, id="zlib"),
    pytest.param("deflate", DEFLATE, id="deflate"),
    pytest.param("identity", TEXT, id="identity"),
]


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def _answer(encoding: str, body: bytes, media: str) -> Answer:
    return Answer(200, body, {"Content-Encoding": encoding, "Content-Type": media})


@pytest.mark.parametrize(("encoding", "body"), CUT)
@pytest.mark.parametrize(("method", "media"), [("text", "text/csv"), ("file", "a/b")])
def test_what_is_cut_off_is_no_success(
    package: Any, call: Call, encoding: str, body: bytes, method: str, media: str
) -> None:
    with (
        venue(_answer(encoding, body, media)) as here,
        pytest.raises(package.InvalidBody, match="cut off") as caught,
    ):
        call(package, here.url, lambda client: getattr(client, method)())
    assert TEXT.startswith(caught.value.response.content)


def test_a_lenient_client_returns_what_came(package: Any, call: Call) -> None:
    with venue(_answer("gzip", GZIP[:-20], "text/csv")) as here:
        reply = call(package, here.url, lambda client: client.raw.text(), lenient=True)

    assert reply.data
    assert TEXT.decode().startswith(reply.data)
    assert ["cut off (what is compressed has no end)"] == [p.message for p in reply.problems]


@pytest.mark.parametrize(("encoding", "body"), WHOLE)
def test_a_whole_is_a_whole(
    package: Any, call: Call, encoding: str, body: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    with venue(_answer(encoding, body, "text/csv")) as here:
        assert TEXT.decode() == call(package, here.url, lambda client: client.text())
        call(package, here.url, lambda client: client.streamed.file().save(path))
    assert TEXT == path.read_bytes()


def test_nothing_has_no_end(package: Any, call: Call) -> None:
    with venue(_answer("gzip", b"", "text/csv")) as here:
        assert "" == call(package, here.url, lambda client: client.text())


@pytest.mark.parametrize(("encoding", "body"), CUT)
def test_a_download_that_is_cut_off_is_no_file(
    package: Any, call: Call, encoding: str, body: bytes, tmp_path: Path
) -> None:
    with venue(_answer(encoding, body, "a/b")) as here, pytest.raises(package.InvalidBody):
        call(package, here.url, lambda client: client.streamed.file().save(tmp_path / "file"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("encoding", "body"), CUT)
def test_a_stream_that_is_cut_off_is_not_over(package: Any, encoding: str, body: bytes) -> None:
    found: list[int] = []
    with (
        trickling(
            body, media="application/x-ndjson", headers=[f"Content-Encoding: {encoding}"]
        ) as here,
        package.Client(here.url) as client,
        pytest.raises(package.InvalidBody, match="cut off after"),
    ):
        found.extend(client.lines())
    assert found == list(range(len(found)))


async def _all(stream: Any) -> list[int]:
    return [item async for item in stream]


def test_an_awaited_stream_that_is_cut_off_is_not_over(package: Any) -> None:
    async def read(url: str) -> None:
        async with package.AsyncClient(url) as client:
            await _all(client.lines())

    head = ["Content-Encoding: gzip"]
    with (
        trickling(GZIP[:-8], media="application/x-ndjson", headers=head) as here,
        pytest.raises(package.InvalidBody, match="cut off after 2000 items"),
    ):
        asyncio.run(read(here.url))
