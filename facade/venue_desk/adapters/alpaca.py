"""Alpaca Trading and Alpaca Broker: a 207 of requests, lists by last id, single reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from venue_clients import alpaca_broker, alpaca_trading

from ..orders import Acknowledgement, Order, Outcome, decimal, part, text
from ..venues import Capabilities, Page, Step, Venue, VenueError

_CLOSED = {
    "canceled": Outcome.CANCELED,
    "filled": Outcome.FILLED,
    "expired": Outcome.ALREADY_CLOSED,
    "rejected": Outcome.ALREADY_CLOSED,
    "replaced": Outcome.ALREADY_CLOSED,
    "pending_cancel": Outcome.PENDING,
}
_LIMIT = 500  # orders of a page
_NOT_FOUND = (alpaca_trading.NotFound, alpaca_broker.NotFound)
_REFUSED = (alpaca_trading.Unprocessable, alpaca_broker.Unprocessable)
_UNEXPECTED = (alpaca_trading.UnexpectedStatus, alpaca_broker.UnexpectedStatus)


class AlpacaTrading(Venue):
    name = "alpaca_trading"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="by list and cancel", at_once=8
    )
    _path = "/v2/orders"
    _all, _one = "delete_all_orders", "delete_order_by_order_id"
    _list, _read = "get_all_orders", "get_order_by_order_id"

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        path = self._path.format(account=account)
        if order is not None:
            return [Step(method="DELETE", path=f"{path}/{order}")]
        listing = f"{path}?status=open&limit={_LIMIT}&direction=asc"
        if symbol is None:
            return [Step(method="DELETE", path=path), Step(method="GET", path=listing)]
        each = Step(method="DELETE", path=f"{path}/{{id}}", note="for each order of the list")
        return [Step(method="GET", path=f"{listing}&symbols={symbol}"), each]

    async def _call(self, name: str, account: str, *values: str, **filters: Any) -> Any:
        scope = (account,) if self.capabilities.needs_accounts else ()
        return (await getattr(self.client.raw, name)(*scope, *values, **filters)).data

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        try:
            items = await self._call(self._all, account)
        except _UNEXPECTED as error:
            if error.status in (200, 204) and error.response.content.strip() in (b"", b"[]"):
                return ()  # what an account without open orders gets is not documented
            raise
        return [_acknowledged(item) for item in items or () if text(item, "id")]

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        try:
            await self._call(self._one, account, id_)
        except (*_NOT_FOUND, *_REFUSED) as error:
            said = text(error.body, "message") or str(error)
            is_missing = isinstance(error, _NOT_FOUND)
            outcome = Outcome.NOT_FOUND if is_missing else Outcome.REJECTED
            raw = error.response.content
            return [Acknowledgement(id=id_, outcome=outcome, reason=said, raw=raw)]
        return [Acknowledgement(id=id_, outcome=Outcome.PENDING)]

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        filters: dict[str, Any] = {} if symbol is None else {"symbols": [symbol]}
        if at is not None:
            filters["after_order_id"] = at
        rows = await self._call(
            self._list, account, status="open", limit=_LIMIT, direction="asc", **filters
        )
        if not isinstance(rows, list):
            raise VenueError("the list of open orders is none")
        orders: list[Order] = [_order(row, account) for row in rows]  # pyright: ignore[reportUnknownVariableType]
        return Page(
            orders=[o for o in orders if o.is_open and _same(symbol, o.symbol)],
            next=orders[-1].id if len(orders) >= _LIMIT else None,
        )

    async def find(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        """Look among what was closed last, page by page, while that finds some."""
        wanted, found = set(ids), dict[str, Order]()
        filters: dict[str, Any] = {}
        while len(found) < len(wanted):
            rows = await self._call(
                self._list, account, status="closed", limit=_LIMIT, direction="desc", **filters
            )
            orders = [_order(row, account) for row in rows or ()]
            new = {o.id: o for o in orders if o.id in wanted and o.id not in found}
            found |= new
            if not new or len(orders) < _LIMIT:
                break
            filters["before_order_id"] = orders[-1].id
        return list(found.values())

    async def read(self, account: str, id: str) -> Order:
        try:
            return _order(await self._call(self._read, account, id), account)
        except _NOT_FOUND:
            return Order(id=id, account=account, outcome=Outcome.NOT_FOUND)


class AlpacaBroker(AlpacaTrading):
    name = "alpaca_broker"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="by list and cancel", needs_accounts=True
    )
    _path = "/v1/trading/accounts/{account}/orders"
    _all, _one = "delete_all_orders_for_account", "delete_order_for_account"
    _list, _read = "get_all_orders_for_account", "get_order_for_account"


def _same(wanted: str | None, symbol: str | None) -> bool:
    """BTC/USD was BTCUSD once; an order of several legs has no symbol, and is never meant."""
    plain = (symbol or "").replace("/", "").upper()
    return wanted is None or plain == wanted.replace("/", "").upper()


def _acknowledged(item: Any) -> Acknowledgement:
    """One item of the 207: its status is that of a request of its own."""
    status, body = part(item, "status"), part(item, "body")
    if isinstance(status, int) and 200 <= status < 300:
        return Acknowledgement(id=text(item, "id"), outcome=Outcome.PENDING)
    outcome = {404: Outcome.NOT_FOUND, 422: Outcome.REJECTED}.get(status, Outcome.UNKNOWN)
    return Acknowledgement(
        id=text(item, "id"),
        outcome=outcome,
        reason=text(body, "message") or f"status {status}",
        raw=str(item).encode(),
    )


def _order(row: Any, account: str) -> Order:
    status, size = text(row, "status"), decimal(part(row, "qty"))
    filled = decimal(part(row, "filled_qty"))
    return Order(
        id=text(row, "id"),
        account=account,
        symbol=part(row, "symbol"),
        status=status,
        filled=filled,
        remaining=None if size is None or filled is None else size - filled,
        outcome=_CLOSED.get(status),
    )
