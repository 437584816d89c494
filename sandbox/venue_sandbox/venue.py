"""What the simulated venues share: routes with phases, faults, a record of requests, a clock."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from venue_sandbox.book import Book, Clock
from venue_sandbox.faults import Fault, Faults, Phase
from venue_sandbox.limits import Window
from venue_sandbox.spoiling import CONNECTION, spoil

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came, and the status of its answer (None: it got none yet)."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    phase: Phase
    status: int | None


class Refusal(Exception):
    """An answer other than a success, from anywhere in a handler."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A body of compact JSON."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Response(text.encode(), status, dict(headers or {}), "application/json")


class Venue:
    """One simulated venue: an ASGI application with a book, a clock, faults and a record."""

    name: str = ""
    credentials: Mapping[str, Any]

    def __init__(self, account: str, new_id: Callable[[int], str]) -> None:
        self.clock = Clock()
        self.book = Book(account, self.clock, new_id)
        self.faults = Faults()
        self.requests: list[Seen] = []
        self.latency = 0.0
        self.limit: Window | None = None
        self.closing = False
        self._app = Starlette(routes=[*self.routes(), *self._others()])

    def routes(self) -> Sequence[Route]:
        """The operations of the venue."""
        raise NotImplementedError

    def authenticate(self, request: Request, body: bytes) -> None:
        """Refuse a request whose credentials are not right to the byte."""
        raise NotImplementedError

    def error(self, status: int, message: str | None = None) -> Response:
        """An error in the venue's own words."""
        raise NotImplementedError

    def odd(self, request: Request, value: Any) -> Any:
        """The body of a success, as it was seen in the wild and stands in no document."""
        return value

    def omit(self, value: Any, count: int) -> Any:
        """The reply of a cancel without the first orders."""
        raise NotImplementedError

    def put(self, *faults: Fault) -> None:
        self.faults.put(*faults)

    def seen(self, phase: Phase) -> list[Seen]:
        """The requests of one phase, in their order."""
        return [request for request in self.requests if request.phase == phase]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[CONNECTION] = send
        await self._app(scope, receive, send)

    def route(
        self, method: str, path: str, handler: Handler, phase: Phase, *, public: bool = False
    ) -> Route:
        """An operation: what goes wrong with it, who may call it, how often, and what it does."""

        async def endpoint(request: Request) -> Response:
            body = await request.body()
            at = len(self.requests)
            self.requests.append(_seen(request, body, phase, None))
            fault = self.faults.take(self.name, phase)
            request.state.fault = fault
            if self.latency:
                await asyncio.sleep(self.latency)
            self.book.step()
            if fault is not None and fault.spares_the_request:
                response = self.error(fault.status)
            else:
                response = await self._carried_out(request, body, handler, phase, public=public)
            if fault is not None:
                response = self._spoiled(fault, request, response, phase)
            self.requests[at] = _seen(request, body, phase, response.status_code)
            return response

        return Route(path, endpoint, methods=[method])

    async def _carried_out(
        self, request: Request, body: bytes, handler: Handler, phase: Phase, *, public: bool
    ) -> Response:
        try:
            if not public:
                self.authenticate(request, body)
            if self.limit is not None and not self.limit.take():
                raise Refusal(self.error(429))
            response = await handler(request)
        except Refusal as refusal:
            response = refusal.response
        if phase == "cancel" and response.status_code < 300:
            self.book.arrive()
        self.mark(response)
        return response

    def mark(self, response: Response) -> None:
        """Put the headers on an answer that every answer of the venue has."""
        response.headers["X-Request-ID"] = uuid.uuid4().hex

    def _spoiled(
        self, fault: Fault, request: Request, response: Response, phase: Phase
    ) -> Response:
        if fault.kind in ("odd", "omit") and response.status_code < 300 and response.body:
            value = json.loads(bytes(response.body))
            if fault.kind == "odd":
                value = self.odd(request, value)
            elif phase == "cancel":
                value = self.omit(value, fault.count)
            return answer(value, response.status_code)
        if fault.kind == "status":
            response = self.error(fault.status)
            self.mark(response)
        return spoil(fault, response, lambda: self.closing)

    def _others(self) -> list[Route]:
        async def missing(request: Request) -> Response:
            self.requests.append(_seen(request, await request.body(), "other", 404))
            return Response("404 page not found\n", 404, media_type="text/plain")

        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [Route("/{path:path}", missing, methods=methods)]


def fault_of(request: Request) -> Fault | None:
    fault: Fault | None = request.state.fault
    return fault


def loops(request: Request) -> bool:
    """Whether a list shall ignore where to go on."""
    fault = fault_of(request)
    return fault is not None and fault.kind == "loop"


def parsed(body: bytes) -> object:
    """The JSON value of a body; None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def mapping(value: object) -> dict[str, Any]:
    """An object, and an empty one in place of anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return (
        [mapping(item) for item in cast("list[object]", value)] if isinstance(value, list) else []
    )


def texts(value: object) -> list[str] | None:
    """A list of text; None where it is anything else."""
    items = cast("list[object]", value) if isinstance(value, list) else [None]
    found = [item for item in items if isinstance(item, str)]
    return found if len(found) == len(items) else None


def whole(text: str | None, low: int, high: int, default: int) -> int | None:
    """A whole number of a query; None where it is none, or out of bounds."""
    if text is None:
        return default
    return int(text) if text.isdecimal() and low <= int(text) <= high else None


def _seen(request: Request, body: bytes, phase: Phase, status: int | None) -> Seen:
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    headers = {name.lower(): value for name, value in request.headers.items()}
    path = raw.decode("latin-1").partition("?")[0]
    return Seen(request.method, path, request.url.query, headers, body, phase, status)
