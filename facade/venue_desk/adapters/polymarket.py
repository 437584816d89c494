"""Polymarket: cancels that say which orders are gone, lists by cursor, signatures by the clock."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from venue_clients import polymarket

from ..failures import VenueError
from ..orders import Acknowledgement, Order, Outcome
from ..rows import listed, part, text
from ..venues import Capabilities, Open, Page, Venue, Words

_OUTCOMES = {
    "MATCHED": Outcome.FILLED,
    "CANCELED": Outcome.CANCELED,
    "CANCELED_MARKET_RESOLVED": Outcome.CANCELED,
    "INVALID": Outcome.ALREADY_CLOSED,
}
_BEGIN, _END = "MA==", "LTE="  # or empty
_SKEW, _COMPARED = 5.0, 60.0  # seconds: between two clocks, and between two looks at the venue's


class Clock:
    """The time that requests are signed with: ours, corrected where the venue's differs."""

    offset, compared = 0.0, float("-inf")  # seconds; and when that was found

    def __call__(self) -> float:
        return time.time() + self.offset


class Polymarket(Venue):
    name = "polymarket"
    # cancel-market-orders is not used: what it cancels without one of its two selectors is said
    # in two ways. A batch is what the smallest bucket of tokens admits.
    capabilities = Capabilities(
        cancel_all="natively",
        cancel_symbol="by list and cancel",
        batch=120,
        at_once=8,
        dead_man=True,
    )
    words = Words(
        outcomes=_OUTCOMES,
        symbol=("asset_id", "market"),
        size="original_size",
        filled="size_matched",
    )

    def __init__(self, open: Open, environment: str, accounts: Sequence[str] = ("",)) -> None:
        self._clock = Clock()
        super().__init__(open, environment, accounts, clock=self._clock)

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        return _acknowledged((), await self._signed(self.client.raw.cancel_all_orders))

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        raw = self.client.raw
        one = partial(raw.cancel_order, body={"orderID": ids[0]})
        some = partial(raw.cancel_orders, body=list(ids))
        return _acknowledged(ids, await self._signed(one if len(ids) == 1 else some))

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        # A market is a condition's id, in hexadecimal; a token's id is a decimal number.
        name = "market" if (symbol or "").lower().startswith("0x") else "asset_id"
        filters = {} if symbol is None else {name: symbol.lower()}
        get = partial(self.client.raw.get_orders, next_cursor=at or _BEGIN, **filters)
        data: Any = (await self._signed(get)).data
        rows = listed(data if (found := part(data, "data")) is None else found)  # or a bare list
        at, count = text(data, "next_cursor"), 0 if rows else part(data, "count")
        return self.open_page(_only(rows, filters), next=None if at == _END else at, total=count)

    async def read(self, account: str, id: str) -> Order:
        try:
            row: Any = (await self._signed(lambda: self.client.raw.get_order(id))).data
        except polymarket.InvalidBody as error:
            if error.response.content.strip():
                raise
            row = None
        return Order(id=id, outcome=Outcome.NOT_FOUND) if row is None else self.order(row, id=id)

    async def _signed(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """Send a request; a refused signature may be a wrong clock, which the venue can tell."""
        before = self._clock.offset
        try:
            return await request()
        except polymarket.Unauthorized:
            if time.monotonic() - self._clock.compared > _COMPARED:
                self._clock.offset = float(await self.client.get_time()) - time.time()
                self._clock.compared = time.monotonic()
            if abs(self._clock.offset - before) < _SKEW:
                raise
            return await request()


def _only(rows: Sequence[Any], filters: Mapping[str, str]) -> list[Any]:
    """The rows that the filters mean, whatever the venue made of them."""
    for name in filters:
        if not all(text(row, name) for row in rows):
            raise VenueError(f"the venue lists an order without its {name}")
    return [r for r in rows if all(text(r, n).lower() == v for n, v in filters.items())]


def _acknowledged(ids: Sequence[str], reply: Any) -> Sequence[Acknowledgement]:
    """Who is in `canceled` is gone; who is in neither list is unknown."""
    canceled = listed(part(reply.data, "canceled") or [])
    refused: Mapping[str, Any] = part(reply.data, "not_canceled", "notCanceled") or {}
    raw = reply.http.content[:4096]
    found = dict.fromkeys(ids, (Outcome.UNKNOWN, "not in the reply"))
    found |= {str(id_): (Outcome.CANCELED, "") for id_ in canceled}
    found |= {id_: (Outcome.REJECTED, str(why)) for id_, why in refused.items()}  # also if in both
    return [
        Acknowledgement(id=i, outcome=o, reason=why, raw=raw if why else b"")
        for i, (o, why) in found.items()
    ]
