"""Bodies of JSON lines and JSON text sequences: checked item by item, and never held whole."""

from __future__ import annotations

import asyncio
import io
import json
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call

Package = Any
LINES = b'{"symbol":"a\\nb"}\n{"symbol":"c","note":null}\n'


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("sequences.yaml")


def _items(package: Package) -> list[Any]:
    return [{"symbol": "a\nb"}, package.OrderRequest(symbol="c", note=None)]


async def _awaited(items: list[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item


class _Again:
    """What can be iterated over again and again, and is no list."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


@pytest.mark.parametrize("kind", [list, tuple, iter, _Again])
def test_items_are_lines(package: Package, call: Call, kind: Callable[..., Any]) -> None:
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.send_lines(body=kind(_items(package))))

    sent = here.sent[0]
    assert (LINES, "application/jsonl") == (sent.body, sent.value("Content-Type"))
    is_held = kind in (list, tuple)
    assert (str(len(LINES)) if is_held else None) == sent.value("Content-Length")
    assert (None if is_held else "chunked") == sent.value("Transfer-Encoding")


def test_an_asynchronous_iterator_is_lines(package: Package) -> None:
    async def send(url: str) -> None:
        async with package.AsyncClient(url) as client:
            await client.send_lines(body=_awaited(_items(package)))

    with venue(Answer(204)) as here:
        asyncio.run(send(here.url))
    assert LINES == here.sent[0].body
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match="AsyncClient"):
        package.Client(here.url).send_lines(body=_awaited(_items(package)))
    assert [] == here.sent


def test_an_array_is_documented_for_its_items(package: Package, call: Call) -> None:
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.send_ndjson(body=_items(package)))
        call(package, here.url, lambda client: client.send_ndjson(body=[]))
        call(package, here.url, lambda client: client.send_ndjson())

    first, empty, left_out = here.sent
    assert (LINES, "application/x-ndjson; charset=utf-8") == (
        first.body,
        first.value("Content-Type"),
    )
    assert (b"", "0") == (empty.body, empty.value("Content-Length"))
    assert (b"", None) == (left_out.body, left_out.value("Content-Type"))


def test_records_begin_with_a_separator(package: Package, call: Call) -> None:
    # RFC 7464, section 2.2: a record separator, the text, a line feed; RFC 8091 for the suffix.
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.send_records(body=_items(package)))
        call(package, here.url, lambda client: client.send_features(body=iter(["\x1eü", None])))

    first, second = here.sent
    assert b'\x1e{"symbol":"a\\nb"}\n\x1e{"symbol":"c","note":null}\n' == first.body
    assert [b"", "\x1eü", None] == [
        json.loads(part) if part else part for part in second.body.split(b"\x1e")
    ]
    assert "application/geo+json-seq" == second.value("Content-Type")


@pytest.mark.parametrize(
    ("bad", "pointer"),
    [({"symbol": "x", "quantity": 6}, "/1/quantity"), ({}, "/1/symbol"), ({"symbol": ""}, "/1/sym"),
     (5, "/1"), ("text", "/1")],
)  # fmt: skip
def test_a_list_that_does_not_fit_is_not_sent(
    package: Package, call: Call, bad: Any, pointer: str
) -> None:
    body = [{"symbol": "a"}, bad]
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest) as caught:
        call(package, here.url, lambda client: client.send_lines(body=body))

    assert f"\n  {pointer}" in str(caught.value)
    assert caught.value.may_have_taken_effect is False
    assert [] == here.sent


COUNTS = [([1], "Less than 2 items"), ([1, 2, 3, 4], "More than 3 items")]


@pytest.mark.parametrize("media", ["application/jsonl", "application/json"])
@pytest.mark.parametrize(
    ("items", "wrong"), [*COUNTS, ([1, 2, 1], "Holds an item twice"), ([1, -1], "Less than 0")]
)
def test_a_list_is_counted_before_it_is_sent(
    package: Package, call: Call, items: list[int], wrong: str, media: Any
) -> None:
    with venue(Answer(204)) as here:
        with pytest.raises(package.InvalidRequest, match=wrong) as caught:
            call(package, here.url, lambda c: c.send_counted(body=items, content_type=media))
        assert caught.value.may_have_taken_effect is False
        assert not here.sent
        call(package, here.url, lambda c: c.send_counted(body=[5, 6], content_type=media))
        assert 1 == len(here.sent)


@pytest.mark.parametrize(("items", "wrong"), COUNTS)
def test_an_iterator_is_counted_while_it_is_sent(
    package: Package, call: Call, items: list[int], wrong: str
) -> None:
    with venue(Answer(204)) as here:
        with pytest.raises(package.InvalidRequest, match=wrong) as caught:
            call(package, here.url, lambda client: client.send_counted(body=iter(items)))
        assert caught.value.may_have_taken_effect is True
        call(package, here.url, lambda client: client.send_counted(body=iter([5, 5])))
    assert b"5\n5\n" == here.sent[-1].body


def test_an_iterator_that_does_not_fit_says_what_was_sent(package: Package, call: Call) -> None:
    def items(*found: Any) -> Iterator[Any]:
        yield from found

    with venue(Answer(204)) as here:
        with pytest.raises(package.InvalidRequest, match="/1/symbol") as caught:
            call(package, here.url, lambda c: c.send_lines(body=items({"symbol": "a"}, {})))
        assert caught.value.may_have_taken_effect is True
        with pytest.raises(package.InvalidRequest, match="/0/symbol") as caught:
            call(package, here.url, lambda c: c.send_lines(body=items({})))
        assert caught.value.may_have_taken_effect is False


def test_an_iterator_that_fails_leaves_the_client_whole(package: Package) -> None:
    def items() -> Iterator[Any]:
        yield {"symbol": "a"}
        raise LookupError("gone")

    with venue(Answer(204)) as here, package.Client(here.url) as client:
        with pytest.raises(LookupError):
            client.send_lines(body=items())
        assert [] == client.http._transport._pool.connections
        client.send_lines(body=[{"symbol": "b"}])
    assert b'{"symbol":"b"}\n' == here.sent[-1].body


@pytest.mark.parametrize("body", [{"symbol": "x"}, 5, None])
def test_what_is_no_sequence_is_not_sent(package: Package, call: Call, body: Any) -> None:
    with venue(Answer(204)) as here:
        for given in (body, package.OrderRequest(symbol="x")):
            with pytest.raises(package.InvalidRequest):
                call(package, here.url, lambda client, b=given: client.send_lines(body=b))

    assert [] == here.sent


def test_what_is_written_already_is_sent_as_it_is(
    package: Package, call: Call, tmp_path: Path
) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_bytes(b"raw\n")
    kinds: list[Callable[[], Any]] = [
        lambda: b"raw\n",
        lambda: "raw\n",
        lambda: path,
        lambda: io.BytesIO(b"raw\n"),
        lambda: iter([b"ra", bytearray(b"w\n")]),
    ]
    with venue(Answer(204)) as here:
        for make in kinds:
            call(package, here.url, lambda client, make=make: client.send_lines(body=make()))
            call(package, here.url, lambda client, make=make: client.send_text(body=make()))

    assert {b"raw\n"} == {sent.body for sent in here.sent}


def test_only_what_comes_again_is_sent_again(package: Package, call: Call) -> None:
    items = [{"symbol": "a"}, {"symbol": "b"}]
    twice = [b'{"symbol":"a"}\n{"symbol":"b"}\n'] * 2
    retry = package.Retry(tries=2, first_wait=0.0)
    for body in (items, _Again(items)):
        with venue(Answer(503), Answer(204)) as here:
            call(package, here.url, lambda c, b=body: c.send_lines(body=b), retry=retry)
        assert twice == [sent.body for sent in here.sent]
    once = iter(items)
    with venue(Answer(503), Answer(204)) as here, pytest.raises(package.UnexpectedStatus):
        call(package, here.url, lambda c: c.send_lines(body=once), retry=retry)
    assert twice[:1] == [sent.body for sent in here.sent]


def test_untyped_items_are_json(package: Package, call: Call) -> None:
    items = [{"a": [1]}, "text", None, True, package.OrderRequest(symbol="x")]
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.send_untyped(body=iter(items)))

    assert b'{"a":[1]}\n"text"\nnull\ntrue\n{"symbol":"x"}\n' == here.sent[0].body


def test_a_sequence_beside_other_media_types(package: Package, call: Call) -> None:
    kinds: list[tuple[Callable[[], Any], str | None, str, bytes]] = [
        (lambda: {"symbol": "a"}, None, "application/json", b'{"symbol":"a"}'),
        (lambda: iter([{"symbol": "a"}]), None, "application/x-ndjson", b'{"symbol":"a"}\n'),
        (lambda: [{"symbol": "a"}], "application/x-ndjson", "application/x-ndjson",
         b'{"symbol":"a"}\n'),
        (lambda: b"raw", None, "application/octet-stream", b"raw"),
        (lambda: b"raw", "application/x-ndjson", "application/x-ndjson", b"raw"),
    ]  # fmt: skip
    with venue(Answer(204)) as here:
        for make, media, _, _ in kinds:
            call(
                package,
                here.url,
                lambda c, make=make, media=media: c.send_either(body=make(), content_type=media),
            )

    assert [kind[2:] for kind in kinds] == [(s.value("Content-Type"), s.body) for s in here.sent]


def test_items_are_sent_as_they_come(package: Package) -> None:
    import httpx

    size, seen = 20_000, 0

    class Counting(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal seen
            assert isinstance(request.stream, httpx.SyncByteStream)
            seen = sum(len(chunk) for chunk in request.stream)
            return httpx.Response(204)

    client = package.Client("http://sequences.test", http=httpx.Client(transport=Counting()))
    client.send_lines(body=[{"symbol": "x"}])  # which builds the model
    tracemalloc.start()
    client.send_lines(body=({"symbol": f"{n:0200}"} for n in range(size)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size * 200 < seen
    assert peak < seen / 8
