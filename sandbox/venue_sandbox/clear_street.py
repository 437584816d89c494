"""Clear Street's Trading API: acceptances, wrapped errors, and 404 for nothing open."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from venue_sandbox.alpaca import rfc3339
from venue_sandbox.book import Order, Status, numbered_uuid
from venue_sandbox.venue import Refusal, Venue, answer, loops, mappings, whole

_TEXTS = {
    400: "Invalid filter parameters",
    401: "Unauthorized",
    403: "The caller does not have permission to execute the specified operation",
    404: "No orders match the specified filters",
    422: "The order cannot be canceled",
    429: "Too many requests",
    500: "Internal server error",
    503: "Service unavailable",
}
_SIDES = ("BUY", "SELL", "SELL_SHORT", "OTHER")
_TYPES = ("MARKET", "LIMIT", "STOP", "STOP_LIMIT", "TRAILING_STOP", "TRAILING_STOP_LIMIT", "OTHER")


class ClearStreet(Venue):
    """Accounts are numbers in the path; the key is sent raw."""

    name = "clear_street"

    def __init__(self) -> None:
        self.credentials = {"api_key": "sandbox-id.sandbox-secret"}
        self.accounts = ["19816", "19817"]
        self.forbidden = {"1"}  # accounts of somebody else
        self.closed_status = 422  # a cancel of an order that is not open; which it is, nobody says
        super().__init__(self.accounts[0], numbered_uuid)

    def routes(self) -> Sequence[Route]:
        orders = "/v1/accounts/{account}/orders"
        return [
            self.route("GET", "/v1/version", self._version, "other", public=True),
            self.route("GET", orders, self._list, "list"),
            self.route("DELETE", orders, self._cancel_all, "cancel"),
            self.route("GET", f"{orders}/{{order}}", self._read, "read"),
            self.route("DELETE", f"{orders}/{{order}}", self._cancel, "cancel"),
        ]

    def authenticate(self, request: Request, body: bytes) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.credentials['api_key']}":
            raise Refusal(self.error(401))

    def error(self, status: int, message: str | None = None) -> Response:
        text = message or _TEXTS.get(status, "Error")
        error = {"code": status, "message": text}
        return answer({"error": error, "metadata": {"request_id": str(uuid.uuid4())}}, status)

    def odd(self, request: Request, value: Any) -> Any:
        """Orders without what the schema requires and the page's example lacks."""
        data = value["data"]
        for order in mappings(data) or [data]:
            order.update(symbol=None, instrument_id=None, instrument_type=None)
            del order["client_order_id"], order["venue"]
        return value

    def omit(self, value: Any, count: int) -> Any:
        if isinstance(value["data"], list):
            value["data"] = value["data"][count:]
        return value

    async def _version(self, request: Request) -> Response:
        return self._reply("2025-10-31")

    async def _list(self, request: Request) -> Response:
        """A page's token knows where to go on, and nothing of the filters."""
        asked = request.query_params
        size = whole(asked.get("page_size"), 1, 1000, 1000)
        start = 0
        if (token := asked.get("page_token")) is not None and not loops(request):
            start, size = self._continued(token)
        if size is None:
            raise Refusal(self.error(400, "page_size must be from 1 to 1000"))
        orders = self._matching(request, self.book.orders(self._account(request)))
        page = orders[start : start + size]
        more = start + size < len(orders) or (loops(request) and bool(page))
        metadata: dict[str, object] = {
            "next_page_token": _token(start + size, size) if more else None,
            "previous_page_token": _token(max(start - size, 0), size) if start else None,
            "page_number": start // size + 1,
            "total_items": len(orders),
            "total_pages": -(-len(orders) // size),
        }
        return self._reply([self.show(order) for order in page], metadata)

    def _continued(self, token: str) -> tuple[int, int]:
        try:
            state = json.loads(base64.urlsafe_b64decode(token))
            return int(state["offset"]), int(state["limit"])
        except (ValueError, KeyError, TypeError):
            raise Refusal(self.error(400, "page_token cannot be read")) from None

    def _matching(self, request: Request, orders: list[Order]) -> list[Order]:
        asked = request.query_params

        def listed(name: str) -> set[str]:
            return {item for text in asked.getlist(name) for item in text.split(",") if item}

        states, ids, instruments = listed("status"), listed("order_ids"), listed("instrument_ids")
        return [
            order
            for order in orders
            if not states or self._state(order) in states
            if not ids or order.id in ids
            if not instruments or instruments & {order.symbol, instrument(order)}
            if asked.get("symbol") in (None, order.symbol)
            if asked.get("instrument_type") in (None, "COMMON_STOCK")
        ]

    async def _cancel_all(self, request: Request) -> Response:
        """Which orders a cancel is about; those that are pending already are not among them."""
        asked = request.query_params
        if asked.get("side") not in (None, *_SIDES) or asked.get("type") not in (None, *_TYPES):
            raise Refusal(self.error(400))
        orders = [
            order
            for order in self._matching(request, self.book.open(self._account(request)))
            if order.status is not Status.PENDING_CANCEL
            if asked.get("side") in (None, order.side.upper())
            if asked.get("type") in (None, "LIMIT")
        ]
        if not orders:
            raise Refusal(self.error(404))
        taken = [order for order in orders if self.book.cancel(order.id) is not None]
        return self._reply([{**self.show(order), "status": "PENDING_CANCEL"} for order in taken])

    async def _read(self, request: Request) -> Response:
        return self._reply(self.show(self._found(request)))

    async def _cancel(self, request: Request) -> Response:
        order = self._found(request)
        if self.book.cancel(order.id) is None:
            message = f"Order {order.id} is {self._state(order)}"
            raise Refusal(self.error(self.closed_status, message))
        return self._reply({**self.show(order), "status": "PENDING_CANCEL"})

    def _account(self, request: Request) -> str:
        account: str = request.path_params["account"]
        if not account.isdecimal():
            raise Refusal(self.error(400, "account_id must be a number"))
        if account in self.forbidden:
            raise Refusal(self.error(403))
        if account not in self.accounts:
            raise Refusal(self.error(404, f"Account {account} not found"))
        return account

    def _found(self, request: Request) -> Order:
        """By the venue's identifier or, while it is open, by the caller's."""
        account, wanted = self._account(request), request.path_params["order"]
        for order in self.book.orders(account):
            if wanted == order.id or (wanted == order.client_id and order.is_open):
                return order
        raise Refusal(self.error(404, f"Order {wanted} not found for account {account}"))

    def _reply(self, data: object, metadata: dict[str, object] | None = None) -> Response:
        named = {"request_id": str(uuid.uuid4()), **(metadata or {})}
        return answer({"data": data, "error": None, "metadata": named})

    def _state(self, order: Order) -> str:
        return order.status.name

    def show(self, order: Order) -> dict[str, object]:
        """An order as the venue writes it."""
        return {
            "id": order.id,
            "client_order_id": order.client_id,
            "account_id": int(order.account),
            "venue": "XNAS",
            "instrument_id": instrument(order),
            "symbol": order.symbol,
            "instrument_type": "COMMON_STOCK",
            "side": order.side.upper(),
            "order_type": "LIMIT",
            "time_in_force": "DAY",
            "status": self._state(order),
            "quantity": str(order.quantity),
            "filled_quantity": str(order.filled),
            "leaves_quantity": str(order.remaining if order.is_open else 0),
            "limit_price": str(order.price),
            "stop_price": None,
            "average_fill_price": str(order.price) if order.filled else None,
            "details": [],
            "created_at": rfc3339(order.created, digits=9),
            "updated_at": rfc3339(order.updated, digits=9),
        }


def instrument(order: Order) -> str:
    """The identifier of what an order is in."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, order.symbol))


def _token(offset: int, limit: int) -> str:
    return base64.urlsafe_b64encode(
        json.dumps({"offset": offset, "limit": limit}).encode()
    ).decode()
