"""A mock on a port, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import uvicorn

from venuekit.mocking.application import Mock
from venuekit.sources import Map

LOOPBACK = "127.0.0.1"


class Running:
    """A mock that listens; `url` is where."""

    def __init__(self, mock: Mock, host: str, port: int) -> None:
        """Listen; raises OSError where that cannot be."""
        self._listener = _listening(host, port)
        address = f"[{host}]" if ":" in host else host
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://{address}:{self.port}"
        settings = uvicorn.Config(
            mock,
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(settings)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.run(self._server.serve([self._listener]))

    def wait(self) -> None:
        """Serve until the thread ends, or this one is interrupted."""
        while self._thread.is_alive():
            self._thread.join(0.2)

    def stop(self) -> None:
        self._server.end()
        self._thread.join()


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
        self.should_exit = self.force_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._ending.set)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextmanager
def serving(
    document: Map,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    said: Callable[[str, bool], None] | None = None,
) -> Generator[Running]:
    """Serve a document until the block ends; port 0 is a free one."""
    running = Running(Mock(document, said), host, port)
    try:
        yield running
    finally:
        running.stop()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, the loop turns off the delay that costs 40 ms for each answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
