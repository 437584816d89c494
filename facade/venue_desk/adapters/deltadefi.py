"""DeltaDeFi: everything is done symbol by symbol, and a cancel's answer confirms nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from venue_clients import deltadefi

from ..orders import Acknowledgement, Order, Outcome, decimal
from ..venues import Capabilities, Page, Step, VenueError

_CLOSED = {
    "fully_filled": Outcome.FILLED,
    "cancelled": Outcome.CANCELED,
    "partially_cancelled": Outcome.CANCELED,
    "closed": Outcome.ALREADY_CLOSED,
    "failed": Outcome.ALREADY_CLOSED,
}
_LIMIT = 250  # orders of a page
_PAGES = 1000  # of a symbol, as the venue has it


class DeltaDeFi:
    name = "deltadefi"
    capabilities = Capabilities(cancel_all="symbol by symbol", cancel_symbol="natively", at_once=4)
    accounts: tuple[str, ...] = ("",)

    def __init__(self, client: deltadefi.AsyncClient, environment: str) -> None:
        self._client = client
        self.environment = environment

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        if order is not None:
            return [Step(method="POST", path=f"/order/{order}/cancel")]
        note = "" if symbol else "for each symbol of the market config"
        name = symbol or "{symbol}"
        found = [] if symbol else [Step(method="GET", path="/app/market-config")]
        return [
            *found,
            Step(method="POST", path="/order/cancel-all", body=f'{{"symbol":"{name}"}}', note=note),
            Step(
                method="GET",
                path=f"/accounts/open-orders?symbol={name}&limit={_LIMIT}&page=1",
                note=note,
            ),
        ]

    async def _symbols(self) -> list[str]:
        config = (await self._client.raw.get_market_config()).data
        names = [str(pair.symbol) for pair in config.trading_pairs or () if pair.symbol]
        if not names:
            raise VenueError("the venue does not say which symbols it has")
        return names

    async def cancel_all(self, account: str) -> Sequence[Acknowledgement]:
        found: list[Acknowledgement] = []
        for symbol in await self._symbols():
            found.extend(await self.cancel_symbol(account, symbol))
        return found

    async def cancel_symbol(self, account: str, symbol: str) -> Sequence[Acknowledgement]:
        try:
            reply = await self._client.raw.cancel_all_orders(body={"symbol": symbol})
        except deltadefi.NotFound:
            return ()  # perhaps nothing is open: the listing tells
        return [
            Acknowledgement(
                id=str(id_),
                outcome=Outcome.PENDING,
                order=Order(id=str(id_), symbol=symbol),
            )
            for id_ in reply.data.order_ids or ()
        ]

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        try:
            await self._client.raw.cancel_order(id_)
        except deltadefi.NotFound:
            return [Acknowledgement(id=id_, outcome=Outcome.NOT_FOUND)]
        except (deltadefi.BadRequest, deltadefi.Unprocessable) as error:
            said, raw = str(getattr(error.body, "error", "") or error), error.response.content
            return [Acknowledgement(id=id_, outcome=Outcome.UNKNOWN, reason=said, raw=raw)]
        return [Acknowledgement(id=id_, outcome=Outcome.PENDING)]

    async def open_orders(self, account: str, symbol: str | None) -> AsyncIterator[Page]:
        symbols = [symbol] if symbol is not None else await self._symbols()
        for index, name in enumerate(symbols):
            for number in range(1, _PAGES + 1):
                reply = await self._client.raw.get_open_orders(
                    symbol=name, limit=_LIMIT, page=number
                )
                pages = reply.data.total_page or 0
                is_done = number >= pages
                yield Page(
                    orders=[o for row in reply.data.data or () if _is_open(o := _order(row, name))],
                    is_last=is_done and index == len(symbols) - 1,
                    is_snapshot=is_done and number == 1,
                )
                if is_done:
                    break
            else:
                raise VenueError(f"{name} has more pages of open orders than can be read")

    async def read(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        (id_,) = ids
        try:
            reply = await self._client.raw.get_order(id_)
        except deltadefi.NotFound:
            try:  # two public sources name two paths
                reply = await self._client.raw.get_order_record(id=id_)
            except deltadefi.NotFound:
                return [Order(id=id_, outcome=Outcome.NOT_FOUND)]
        return [_order(reply.data, None, id_)]

    async def close(self) -> None:
        await self._client.aclose()


def _order(row: Any, symbol: str | None, id_: str = "") -> Order:
    extra: dict[str, Any] = row.model_extra or {}
    status = str(row.status or "").lower()
    size, filled = decimal(row.base_qty), decimal(row.executed_base_qty)
    outcome = _CLOSED.get(status)
    if outcome is Outcome.ALREADY_CLOSED and size is not None and size == filled:
        outcome = Outcome.FILLED
    return Order(
        id=str(row.id or extra.get("order_id") or id_),
        symbol=row.symbol or symbol,
        status=status,
        filled=filled,
        remaining=None if size is None or filled is None else size - filled,
        outcome=outcome,
    )


def _is_open(order: Order) -> bool:
    return order.outcome is None or not order.outcome.is_closed
