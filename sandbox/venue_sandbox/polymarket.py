"""Polymarket's CLOB: signed requests, cursors, tokens by order, and a dead-man's switch."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from venue_sandbox.book import Order, Status, numbered_hash
from venue_sandbox.limits import Bucket
from venue_sandbox.venue import Refusal, Venue, answer, loops, mapping, parsed, texts

_TEXTS = {
    400: "Invalid order payload",
    401: "Unauthorized/Invalid api key",
    404: "Order not found",
    425: "the matching engine is restarting, try again in a moment",
    429: "Too Many Requests",
    500: "Internal server error",
    503: "Trading is currently disabled. Check polymarket.com for updates",
}
_WORDS = {Status.FILLED: "MATCHED", Status.CANCELED: "CANCELED"}
MOST = 1000
HEARTBEAT_SECONDS = 15.0


class Polymarket(Venue):
    """One signer. A cancel takes an order out of the book with the reply, or says why not."""

    name = "polymarket"

    def __init__(self) -> None:
        self.credentials = {
            "address": "0x1111111111111111111111111111111111111111",
            "api_key": "00000000-0000-4000-8000-000000000001",
            "secret": base64.urlsafe_b64encode(bytes(range(200, 232))).decode(),
            "passphrase": "sandbox-passphrase",
        }
        self.tolerance = 30.0  # seconds that a signature's time may be off; nobody says how many
        self.page_size = 100
        self.last_cursor = "LTE="  # or empty
        self.bare_list = False  # the list of older documents
        self.millionths = False  # sizes as whole numbers of millionths
        self.prefix = "ORDER_STATUS_"
        self.missing: Literal["404", "empty", "null"] = "404"
        self.enforces_tokens = True
        super().__init__(self.credentials["address"], numbered_hash)
        self.bucket = Bucket(self.clock, rate=80.0, burst=120)
        self._heartbeat = ""
        self._heard = float("inf")
        self.book.watchers.append(self._watch)

    def routes(self) -> Sequence[Route]:
        return [
            self.route("DELETE", "/order", self._cancel, "cancel"),
            self.route("DELETE", "/orders", self._cancel_many, "cancel"),
            self.route("DELETE", "/cancel-all", self._cancel_all, "cancel"),
            self.route("DELETE", "/cancel-market-orders", self._cancel_market, "cancel"),
            self.route("GET", "/data/orders", self._list, "list"),
            self.route("GET", "/data/order/{order}", self._read, "read"),
            self.route("POST", "/v1/heartbeats", self._beat, "other"),
            self.route("POST", "/heartbeats", self._beat_plainly, "other"),
            self.route("GET", "/time", self._time, "other", public=True),
            self.route("GET", "/version", self._version, "other", public=True),
        ]

    def authenticate(self, request: Request, body: bytes) -> None:
        """Every fault has the same answer: key, address, passphrase, clock, path and body."""
        time, given = request.headers.get("POLY_TIMESTAMP", ""), request.headers.get
        own = self.credentials
        named = (given("POLY_ADDRESS"), given("POLY_API_KEY"), given("POLY_PASSPHRASE"))
        path = (request.scope.get("raw_path") or request.url.path.encode()).partition(b"?")[0]
        message = time.encode() + request.method.encode() + path + body
        signature = sign(own["secret"], message)
        right = (
            named == (own["address"], own["api_key"], own["passphrase"])
            and time.isdecimal()
            and abs(self.clock.now() - int(time)) <= self.tolerance
            and hmac.compare_digest(signature, given("POLY_SIGNATURE", "").encode())
        )
        if not right:
            raise Refusal(self.error(401))

    def error(self, status: int, message: str | None = None) -> Response:
        headers = {"Retry-After": "1"} if status in (425, 429) else {}
        return answer({"error": message or _TEXTS.get(status, "error")}, status, headers)

    def mark(self, response: Response) -> None:
        super().mark(response)
        response.headers["Poly-RateLimit-Remaining"] = str(int(self.bucket.tokens))
        reset = self.clock.now() + self.bucket.wait(self.bucket.burst)
        response.headers["Poly-RateLimit-Reset"] = str(int(reset))
        response.headers["Poly-RateLimit-Tier"] = "standard"

    def odd(self, request: Request, value: Any) -> Any:
        """Null for an empty part, and another spelling of its name; a bare list."""
        if "not_canceled" in value:
            other = {"notCanceled": value["not_canceled"]} if value["not_canceled"] else {}
            return {"canceled": value["canceled"] or None, "not_canceled": None, **other}
        return value.get("data", value)

    def omit(self, value: Any, count: int) -> Any:
        value["canceled"] = value["canceled"][count:]
        return value

    async def _cancel(self, request: Request) -> Response:
        body = mapping(parsed(await request.body()))
        id = body.get("orderID", body.get("orderId"))
        if not isinstance(id, str) or not id:
            raise Refusal(self.error(400, "Invalid orderID"))
        self._pay(1)
        return self._canceled([id])

    async def _cancel_many(self, request: Request) -> Response:
        ids = texts(parsed(await request.body()))
        if ids is None:
            raise Refusal(self.error(400))
        if len(ids) > MOST:
            raise Refusal(self.error(400, f"Too many orders in payload, max allowed: {MOST}"))
        self._pay(len(ids))
        return self._canceled(dict.fromkeys(ids))

    async def _cancel_all(self, request: Request) -> Response:
        return self._canceled_open(self.book.open())

    async def _cancel_market(self, request: Request) -> Response:
        """A selector that is blank or missing selects everything: with neither, the account."""
        value = parsed(await request.body())
        body = mapping(value)
        if value != body:
            raise Refusal(self.error(400))
        market, asset = body.get("market"), body.get("asset_id")
        orders = [
            order
            for order in self.book.open()
            if not market or market == order.market
            if not asset or asset == order.symbol
        ]
        return self._canceled_open(orders)

    def _canceled_open(self, orders: Sequence[Order]) -> Response:
        """One token, and one more for each order; these buckets may go into debt."""
        if not self.bucket.take(1, debt=True) and self.enforces_tokens:
            raise Refusal(self._throttled(1))
        self.bucket.charge(len(orders))
        return self._canceled(order.id for order in orders)

    def _pay(self, cost: int) -> None:
        if not self.bucket.take(cost) and self.enforces_tokens:
            raise Refusal(self._throttled(cost))

    def _throttled(self, cost: int) -> Response:
        response = self.error(429)
        response.headers["Retry-After"] = str(max(1, round(self.bucket.wait(cost) + 0.5)))
        self.mark(response)
        return response

    def _canceled(self, ids: Iterable[str]) -> Response:
        canceled: list[str] = []
        reasons: dict[str, str] = {}
        for id in ids:
            order = self.book.get(id)
            if order is not None and order.is_open:
                self.book.cancel(id)
            now = self.book.get(id)
            if order is None or now is None:
                reasons[id] = "Order not found or already canceled"
            elif now.status is Status.CANCELED and order.is_open:
                canceled.append(id)
            else:
                reasons[id] = _reason(now.status)
        return answer({"canceled": canceled, "not_canceled": reasons})

    async def _list(self, request: Request) -> Response:
        asked = request.query_params
        orders = [
            order
            for order in self.book.open()
            if asked.get("id") in (None, order.id)
            if asked.get("market") in (None, order.market)
            if asked.get("asset_id") in (None, order.symbol)
        ]
        start = 0 if loops(request) else self._offset(asked.get("next_cursor", "MA=="))
        page = [self.show(order) for order in orders[start : start + self.page_size]]
        if self.bare_list:
            return answer(page)
        end = start + self.page_size
        more = end < len(orders) or (loops(request) and bool(page))
        cursor = base64.b64encode(str(end).encode()).decode() if more else self.last_cursor
        value = {"limit": self.page_size, "next_cursor": cursor, "count": len(page), "data": page}
        return answer(value)

    def _offset(self, cursor: str) -> int:
        try:
            start = int(base64.b64decode(cursor, validate=True))
        except ValueError:
            start = -1
        if start < 0:
            raise Refusal(self.error(400, "invalid next_cursor"))
        return start

    async def _read(self, request: Request) -> Response:
        order = self.book.get(request.path_params["order"])
        if order is not None:
            return answer(self.show(order))
        if self.missing == "404":
            raise Refusal(self.error(404))
        return Response(b"null" if self.missing == "null" else b"", media_type="application/json")

    async def _beat(self, request: Request) -> Response:
        given = mapping(parsed(await request.body())).get("heartbeat_id")
        if given != self._heartbeat and not (given == "" and self._heard == float("inf")):
            value = {"error": "Invalid Heartbeat ID", "heartbeat_id": self._heartbeat}
            raise Refusal(answer(value, 400))
        self._heartbeat, self._heard = str(uuid.uuid4()), self.clock.now()
        return answer({"heartbeat_id": self._heartbeat, "error": None})

    async def _beat_plainly(self, request: Request) -> Response:
        self._heard = self.clock.now()
        return answer({"status": "ok"})

    def _watch(self) -> None:
        """Cancel everything where a heartbeat is due; the switch is off until the next one."""
        if self.clock.now() > self._heard + HEARTBEAT_SECONDS:
            self._heard, self._heartbeat = float("inf"), ""
            for order in self.book.open():
                self.book.set(order.id, Status.CANCELED)

    async def _time(self, request: Request) -> Response:
        return answer(int(self.clock.now()))

    async def _version(self, request: Request) -> Response:
        return answer({"version": 2})

    def show(self, order: Order) -> dict[str, object]:
        """An order as the venue writes it."""
        word = "LIVE" if order.is_open else _WORDS.get(order.status, "INVALID")
        return {
            "id": order.id,
            "status": f"{self.prefix}{word}",
            "owner": self.credentials["api_key"],
            "maker_address": order.account,
            "market": order.market,
            "asset_id": order.symbol,
            "side": order.side.upper(),
            "original_size": self._size(order.quantity),
            "size_matched": self._size(order.filled),
            "price": str(order.price),
            "outcome": "YES",
            "expiration": "0",
            "order_type": "GTC",
            "associate_trades": [],
            "created_at": order.created // 1_000_000_000,
        }

    def _size(self, size: Decimal) -> str:
        return str(int(size * 1_000_000)) if self.millionths else str(size)


def sign(secret: str, message: bytes) -> bytes:
    """HMAC-SHA256 under the decoded secret, in the URL's alphabet of base64 with its padding."""
    key = base64.urlsafe_b64decode(secret)
    return base64.urlsafe_b64encode(hmac.new(key, message, hashlib.sha256).digest())


def _reason(status: Status) -> str:
    match status:
        case Status.FILLED:
            return "Order already matched"
        case Status.PENDING_CANCEL:
            return "in flight"
        case Status.CANCELED:
            return "the order is already canceled"
        case _:
            return "the order cannot be canceled"
