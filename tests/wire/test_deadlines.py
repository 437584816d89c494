"""What the deadline of a call cuts off although something comes, or goes, again and again."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeAlias

import pytest

from .conftest import Call

Package = Any
Steps: TypeAlias = Generator[tuple[str, list[Any]]]
KEY = "k"
MANY = 200  # steps of a server that would take ten seconds
WHOLE = b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"id": 1}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("reliability.yaml")


@contextlib.contextmanager
def stepping(serve: Callable[[socket.socket], Iterator[object]]) -> Steps:
    """Serve one connection step by step, until its caller hangs up; and the steps that it took."""
    taken: list[object] = []

    def run() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            for step in serve(connection):
                taken.append(step)
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", taken
        thread.join(30)


@pytest.mark.parametrize("is_kept", [False, True], ids=["new", "kept"])
def test_a_chunk_whose_size_never_ends(package: Package, call: Call, is_kept: bool) -> None:
    """On a connection of the call, and on one that was kept of a call without a deadline."""

    def serve(connection: socket.socket) -> Iterator[object]:
        for _ in range(is_kept):
            connection.recv(65536)
            connection.sendall(WHOLE)
        connection.recv(65536)
        connection.sendall(CHUNKED)
        for step in range(MANY):
            connection.sendall(b"0")
            yield step

    def use(client: Any) -> Any:
        hasty = client.with_options(retry=package.Retry(deadline=0.5))
        if isinstance(client, package.Client):
            _ = [client.get_order(1) for _ in range(is_kept)]
            return hasty.get_order(1)

        async def awaited() -> Any:
            _ = [await client.get_order(1) for _ in range(is_kept)]
            return await hasty.get_order(1)

        return awaited()

    with stepping(serve) as (url, steps), pytest.raises(package.InvalidBody, match="cut off"):
        call(package, url, use, key=KEY)
    assert MANY // 2 > len(steps)


def test_a_body_that_is_taken_slowly(package: Package, call: Call) -> None:
    def serve(connection: socket.socket) -> Iterator[object]:
        while received := connection.recv(1_000_000):
            yield len(received)

    use = {"retry": package.Retry(deadline=0.5), "key": KEY, "timeout": 60.0}
    with stepping(serve) as (url, steps), pytest.raises(package.TransportError) as caught:
        call(package, url, lambda c: c.change_order(1, body={"text": "x" * 80_000_000}), **use)
    assert caught.value.may_have_taken_effect
    assert 60_000_000 > sum(steps)
