"""What becomes of an answer: by its status, its media type, its character set and its headers."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import HTML, JSON, Answer, venue
from .conftest import Call
from .trickle import trickling

Package = Any
Ask = Callable[..., Any]


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("responses.yaml")


@pytest.fixture
def ask(package: Package, call: Call) -> Ask:
    """The raw reply of an operation to an answer."""

    def asked(operation: str, answer: Answer, **options: Any) -> Any:
        with venue(answer) as here:
            return call(package, here.url, lambda c: getattr(c.raw, operation)(), **options)

    return asked


def media(type_: str, body: str | bytes, status: int = 200) -> Answer:
    return Answer(
        status, body if isinstance(body, bytes) else body.encode(), {"Content-Type": type_}
    )


# Statuses.


@pytest.mark.parametrize(
    ("status", "value", "class_"),
    [
        (200, {"range": 1}, "Range"),
        (201, {"made": "x"}, "Made"),
        (299, {"range": 1}, "Range"),
    ],
)
def test_the_status_counts_before_its_range(
    package: Package, ask: Ask, status: int, value: object, class_: str
) -> None:
    data = ask("ranges", Answer.json(status, value)).data

    assert getattr(package, class_) is type(data)
    assert value == data.model_dump()


@pytest.mark.parametrize(
    ("status", "value", "error", "body"),
    [
        (404, {"gone": True}, "NotFound", "Gone"),
        (400, {"code": 1}, "BadRequest", "Trouble"),
        (418, {"code": 1}, "StatusError", "Trouble"),
        (500, {"other": 1}, "ServerError", "Other"),
    ],
)
def test_the_range_of_an_error_counts_before_default(
    package: Package, ask: Ask, status: int, value: object, error: str, body: str
) -> None:
    with pytest.raises(package.StatusError) as caught:
        ask("ranges", Answer.json(status, value))

    assert getattr(package, error) is type(caught.value)
    assert getattr(package, body) is type(caught.value.body)
    assert value == caught.value.body.model_dump()


def test_default_alone_is_a_success(package: Package, ask: Ask) -> None:
    assert "x" == ask("alone", Answer.json(202, {"made": "x"})).data.made
    with pytest.raises(package.StatusError) as caught:
        ask("alone", Answer.json(409, {"made": "x"}))
    assert 409 == caught.value.status


def test_an_unknown_status_is_unexpected(package: Package, ask: Ask) -> None:
    with pytest.raises(package.UnexpectedStatus) as caught:
        ask("json", Answer.json(202, {"made": "x"}))
    assert b'{"made": "x"}' == caught.value.response.content


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("ranges", Answer(204)),
        ("bodiless", Answer(200)),
        ("bodiless", media("text/html", "<p>hello")),
        ("bodiless", Answer(205)),
        ("look", Answer(200, b"", JSON)),
    ],
)
def test_no_body_is_none(ask: Ask, operation: str, answer: Answer) -> None:
    reply = ask(operation, answer)

    assert reply.data is None
    assert answer.status == reply.status


def test_not_modified_is_a_documented_status(package: Package, ask: Ask) -> None:
    with pytest.raises(package.StatusError) as caught:
        ask("bodiless", Answer(304, b"", {"ETag": '"7"'}))

    assert (304, '"7"') == (caught.value.status, caught.value.response.headers["ETag"])


# Media types.


@pytest.mark.parametrize(
    ("type_", "body", "expected"),
    [
        ("application/json", '{"made": "x"}', ("Made", {"made": "x"})),
        ("Application/JSON; Charset=UTF-8", '{"made": "x"}', ("Made", {"made": "x"})),
        ('application/json; version="2"; charset=utf-8', '{"range": 2}', ("Range", {"range": 2})),
        ("application/json;version=3", '{"made": "x"}', ("Made", {"made": "x"})),
        ("application/vnd.venue.gone+json", '{"gone": true}', ("Gone", {"gone": True})),
        ("text/csv; header=present", "a,b\r\n", "a,b\r\n"),
        ("image/webp", b"\x00\xff", b"\x00\xff"),
        ("application/x-unheard-of", '{"made": "x"}', ("Made", {"made": "x"})),
        ("text/html", '{"made": "x"}', ("Made", {"made": "x"})),
        ("", '{"made": "x"}', ("Made", {"made": "x"})),
    ],
)
def test_the_media_type_chooses_the_content(
    package: Package, ask: Ask, type_: str, body: str | bytes, expected: Any
) -> None:
    data = ask("kinds", media(type_, body)).data

    if isinstance(expected, tuple):
        assert getattr(package, expected[0]) is type(data)
        data = data.model_dump()
        expected = expected[1]
    assert expected == data


def test_what_is_documented_is_asked_for(package: Package, call: Call) -> None:
    with venue(Answer.json(200, {"made": "x"})) as here:
        call(package, here.url, lambda c: c.kinds())
        call(package, here.url, lambda c: c.json())
        call(package, here.url, lambda c: c.image())
        call(package, here.url, lambda c: c.bodiless())

    kinds, plain, image, bodiless = (sent.value("Accept") for sent in here.sent)
    assert (
        "application/json, application/json; version=2, application/vnd.venue.gone+json, text/csv,"
        " image/*, application/problem+json;q=0.9"
    ) == kinds
    assert ("application/json", "image/png, application/json;q=0.9") == (plain, image)
    assert "*/*" == bodiless


def test_json_is_read_under_another_name(ask: Ask) -> None:
    for type_ in ("text/plain", "text/html", "application/octet-stream", "application/x+json", ""):
        assert "x" == ask("json", media(type_, '{"made": "x"}')).data.made


def test_any_media_type_may_be_documented(ask: Ask) -> None:
    assert "x" == ask("open", media("application/hal+json", '{"made": "x"}')).data.made


def test_text_and_bytes(ask: Ask) -> None:
    assert "<made>x</made>" == ask("xml", media("application/xml", "<made>x</made>")).data
    assert b"\x89PNG" == ask("image", media("image/png", b"\x89PNG")).data
    assert b"\x89PNG" == ask("image", media("image/jpeg", b"\x89PNG")).data
    assert "" == ask("text", media("text/plain", "")).data


# Character sets.


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("text/plain", "é€".encode()),
        ("text/plain; charset=utf-8", "\ufeffé€".encode()),
        ("text/plain; charset=iso-8859-15", "é€".encode("iso-8859-15")),
        ('text/plain; charset="utf-16"', "é€".encode("utf-16")),
    ],
)
def test_text_is_read_in_its_character_set(ask: Ask, type_: str, body: bytes) -> None:
    assert "é€" == ask("text", media(type_, body)).data


# What Python calls an encoding need not be one of texts, nor take all bytes.
NO_CHARACTER_SETS = "klingon hex zlib base64 rot13 bz2 uu undefined idna".split()


@pytest.mark.parametrize("name", NO_CHARACTER_SETS)
def test_text_of_no_known_character_set_is_text(ask: Ask, name: str) -> None:
    assert "ok ü" == ask("text", media(f"text/plain; charset={name}", "ok ü")).data


@pytest.mark.parametrize("name", NO_CHARACTER_SETS)
def test_json_of_no_known_character_set_is_json_or_none(
    package: Package, ask: Ask, name: str
) -> None:
    media_type = f"application/json; charset={name}"
    assert "x" == ask("json", media(media_type, '{"made": "x"}')).data.made
    with pytest.raises(package.InvalidBody):
        ask("json", media(media_type, '{"made": "\ud800"}'.encode("utf-8", "surrogatepass")))


def test_text_in_utf_16_needs_no_mark(ask: Ask) -> None:
    told = "text/plain; charset=utf-16"
    assert "ab" == ask("text", Answer(200, b"a\0b\0", {"Content-Type": told})).data


@pytest.mark.parametrize(
    ("type_", "encoding"),
    [
        ("application/json", "utf-8"),
        ("application/json", "utf-8-sig"),
        ("application/json", "utf-16"),
        ("application/json", "utf-16-be"),
        ("application/json", "utf-32-le"),
        ("application/json; charset=iso-8859-1", "iso-8859-1"),
        ("application/json; charset=iso-8859-1", "utf-8"),
        ("application/json; charset=klingon", "utf-8"),
    ],
)
def test_json_is_read_in_every_encoding(ask: Ask, type_: str, encoding: str) -> None:
    assert "é" == ask("json", media(type_, '{"made": "é"}'.encode(encoding))).data.made


# Bodies that are not what was promised.


@pytest.mark.parametrize("body", ["", " \r\n", "<html>", "{", b'{"made": "\xff"}'])
def test_no_json_is_an_invalid_body(package: Package, ask: Ask, body: str | bytes) -> None:
    answer = media("application/json", body)
    with pytest.raises(package.InvalidBody) as caught:
        ask("json", answer)

    assert (200, answer.body) == (caught.value.status, caught.value.response.content)
    assert [""] == [problem.pointer for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("operation", "type_", "body", "read"),
    [
        ("text", "text/plain", b"a,b\n1,2", "a,b\n1,2"),
        ("image", "image/png", b"\x89PNG", b"\x89PNG"),
        ("json", "application/json", b'{"made": "x"}', {"made": "x"}),
    ],
)
def test_a_body_that_is_cut_off_is_no_success(
    package: Package, ask: Ask, operation: str, type_: str, body: bytes, read: object
) -> None:
    # RFC 9112, section 8: a message is incomplete whose length is not what it says.
    answer = Answer(200, body, {"Content-Type": type_}, cut=True)
    with pytest.raises(package.InvalidBody, match="cut off") as caught:
        ask(operation, answer)
    assert (200, body) == (caught.value.status, caught.value.response.content)

    reply = ask(operation, answer, lenient=True)
    assert read == getattr(reply.data, "model_dump", lambda: reply.data)()
    assert "cut off" in str(reply.problems)


@pytest.mark.parametrize("operation", ["text", "image"])
def test_a_body_that_cannot_be_decoded_is_no_success(
    package: Package, ask: Ask, operation: str
) -> None:
    answer = Answer(200, b"garbage", {"Content-Encoding": "gzip"})
    with pytest.raises(package.InvalidBody, match="cannot be decoded") as caught:
        ask(operation, answer)

    assert b"garbage" == caught.value.response.content


def test_what_a_reply_shows_is_what_came(ask: Ask) -> None:
    assert "lambda" not in repr(ask("limited", Answer.json(200, {"made": "x"})))


def test_no_body_is_null_where_null_is_documented(ask: Ask) -> None:
    assert ask("maybe", Answer(200, b"", JSON)).data is None
    assert ask("anything", Answer(200)).data is None


@pytest.mark.parametrize(
    "answer", [Answer(502, b"<h1>Bad Gateway</h1>", HTML), Answer(502), Answer.json(502, ["?"])]
)
def test_no_body_masks_an_error(package: Package, ask: Ask, answer: Answer) -> None:
    with pytest.raises(package.ServerError) as caught:
        ask("json", answer)

    assert (502, None) == (caught.value.status, caught.value.body)
    assert answer.body == caught.value.response.content


MISFITS: list[tuple[object, list[str]]] = [
    ({}, ["/list"]),
    ({"list": [{"made": "x"}, {"made": 5}]}, ["/list/1/gone", "/list/1/made"]),
    ({"list": [3]}, ["/list/0"]),
    ({"list": [], "byKey": {"a/b": [{"range": 1}, {"range": "x"}]}}, ["/byKey/a~1b/1/range"]),
    ({"list": [], "byKey": {"k": 1}}, ["/byKey/k"]),
    ({"list": [], "a/b~c": "x"}, ["/a~1b~0c"]),
    ({"list": [], "tagged": {"kind": "Dog", "barks": 3}}, ["/tagged/barks"]),
]


@pytest.mark.parametrize(("value", "pointers"), MISFITS, ids=lambda v: json.dumps(v)[:40])
def test_every_misfit_has_its_pointer(
    package: Package, ask: Ask, value: object, pointers: list[str]
) -> None:
    with pytest.raises(package.InvalidBody) as caught:
        ask("many", Answer.json(207, value))

    found = {problem.pointer for problem in caught.value.problems}
    assert set(pointers) <= found
    assert {p for p in found if not _is_place(value, p)} <= set(pointers)


def _is_place(value: Any, pointer: str) -> bool:
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            return False
    return True


def test_the_name_of_a_branch_is_no_place_even_where_it_is_a_key(
    package: Package,
) -> None:
    runtime = __import__(f"{package.__name__}._runtime", fromlist=["_pointer"])
    value = {"kind": "Dog", "Dog": {"a": 1}, "barks": "x"}

    assert "/barks" == runtime._pointer(value, ("Dog", "barks"), False)
    assert "/Dog/a" == runtime._pointer(value, ("Dog", "Dog", "a"), False)
    assert "/Dog" == runtime._pointer(value, ("Cat", "Dog", "str"), False)


# Headers.


def test_headers_are_typed(package: Package, ask: Ask) -> None:
    headers = {
        "x-rate-limit-remaining": "7",
        "X-Reset": "2026-11-21T04:00:00Z",
        "X-Scopes": "read, trade",
        "X-Color": "R,100,G,200",
        "X-Meta": '{"n": 1}',
        "X-Side": "hold",
        "X-Live": "true",
    }
    reply = ask("limited", Answer(200, b'{"made": "x"}', {**JSON, **headers}))

    assert isinstance(reply.header, package.LimitedHeaders)
    assert 7 == reply.header.x_rate_limit_remaining
    assert datetime(2026, 11, 21, 4, tzinfo=UTC) == reply.header.x_reset
    assert ["read", "trade"] == reply.header.x_scopes
    assert (100, 200) == (reply.header.x_color.r, reply.header.x_color.g)
    assert 1 == reply.header.x_meta.n
    assert "hold" == reply.header.x_side
    assert reply.header.x_live is True
    assert reply.header.link is None
    assert "7" == reply.headers["X-Rate-Limit-Remaining"]
    assert not hasattr(reply.header, "content_type")


def test_a_reply_with_typed_headers_can_be_pickled(ask: Ask) -> None:
    headers = {"x-rate-limit-remaining": "7"}
    reply = ask("limited", Answer(200, b'{"made": "x"}', {**JSON, **headers}))

    for same in (pickle.loads(pickle.dumps(reply)), copy.deepcopy(reply)):
        assert (7, "x", 200) == (same.header.x_rate_limit_remaining, same.data.made, same.status)


def test_no_comma_joins_cookies(package: Package) -> None:
    """RFC 9110, section 5.3: their dates have commas. OpenAPI 3.2 has a line for each."""
    cookies = ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"]
    lines = [*(f"Set-Cookie: {cookie}" for cookie in cookies), "X-Tag: x, y", "X-Tag: z"]
    with (
        trickling(b'{"made": "x"}', media="application/json", headers=lines) as here,
        package.Client(here.url) as client,
    ):
        header = client.raw.cookies().header
        assert cookies == header.set_cookie
        assert ["x", "y", "z"] == header.x_tag
        assert "\n".join(cookies) == client.raw.limited().header.set_cookie


def test_a_header_that_does_not_fit_is_none(ask: Ask) -> None:
    headers = {"X-Rate-Limit-Remaining": "many", "X-Color": "red", "X-Meta": "{", "X-Scopes": "a"}
    reply = ask("limited", Answer(200, b'{"made": "x"}', {**JSON, **headers}))

    assert "x" == reply.data.made
    assert reply.header.x_rate_limit_remaining is None
    assert reply.header.x_meta is None
    assert ["a"] == reply.header.x_scopes


# Downloads.

BYTES = bytes(range(256)) * 400


def test_a_download_is_saved(package: Package, call: Call, tmp_path: Path) -> None:
    target = tmp_path / "picture.png"
    target.write_bytes(b"older")
    with trickling(BYTES[:1000], BYTES[1000:], media="image/png") as server:
        saved = call(package, server.url, lambda c: c.streamed.image().save(target))

    assert target == saved
    assert BYTES == target.read_bytes()
    assert [target] == list(tmp_path.iterdir())


def test_a_download_that_is_cut_off_leaves_no_file(
    package: Package, call: Call, tmp_path: Path
) -> None:
    target = tmp_path / "picture.png"
    with (
        trickling(BYTES, media="image/png", end="cut") as server,
        pytest.raises(package.InvalidBody, match=f"cut off after {len(BYTES)} bytes"),
    ):
        call(package, server.url, lambda c: c.streamed.image().save(target))

    assert [] == list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_releases_the_connection(
    package: Package, call: Call, tmp_path: Path
) -> None:
    with trickling(BYTES, media="image/png", end="open") as server:
        with pytest.raises(FileNotFoundError):
            call(package, server.url, lambda c: c.streamed.image().save(tmp_path / "no" / "file"))
        assert server.hung_up.wait(20)


def test_a_download_is_read_in_pieces(package: Package) -> None:
    with (
        trickling(BYTES, media="image/png") as server,
        package.Client(server.url) as client,
        client.streamed.image() as download,
    ):
        assert (200, "image/png") == (download.status, download.headers["Content-Type"])
        pieces = list(download.iter_bytes(1000))

    assert [1000] * 102 + [400] == [len(piece) for piece in pieces]
    assert BYTES == b"".join(pieces)


async def _pieces(client: Any) -> tuple[int, bytes]:
    async with client.streamed.image() as download:
        return download.status, b"".join([piece async for piece in download.iter_bytes()])


def test_a_download_is_awaited_in_pieces(package: Package) -> None:
    import asyncio

    async def read(url: str) -> tuple[int, bytes]:
        async with package.AsyncClient(url) as client:
            return await _pieces(client)

    with trickling(BYTES, media="image/png") as server:
        assert (200, BYTES) == asyncio.run(read(server.url))


def test_a_download_that_is_left_releases_the_connection(package: Package) -> None:
    with (
        trickling(BYTES, media="image/png", end="open") as server,
        package.Client(server.url) as client,
    ):
        with client.streamed.image() as download:
            next(download.iter_bytes())
        assert server.hung_up.wait(20)


def test_an_error_is_no_download(package: Package, call: Call, tmp_path: Path) -> None:
    with (
        venue(Answer.json(404, {"gone": True})) as here,
        pytest.raises(package.NotFound) as caught,
    ):
        call(package, here.url, lambda c: c.streamed.image().save(tmp_path / "x"))

    assert caught.value.body.gone is True
    assert [] == list(tmp_path.iterdir())
