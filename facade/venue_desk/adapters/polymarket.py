"""Polymarket: cancels that say which orders are gone, lists by cursor, signatures by the clock."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from venue_clients import polymarket

from ..orders import Acknowledgement, Order, Outcome, decimal, part, text
from ..venues import Capabilities, Page, Step, Venue, VenueError

_CLOSED = {
    "MATCHED": Outcome.FILLED,
    "CANCELED": Outcome.CANCELED,
    "CANCELED_MARKET_RESOLVED": Outcome.CANCELED,
    "INVALID": Outcome.ALREADY_CLOSED,
}
_END = ("LTE=", "")
_SKEW = 5.0  # seconds between two clocks that a signature survives


class Clock:
    """The time that requests are signed with: ours, corrected where the venue's differs."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


class Polymarket(Venue):
    name = "polymarket"
    # cancel-market-orders is not used: what it cancels without one of its two selectors is said
    # in two ways, so orders of a market are listed and canceled by id.
    capabilities = Capabilities(
        cancel_all="natively",
        cancel_symbol="by list and cancel",
        batch=120,
        at_once=8,
        dead_man=True,
    )

    def __init__(self, client: polymarket.AsyncClient, environment: str, clock: Clock) -> None:
        super().__init__(client, environment)
        self._clock = clock

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        if order is not None:
            return [Step(method="DELETE", path="/order", body=f'{{"orderID":"{order}"}}')]
        if symbol is None:
            return [
                Step(method="DELETE", path="/cancel-all"),
                Step(method="GET", path="/data/orders"),
            ]
        (name,) = _selector(symbol)
        return [
            Step(method="GET", path=f"/data/orders?{name}={symbol}"),
            Step(method="DELETE", path="/orders", body="[ids]", note="120 orders of the list each"),
        ]

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        return _acknowledged((), await self._signed(self.client.raw.cancel_all_orders))

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        raw = self.client.raw
        if len(ids) == 1:
            reply = await self._signed(lambda: raw.cancel_order(body={"orderID": ids[0]}))
        else:
            reply = await self._signed(lambda: raw.cancel_orders(body=list(ids)))
        return _acknowledged(ids, reply)

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        filters: Mapping[str, str] = {} if symbol is None else _selector(symbol)
        reply = await self._signed(lambda: self.client.raw.get_orders(next_cursor=at, **filters))
        is_bare = isinstance(reply.data, list)  # as older documents have it
        rows: Any = reply.data if is_bare else part(reply.data, "data")
        if not isinstance(rows, list):
            raise VenueError("the list of open orders is none")
        following = None if is_bare else text(reply.data, "next_cursor")
        orders = [
            _order(row)
            for row in rows  # pyright: ignore[reportUnknownVariableType]
            if all(text(row, name) == value for name, value in filters.items())
        ]
        is_last = following is None or following in _END
        return Page(orders=[o for o in orders if o.is_open], next=None if is_last else following)

    async def read(self, account: str, id: str) -> Order:
        try:
            row: Any = (await self._signed(lambda: self.client.raw.get_order(id))).data
        except polymarket.NotFound:
            row = None
        except polymarket.InvalidBody as error:
            if error.response.content.strip():
                raise
            row = None
        return Order(id=id, outcome=Outcome.NOT_FOUND) if row is None else _order(row)

    async def _signed(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """Send a request; a refused signature may be a wrong clock, which the venue can tell."""
        try:
            return await request()
        except polymarket.Unauthorized:
            try:
                skew = float(await self.client.get_time()) - time.time()
            except polymarket.Error:
                skew = self._clock.offset
            if abs(skew - self._clock.offset) < _SKEW:
                raise
            self._clock.offset = skew
            return await request()


def _selector(symbol: str) -> Mapping[str, str]:
    """A market is a condition's id, in hexadecimal; a token's id is a decimal number."""
    return {"market": symbol} if symbol.startswith("0x") else {"asset_id": symbol}


def _acknowledged(ids: Sequence[str], reply: Any) -> Sequence[Acknowledgement]:
    """Who is in `canceled` is gone; who is in neither list is unknown."""
    canceled: Sequence[str] = part(reply.data, "canceled") or ()
    refused: Mapping[str, Any] = part(reply.data, "not_canceled", "notCanceled") or {}
    raw: bytes = reply.http.content
    found = {
        id_: Acknowledgement(
            id=id_, outcome=Outcome.UNKNOWN, reason="not in the reply", raw=raw[:4096]
        )
        for id_ in ids
    }
    for id_, why in refused.items():
        said = Acknowledgement(
            id=id_, outcome=Outcome.REJECTED, reason=str(why), raw=str(why).encode()
        )
        found[id_] = said
    for id_ in canceled:
        found[id_] = Acknowledgement(id=id_, outcome=Outcome.CANCELED)
    return list(found.values())


def _order(row: Any) -> Order:
    status = text(row, "status").upper().removeprefix("ORDER_STATUS_")
    size, matched = decimal(part(row, "original_size")), decimal(part(row, "size_matched"))
    return Order(
        id=text(row, "id"),
        symbol=part(row, "asset_id", "market"),
        status=status,
        filled=matched,
        remaining=None if size is None or matched is None else size - matched,
        outcome=_CLOSED.get(status),
    )
