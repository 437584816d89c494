"""Bodies on the wire: JSON, forms, parts, text and bytes, whole or streamed."""

from __future__ import annotations

import asyncio
import hmac
import io
import json
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_core import OpenAPI

from venuekit import sources
from venuekit.diagnostics import Report

from ..clients.judge import Judged
from ..clients.loopback import Answer, Sent, venue

DOCUMENT = "bodies.yaml"
_TEXT = (Path(__file__).parent / DOCUMENT).read_text()
_PLAIN: Any = json.loads(json.dumps(sources.read(_TEXT, DOCUMENT, Report())))
JUDGE = OpenAPI.from_dict(_PLAIN)


def _judge(sent: Sent) -> None:
    JUDGE.validate_request(Judged("http://bodies.test", sent))  # pyright: ignore[reportUnknownMemberType]  # untyped there


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def _sent(package: Any, call: Any, use: Callable[[Any], Any], *answers: Answer) -> Sent:
    with venue(*(answers or [Answer(204)])) as here:
        call(package, here.url, use)
    return here.sent[-1]


def _parts(sent: Sent) -> list[EmailMessage]:
    """The parts as Python's own mail parser reads them."""
    head = f"Content-Type: {sent.value('Content-Type')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + sent.body)
    return list(message.iter_parts())  # type: ignore[attr-defined]


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


# JSON.


def test_json(package: Any, call: Any) -> None:
    for body in ({"symbol": "X", "note": None}, package.Order(symbol="X", note=None)):
        sent = _sent(package, call, lambda client, b=body: client.send_json(body=b))

        assert b'{"symbol":"X","note":null}' == sent.body
        assert ["application/json"] == sent.values("Content-Type")
        _judge(sent)


def test_left_out_is_not_null(package: Any, call: Any) -> None:
    left_out = _sent(package, call, lambda client: client.send_merge())
    null = _sent(package, call, lambda client: client.send_merge(body=None))

    assert (b"", None) == (left_out.body, left_out.value("Content-Type"))
    assert (b"null", "application/merge-patch+json") == (null.body, null.value("Content-Type"))


def test_a_body_goes_with_any_method(package: Any, call: Any) -> None:
    got = _sent(package, call, lambda client: client.get_with(body={"a": 1}))
    deleted = _sent(package, call, lambda client: client.delete_with(body={"a": 1}))

    assert ("GET", b'{"a":1}') == (got.method, got.body)
    assert ("DELETE", b'{"a":1}') == (deleted.method, deleted.body)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"symbol": "X", "side": "hold-secret"}, "/side"),
        ({"symbol": "X", "qty": "many-secret"}, "/qty"),
        ({"side": "buy"}, "/symbol"),
        ({"symbol": None}, "/symbol"),
    ],
)
def test_what_does_not_fit_is_not_sent(
    package: Any, call: Any, body: dict[str, Any], pointer: str
) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest) as caught:
        call(package, here.url, lambda client: client.send_json(body=body))

    assert f"\n  {pointer}: " in str(caught.value)
    assert "secret" not in str(caught.value)
    assert [] == here.sent


def test_a_model_is_checked_again(package: Any, call: Any) -> None:
    order = package.Order(symbol="X")
    order.side = "hold"
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match="/side"):
        call(package, here.url, lambda client: client.send_json(body=order))


# Forms.


def test_form(package: Any, call: Any) -> None:
    body = {
        "name": "a b&c=ü+~",
        "tags": ["x", "y,z"],
        "flag": True,
        "number": 1.5,
        "object": {"a": [1]},
        "deep": {"a": 1, "b": "c"},
        "piped": ["p", "q"],
        "joined": ["j", "k"],
        "open": "a/b",
        "meta": "m",
    }
    sent = _sent(package, call, lambda client: client.send_form(body=body))

    assert (
        "name=a+b%26c%3D%C3%BC%2B~&tags=x&tags=y%2Cz&flag=true&number=1.5"
        "&object=%7B%22a%22%3A%5B1%5D%7D&deep%5Ba%5D=1&deep%5Bb%5D=c&piped=p%7Cq&joined=j,k"
        "&open=a/b&meta=%22m%22"
    ) == sent.body.decode()
    assert "application/x-www-form-urlencoded" == sent.value("Content-Type")


def test_a_form_is_judged(package: Any, call: Any) -> None:
    form = package.Form(name="a b", flag=False)
    _judge(_sent(package, call, lambda client: client.send_form(body=form)))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
QUIET = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _body(package: Any, name: str, body: Any) -> Sent:
    import httpx

    seen: list[Sent] = []

    def answer(request: httpx.Request) -> httpx.Response:
        headers = tuple(request.headers.items())
        seen.append(Sent(request.method, str(request.url), headers, request.read()))
        return httpx.Response(204)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    getattr(package.Client("http://bodies.test", http=http), name)(body=body)
    return seen[0]


@QUIET
@given(TEXTS, st.lists(TEXTS))
def test_forms_come_back(package: Any, name: str, tags: list[str]) -> None:
    sent = _body(package, "send_form", {"name": name, "tags": tags})
    pairs = parse_qsl(sent.body.decode(), keep_blank_values=True)

    assert [("name", name), *(("tags", tag) for tag in tags)] == pairs


# Parts.


def test_parts(package: Any, call: Any, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"\xff\xd8")
    body = {
        "file": ('od"d\r\n.bin', b"\x00\xff"),
        "picture": picture,
        "pages": [io.BytesIO(b"1"), ("two.txt", "zwö", "text/plain"), b"3"],
        "name": "ü",
        "tags": ["x", "y"],
        "day": date(2026, 1, 2),
        "number": 5,
        "object": {"a": None},
        "quoted": "q",
        "deep": {"a": 1},
    }
    sent = _sent(package, call, lambda client: client.send_parts(body=body))
    found = [(p["Content-Disposition"], p["Content-Type"], _content(p)) for p in _parts(sent)]

    named = "form-data; name="
    octets = "application/octet-stream"
    assert [
        (f'{named}"file"; filename="od%22d%0D%0A.bin"', octets, b"\x00\xff"),
        (f'{named}"picture"; filename="a.jpg"', "image/jpeg", b"\xff\xd8"),
        (f'{named}"pages"; filename="pages"', octets, b"1"),
        (f'{named}"pages"; filename="two.txt"', "text/plain", "zwö".encode()),
        (f'{named}"pages"; filename="pages"', octets, b"3"),
        (f'{named}"name"', None, "ü".encode()),
        (f'{named}"tags"', None, b"x"),
        (f'{named}"tags"', None, b"y"),
        (f'{named}"day"', None, b"2026-01-02"),
        (f'{named}"number"', None, b"5"),
        (f'{named}"object"', "application/json", b'{"a":null}'),
        (f'{named}"quoted"', "application/json", b'"q"'),
        (f'{named}"deep[a]"', None, b"1"),
    ] == [(str(a), b and str(b), c) for a, b, c in found]
    assert "scan" == _parts(sent)[1]["X-Kind"]
    assert str(len(sent.body)) == sent.value("Content-Length")


def test_parts_of_a_model(package: Any, call: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"bytes")
    document = package.Document(file=path, name="n")
    sent = _sent(package, call, lambda client: client.send_parts(body=document))

    assert [b"bytes", b"n"] == [_content(part) for part in _parts(sent)]


def test_a_text_is_content_and_a_path_is_a_file(package: Any, call: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("inside")
    texts = _sent(package, call, lambda client: client.send_parts(body={"file": str(path)}))
    files = _sent(package, call, lambda client: client.send_parts(body={"file": path}))

    assert [str(path).encode()] == [_content(part) for part in _parts(texts)]
    assert [b"inside"] == [_content(part) for part in _parts(files)]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "no file"},
        {"file": 5},
        {"file": b"", "number": "x"},
        {"file": Path("/nowhere/at/all")},
        {"file": io.StringIO("text")},
        {"file": ("a", b"", "text/plain\r\nX-Evil: 1")},
    ],
    ids=["no file", "a number", "not a number", "no such file", "an open text", "a header in it"],
)
def test_parts_that_do_not_fit(package: Any, call: Any, body: dict[str, Any]) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: client.send_parts(body=body))

    assert [] == here.sent


@QUIET
@given(st.binary(max_size=50), TEXTS)
def test_parts_come_back(package: Any, data: bytes, name: str) -> None:
    sent = _body(package, "send_parts", {"file": data, "name": name})
    boundary = (sent.value("content-type") or "").partition("boundary=")[2].encode()
    parts = (b"\r\n" + sent.body).split(b"\r\n--" + boundary)
    contents = [part.partition(b"\r\n\r\n")[2] for part in parts[1:-1]]

    assert [data, name.encode()] == contents


# Text and bytes.


def test_text(package: Any, call: Any) -> None:
    plain = _sent(package, call, lambda client: client.send_text(body="ü"))
    latin = _sent(package, call, lambda client: client.send_latin(body="ü"))

    assert ("text/plain; charset=utf-8", "ü".encode()) == (plain.value("Content-Type"), plain.body)
    assert ("text/plain; charset=iso-8859-1", b"\xfc") == (latin.value("Content-Type"), latin.body)
    with pytest.raises(package.InvalidRequest):
        _sent(package, call, lambda client: client.send_latin(body="\u2603"))


def _pieces() -> Iterator[bytes]:
    yield b"by"
    yield b"tes"


async def _async_pieces() -> AsyncIterator[bytes]:
    yield b"by"
    yield b"tes"


def test_bytes(package: Any, call: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"bytes")
    moved = io.BytesIO(b"not these: bytes")
    moved.seek(11)
    for body in (b"bytes", bytearray(b"bytes"), path, moved):
        sent = _sent(package, call, lambda client, b=body: client.send_bytes(body=b))
        assert (b"bytes", "5") == (sent.body, sent.value("Content-Length"))
    sent = _sent(package, call, lambda client: client.send_bytes(body=_pieces()))
    assert (b"bytes", "chunked") == (sent.body, sent.value("Transfer-Encoding"))


def test_bytes_from_an_asynchronous_iterator(package: Any) -> None:
    async def send(url: str) -> None:
        async with package.AsyncClient(url) as client:
            await client.send_bytes(body=_async_pieces())

    with venue(Answer(204)) as here:
        asyncio.run(send(here.url))
    assert b"bytes" == here.sent[0].body
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        package.Client(here.url).send_bytes(body=_async_pieces())
    assert [] == here.sent


def test_what_are_no_bytes(package: Any, call: Any) -> None:
    for body in ({"a": 1}, 5, io.StringIO("text")):
        with pytest.raises(package.InvalidRequest):
            _sent(package, call, lambda client, b=body: client.send_bytes(body=b))


def test_only_what_can_be_read_again_is_sent_again(package: Any, call: Any) -> None:
    def retry() -> Any:
        return package.Retry(tries=2, first_wait=0.0)

    answers = Answer(503), Answer(204)
    with venue(*answers) as here:
        body = io.BytesIO(b"bytes")
        call(package, here.url, lambda client: client.send_bytes(body=body), retry=retry())
    assert [b"bytes", b"bytes"] == [sent.body for sent in here.sent]
    pieces = _pieces()
    with venue(*answers) as here, pytest.raises(package.Error):
        call(package, here.url, lambda client: client.send_bytes(body=pieces), retry=retry())
    assert [b"bytes"] == [sent.body for sent in here.sent]


def test_large_files_are_never_in_memory(package: Any, tmp_path: Path) -> None:
    import httpx

    path, size = tmp_path / "large.bin", 32 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(size)
    seen: list[int] = []

    class Counting(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            seen.append(sum(len(chunk) for chunk in request.stream))
            assert seen[-1] == int(request.headers["Content-Length"])
            return httpx.Response(204)

    client = package.Client("http://bodies.test", http=httpx.Client(transport=Counting()))
    tracemalloc.start()
    client.send_bytes(body=path)
    client.send_parts(body={"file": path})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size == seen[0] < seen[1]
    assert peak < size / 8


# Several media types.


@pytest.mark.parametrize(
    ("body", "chosen", "media", "content"),
    [
        ({"symbol": "X"}, None, "application/json", b'{"symbol":"X"}'),
        ({"symbol": "X"}, "application/x-www-form-urlencoded",
         "application/x-www-form-urlencoded", b"symbol=X"),
        ("a,b", None, "text/csv; charset=utf-8", b"a,b"),
        (b"\xff", "image/webp", "image/webp", b"\xff"),
    ],
)  # fmt: skip
def test_media_types(
    package: Any, call: Any, body: Any, chosen: str | None, media: str, content: bytes
) -> None:
    sent = _sent(package, call, lambda c: c.send_any(body=body, content_type=chosen))

    assert (media, content) == (sent.value("Content-Type"), sent.body)


def test_the_media_type_of_a_file(package: Any, call: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"png")
    sent = _sent(package, call, lambda client: client.send_any(body=path))

    assert ("image/png", b"png") == (sent.value("Content-Type"), sent.body)
    for arguments in ({"body": b""}, {"body": b"", "content_type": "video/ogg"}):
        with pytest.raises(package.InvalidRequest, match="content_type"):
            _sent(package, call, lambda client, a=arguments: client.send_any(**a))


SIGNED = """
openapi: 3.1.0
info: {title: Signed, version: "1"}
servers: [{url: "http://signed.test"}]
security: [{sign: []}]
paths:
  /bytes:
    put:
      operationId: send_bytes
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {"204": {description: done}}
components:
  securitySchemes:
    sign:
      type: apiKey
      in: header
      name: X-Sign
      x-signature:
        algorithm: hmac-sha256
        key: {name: secret, encoding: utf-8}
        message: "{method}{path}{body}"
        encoding: hex
        headers: {X-Sign: "{signature}"}
"""


def test_a_signed_stream_is_signed_as_it_is_sent(client_of: Any, call: Any) -> None:
    package = client_of(SIGNED)
    with venue(Answer(204)) as here:
        call(package, here.url, lambda c: c.send_bytes(body=_pieces()), secret="key")
    (sent,) = here.sent

    assert (b"bytes", "5") == (sent.body, sent.value("Content-Length"))
    assert hmac.new(b"key", b"PUT/bytes" + sent.body, "sha256").hexdigest() == sent.value("X-Sign")
