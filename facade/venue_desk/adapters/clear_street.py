"""Clear Street: accepted cancels as orders, lists by token, and a 404 that says "nothing open"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from venue_clients import clear_street

from ..failures import Failure, VenueError
from ..orders import Acknowledgement, Order, Outcome
from ..rows import part, text
from ..venues import USUAL, Capabilities, Open, Page, Venue, Words

_SIZE = 1000  # orders of a page
_IDS = 100  # of one list


class ClearStreet(Venue):
    name = "clear_street"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="natively", needs_accounts=True, paper=False
    )
    words = Words(
        outcomes=USUAL, size="quantity", filled="filled_quantity", remaining="leaves_quantity"
    )

    def __init__(self, open: Open, environment: str, accounts: Sequence[str]) -> None:
        super().__init__(open, environment, accounts)
        self._ids: dict[str, str] = {}  # the venue's, by the callers' own

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        reply = await self.client.raw.cancel_all_open_orders(int(account), **_filter(symbol))
        rows: Sequence[Any] = part(reply.data, "data") or ()
        return [_acknowledged(self.order(row, account)) for row in rows]

    def is_nothing_open(self, known: Failure) -> bool:
        # The status alone may mean a wrong account: then nothing can be listed either.
        return known.status == 404 and "no orders match" in known.reason.lower()

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        reply = await self.client.raw.cancel_open_order(int(account), self._ids.get(id_, id_))
        return [_acknowledged(self._named(id_, part(reply.data, "data"), account))]

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        # The filters go with every page: the token does not hold them.
        statuses = [
            known
            for known in clear_street.models.OrderStatus
            if not USUAL.get(known.value, Outcome.PENDING).is_closed
        ]
        reply = await self.client.raw.get_orders(
            int(account), page_size=_SIZE, status=statuses, page_token=at, **_filter(symbol)
        )
        about = part(reply.data, "metadata")
        total = part(about, "total_items") if at is None else 0
        following = part(about, "next_page_token")
        return self.open_page(part(reply.data, "data"), account, following, total)

    async def find(self, account: str, ids: Sequence[str], at: str | None) -> Page:
        start = int(at or 0)
        wanted = list(ids[start : start + _IDS])
        reply = await self.client.raw.get_orders(int(account), page_size=_SIZE, order_ids=wanted)
        rows: Sequence[Any] = part(reply.data, "data") or ()
        orders = [self.order(row, account) for row in rows]
        following = str(start + _IDS) if start + _IDS < len(ids) else None
        return Page(orders=[o for o in orders if o.id in wanted], next=following)

    async def read(self, account: str, id: str) -> Order:
        reply = await self.client.raw.get_order_by_id(int(account), self._ids.get(id, id))
        return self._named(id, part(reply.data, "data"), account)

    def _named(self, id: str, row: Any, account: str) -> Order:
        """An order by the id it was asked for with; the caller's own names it while it is open."""
        order = self.order(row, account)
        if id not in (order.id, text(row, "client_order_id")) and order.id != self._ids.get(id):
            raise VenueError(f"the venue answers with another order: {order.id}")
        self._ids[id] = order.id
        return replace(order, id=id)


def _filter(symbol: str | None) -> dict[str, Any]:
    return {} if symbol is None else {"instrument_ids": [symbol]}


def _acknowledged(order: Order) -> Acknowledgement:
    return Acknowledgement(id=order.id, outcome=order.outcome or Outcome.PENDING, order=order)
