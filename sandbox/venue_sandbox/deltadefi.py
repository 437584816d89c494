"""DeltaDeFi: cancels and lists by symbol, numbered pages, codes in the errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from venue_sandbox.alpaca import rfc3339
from venue_sandbox.book import Order, Status, numbered_uuid
from venue_sandbox.venue import Refusal, Venue, answer, loops, mapping, parsed, whole

_CODES = {
    400: (4000, "invalid data"),
    401: (4010, "unauthorised"),
    404: (4200, "order not found"),
    422: (4202, "invalid order state"),
    429: (4290, "rate limit exceeded"),
    500: (5000, "internal server error"),
    503: (5001, "resources unavailable"),
}


class DeltaDeFi(Venue):
    """One account, the key's. Nothing is canceled or listed without a symbol."""

    name = "deltadefi"

    def __init__(self) -> None:
        self.credentials = {"api_key": "sandbox-key-of-deltadefi"}
        self.symbols = ["ADAUSDM", "NIGHTUSDM"]
        self.nothing_open = 404  # or 200: which it is, nobody says
        self.order_path: Literal["accounts", "account", "both"] = "accounts"
        self.spelling: Literal["sdk", "stream"] = "sdk"
        self.locked = False
        super().__init__("deltadefi", numbered_uuid)

    def routes(self) -> Sequence[Route]:
        return [
            self.route("POST", "/order/cancel-all", self._cancel_all, "cancel"),
            self.route("POST", "/order/{order}/cancel", self._cancel, "cancel"),
            self.route("GET", "/accounts/open-orders", self._list, "list"),
            self.route("GET", "/accounts/order/{order}", self._read, "read"),
            self.route("GET", "/account/order", self._read, "read"),
            self.route("GET", "/app/market-config", self._markets, "other", public=True),
            self.route("GET", "/health/trading-lock-status", self._lock, "other", public=True),
        ]

    def authenticate(self, request: Request, body: bytes) -> None:
        if request.headers.get("X-API-KEY") != self.credentials["api_key"]:
            raise Refusal(self.error(401))

    def error(self, status: int, message: str | None = None) -> Response:
        code, text = _CODES.get(status, (status * 10, "error"))
        return self._refusal(status, code, message or text)

    def _refusal(self, status: int, code: int, message: str) -> Response:
        return answer({"error": message, "code": code}, status)

    def odd(self, request: Request, value: Any) -> Any:
        """No list of identifiers in a cancel; null for an empty list."""
        if "symbol" in value and "order_ids" in value:
            del value["order_ids"]
        if value.get("data") == []:
            value["data"] = None
        return value

    def omit(self, value: Any, count: int) -> Any:
        if "order_ids" in value:
            value["order_ids"] = value["order_ids"][count:]
        return value

    async def _cancel_all(self, request: Request) -> Response:
        symbol = mapping(parsed(await request.body())).get("symbol")
        if not isinstance(symbol, str) or not symbol:
            raise Refusal(self.error(400, "symbol is required"))
        self._known(symbol)
        self._unlocked()
        orders = self.book.open(symbol=symbol)
        if not orders and self.nothing_open != 200:
            raise Refusal(self.error(self.nothing_open))
        ids = [order.id for order in orders if self.book.cancel(order.id) is not None]
        return answer({"symbol": symbol, "order_ids": ids})

    async def _cancel(self, request: Request) -> Response:
        self._unlocked()
        order = self._found(request.path_params["order"])
        if not order.is_open:
            raise Refusal(self._refusal(422, 4201, "order is not open"))
        if self.book.cancel(order.id) is None:
            raise Refusal(self.error(422))
        return answer({"order_id": order.id})

    async def _list(self, request: Request) -> Response:
        asked = request.query_params
        symbol = asked.get("symbol")
        limit, page = whole(asked.get("limit"), 1, 250, 10), whole(asked.get("page"), 1, 1000, 1)
        if not symbol or limit is None or page is None:
            raise Refusal(self.error(400))
        self._known(symbol)
        orders = self.book.open(symbol=symbol)
        orders.sort(key=lambda order: order.number, reverse=True)
        start = 0 if loops(request) else (page - 1) * limit
        total = -(-len(orders) // limit)
        value = {
            "data": [self.show(order) for order in orders[start : start + limit]],
            "total_count": len(orders),
            "total_page": page + 1 if loops(request) and orders else total,
        }
        return answer(value)

    async def _read(self, request: Request) -> Response:
        """One order, at one of two addresses; the other is nowhere."""
        new = "order" in request.path_params
        if self.order_path not in ("both", "accounts" if new else "account"):
            raise Refusal(Response("404 page not found\n", 404, media_type="text/plain"))
        id = request.path_params["order"] if new else request.query_params.get("id", "")
        return answer(self.show(self._found(id)))

    async def _markets(self, request: Request) -> Response:
        pairs = [
            {
                "symbol": symbol,
                "base_token": _token(symbol.removesuffix("USDM")),
                "quote_token": _token("USDM"),
                "price_max_dp": 4,
            }
            for symbol in self.symbols
        ]
        names = sorted({symbol.removesuffix("USDM") for symbol in self.symbols} | {"USDM"})
        return answer({"assets": [_token(name) for name in names], "trading_pairs": pairs})

    async def _lock(self, request: Request) -> Response:
        return answer({"locked": self.locked})

    def _known(self, symbol: str) -> None:
        if symbol not in self.symbols and not any(o.symbol == symbol for o in self.book):
            raise Refusal(self._refusal(400, 4106, "invalid symbol"))

    def _unlocked(self) -> None:
        if self.locked:
            raise Refusal(self._refusal(500, 5002, "trading is locked"))

    def _found(self, id: str) -> Order:
        order = self.book.get(id)
        if order is None:
            raise Refusal(self.error(404))
        return order

    def show(self, order: Order) -> dict[str, object]:
        """An order as the venue writes it."""
        return {
            "id": order.id,
            "account_id": order.account,
            "symbol": order.symbol,
            "side": order.side,
            "type": "limit",
            "status": self._word(order),
            "price": str(order.price),
            "base_qty": str(order.quantity),
            "quote_qty": str(order.quantity * order.price),
            "executed_base_qty": str(order.filled),
            "executed_quote_qty": str(order.filled * order.price),
            "created_at": rfc3339(order.created, digits=3),
            "updated_at": rfc3339(order.updated, digits=3),
        }

    def _word(self, order: Order) -> str:
        if self.spelling == "stream":
            if order.is_open:
                return "open"
            return {Status.FILLED: "closed", Status.CANCELED: "cancelled"}.get(
                order.status, "failed"
            )
        if order.is_open:
            return "partially_filled" if order.filled else "open"
        if order.status is Status.FILLED:
            return "fully_filled"
        return "partially_cancelled" if order.filled else "cancelled"


def _token(name: str) -> dict[str, object]:
    return {"symbol": name, "unit": name.lower(), "decimals": 6, "max_qty_dp": 2}
