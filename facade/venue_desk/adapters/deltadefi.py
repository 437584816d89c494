"""DeltaDeFi: everything is done symbol by symbol, and a cancel's answer confirms nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from venue_clients import deltadefi

from ..failures import Failure, VenueError
from ..orders import Acknowledgement, Order, Outcome
from ..rows import listed, part, text
from ..venues import Capabilities, Page, Venue, Words

_LIMIT = 250  # orders of a page


class DeltaDeFi(Venue):
    name = "deltadefi"
    capabilities = Capabilities(cancel_all="symbol by symbol", cancel_symbol="natively")
    words = Words(
        outcomes={
            "FULLY_FILLED": Outcome.FILLED,
            "CANCELLED": Outcome.CANCELED,
            "PARTIALLY_CANCELLED": Outcome.CANCELED,
            "CLOSED": Outcome.ALREADY_CLOSED,
            "FAILED": Outcome.ALREADY_CLOSED,
        },
        size="base_qty",
        filled="executed_base_qty",
    )
    usual = ("ADAUSDM", "NIGHTUSDM")

    async def symbols(self) -> Sequence[str]:
        config = (await self.client.raw.get_market_config()).data
        pairs: Sequence[Any] = part(config, "trading_pairs") or ()
        names = [text(pair, "symbol") for pair in pairs]
        if not names or not all(names):
            raise VenueError("the venue does not say which symbols it has")
        return list(dict.fromkeys(names))

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        reply = await self.client.raw.cancel_all_orders(body={"symbol": symbol})
        ids: Sequence[Any] = part(reply.data, "order_ids") or ()
        pending = Outcome.PENDING
        return [Acknowledgement(id=str(id_), outcome=pending, symbol=symbol) for id_ in ids if id_]

    def is_nothing_open(self, known: Failure) -> bool:
        return known.status == 404

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        await self.client.raw.cancel_order(id_)
        return [Acknowledgement(id=id_, outcome=Outcome.PENDING)]

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        number = int(at or 1)
        reply = await self.client.raw.get_open_orders(symbol=symbol, limit=_LIMIT, page=number)
        rows, count = part(reply.data, "data"), part(reply.data, "total_count")
        pages = part(reply.data, "total_page")
        rows = listed([] if rows is None and count == 0 else rows)
        is_more = number < pages if isinstance(pages, int) else len(rows) >= _LIMIT
        next_ = str(number + 1) if is_more else None
        return self.open_page(rows, next=next_, total=count if number == 1 else is_more)

    def order(self, row: Any, account: str = "", id: str = "") -> Order:
        order = super().order(row, account, id)
        is_filled = order.filled and order.remaining == 0
        if order.outcome is Outcome.ALREADY_CLOSED and is_filled:
            return replace(order, outcome=Outcome.FILLED)
        return order

    async def read(self, account: str, id: str) -> Order:
        try:
            reply = await self.client.raw.get_order(id)
        except deltadefi.NotFound:  # two public sources name two paths
            reply = await self.client.raw.get_order_record(id=id)
        return self.order(reply.data, id=id)
