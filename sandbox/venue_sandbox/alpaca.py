"""Alpaca's Trading API and Broker API: one behaviour, two addresses, two ways to authenticate."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from venue_sandbox.book import Order, Status, numbered_uuid
from venue_sandbox.limits import Window
from venue_sandbox.venue import Refusal, Venue, answer, loops, mappings, whole

_CODES = {
    400: (40010000, "request body format is invalid"),
    401: (40110000, "request is not authorized"),
    403: (40310000, "forbidden."),
    404: (40410000, "order not found"),
    422: (42210000, "the request is not valid"),
    429: (42910000, "too many requests."),
    500: (50010000, "internal server error occurred"),
    503: (50310000, "service unavailable"),
}
TOKEN_SECONDS = 899


class Alpaca(Venue):
    """What both APIs have in common; an account is the first part of the path, or the key's."""

    prefix = ""
    pages_by_id = True
    items_have_bodies = False

    def __init__(self, account: str) -> None:
        super().__init__(account, numbered_uuid)
        self.accounts = [account]
        self.limit = Window(self.clock, 200, 60.0)

    def routes(self) -> Sequence[Route]:
        orders = f"{self.prefix}/orders"
        return [
            self.route("GET", orders, self._list, "list"),
            self.route("DELETE", orders, self._cancel_all, "cancel"),
            self.route("GET", f"{orders}:by_client_order_id", self._read_by_client_id, "read"),
            self.route("GET", f"{orders}/{{order}}", self._read, "read"),
            self.route("DELETE", f"{orders}/{{order}}", self._cancel, "cancel"),
        ]

    def error(self, status: int, message: str | None = None) -> Response:
        code, text = _CODES.get(status, (status * 100000, "error"))
        return answer({"code": code, "message": message or text}, status)

    def mark(self, response: Response) -> None:
        super().mark(response)
        if self.limit is not None:
            response.headers["X-Ratelimit-Limit"] = str(self.limit.count)
            response.headers["X-Ratelimit-Remaining"] = str(self.limit.remaining)
            response.headers["X-Ratelimit-Reset"] = str(self.limit.reset)

    def odd(self, request: Request, value: Any) -> Any:
        """Items of a cancel with nothing but an id and a status; orders with an empty asset_id."""
        orders = mappings(value) or [value]
        for order in orders:
            order.pop("body", None)
            if "qty" in order:  # an order, not an item of a cancel
                order.update(asset_id="", asset_class="", status="pending_review")
        return value

    def omit(self, value: Any, count: int) -> Any:
        return value[count:]

    async def _list(self, request: Request) -> Response:
        return answer([self.show(order) for order in self._listed(request)])

    def _listed(self, request: Request) -> list[Order]:
        asked = request.query_params
        limit = whole(asked.get("limit"), 1, 500, 50)
        status = asked.get("status", "open")
        before, after = asked.get("before_order_id"), asked.get("after_order_id")
        by_time = "after" in asked or "until" in asked
        by_id = before is not None or after is not None
        if limit is None or status not in ("open", "closed", "all"):
            raise Refusal(
                self.error(422, "limit must be from 1 to 500, status open, closed or all")
            )
        if (before and after) or (by_id and by_time):
            raise Refusal(self.error(422, "order ids and times cannot be combined"))
        orders = self._filtered(request, status)
        if self.pages_by_id and not loops(request):
            low = self._number(after, -1)
            high = self._number(before, len(self.book) + 1)
            orders = [order for order in orders if low < order.number < high]
        if not loops(request):
            start, end = (
                _nanoseconds(asked.get("after"), 0),
                _nanoseconds(asked.get("until"), 1 << 63),
            )
            if start is None or end is None:
                raise Refusal(self.error(422, "after and until must be times"))
            orders = [order for order in orders if start < order.created < end]
        descending = asked.get("direction", "desc") == "desc"
        orders.sort(key=lambda order: (order.created, order.number), reverse=descending)
        return orders[:limit]

    def _filtered(self, request: Request, status: str) -> list[Order]:
        asked = request.query_params
        symbols = set(filter(None, asked.get("symbols", "").split(",")))
        return [
            order
            for order in self.book.orders(self.account_of(request))
            if status == "all" or order.is_open == (status == "open")
            if not symbols or order.symbol in symbols
            if asked.get("side") in (None, order.side)
        ]

    def _number(self, id: str | None, default: int) -> int:
        order = self.book.get(id) if id else None
        return default if order is None else order.number

    async def _read(self, request: Request) -> Response:
        return answer(self.show(self._found(request)))

    async def _read_by_client_id(self, request: Request) -> Response:
        wanted = request.query_params.get("client_order_id")
        for order in self.book.orders(self.account_of(request)):
            if order.client_id == wanted:
                return answer(self.show(order))
        return self.error(404)

    async def _cancel(self, request: Request) -> Response:
        order = self._found(request)
        if self.book.cancel(order.id) is None or self._has_filled(order):
            return self.error(422, self._why(order.id))
        return Response(status_code=204)

    async def _cancel_all(self, request: Request) -> Response:
        items: list[dict[str, object]] = []
        for order in self.book.open(self.account_of(request)):
            taken = self.book.cancel(order.id)
            refused = taken is None or self._has_filled(order)
            status = 200 if not refused else 422 if taken else 500
            item: dict[str, object] = {"id": order.id, "status": status}
            if refused:
                item["body"] = {"code": 42210000, "message": self._why(order.id)}
            elif self.items_have_bodies:
                item["body"] = self.show(self.book.get(order.id) or order)
            items.append(item)
        return answer(items, 207)

    def _has_filled(self, order: Order) -> bool:
        now = self.book.get(order.id)
        return now is not None and now.status is Status.FILLED

    def _why(self, id: str) -> str:
        order = self.book.get(id)
        return f'order is already in "{order.status.value}" state' if order else "order not found"

    def _found(self, request: Request) -> Order:
        wanted = request.path_params["order"]
        try:
            order = self.book.get(str(uuid.UUID(wanted)))
        except ValueError:
            raise Refusal(self.error(422, f"order_id is not a valid uuid: {wanted}")) from None
        if order is None or order.account != self.account_of(request):
            raise Refusal(self.error(404, f"order not found for {wanted}"))
        return order

    def account_of(self, request: Request) -> str:
        return self.book.account

    def show(self, order: Order) -> dict[str, object]:
        """An order as the venue writes it."""
        closed = rfc3339(order.updated) if not order.is_open else None
        return {
            "id": order.id,
            "client_order_id": order.client_id,
            "created_at": rfc3339(order.created),
            "updated_at": rfc3339(order.updated),
            "submitted_at": rfc3339(order.created),
            "filled_at": closed if order.status is Status.FILLED else None,
            "expired_at": None,
            "canceled_at": closed if order.status is Status.CANCELED else None,
            "failed_at": None,
            "replaced_at": None,
            "replaced_by": None,
            "replaces": None,
            "asset_id": str(uuid.uuid5(uuid.NAMESPACE_OID, order.symbol)),
            "symbol": order.symbol,
            "asset_class": "crypto" if "/" in order.symbol else "us_equity",
            "notional": None,
            "qty": str(order.quantity),
            "filled_qty": str(order.filled),
            "filled_avg_price": str(order.price) if order.filled else None,
            "order_class": "",
            "order_type": "limit",
            "type": "limit",
            "side": order.side,
            "time_in_force": "gtc",
            "limit_price": str(order.price),
            "stop_price": None,
            "status": order.status.value,
            "extended_hours": False,
            "legs": None,
        }


class Trading(Alpaca):
    """Two static headers, one account."""

    name = "alpaca_trading"
    prefix = "/v2"

    def __init__(self) -> None:
        self.credentials = {
            "api_key": "PKSANDBOX0000000001",
            "api_secret": "sandbox/secret+of=trading",
        }
        super().__init__("trading")

    def authenticate(self, request: Request, body: bytes) -> None:
        key, secret = self.credentials["api_key"], self.credentials["api_secret"]
        given = (request.headers.get("APCA-API-KEY-ID"), request.headers.get("APCA-API-SECRET-KEY"))
        if given != (key, secret):
            raise Refusal(self.error(401))


class Broker(Alpaca):
    """Accounts in the path; Basic, or a token of the token service."""

    name = "alpaca_broker"
    prefix = "/v1/trading/accounts/{account}"
    items_have_bodies = True

    def __init__(self) -> None:
        self.credentials = {
            "basic_auth": ("CKSANDBOX0000000001", "sandbox:secret/of+broker"),
            "client_id": "sandbox-client",
            "client_secret": "sandbox/secret+of=client",
        }
        self.tokens: dict[str, float] = {}
        super().__init__("0d969814-40d6-4b2b-99ac-2e37427f1ad2")
        self.accounts.append("1f4c7a52-0b7e-4d0c-9c57-6d3a51a5f2b0")

    def routes(self) -> Sequence[Route]:
        token = self.route("POST", "/v1/oauth2/token", self._token, "other", public=True)
        return [*super().routes(), token]

    def authenticate(self, request: Request, body: bytes) -> None:
        given = request.headers.get("Authorization", "")
        scheme, _, value = given.partition(" ")
        pair = ":".join(self.credentials["basic_auth"]).encode()
        if scheme == "Basic" and value == base64.b64encode(pair).decode():
            return
        if scheme == "Bearer" and self.tokens.get(value, 0.0) > self.clock.now():
            return
        raise Refusal(self.error(401))

    def account_of(self, request: Request) -> str:
        account: str = request.path_params["account"]
        try:
            account = str(uuid.UUID(account))
        except ValueError:
            raise Refusal(self.error(400, "account_id is not a valid uuid")) from None
        if account not in self.accounts:
            raise Refusal(self.error(404, f"account not found for {account}"))
        return account

    async def _token(self, request: Request) -> Response:
        """RFC 6749 with client_secret_post: neither Basic nor JSON will do."""
        form = parse_qs((await request.body()).decode("latin-1"))
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind != "application/x-www-form-urlencoded":
            return answer({"error": "invalid_request"}, 400)
        if form.get("grant_type") != ["client_credentials"]:
            return answer({"error": "unsupported_grant_type"}, 400)
        wanted = ([self.credentials["client_id"]], [self.credentials["client_secret"]])
        if (form.get("client_id"), form.get("client_secret")) != wanted:
            return answer({"error": "invalid_client"}, 401)
        token = secrets.token_urlsafe(24)
        self.tokens[token] = self.clock.now() + TOKEN_SECONDS
        value = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return answer(value, headers={"Cache-Control": "no-store"})


def rfc3339(nanoseconds: int, *, digits: int | None = None) -> str:
    """A time in UTC, with as many digits of its second's fraction as it has, or as are wanted."""
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    text = f"{fraction:09}"[:digits] if digits is not None else f"{fraction:09}".rstrip("0")
    return f"{moment}.{text}Z" if text else f"{moment}Z"


def _nanoseconds(text: str | None, default: int) -> int | None:
    """A time of a query; None where it is none."""
    if text is None:
        return default
    try:
        moment, _, rest = text.replace("Z", "+00:00").partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        whole_seconds = datetime.fromisoformat(moment + rest[len(digits) :])
    except ValueError:
        return None
    if whole_seconds.tzinfo is None:
        whole_seconds = whole_seconds.replace(tzinfo=UTC)
    return int(whole_seconds.timestamp()) * 1_000_000_000 + int(digits.ljust(9, "0")[:9] or 0)
