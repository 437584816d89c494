"""The requests that a cancel begins with: made by the venue's own client, and sent nowhere."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import httpx

from .orders import One, Scope, Symbol
from .venues import Venue


@dataclass(frozen=True, kw_only=True)
class Step:
    """A request that a desk would send."""

    method: str
    url: str
    body: str = ""
    note: str = ""


class _Wire:
    """Takes the requests of a client, and answers that there is nothing."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._note = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url).replace("%7B", "{").replace("%7D", "}")
        if b"client_secret=" in request.content:
            self.steps.append(Step(method=request.method, url=url, note="for a token"))
            return httpx.Response(200, json={"access_token": "none", "token_type": "Bearer"})
        body = request.content.decode()
        self.steps.append(Step(method=request.method, url=url, body=body, note=self._note))
        return httpx.Response(418)  # in no document: nothing is read from it

    async def made(self, request: Awaitable[object], note: str = "") -> None:
        """Let a request be made; raises what made it impossible, and not how it was answered."""
        before, self._note = len(self.steps), note
        try:
            await request
        except Exception:
            if len(self.steps) == before:
                raise


async def plan(venue: Venue, scope: Scope) -> Sequence[Step]:
    """What a cancel begins with, for every account of the venue."""
    wire, twin, can = _Wire(), copy.copy(venue), venue.capabilities
    async with httpx.AsyncClient(transport=httpx.MockTransport(wire)) as http:
        twin.client = venue.open(http=http)
        for account in venue.accounts:
            if isinstance(scope, One):
                await wire.made(twin.cancel(account, [scope.id]))
                await wire.made(twin.read(account, scope.id), "until it is closed")
                continue
            symbol, each = None, ""
            if isinstance(scope, Symbol):
                symbol = scope.name
            elif can.cancel_all == "symbol by symbol":
                await wire.made(twin.symbols())
                symbol, each = "{symbol}", "for each symbol"
            await wire.made(twin.page(account, symbol, None), each)
            if isinstance(scope, Symbol) and can.cancel_symbol == "by list and cancel":
                ids, note = ["{id}"], "for each order of the list"
                if can.batch > 1:
                    ids, note = ["{id 1}", "{id 2}"], f"for each {can.batch} orders of the list"
                await wire.made(twin.cancel(account, ids), note)
            else:
                await wire.made(twin.cancel_all(account, symbol), each)
            await wire.made(twin.page(account, symbol, None), f"{each} until none is open".strip())
    return wire.steps
