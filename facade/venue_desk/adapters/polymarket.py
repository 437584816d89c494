"""Polymarket: cancels that say which orders are gone, lists by cursor, signatures by the clock."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from venue_clients import polymarket

from ..orders import Acknowledgement, Order, Outcome, decimal
from ..venues import Capabilities, Page, Step, VenueError

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


class Polymarket:
    name = "polymarket"
    # cancel-market-orders is not used: what it cancels without one of its two selectors is said
    # in two ways, so orders of a market are listed and canceled by id.
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="by list and cancel", batch=120, dead_man=True
    )
    accounts: tuple[str, ...] = ("",)

    def __init__(self, client: polymarket.AsyncClient, environment: str, clock: Clock) -> None:
        self.client = client
        self.environment = environment
        self._clock = clock

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        if order is not None:
            return [Step(method="DELETE", path="/order", body=f'{{"orderID":"{order}"}}')]
        listing = Step(method="GET", path="/data/orders")
        if symbol is None:
            return [Step(method="DELETE", path="/cancel-all"), listing]
        (name,) = _selector(symbol)
        return [
            Step(method="GET", path=f"/data/orders?{name}={symbol}"),
            Step(method="DELETE", path="/orders", body="[ids]", note="120 orders of the list each"),
        ]

    async def cancel_all(self, account: str) -> Sequence[Acknowledgement]:
        return _acknowledged((), await self._signed(self.client.raw.cancel_all_orders))

    async def cancel_symbol(self, account: str, symbol: str) -> Sequence[Acknowledgement]:
        raise NotImplementedError  # emulated, see above

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        raw = self.client.raw
        if len(ids) == 1:
            reply = await self._signed(lambda: raw.cancel_order(body={"orderID": ids[0]}))
        else:
            reply = await self._signed(lambda: raw.cancel_orders(body=list(ids)))
        return _acknowledged(ids, reply)

    async def open_orders(self, account: str, symbol: str | None) -> AsyncIterator[Page]:
        filters: Mapping[str, str] = {} if symbol is None else _selector(symbol)
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            at = cursor
            reply = await self._signed(
                lambda at=at: self.client.raw.get_orders(next_cursor=at, **filters)
            )
            rows, following = _rows(reply.data)
            orders = [_order(row) for row in rows]
            is_last = following is None or following in _END
            yield Page(
                orders=[o for o in orders if o.outcome is None],
                is_last=is_last,
                is_snapshot=is_last and cursor is None,
            )
            if following is None or is_last:
                return
            if following in seen:
                raise VenueError("the list of open orders does not end: a cursor is repeated")
            seen.add(following)
            cursor = following

    async def read(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        (id_,) = ids
        try:
            reply = await self._signed(lambda: self.client.raw.get_order(id_))
        except polymarket.NotFound:
            return [Order(id=id_, outcome=Outcome.NOT_FOUND)]
        except polymarket.InvalidBody as error:
            if error.response.content.strip():
                raise
            return [Order(id=id_, outcome=Outcome.NOT_FOUND)]
        row: Any = reply.data
        return [Order(id=id_, outcome=Outcome.NOT_FOUND) if row is None else _order(row)]

    async def close(self) -> None:
        await self.client.aclose()

    async def _signed(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """Send a request; a refused signature may be a wrong clock, which the venue can tell."""
        try:
            return await request()
        except polymarket.Unauthorized:
            theirs = await self.client.get_time()
            skew = float(theirs) - time.time()
            if abs(skew - self._clock.offset) < _SKEW:
                raise
            self._clock.offset = skew
            return await request()


def _selector(symbol: str) -> Mapping[str, str]:
    """A market is a condition's id, in hexadecimal; a token's id is a decimal number."""
    return {"market": symbol} if symbol.startswith("0x") else {"asset_id": symbol}


def _rows(data: Any) -> tuple[Sequence[Any], str | None]:
    if isinstance(data, list):
        return data, None  # pyright: ignore[reportUnknownVariableType]  # a page without a cursor
    return data.data or (), data.next_cursor


def _acknowledged(ids: Sequence[str], reply: Any) -> Sequence[Acknowledgement]:
    """Who is in `canceled` is gone; who is in neither list is unknown."""
    canceled: Sequence[str] = reply.data.canceled or ()
    extra: Mapping[str, Any] = reply.data.model_extra or {}
    refused: Mapping[str, Any] = reply.data.not_canceled or extra.get("notCanceled") or {}
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
    status = str(row.status or "").upper().removeprefix("ORDER_STATUS_")
    size, matched = decimal(row.original_size), decimal(row.size_matched)
    return Order(
        id=str(row.id),
        symbol=row.asset_id or row.market,
        status=status,
        filled=matched,
        remaining=None if size is None or matched is None else size - matched,
        outcome=_CLOSED.get(status),
    )
