"""Clear Street: accepted cancels as orders, lists by token, and a 404 that says "nothing open"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from venue_clients import clear_street

from ..orders import Acknowledgement, Order, Outcome, decimal, part, text
from ..venues import Capabilities, Page, Step, Venue, VenueError

_CLOSED = {
    "CANCELED": Outcome.CANCELED,
    "FILLED": Outcome.FILLED,
    "REJECTED": Outcome.ALREADY_CLOSED,
    "EXPIRED": Outcome.ALREADY_CLOSED,
    "REPLACED": Outcome.ALREADY_CLOSED,
    "PENDING_CANCEL": Outcome.PENDING,
}
_GONE = {name for name, outcome in _CLOSED.items() if outcome.is_closed}
_OPEN = [s for s in clear_street.models.OrderStatus if s.value not in _GONE]
_NOTHING_OPEN = "no orders match"
_SIZE = 1000  # orders of a page


class ClearStreet(Venue):
    name = "clear_street"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="natively", needs_accounts=True, paper=False
    )

    def __init__(self, client: Any, environment: str, accounts: Sequence[str]) -> None:
        super().__init__(client, environment, accounts)
        self._ids: dict[str, str] = {}  # the venue's, by the callers' own

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        path = f"/v1/accounts/{account}/orders"
        if order is not None:
            return [Step(method="DELETE", path=f"{path}/{order}")]
        query = "" if symbol is None else f"instrument_ids={symbol}"
        listing = f"{path}?page_size={_SIZE}&status={','.join(s.value for s in _OPEN)}"
        return [
            Step(method="DELETE", path=f"{path}?{query}" if query else path),
            Step(method="GET", path=f"{listing}&{query}" if query else listing),
        ]

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        filters: dict[str, Any] = {} if symbol is None else {"instrument_ids": [symbol]}
        try:
            reply = await self.client.raw.cancel_all_open_orders(int(account), **filters)
        except clear_street.NotFound as error:
            # The status alone may mean a wrong account: then nothing can be listed either.
            if _NOTHING_OPEN in _message(error).lower():
                return ()
            raise
        return [_acknowledged(row, account) for row in part(reply.data, "data") or ()]

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        try:
            reply = await self.client.raw.cancel_open_order(int(account), self._ids.get(id_, id_))
        except (clear_street.NotFound, clear_street.Unprocessable) as error:
            missing = isinstance(error, clear_street.NotFound)
            outcome = Outcome.NOT_FOUND if missing else Outcome.REJECTED
            said, raw = _message(error), error.response.content
            return [Acknowledgement(id=id_, outcome=outcome, reason=said, raw=raw)]
        except clear_street.UnexpectedStatus as error:
            if error.status != 422:
                raise
            said = (error.response.text or "")[:200]
            raw = error.response.content
            return [Acknowledgement(id=id_, outcome=Outcome.REJECTED, reason=said, raw=raw)]
        said = _acknowledged(part(reply.data, "data"), account)
        # The caller's own id of an order names it only while it is open.
        self._ids[id_] = said.id or id_
        order = said.order and replace(said.order, id=id_)
        return [replace(said, id=id_, order=order)]

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        # The filters go with every page: the token does not hold them.
        filters: dict[str, Any] = {} if symbol is None else {"instrument_ids": [symbol]}
        reply = await self.client.raw.get_orders(
            int(account), page_size=_SIZE, status=_OPEN, page_token=at, **filters
        )
        rows = part(reply.data, "data")
        if not isinstance(rows, list):
            raise VenueError("the list of open orders is none")
        orders: list[Order] = [_order(row, account) for row in rows]  # pyright: ignore[reportUnknownVariableType]
        following = part(part(reply.data, "metadata"), "next_page_token")
        return Page(orders=[o for o in orders if o.is_open], next=following or None)

    async def find(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        found: list[Order] = []
        for at in range(0, len(ids), 100):
            reply = await self.client.raw.get_orders(
                int(account), page_size=_SIZE, order_ids=list(ids[at : at + 100])
            )
            found += [_order(row, account) for row in part(reply.data, "data") or ()]
        return [order for order in found if order.id in set(ids)]

    async def read(self, account: str, id: str) -> Order:
        try:
            reply = await self.client.raw.get_order_by_id(int(account), self._ids.get(id, id))
        except clear_street.NotFound:
            return Order(id=id, account=account, outcome=Outcome.NOT_FOUND)
        return replace(_order(part(reply.data, "data"), account), id=id)


def _message(error: clear_street.StatusError) -> str:
    """Declared flat, and sent wrapped."""
    return text(part(error.body, "error") or error.body, "message")


def _acknowledged(row: Any, account: str) -> Acknowledgement:
    order = _order(row, account)
    return Acknowledgement(id=order.id, outcome=order.outcome or Outcome.PENDING, order=order)


def _order(row: Any, account: str) -> Order:
    status = text(row, "status")
    return Order(
        id=text(row, "id"),
        account=account,
        symbol=part(row, "symbol"),
        status=status,
        filled=decimal(part(row, "filled_quantity")),
        remaining=decimal(part(row, "leaves_quantity")),
        outcome=_CLOSED.get(status),
    )
