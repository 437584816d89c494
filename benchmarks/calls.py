"""Calls of generated clients over an in-memory transport, against bare httpx doing the same."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import random
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
from measuring import MeasurementError, Row, Settings, Skipped, interleave

BARE = "bare httpx and json()"
SERVER = "https://example.com"
CANCELED = {
    "id": "61e69015-8549-4bfd-b9c3-01e75843f47d",
    "status": 200,
    "body": {"code": 0, "message": "canceled"},
}
ORDER = {
    "account_id": 19816,
    "average_fill_price": "149.95",
    "client_order_id": "my-order-1",
    "created_at": "2025-10-31T13:30:00.000000000Z",
    "filled_quantity": "50",
    "id": "019c0b48-b8fb-700d-8c5e-931d54555f54",
    "instrument_id": "a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8",
    "instrument_type": "COMMON_STOCK",
    "leaves_quantity": "50",
    "limit_price": "150.00",
    "order_type": "LIMIT",
    "quantity": "100",
    "side": "BUY",
    "status": "PENDING_CANCEL",
    "stop_price": None,
    "symbol": "AAPL",
    "time_in_force": "DAY",
    "updated_at": "2025-10-31T14:15:00.000000000Z",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An operation of a client, the answers that it gets, and the same request by hand."""

    what: str
    client: str
    credentials: dict[str, str]
    function: str
    arguments: tuple[object, ...] = ()
    method: str = "DELETE"
    path: str
    headers: dict[str, str]
    status: int
    answers: tuple[object, ...]
    calls: int
    target: float | None


def _alpaca(what: str, items: int, calls: int, target: float) -> Case:
    return Case(
        what=what,
        client="alpaca_trading",
        credentials={"api_key": "key", "api_secret": "secret"},
        function="delete_all_orders",
        path="/v2/orders",
        headers={
            "Accept": "application/json",
            "APCA-API-KEY-ID": "key",
            "APCA-API-SECRET-KEY": "secret",
        },
        status=207,
        answers=([CANCELED] * items,),
        calls=calls,
        target=target,
    )


def _clear_street(
    what: str, orders: Sequence[list[dict[str, object]]], calls: int, target: float | None
) -> Case:
    return Case(
        what=what,
        client="clear_street",
        credentials={"api_key": "key"},
        function="cancel_all_open_orders",
        arguments=(19816,),
        path="/v1/accounts/19816/orders",
        headers={"Accept": "application/json", "Authorization": "Bearer key"},
        status=200,
        answers=tuple(
            {"data": data, "error": None, "metadata": {"request_id": "r"}} for data in orders
        ),
        calls=calls,
        target=target,
    )


def _various(pages: int) -> list[list[dict[str, object]]]:
    """Pages of 200 orders, each order with identifiers, prices, quantities and times of its own."""
    chance = random.Random(1)
    return [[_order(chance) for _ in range(200)] for _ in range(pages)]


def _order(chance: random.Random) -> dict[str, object]:
    moments = [chance.randrange(10**9) for _ in range(2)]
    return {
        **ORDER,
        "id": f"019c0b48-b8fb-700d-8c5e-{chance.randrange(16**12):012x}",
        "client_order_id": f"my-order-{chance.randrange(10**6)}",
        "created_at": f"2025-10-31T13:{moments[0] % 60:02}:30.{moments[0]:09}Z",
        "updated_at": f"2025-10-31T14:{moments[1] % 60:02}:30.{moments[1]:09}Z",
        "quantity": str(chance.randrange(1, 1000)),
        "limit_price": f"{chance.randrange(10**5) / 100:.2f}",
        "average_fill_price": f"{chance.randrange(10**7) / 10**4:.4f}",
    }


CASES = (
    _alpaca("small reply: 2 results of cancels", 2, 50, 1.0),
    _clear_street("small reply: 1 order", [[ORDER]], 50, 1.0),
    _alpaca("200 results of cancels", 200, 10, 1.6),
    _clear_street("200 orders with times and decimals", [[ORDER] * 200], 5, 1.6),
    _clear_street("200 different orders, asked for again", _various(1), 5, 1.6),
    _clear_street("200 different orders, never seen before", _various(100), 5, None),
)
ROUNDS = 10  # of calls, for one of whole processes


def measure(settings: Settings) -> Iterator[Row | Skipped]:
    """Compare the calls, sync and async."""
    sys.path.insert(0, str(settings.root / "generated"))
    rounds = settings.rounds * ROUNDS
    for case in CASES:
        yield _row(case, "sync", interleave(_sync_sides(case), rounds=rounds, calls=case.calls))
        with asyncio.Runner() as runner:
            sides = _async_sides(case, runner)
            yield _row(case, "async", interleave(sides, rounds=rounds, calls=case.calls))


def _row(case: Case, flavour: str, times: dict[str, list[float]]) -> Row:
    return Row(
        what=f"{case.what}, {flavour}",
        peer=BARE,
        times=times["ours"],
        peer_times=times["bare"],
        target=case.target if flavour == "sync" else None,
    )


def _sync_sides(case: Case) -> dict[str, Callable[[], None]]:
    transport = _Transport(case)
    client = _client(case, "Client", httpx.Client(transport=transport))
    call: Callable[..., object] = getattr(client, case.function)
    bare = httpx.Client(transport=transport, base_url=SERVER)

    def ours() -> None:
        for _ in range(case.calls):
            call(*case.arguments)

    def by_hand() -> None:
        for _ in range(case.calls):
            bare.request(case.method, case.path, headers=case.headers).json()

    ours()
    by_hand()
    transport.require_one_request()
    return {"ours": ours, "bare": by_hand}


def _async_sides(case: Case, runner: asyncio.Runner) -> dict[str, Callable[[], None]]:
    transport = _Transport(case)
    client = _client(case, "AsyncClient", httpx.AsyncClient(transport=transport))
    call: Callable[..., Awaitable[object]] = getattr(client, case.function)
    bare = httpx.AsyncClient(transport=transport, base_url=SERVER)

    async def ours() -> None:
        for _ in range(case.calls):
            await call(*case.arguments)

    async def by_hand() -> None:
        for _ in range(case.calls):
            (await bare.request(case.method, case.path, headers=case.headers)).json()

    runner.run(ours())
    runner.run(by_hand())
    transport.require_one_request()
    return {"ours": lambda: runner.run(ours()), "bare": lambda: runner.run(by_hand())}


def _client(case: Case, name: str, http: httpx.Client | httpx.AsyncClient) -> object:
    venue = importlib.import_module(f"venue_clients.{case.client}")
    made: Callable[..., object] = getattr(venue, name)
    return made(SERVER, http=http, **case.credentials)


class _Transport(httpx.MockTransport):
    """Gives the answer of a case, and knows the requests until it is asked for them."""

    def __init__(self, case: Case) -> None:
        self._contents = itertools.cycle([json.dumps(answer).encode() for answer in case.answers])
        self._status = case.status
        self._seen: set[tuple[object, ...]] | None = set()
        super().__init__(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self._seen is not None:
            headers = frozenset(request.headers.multi_items())
            self._seen.add((request.method, request.url, headers, request.content))
        headers = {"Content-Type": "application/json"}
        return httpx.Response(self._status, headers=headers, content=next(self._contents))

    def require_one_request(self) -> None:
        """Refuse to go on unless all requests so far were the same."""
        seen, self._seen = self._seen, None
        if seen is None or len(seen) != 1:
            raise MeasurementError(f"the sides send different requests: {seen}")
