"""Alpaca Trading and Alpaca Broker: a 207 of requests, lists by last id, single reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..failures import Failure
from ..orders import Acknowledgement, Order, Outcome
from ..rows import listed, part, text
from ..venues import USUAL, Capabilities, Page, Venue, Words

_LIMIT = 500  # orders of a page


class AlpacaTrading(Venue):
    name = "alpaca_trading"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="by list and cancel", at_once=8
    )
    words = Words(outcomes=USUAL, size="qty", filled="filled_qty")

    async def _delete_all(self, account: str) -> Any:
        return await self.client.raw.delete_all_orders()

    async def _delete(self, account: str, id: str) -> Any:
        return await self.client.raw.delete_order_by_order_id(id)

    async def _get_all(self, account: str, **filters: Any) -> list[Any]:
        return listed((await self.client.raw.get_all_orders(limit=_LIMIT, **filters)).data)

    async def _get(self, account: str, id: str) -> Any:
        return await self.client.raw.get_order_by_order_id(id)

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        items: Sequence[Any] = (await self._delete_all(account)).data or ()
        return [_acknowledged(item) for item in items if text(item, "id")]

    def is_nothing_open(self, known: Failure) -> bool:
        # What an account without open orders gets is not documented.
        return known.status in (200, 204) and known.raw.strip() in (b"", b"[]")

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        (id_,) = ids
        await self._delete(account, id_)
        return [Acknowledgement(id=id_, outcome=Outcome.PENDING)]

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        filters: dict[str, Any] = {"status": "open", "direction": "asc"}
        if symbol is not None:
            filters["symbols"] = [symbol.upper()]
        if at is not None:
            filters["after_order_id"] = at
        rows = await self._get_all(account, **filters)
        ours = [r for r in rows if symbol is None or _plain(text(r, "symbol")) == _plain(symbol)]
        last = text(rows[-1], "id") if len(rows) >= _LIMIT else None
        return self.open_page(ours, account, last)

    async def find(self, account: str, ids: Sequence[str], at: str | None) -> Page:
        filters = {} if at is None else {"before_order_id": at}
        rows = await self._get_all(account, status="closed", direction="desc", **filters)
        last = text(rows[-1], "id") if len(rows) >= _LIMIT else None
        return Page(orders=[self.order(row, account) for row in rows], next=last or None)

    async def read(self, account: str, id: str) -> Order:
        return self.order((await self._get(account, id)).data, account, id)


class AlpacaBroker(AlpacaTrading):
    name = "alpaca_broker"
    capabilities = Capabilities(
        cancel_all="natively", cancel_symbol="by list and cancel", needs_accounts=True
    )

    async def _delete_all(self, account: str) -> Any:
        return await self.client.raw.delete_all_orders_for_account(account)

    async def _delete(self, account: str, id: str) -> Any:
        return await self.client.raw.delete_order_for_account(account, id)

    async def _get_all(self, account: str, **filters: Any) -> list[Any]:
        raw = self.client.raw
        reply = await raw.get_all_orders_for_account(account, limit=_LIMIT, **filters)
        return listed(reply.data)

    async def _get(self, account: str, id: str) -> Any:
        return await self.client.raw.get_order_for_account(account, id)


def _plain(symbol: str) -> str:
    """BTC/USD was BTCUSD once; an order of several legs has no symbol, and is never meant."""
    return symbol.replace("/", "").upper()


def _acknowledged(item: Any) -> Acknowledgement:
    """One item of the 207: its status is that of a request of its own."""
    status, body = part(item, "status"), part(item, "body")
    if isinstance(status, int) and 200 <= status < 300:
        return Acknowledgement(id=text(item, "id"), outcome=Outcome.PENDING)
    outcome = {404: Outcome.NOT_FOUND, 422: Outcome.REJECTED}.get(status, Outcome.UNKNOWN)
    reason = text(body, "message") or f"status {status}"
    dump: Any = getattr(item, "model_dump_json", None)  # what does not fit is in it as it came
    whole: str = dump(warnings=False) if dump else json.dumps(item)
    return Acknowledgement(id=text(item, "id"), outcome=outcome, reason=reason, raw=whole.encode())
