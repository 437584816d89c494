"""DeltaDeFi: everything is done symbol by symbol, and a cancel's answer confirms nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from venue_clients import deltadefi

from ..orders import Acknowledgement, Order, Outcome, decimal, part, text
from ..venues import Capabilities, Page, Step, Venue, VenueError

_CLOSED = {
    "fully_filled": Outcome.FILLED,
    "cancelled": Outcome.CANCELED,
    "partially_cancelled": Outcome.CANCELED,
    "closed": Outcome.ALREADY_CLOSED,
    "failed": Outcome.ALREADY_CLOSED,
}
_LIMIT = 250  # orders of a page


class DeltaDeFi(Venue):
    name = "deltadefi"
    capabilities = Capabilities(cancel_all="symbol by symbol", cancel_symbol="natively")

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        if order is not None:
            return [Step(method="POST", path=f"/order/{order}/cancel")]
        note = "" if symbol else "for each symbol of the market config"
        name = symbol or "{symbol}"
        listing = f"/accounts/open-orders?symbol={name}&limit={_LIMIT}&page=1"
        body = f'{{"symbol":"{name}"}}'
        return [
            *([] if symbol else [Step(method="GET", path="/app/market-config")]),
            Step(method="POST", path="/order/cancel-all", body=body, note=note),
            Step(method="GET", path=listing, note=note),
        ]

    async def symbols(self) -> Sequence[str]:
        config = (await self.client.raw.get_market_config()).data
        pairs: Sequence[Any] = part(config, "trading_pairs") or ()
        names = [text(pair, "symbol") for pair in pairs]
        if not names or not all(names):
            raise VenueError("the venue does not say which symbols it has")
        return names

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        try:
            reply = await self.client.raw.cancel_all_orders(body={"symbol": symbol})
        except deltadefi.NotFound:
            return ()  # perhaps nothing is open: the listing tells
        ids: Sequence[Any] = part(reply.data, "order_ids") or ()
        return [
            Acknowledgement(
                id=str(id_), outcome=Outcome.PENDING, order=Order(id=str(id_), symbol=symbol)
            )
            for id_ in ids
        ]

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        try:
            await self.client.raw.cancel_order(id_)
        except (deltadefi.NotFound, deltadefi.BadRequest, deltadefi.Unprocessable) as error:
            is_missing = isinstance(error, deltadefi.NotFound)
            outcome = Outcome.NOT_FOUND if is_missing else Outcome.REJECTED
            said, raw = text(error.body, "error") or str(error), error.response.content
            return [Acknowledgement(id=id_, outcome=outcome, reason=said, raw=raw)]
        return [Acknowledgement(id=id_, outcome=Outcome.PENDING)]

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        number = int(at or 1)
        reply = await self.client.raw.get_open_orders(
            symbol=symbol or "", limit=_LIMIT, page=number
        )
        rows: Sequence[Any] | None = part(reply.data, "data")
        count, pages = part(reply.data, "total_count"), part(reply.data, "total_page")
        if not isinstance(rows, list) and count != 0:
            raise VenueError("the list of open orders is none")
        rows = rows or ()
        is_more = number < pages if isinstance(pages, int) else len(rows) >= _LIMIT
        if not rows and (is_more or (number == 1 and count)):
            raise VenueError("the list of open orders is empty, and says that it is not")
        orders = [_order(row, symbol) for row in rows]
        return Page(
            orders=[o for o in orders if o.is_open and o.symbol == symbol],
            next=str(number + 1) if is_more else None,
        )

    async def read(self, account: str, id: str) -> Order:
        try:
            reply = await self.client.raw.get_order(id)
        except deltadefi.NotFound:
            try:  # two public sources name two paths
                reply = await self.client.raw.get_order_record(id=id)
            except deltadefi.NotFound:
                return Order(id=id, outcome=Outcome.NOT_FOUND)
        return _order(reply.data, None, id)


def _order(row: Any, symbol: str | None, id_: str = "") -> Order:
    status = text(row, "status").lower()
    size, filled = decimal(part(row, "base_qty")), decimal(part(row, "executed_base_qty"))
    outcome = _CLOSED.get(status)
    if status == "closed" and size is not None and size == filled:
        outcome = Outcome.FILLED
    return Order(
        id=id_ or text(row, "id", "order_id"),
        symbol=part(row, "symbol") or symbol,
        status=status,
        filled=filled,
        remaining=None if size is None or filled is None else size - filled,
        outcome=outcome,
    )
