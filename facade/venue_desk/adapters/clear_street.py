"""Clear Street: accepted cancels as orders, lists by token, and a 404 that says "nothing open"."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from venue_clients import clear_street

from ..orders import Acknowledgement, Order, Outcome, decimal
from ..venues import Capabilities, Page, Step, VenueError

_CLOSED = {
    "CANCELED": Outcome.CANCELED,
    "FILLED": Outcome.FILLED,
    "REJECTED": Outcome.ALREADY_CLOSED,
    "EXPIRED": Outcome.ALREADY_CLOSED,
    "REPLACED": Outcome.ALREADY_CLOSED,
}
_OPEN = [s for s in clear_street.models.OrderStatus if s.value not in _CLOSED]
_NOTHING_OPEN = "no orders match"
_SIZE = 1000  # orders of a page


class ClearStreet:
    name = "clear_street"
    capabilities = Capabilities(
        cancel_all="natively",
        cancel_symbol="natively",
        read_batch=100,
        needs_accounts=True,
        paper=False,
    )

    def __init__(
        self, client: clear_street.AsyncClient, environment: str, accounts: tuple[str, ...]
    ) -> None:
        self._client = client
        self.environment = environment
        self.accounts = accounts

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        path = f"/v1/accounts/{account}/orders"
        if order is not None:
            return [Step(method="DELETE", path=f"{path}/{order}")]
        query = "" if symbol is None else f"?instrument_ids={symbol}"
        listing = ",".join(status.value for status in _OPEN)
        return [
            Step(method="DELETE", path=path + query),
            Step(method="GET", path=f"{path}?page_size={_SIZE}&status={listing}"),
        ]

    async def cancel_all(self, account: str) -> Sequence[Acknowledgement]:
        return await self._cancel(account)

    async def cancel_symbol(self, account: str, symbol: str) -> Sequence[Acknowledgement]:
        return await self._cancel(account, instrument_ids=[symbol])

    async def _cancel(self, account: str, **filters: Any) -> Sequence[Acknowledgement]:
        try:
            reply = await self._client.raw.cancel_all_open_orders(int(account), **filters)
        except clear_street.NotFound as error:
            # The status alone may mean a wrong account: then listing fails too.
            if _NOTHING_OPEN in _message(error).lower():
                return ()
            raise
        return [_acknowledged(row, account) for row in reply.data.data or ()]

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        try:
            reply = await self._client.raw.cancel_open_order(int(account), id_)
        except clear_street.NotFound as error:
            return [Acknowledgement(id=id_, outcome=Outcome.NOT_FOUND, reason=_message(error))]
        return [_acknowledged(reply.data.data, account)]

    async def open_orders(self, account: str, symbol: str | None) -> AsyncIterator[Page]:
        filters: dict[str, Any] = {"page_size": _SIZE, "status": _OPEN}
        if symbol is not None:
            filters["instrument_ids"] = [symbol]
        token: str | None = None
        seen: set[str] = set()
        while True:
            # The filters go with every page: the token does not hold them.
            reply = await self._client.raw.get_orders(int(account), page_token=token, **filters)
            orders = [_order(row, account) for row in reply.data.data or ()]
            following = getattr(reply.data.metadata, "next_page_token", None) or None
            yield Page(
                orders=[o for o in orders if o.outcome is None or not o.outcome.is_closed],
                is_last=following is None,
                is_snapshot=following is None and token is None,
            )
            if following is None:
                return
            if following in seen:
                raise VenueError("the list of open orders does not end: a token is repeated")
            seen.add(following)
            token = following

    async def read(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        if len(ids) == 1:
            return [await self._read_one(account, ids[0])]
        reply = await self._client.raw.get_orders(
            int(account), page_size=_SIZE, order_ids=list(ids)
        )
        return [_order(row, account) for row in reply.data.data or ()]

    async def _read_one(self, account: str, id_: str) -> Order:
        try:
            reply = await self._client.raw.get_order_by_id(int(account), id_)
        except clear_street.NotFound:
            return Order(id=id_, account=account, outcome=Outcome.NOT_FOUND)
        return _order(reply.data.data, account)

    async def close(self) -> None:
        await self._client.aclose()


def _message(error: clear_street.StatusError) -> str:
    body: Any = error.body
    inner = getattr(body, "error", None) or body
    return str(getattr(inner, "message", None) or "")


def _acknowledged(row: Any, account: str) -> Acknowledgement:
    order = _order(row, account)
    return Acknowledgement(id=order.id, outcome=order.outcome or Outcome.PENDING, order=order)


def _order(row: Any, account: str) -> Order:
    status = str(getattr(row.status, "value", row.status) or "")
    outcome = _CLOSED.get(status)
    if status == "PENDING_CANCEL":
        outcome = Outcome.PENDING
    return Order(
        id=str(row.id),
        account=account,
        symbol=row.symbol,
        status=status,
        filled=decimal(row.filled_quantity),
        remaining=decimal(row.leaves_quantity),
        outcome=outcome,
    )
