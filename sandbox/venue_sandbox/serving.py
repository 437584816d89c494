"""Simulated venues on loopback, in a thread of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from venue_sandbox.alpaca import Broker, Trading
from venue_sandbox.book import Book
from venue_sandbox.clear_street import ClearStreet
from venue_sandbox.deltadefi import DeltaDeFi
from venue_sandbox.faults import Fault
from venue_sandbox.polymarket import Polymarket
from venue_sandbox.venue import Seen, Venue

MAKERS: Mapping[str, type[Venue]] = {
    "alpaca_trading": Trading,
    "alpaca_broker": Broker,
    "clear_street": ClearStreet,
    "polymarket": Polymarket,
    "deltadefi": DeltaDeFi,
}
VENUES = tuple(MAKERS)


class _Server(uvicorn.Server):
    """One that leaves the signals of its process alone, and ends at once when it is told to."""

    def __init__(self, settings: uvicorn.Config) -> None:
        super().__init__(settings)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self.should_exit:
            await self.on_tick(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), 0.5)

    def end(self) -> None:
        """From any thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._ending.set)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class Sandbox:
    """Some venues, all of them by default. Each is an ASGI application and can be used as one."""

    def __init__(self, *venues: str) -> None:
        self.venues: dict[str, Venue] = {name: MAKERS[name]() for name in venues or VENUES}  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # each makes itself
        self.urls: dict[str, str] = {}
        self._servers: dict[str, _Server] = {}
        self._thread: threading.Thread | None = None

    def venue(self, name: str) -> Venue:
        return self.venues[name]

    def book(self, name: str) -> Book:
        return self.venues[name].book

    def credentials(self, name: str) -> Mapping[str, Any]:
        """What the venue takes, by the keywords of its client."""
        return self.venues[name].credentials

    def requests(self, name: str) -> list[Seen]:
        return self.venues[name].requests

    def put(self, *faults: Fault) -> None:
        """Let something go wrong, at the venue that a fault names or at each."""
        for fault in faults:
            for name, venue in self.venues.items():
                if fault.venue in (None, name):
                    venue.put(fault)

    def start(self, port_base: int | None = None) -> None:
        """Listen on loopback, on free ports or on those from a number on."""
        sockets: dict[str, socket.socket] = {}
        try:
            for place, name in enumerate(self.venues):
                sockets[name] = _listening(0 if port_base is None else port_base + place)
        except OSError:
            _close(sockets.values())
            raise
        for name, listener in sockets.items():
            self.urls[name] = f"http://127.0.0.1:{listener.getsockname()[1]}"
            settings = uvicorn.Config(
                self.venues[name],
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
            self._servers[name] = _Server(settings)
        self._thread = threading.Thread(target=self._run, args=(sockets,), daemon=True)
        self._thread.start()

    def _run(self, sockets: Mapping[str, socket.socket]) -> None:
        async def serve() -> None:
            await asyncio.gather(
                *(server.serve([sockets[name]]) for name, server in self._servers.items())
            )

        asyncio.run(serve())

    def kill(self, name: str) -> None:
        """Let a venue die: its port is closed, and connections to it are refused."""
        self.venues[name].closing = True
        self._servers[name].end()
        while self._thread is not None and _accepts(self.urls[name]):
            threading.Event().wait(0.01)

    def stop(self) -> None:
        for venue in self.venues.values():
            venue.closing = True
        for server in self._servers.values():
            server.force_exit = True
            server.end()
        if self._thread is not None:
            self._thread.join()

    def wait(self) -> None:
        """Serve until the thread ends or is interrupted."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.2)


@contextmanager
def running(*venues: str, port_base: int | None = None) -> Generator[Sandbox]:
    """Serve venues until the block ends: `with running("polymarket") as sandbox: ...`."""
    sandbox = Sandbox(*venues)
    sandbox.start(port_base)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _listening(port: int) -> socket.socket:
    # With the protocol named, the loop turns off the delay that costs 40 ms for each answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)  # from now on callers wait instead of being refused
    except OSError:
        listener.close()
        raise
    return listener


def _close(sockets: Iterable[socket.socket]) -> None:
    for listener in sockets:
        listener.close()


def _accepts(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=0.2).close()
    except OSError:
        return False
    return True
