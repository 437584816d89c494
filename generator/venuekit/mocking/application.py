"""The mock as an ASGI application: a request in, what the document says of it out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from venuekit.diagnostics import Report
from venuekit.mocking.answers import Answer, Answers, Unanswerable, Wish
from venuekit.mocking.requests import Fault, Judge, Request, query_pairs
from venuekit.mocking.routing import Route, Routes
from venuekit.mocking.shapes import Shapes
from venuekit.sources import Map
from venuekit.validation.dialect import Schemas
from venuekit.validation.references import read_parts

LARGEST = 10_000_000  # bytes of a body that is read
_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Mock:
    """Answers requests from a document. It keeps nothing: equal requests have equal answers.

    `said` is told, for each request, a line for the log and whether all was well.
    """

    def __init__(self, document: Map, said: Callable[[str, bool], None] | None = None) -> None:
        parts = read_parts(document, Report())
        shapes = Shapes(parts, Schemas(parts, str(document.get("openapi", ""))[:3]))
        self._routes, self._judge, self._answers = Routes.of(parts), Judge(shapes), Answers(shapes)
        self._tokens = _token_paths(document)
        self._said = said

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return
        body = await _body(receive)
        answer = self.respond(
            scope["method"],
            scope.get("raw_path", scope["path"].encode()).decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
            body,
        )
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        if answer.status in (204, 304):
            del headers["Content-Length"]
        listed = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": listed})
        await send({"type": "http.response.body", "body": answer.body})

    def respond(
        self,
        method: str,
        path: str,
        query: str,
        headers: Sequence[tuple[str, str]],
        body: bytes | None,
    ) -> Answer:
        """Answer one request; path and query as they were sent; no body: it is too long."""
        if body is None:
            answer = problem(413, f"a body has at most {LARGEST} bytes")
        else:
            answer = self._respond(method, path, query, headers, body)
        if self._said is not None:
            remark = f": {answer.remark}" if answer.remark else ""
            self._said(f"{method} {path} {answer.status}{remark}", not answer.remark)
        return answer

    def _respond(
        self, method: str, path: str, query: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Answer:
        found = self._routes.find(path)
        if not found:
            if method == "POST" and path in self._tokens:
                return _token()
            return problem(404, f"the document has no path that {path} fits")
        route, variables = _of_method(found, method) or (None, {})
        if route is None:
            known = sorted({route.endpoint.method.upper() for route, _ in found})
            says = f"{found[0][0].endpoint.url} has no {method}, but {', '.join(known)}"
            return problem(405, says, headers={"Allow": ", ".join(known)})
        request = Request(
            pairs=query_pairs(query),
            headers=[(name.lower(), value) for name, value in headers],
            body=body,
            variables=variables,
        )
        faults = self._judge.faults(route.endpoint, request)
        if faults:
            return _refusal(route, faults)
        try:
            wish = Wish.of(request.header("prefer"))
            return self._answers.answer(route.endpoint, wish, request.header("accept"))
        except Unanswerable as error:
            return problem(error.status, str(error), {"operation": route.endpoint.title})


def problem(
    status: int,
    detail: str,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """A problem as RFC 9457 has it."""
    title = HTTPStatus(status).phrase
    value = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Answer(
        status=status,
        headers={"Content-Type": "application/problem+json", **(headers or {})},
        body=json.dumps({**value, **(more or {})}, indent=2).encode(),
        remark=detail,
    )


def _refusal(route: Route, faults: Sequence[Fault]) -> Answer:
    """What is wrong with a request, with the places in it and in the document."""
    first = faults[0]
    errors = [
        {
            "in": fault.location,
            "name": fault.name,
            "pointer": f"#{fault.pointer}",
            "detail": fault.detail,
            "place": str(fault.place),
            "document": f"#{fault.place.pointer}",
        }
        for fault in faults
    ]
    what = (
        f"{first.location} '{first.name}': "
        if first.location not in ("body", "credentials")
        else ""
    )
    headers = {"WWW-Authenticate": 'Basic realm="mock"'} if first.status == 401 else {}
    more = {"operation": route.endpoint.title, "errors": errors}
    return problem(first.status, f"{what}{first.detail}", more, headers)


def _of_method(
    found: Sequence[tuple[Route, dict[str, str]]], method: str
) -> tuple[Route, dict[str, str]] | None:
    """The route of a method, the best first; HEAD is answered where GET is."""
    wanted = (method, "GET") if method == "HEAD" else (method,)
    for name in wanted:
        for route, variables in found:
            if route.endpoint.method.upper() == name.upper():
                return route, variables
    return None


async def _body(receive: _Receive) -> bytes | None:
    """The whole body; None where it is longer than we read."""
    body, is_long, more = b"", False, True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        is_long = is_long or len(body) + len(message.get("body", b"")) > LARGEST
        body = b"" if is_long else body + message.get("body", b"")
    return None if is_long else body


def _token_paths(document: Map) -> frozenset[str]:
    """The paths at which the document's token URLs would be on this host."""
    components = document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, Map) else None
    found: set[str] = set()
    for scheme in schemes.values() if isinstance(schemes, Map) else ():
        flows = scheme.get("flows") if isinstance(scheme, Map) else None
        for flow in flows.values() if isinstance(flows, Map) else ():
            url = flow.get("tokenUrl") if isinstance(flow, Map) else None
            if isinstance(url, str):
                found.add(urlsplit(url).path)
    return frozenset(found)


def _token() -> Answer:
    token = {"access_token": "mock", "token_type": "Bearer", "expires_in": 3600}
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Answer(status=200, headers=headers, body=json.dumps(token).encode())
