"""Alpaca Trading and Alpaca Broker: a 207 of requests, lists by last id, single reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from venue_clients import alpaca_broker, alpaca_trading

from ..orders import Acknowledgement, Order, Outcome, decimal
from ..venues import Capabilities, Page, Step, VenueError

_CLOSED = {
    "canceled": Outcome.CANCELED,
    "filled": Outcome.FILLED,
    "expired": Outcome.ALREADY_CLOSED,
    "rejected": Outcome.ALREADY_CLOSED,
    "replaced": Outcome.ALREADY_CLOSED,
}
_ITEMS = {404: Outcome.NOT_FOUND, 422: Outcome.UNKNOWN}  # 422: filled, or not to be canceled
_LIMIT = 500  # orders of a page


class _Alpaca:
    """What both APIs share; `_call` knows the operation of each."""

    name: str
    environment: str
    accounts: tuple[str, ...]
    _orders: str

    def __init__(self, client: Any, environment: str, accounts: tuple[str, ...]) -> None:
        self._client = client
        self.environment = environment
        self.accounts = accounts

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        path = self._orders.format(account=account)
        if order is not None:
            return [Step(method="DELETE", path=f"{path}/{order}")]
        listing = f"{path}?status=open&limit={_LIMIT}&direction=asc"
        if symbol is None:
            return [Step(method="DELETE", path=path), Step(method="GET", path=listing)]
        return [
            Step(method="GET", path=f"{listing}&symbols={symbol}"),
            Step(method="DELETE", path=f"{path}/{{id}}", note="for each order of the list"),
        ]

    async def cancel_all(self, account: str) -> Sequence[Acknowledgement]:
        try:
            reply = await self._delete_all(account)
        except (alpaca_trading.UnexpectedStatus, alpaca_broker.UnexpectedStatus) as error:
            if error.status in (200, 204) and error.response.content.strip() in (b"", b"[]"):
                return ()  # what an account without open orders gets is not documented
            raise
        return [_acknowledged(item) for item in reply.data if getattr(item, "id", None)]

    async def cancel_symbol(self, account: str, symbol: str) -> Sequence[Acknowledgement]:
        raise NotImplementedError  # emulated: the API has no such filter

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        try:
            await self._delete(account, id_)
        except (alpaca_trading.NotFound, alpaca_broker.NotFound):
            return [Acknowledgement(id=id_, outcome=Outcome.NOT_FOUND)]
        except (alpaca_trading.Unprocessable, alpaca_broker.Unprocessable) as error:
            said = str(getattr(error.body, "message", "") or error)
            raw = error.response.content
            return [Acknowledgement(id=id_, outcome=Outcome.UNKNOWN, reason=said, raw=raw)]
        return [Acknowledgement(id=id_, outcome=Outcome.PENDING)]

    async def open_orders(self, account: str, symbol: str | None) -> AsyncIterator[Page]:
        last: str | None = None
        while True:
            filters: dict[str, Any] = {} if symbol is None else {"symbols": [symbol]}
            if last is not None:
                filters["after_order_id"] = last
            rows = (
                await self._list(account, status="open", limit=_LIMIT, direction="asc", **filters)
            ).data
            orders = [_order(row, account) for row in rows]
            if orders and orders[-1].id == last:
                raise VenueError("the list of open orders does not go on: a page is repeated")
            is_last = len(rows) < _LIMIT
            yield Page(
                orders=[o for o in orders if _is_open(o) and symbol in (None, o.symbol)],
                is_last=is_last,
                is_snapshot=is_last and last is None,
            )
            if is_last:
                return
            last = orders[-1].id

    async def read(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        if len(ids) > 1:
            return await self._read_many(account, ids)
        (id_,) = ids
        try:
            return [_order((await self._get(account, id_)).data, account)]
        except (alpaca_trading.NotFound, alpaca_broker.NotFound):
            return [Order(id=id_, account=account, outcome=Outcome.NOT_FOUND)]

    async def _read_many(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        """Find orders among those closed last: one request, where each alone would take one."""
        reply = await self._list(account, status="closed", limit=_LIMIT, direction="desc")
        found = {str(row.id): _order(row, account) for row in reply.data}
        rest = [await self.read(account, [id_]) for id_ in ids if id_ not in found]
        return [*(found[id_] for id_ in ids if id_ in found), *(o for (o,) in rest)]

    async def close(self) -> None:
        await self._client.aclose()

    async def _delete_all(self, account: str) -> Any:
        raise NotImplementedError

    async def _delete(self, account: str, id_: str) -> Any:
        raise NotImplementedError

    async def _list(self, account: str, **filters: Any) -> Any:
        raise NotImplementedError

    async def _get(self, account: str, id_: str) -> Any:
        raise NotImplementedError


class AlpacaTrading(_Alpaca):
    name = "alpaca_trading"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="by list and cancel", read_batch=_LIMIT, at_once=8
    )
    _orders = "/v2/orders"

    async def _delete_all(self, account: str) -> Any:
        return await self._client.raw.delete_all_orders()

    async def _delete(self, account: str, id_: str) -> Any:
        return await self._client.raw.delete_order_by_order_id(id_)

    async def _list(self, account: str, **filters: Any) -> Any:
        return await self._client.raw.get_all_orders(**filters)

    async def _get(self, account: str, id_: str) -> Any:
        return await self._client.raw.get_order_by_order_id(id_)


class AlpacaBroker(_Alpaca):
    name = "alpaca_broker"
    capabilities = Capabilities(
        cancel_all="natively",
        cancel_symbol="by list and cancel",
        read_batch=_LIMIT,
        needs_accounts=True,
    )
    _orders = "/v1/trading/accounts/{account}/orders"

    async def _delete_all(self, account: str) -> Any:
        return await self._client.raw.delete_all_orders_for_account(account)

    async def _delete(self, account: str, id_: str) -> Any:
        return await self._client.raw.delete_order_for_account(account, id_)

    async def _list(self, account: str, **filters: Any) -> Any:
        return await self._client.raw.get_all_orders_for_account(account, **filters)

    async def _get(self, account: str, id_: str) -> Any:
        return await self._client.raw.get_order_for_account(account, id_)


def _acknowledged(item: Any) -> Acknowledgement:
    """One item of the 207: its status is that of a request of its own."""
    status = item.status if isinstance(item.status, int) else 0
    reason = str(getattr(item.body, "message", None) or "")
    outcome = Outcome.PENDING if 200 <= status < 300 else _ITEMS.get(status, Outcome.UNKNOWN)
    is_bad = outcome is not Outcome.PENDING
    return Acknowledgement(
        id=str(item.id),
        outcome=outcome,
        reason=reason or (f"status {status}" if is_bad else ""),
        raw=item.model_dump_json(by_alias=True, exclude_unset=True).encode() if is_bad else b"",
    )


def _order(row: Any, account: str) -> Order:
    status = str(getattr(row.status, "value", row.status) or "")
    quantity, filled = decimal(row.qty), decimal(row.filled_qty)
    known = quantity is not None and filled is not None
    outcome = _CLOSED.get(status)
    if status == "pending_cancel":
        outcome = Outcome.PENDING
    return Order(
        id=str(row.id),
        account=account,
        symbol=row.symbol,
        status=status,
        filled=filled,
        remaining=quantity - filled
        if known and quantity is not None and filled is not None
        else None,
        outcome=outcome,
    )


def _is_open(order: Order) -> bool:
    return order.outcome is None or not order.outcome.is_closed
