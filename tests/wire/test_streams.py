"""Server-sent events and JSON lines: typed, piece by piece, and released when left."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import warnings
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .trickle import trickling

Package = Any
Collect = Callable[..., list[Any]]


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("streams.yaml")


def _sync(package: Package, url: str, operation: str, *path: str, **options: Any) -> list[Any]:
    with package.Client(url, **{"timeout": 5.0, **options}) as client:
        owner = getattr(client, path[0]) if path else client
        return list(getattr(owner, operation)())


def _unsync(package: Package, url: str, operation: str, *path: str, **options: Any) -> list[Any]:
    async def collect() -> list[Any]:
        async with package.AsyncClient(url, **{"timeout": 5.0, **options}) as client:
            owner = getattr(client, path[0]) if path else client
            return [item async for item in getattr(owner, operation)()]

    return asyncio.run(collect())


@pytest.fixture(params=[_sync, _unsync], ids=["sync", "async"])
def collect(request: pytest.FixtureRequest) -> Collect:
    """All items of a stream, through either client."""
    return request.param


def test_events_have_typed_data(package: Package, collect: Collect) -> None:
    pieces = [
        b": welcome\nretry: 1500\n\n",
        b'id: 7\nevent: trade\ndata: {"px": 1, "side": "buy"}\n\n',
        b'data: {"px":\ndata: 2}\n\ndata: [DONE]\n\ndata: {"px": 3}\n\n',
    ]
    with trickling(*pieces) as server:
        first, second = collect(package, server.url, "watch_trades")

    assert isinstance(first, package.ServerSentEvent)
    assert isinstance(first.data, package.Trade)
    assert ("trade", "7", 1500) == (first.event, first.id, first.retry)
    assert (1, package.TradeSide.BUY) == (first.data.px, first.data.side)
    assert ("message", "7", 2) == (second.event, second.id, second.data.px)
    assert b"accept: text/event-stream, application/json;q=0.9" in server.requests[0].lower()


def test_events_of_text_are_text(package: Package, collect: Collect) -> None:
    with trickling(b"data: {not json}\n\ndata: [DONE]\n\ndata\n\n") as server:
        events = collect(package, server.url, "watch_texts")

    assert ["{not json}", "[DONE]", ""] == [event.data for event in events]


def test_the_example_of_the_specification(package: Package, collect: Collect) -> None:
    # OpenAPI 3.2.0, "Server-Sent Event Streams".
    text = (
        b"event: addString\ndata: This data is formatted\ndata: across two lines\nretry: 5\n\n"
        b"event: addInt64\ndata: 1234.5678\nunknownField: this is ignored\n\n"
        b': This is a comment\nevent: addJson\ndata: {"foo": 42}\n'
    )
    with trickling(text + b"\n") as server:
        one, two, three = collect(package, server.url, "watch_log")

    assert "This data is formatted\nacross two lines" == one.data
    assert ("addInt64", "1234.5678") == (two.event, two.data)
    assert ("addJson", 42) == (three.event, three.data.foo)


def test_the_name_of_an_event_decides_what_its_data_are(package: Package, collect: Collect) -> None:
    text = b"".join(
        b'event: %s\ndata: {"foo": 42}\n\n' % name for name in (b"addString", b"addJson", b"other")
    )
    with trickling(text) as server:
        one, two, three = collect(package, server.url, "watch_log")

    assert '{"foo": 42}' == one.data  # although it would fit the class of another event
    assert 42 == two.data.foo
    assert 42 == three.data.foo  # of which the document knows nothing


@pytest.mark.parametrize(
    ("operation", "media", "text"),
    [
        ("export_trades", "application/x-ndjson", b'{"px": 1}\n\r\n{"px": 2}\r\n\n{"px": 3}'),
        ("list_trades", "application/jsonl", b'{"px": 1}\n{"px": 2}\n{"px": 3}\n'),
        (
            "record_trades",
            "application/json-seq",
            b'\x1e{"px": 1}\n\x1e{\n"px": 2}\n\x1e{"px": 3}\n',
        ),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_lines_are_typed(
    package: Package, collect: Collect, operation: str, media: str, text: bytes, size: int
) -> None:
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    with trickling(*pieces, media=media) as server:
        items = collect(package, server.url, operation)

    assert [1, 2, 3] == [item.px for item in items]
    assert all(isinstance(item, package.Trade) for item in items)


@pytest.mark.parametrize(
    ("operation", "media", "piece"),
    [
        ("watch_trades", "text/event-stream", b'data: {"px": 1}\r\r'),
        ("export_trades", "application/x-ndjson", b'{"px": 1}\n'),
        ("record_trades", "application/json-seq", b'\x1e{"px": 1}\n'),
    ],
)
def test_an_item_is_there_as_soon_as_it_is_complete(
    package: Package, operation: str, media: str, piece: bytes
) -> None:
    with trickling(piece, media=media, end="open") as server, package.Client(server.url) as client:
        with getattr(client, operation)() as stream:
            item = next(stream)
            assert 1 == getattr(item, "data", item).px
        assert server.hung_up.wait(20)


async def _opened(client: Any) -> Any:
    return await client.watch_trades()


def test_a_loop_that_is_left_releases_the_connection(package: Package) -> None:
    piece = b'data: {"px": 1}\n\n'
    with trickling(piece, piece, end="open") as server, package.Client(server.url) as client:
        for event in client.watch_trades():
            assert 1 == event.data.px
            break
        gc.collect()
        assert server.hung_up.wait(20)
        assert [] == client.http._transport._pool.connections


def test_an_awaited_loop_that_is_left_releases_the_connection(package: Package) -> None:
    async def leave(url: str) -> None:
        async with package.AsyncClient(url) as client:
            async for event in client.watch_trades():
                assert 1 == event.data.px
                break
            gc.collect()
            await asyncio.sleep(0.05)
            assert [] == client.http._transport._pool.connections

    piece = b'data: {"px": 1}\n\n'
    with trickling(piece, piece, end="open") as server:
        asyncio.run(leave(server.url))
        assert server.hung_up.wait(20)


def test_a_stream_that_nobody_reads_is_released(package: Package) -> None:
    with trickling(b"data: 1\n\n", end="open") as server, package.Client(server.url) as client:
        client.watch_trades()
        gc.collect()
        assert server.hung_up.wait(20)


def test_so_is_an_awaited_one(package: Package) -> None:
    async def drop(url: str) -> None:
        async with package.AsyncClient(url) as client:
            await client.watch_trades()
            stream = await client.watch_trades()
            assert 1 == (await anext(stream)).data.px
            del stream
            gc.collect()
            for _ in range(400):
                if not client.http._transport._pool.connections:
                    break
                await asyncio.sleep(0.01)
            assert [] == client.http._transport._pool.connections

    with (
        trickling(b'data: {"px": 1}\n\n', end="open") as server,
        warnings.catch_warnings(action="error"),
    ):
        asyncio.run(drop(server.url))
        assert server.hung_up.wait(20)


def test_a_cancelled_task_releases_the_connection(package: Package) -> None:
    async def cancel(url: str) -> None:
        async with package.AsyncClient(url) as client:
            begun = asyncio.Event()

            async def read() -> None:
                async with client.watch_trades() as stream:
                    async for _ in stream:
                        begun.set()

            task = asyncio.create_task(read())
            await asyncio.wait_for(begun.wait(), 60)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert [] == client.http._transport._pool.connections

    with trickling(b'data: {"px": 1}\n\n', end="open") as server:
        asyncio.run(cancel(server.url))
        assert server.hung_up.wait(20)


def test_a_stream_has_three_forms_when_awaited(package: Package) -> None:
    async def use(url: str) -> list[int]:
        found: list[int] = []
        async with package.AsyncClient(url) as client:
            async for event in client.watch_trades():
                found.append(event.data.px)
            async for event in await client.watch_trades():
                found.append(event.data.px)
            async with client.watch_trades() as stream:
                found.append(stream.status)
                found.append((await anext(stream)).data.px)
            reply = await client.raw.watch_trades()
            found.append(reply.status)
            found += [event.data.px async for event in reply.data]
        return found

    with trickling(b'data: {"px": 1}\n\n') as server:
        assert [1, 1, 200, 1, 200, 1] == asyncio.run(use(server.url))


def test_the_raw_reply_holds_the_stream(package: Package) -> None:
    with trickling(b'data: {"px": 1}\n\n') as server, package.Client(server.url) as client:
        reply = client.raw.watch_trades()

        assert (200, "text/event-stream") == (reply.status, reply.headers["content-type"])
        assert [1] == [event.data.px for event in reply.data]


def test_an_item_that_does_not_fit_loses_no_other(package: Package) -> None:
    pieces = b'{"px": 1}\n{"px": "x", "side": 5}\nnonsense\n{"px": 4}\n'
    with (
        trickling(pieces, media="application/x-ndjson") as server,
        package.Client(server.url) as client,
        client.export_trades() as stream,
    ):
        assert 1 == next(stream).px
        with pytest.raises(package.InvalidBody, match="item 2") as misfit:
            next(stream)
        with pytest.raises(package.InvalidBody, match="item 3") as broken:
            next(stream)
        assert [4] == [item.px for item in stream]

    assert ["/px", "/side"] == sorted({p.pointer for p in misfit.value.problems})
    assert b'{"px": "x", "side": 5}' == misfit.value.response.content
    assert b"nonsense" == broken.value.response.content


def test_an_awaited_item_that_does_not_fit_loses_no_other(package: Package) -> None:
    async def use(url: str) -> list[int]:
        found: list[int] = []
        async with package.AsyncClient(url) as client, client.watch_trades() as stream:
            with pytest.raises(package.InvalidBody, match="item 2") as caught:
                async for event in stream:
                    found.append(event.data.px)
            assert ["/px"] == [p.pointer for p in caught.value.problems]
            async for event in stream:
                found.append(event.data.px)
        return found

    with trickling(b'data: {"px": 1}\n\ndata: {}\n\n', b'data: {"px": 3}\n\n') as server:
        assert [1, 3] == asyncio.run(use(server.url))


def test_a_lenient_stream_returns_what_fits(package: Package) -> None:
    pieces = b'{"px": 1}\n{"px": 2, "side": 5}\n'
    with (
        trickling(pieces, media="application/x-ndjson") as server,
        package.Client(server.url, lenient=True) as client,
        client.export_trades() as stream,
    ):
        assert (1, ()) == (next(stream).px, stream.problems)
        assert 2 == next(stream).px
        assert {"/side"} == {p.pointer for p in stream.problems}


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_stream_that_is_cut_off_keeps_what_came(package: Package, way: str) -> None:
    found: list[int] = []

    async def use(url: str) -> None:
        async with package.AsyncClient(url) as client:
            async for item in client.export_trades():
                found.append(item.px)

    def read(url: str) -> None:
        with package.Client(url) as client:
            for item in client.export_trades():
                found.append(item.px)

    piece = b'{"px": 1}\n{"px": 2}\n{"p'
    with (
        trickling(piece, media="application/x-ndjson", end="cut") as server,
        pytest.raises(package.InvalidBody, match="cut off after 2 items") as caught,
    ):
        read(server.url) if way == "sync" else asyncio.run(use(server.url))

    assert [1, 2] == found
    assert b'{"p' == caught.value.response.content
    assert caught.value.__cause__ is not None


def test_silence_is_no_end(package: Package, collect: Collect) -> None:
    with (
        trickling(b"data: 1\n\n", end="open") as server,
        pytest.raises(package.InvalidBody, match="ReadTimeout"),
    ):
        collect(package, server.url, "watch_texts", timeout=0.2)


def test_a_deadline_is_not_that_of_a_piece(package: Package, collect: Collect) -> None:
    # The time that is left for the first answer bounds no silence between pieces.
    pieces = [b"data: 1\n\n", b"data: 2\n\n"]
    with trickling(*pieces, pause=0.6) as server:
        retry = package.Retry(deadline=0.5)
        events = collect(package, server.url, "watch_texts", retry=retry)

    assert ["1", "2"] == [event.data for event in events]


@pytest.mark.parametrize("operation", ["watch_texts", "export_trades"])
def test_a_page_is_no_stream(package: Package, collect: Collect, operation: str) -> None:
    with (
        trickling(b"<p>Please log in", media="text/html; charset=utf-8") as server,
        pytest.raises(package.InvalidBody, match="but not as") as caught,
    ):
        collect(package, server.url, operation)

    assert b"<p>Please log in" == caught.value.response.content
    assert not str(caught.value).endswith("but")


def test_a_stream_whose_loop_was_left_is_over(package: Package) -> None:
    async def use(url: str) -> list[str]:
        async with package.AsyncClient(url) as client:
            stream = client.watch_texts()
            async for _ in stream:
                break
            return [event.data async for event in stream]

    with trickling(b"data: 1\n\n", end="open") as server:
        assert [] == asyncio.run(use(server.url))
        with package.Client(server.url) as client:
            stream = client.watch_texts()
            for _ in stream:
                break
            assert [] == list(stream)


def test_an_error_status_is_raised_as_ever(package: Package, collect: Collect) -> None:
    with (
        trickling(b'{"code": 9}', media="application/json", status="403 Forbidden") as server,
        pytest.raises(package.Forbidden) as caught,
    ):
        collect(package, server.url, "watch_trades")

    assert 9 == caught.value.body.code


def test_nothing_is_an_empty_stream(package: Package, collect: Collect) -> None:
    with trickling(media="application/x-ndjson") as server:
        assert [] == collect(package, server.url, "export_trades")


def test_a_busy_venue_is_asked_again(package: Package, collect: Collect) -> None:
    with (
        trickling(b"x", status="503 Busy", media="text/plain", headers=["Retry-After: 0"]) as busy,
        pytest.raises(package.UnexpectedStatus),
    ):
        collect(package, busy.url, "watch_trades")

    assert 3 == len(busy.requests)


# An operation that answers as a whole or piece by piece.


def test_the_method_asks_for_the_whole(package: Package) -> None:
    whole = trickling(b'{"text": "hi"}', media="application/json")
    with whole as server, package.Client(server.url) as client:
        assert "hi" == client.chat(body={}).text

    assert re.search(rb"(?i)accept: application/json\r\n", server.requests[0])


def test_streamed_asks_for_the_pieces(package: Package, collect: Collect) -> None:
    pieces = b'data: {"delta": "h"}\n\ndata: {"delta": "i"}\n\ndata: [DONE]\n\n'
    with trickling(pieces, media="text/event-stream; charset=utf-8") as server:
        events = collect(package, server.url, "chat", "streamed")

    assert "hi" == "".join(event.data.delta for event in events)
    assert re.search(rb"(?i)accept: text/event-stream", server.requests[0])


def test_a_whole_where_pieces_were_asked_for(package: Package, collect: Collect) -> None:
    with (
        trickling(b'{"text": "hi"}', media="application/json") as server,
        pytest.raises(package.InvalidBody) as caught,
    ):
        collect(package, server.url, "chat", "streamed")

    assert b'{"text": "hi"}' == caught.value.response.content


def test_pieces_where_the_whole_was_asked_for(package: Package) -> None:
    with (
        trickling(b'data: {"delta": "h"}\n\n') as server,
        package.Client(server.url) as client,
        pytest.raises(package.InvalidBody, match="streamed"),
    ):
        client.chat(body={"stream": True})


# The parser, against the rules of the standard read literally.


def interpreted(text: str) -> list[tuple[str, str, str, int | None]]:
    """The events of a whole text, step by step as in the HTML standard, section 9.2.6."""
    events: list[tuple[str, str, str, int | None]] = []
    data = event = last_id = ""
    retry: int | None = None
    lines = re.split("\r\n|\n|\r", text.removeprefix("\ufeff"))[:-1]
    for line in lines:
        if not line:
            if data:
                events.append((data.removesuffix("\n"), event or "message", last_id, retry))
            data = event = ""
            continue
        if line.startswith(":"):
            continue
        name, colon, value = line.partition(":")
        if colon and value.startswith(" "):
            value = value[1:]
        match name:
            case "event":
                event = value
            case "data":
                data += value + "\n"
            case "id" if "\x00" not in value:
                last_id = value
            case "retry" if re.fullmatch("[0-9]+", value):
                retry = int(value)
            case _:
                pass
    return events


LINES = st.sampled_from(
    ["data", "data:", "data: ", "data:  x", "data: é\U0001f600", "event: e", "event", "id: 1", "id",
     "id: a\0b", "retry: 10", "retry: 1a", "retry: ٣", ": comment", ":", "other: x", "", "", "",
     "\ufeff", " data: x", "data : x"]
)  # fmt: skip
ENDS = st.sampled_from(["\n", "\r", "\r\n"])
TEXTS = st.lists(st.tuples(LINES, ENDS).map("".join)).map("".join)


@given(text=st.one_of(TEXTS, TEXTS.map("\ufeff{}".format)), cuts=st.lists(st.integers(0, 200)))
@example(text="data: a\r\n\r\ndata: b\r\r\n\n", cuts=[8, 9, 10, 11])
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_events_do_not_depend_on_how_bytes_are_cut(
    package: Package, text: str, cuts: list[int]
) -> None:
    data = text.encode()
    runtime = __import__(f"{package.__name__}._runtime", fromlist=["_Events"])
    content = SimpleNamespace(type=lambda: str)
    parser = runtime._Events(content)
    found: list[Any] = []
    places = sorted({cut for cut in cuts if cut < len(data)})
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        found += parser.feed(data[start:end])

    assert interpreted(text) == found


@given(
    values=st.lists(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=4)),
    cuts=st.lists(st.integers(0, 200)),
    is_sequence=st.booleans(),
)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_lines_do_not_depend_on_how_bytes_are_cut(
    package: Package, values: list[Any], cuts: list[int], is_sequence: bool
) -> None:
    start = "\x1e" if is_sequence else ""
    data = "".join(f"{start}{json.dumps(value)}\n" for value in values).encode()
    runtime = __import__(f"{package.__name__}._runtime", fromlist=["_Lines"])
    media = "application/json-seq" if is_sequence else "application/jsonl"
    parser = runtime._Lines(SimpleNamespace(media=media))
    places = sorted({cut for cut in cuts if cut < len(data)})
    found: list[bytes] = []
    for first, last in zip([0, *places], [*places, len(data)], strict=True):
        found += _texts(parser.feed(data[first:last]))
    found += _texts(parser.end())

    assert values == [json.loads(text) for text in found]


def _texts(found: Iterable[tuple[bytes]]) -> list[bytes]:
    return [text for (text,) in found]


@pytest.mark.parametrize(
    "pieces", [[b'{"px": 1}\n{"px": 2}'], [b'\xef\xbb\xbf{"px"', b": 1}\n\n", b'{"px": 2}\r\n']]
)
def test_a_sequence_without_separators_is_lines(
    package: Package, collect: Collect, pieces: list[bytes]
) -> None:
    """However its bytes come: RFC 7464 wants a separator before each text, and some send none."""
    with trickling(*pieces, media="application/json-seq") as server:
        assert [1, 2] == [item.px for item in collect(package, server.url, "record_trades")]


def test_a_time_to_wait_beyond_all_measure_is_none(package: Package, collect: Collect) -> None:
    text = b"retry: %b\ndata: x\n\n" % (b"9" * 5000)
    with trickling(text) as server:
        [event] = collect(package, server.url, "watch_texts")

    assert ("x", None) == (event.data, event.retry)


def test_a_mocked_answer_is_a_stream_too(package: Package) -> None:
    """Also one whose body is there at once, as in tests of callers, or read by a hook."""

    def answer(request: httpx.Request) -> httpx.Response:
        head = {"Content-Type": "text/event-stream; charset=utf-8"}
        return httpx.Response(200, headers=head, content=b'data: {"px": 1}\n\ndata: {"px": 2}\n\n')

    async def read() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            client = package.AsyncClient("https://mock.test", http=http)
            return [event.data.px async for event in client.watch_trades()]

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = package.Client("https://mock.test", http=http)
        assert [1, 2] == [event.data.px for event in client.watch_trades()]
    assert [1, 2] == asyncio.run(read())
