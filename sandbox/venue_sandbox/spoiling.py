"""Answers that do not arrive as they should."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from venue_sandbox.faults import Fault

CONNECTION = "venue_sandbox.connection"
_PAGE = b"<html><head><title>%d</title></head><body><center><h1>%d</h1></center></body></html>"


def spoil(fault: Fault, response: Response, closing: Callable[[], bool]) -> Response:
    """What is sent in place of an answer."""
    status = response.status_code
    body = bytes(response.body)
    kept = {
        k: v for k, v in response.headers.items() if k not in ("content-length", "content-type")
    }
    match fault.kind:
        case "status":
            response.headers.update(dict(fault.headers))
        case "html":
            page = _PAGE % (fault.status, fault.status)
            return Response(page, fault.status, dict(fault.headers), "text/html; charset=utf-8")
        case "slow":
            return _Late(response, fault.seconds)
        case "silent":
            return _Silent(closing)
        case "hangup":
            return _HungUp()
        case "cut":
            return _Cut(body, status, kept, "application/json")
        case "garbage":
            return Response(body[: len(body) // 2], status, kept, "application/json")
        case "empty":
            return Response(b"", status, kept, "application/json")
        case "omit" | "odd" | "loop":
            pass
    return response


class _Late(Response):
    """An answer that takes its time."""

    def __init__(self, response: Response, seconds: float) -> None:
        super().__init__(status_code=response.status_code)
        self._response, self._seconds = response, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._seconds)
        await self._response(scope, receive, send)


class _Silent(Response):
    """No answer, until the caller hangs up or the venue is stopped."""

    def __init__(self, closing: Callable[[], bool]) -> None:
        super().__init__()
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_gone(receive))
        while not gone.done() and not self._closing():
            await asyncio.wait([gone], timeout=0.02)
        gone.cancel()
        await _abort(scope)


class _HungUp(Response):
    """The connection is closed without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _abort(scope)


class _Cut(Response):
    """Half of what was promised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (name, str(len(self.body) + 100).encode() if name == b"content-length" else value)
            for name, value in self.raw_headers
        ]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        half = bytes(self.body)[: max(len(self.body) // 2, 1)]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _abort(scope, flush=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _abort(scope: Scope, *, flush: bool = False) -> None:
    """Close the connection under an answer, by the server's own means: ASGI has none."""
    cycle = getattr(scope[CONNECTION], "__self__", None)
    transport: asyncio.Transport | None = getattr(cycle, "transport", None)
    if transport is None:
        raise ConnectionResetError
    if flush:
        transport.close()
    else:
        transport.abort()
    for _ in range(3):  # until the server has noticed, so that it sends no answer of its own
        await asyncio.sleep(0)
