"""DeltaDeFi as VENUES tells it: by symbol, by numbered pages, with codes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from venue_sandbox import FILLS, REFUSES, STUCK

from .calling import Caller

LIST = "/accounts/open-orders"


def refused(response: httpx.Response) -> tuple[int, int]:
    assert {"error", "code"} == set(response.json())
    return response.status_code, response.json()["code"]


def cancel_all(delta: Caller, **body: object) -> httpx.Response:
    return delta.post("/order/cancel-all", body)


def test_a_cancel_is_of_one_symbol(delta: Caller) -> None:
    ada, night = delta.book.add("ADAUSDM").id, delta.book.add("NIGHTUSDM").id
    reply = cancel_all(delta, symbol="ADAUSDM")

    assert {"symbol": "ADAUSDM", "order_ids": [ada]} == reply.json()
    assert [night] == [order.id for order in delta.book.open()]


def test_identifiers_are_acceptances(delta: Caller) -> None:
    stuck, filled = delta.book.add("ADAUSDM", fate=STUCK), delta.book.add("ADAUSDM", fate=FILLS)
    delta.book.add("ADAUSDM", fate=REFUSES)

    assert [stuck.id, filled.id] == cancel_all(delta, symbol="ADAUSDM").json()["order_ids"]
    assert 2 == len(delta.book.open())


def test_the_symbol_is_mandatory(delta: Caller) -> None:
    delta.book.add("ADAUSDM")

    for body in ({}, {"symbol": ""}, {"symbol": None}):
        assert (400, 4000) == refused(cancel_all(delta, **body))
        assert (400, 4000) == refused(delta.get(LIST, {k: v for k, v in body.items() if v}))
    assert (400, 4106) == refused(cancel_all(delta, symbol="DOGEUSDM"))
    assert 1 == len(delta.book.open())


@pytest.mark.parametrize("status", [404, 200])
def test_nothing_open(delta: Caller, status: int) -> None:
    delta.venue.nothing_open = status
    reply = cancel_all(delta, symbol="ADAUSDM")

    assert status == reply.status_code
    if status == 404:
        assert (404, 4200) == refused(reply)
    else:
        assert [] == reply.json()["order_ids"]


def test_pages_have_numbers(delta: Caller) -> None:
    orders = [delta.book.add("ADAUSDM").id for _ in range(5)]
    delta.book.add("NIGHTUSDM")

    def page(**query: int) -> Any:
        return delta.get(LIST, {"symbol": "ADAUSDM", **query}).json()

    first, last = page(limit=2), page(limit=2, page=3)
    assert (5, 3) == (first["total_count"], first["total_page"])
    assert orders[:2:-1] == [order["id"] for order in first["data"]]
    assert orders[:1] == [order["id"] for order in last["data"]]
    for query in ({"limit": 251}, {"limit": 0}, {"page": 0}, {"page": 1001}):
        reply = delta.get(LIST, {"symbol": "ADAUSDM", **query})
        assert (400, 4000) == refused(reply)


def test_one_order(delta: Caller) -> None:
    order = delta.book.add("ADAUSDM", quantity="100", filled="1.50")
    path = f"/order/{order.id}/cancel"
    shown = delta.get(f"/accounts/order/{order.id}").json()

    assert ("partially_filled", "100", "1.50") == tuple(
        shown[key] for key in ("status", "base_qty", "executed_base_qty")
    )
    assert {"order_id": order.id} == delta.post(path).json()
    assert (422, 4201) == refused(delta.post(path))
    assert (404, 4200) == refused(delta.post("/order/none/cancel"))
    assert "partially_cancelled" == delta.get(f"/accounts/order/{order.id}").json()["status"]


@pytest.mark.parametrize(
    ("path", "new", "old"), [("accounts", 200, 404), ("account", 404, 200), ("both", 200, 200)]
)
def test_an_order_has_one_of_two_addresses(delta: Caller, path: str, new: int, old: int) -> None:
    order = delta.book.add("ADAUSDM")
    delta.venue.order_path = path

    assert new == delta.get(f"/accounts/order/{order.id}").status_code
    assert old == delta.get("/account/order", {"id": order.id}).status_code


def test_two_spellings(delta: Caller) -> None:
    order = delta.book.add("ADAUSDM")
    delta.book.fill(order.id)

    assert "fully_filled" == delta.get(f"/accounts/order/{order.id}").json()["status"]
    delta.venue.spelling = "stream"
    assert "closed" == delta.get(f"/accounts/order/{order.id}").json()["status"]


def test_a_lock(delta: Caller) -> None:
    order = delta.book.add("ADAUSDM")
    delta.venue.locked = True

    assert (500, 5002) == refused(cancel_all(delta, symbol="ADAUSDM"))
    assert (500, 5002) == refused(delta.post(f"/order/{order.id}/cancel"))
    assert {"locked": True} == delta.get("/health/trading-lock-status", headers={}).json()
    assert 1 == len(delta.book.open())


def test_the_symbols_are_public(delta: Caller) -> None:
    pairs = delta.get("/app/market-config", headers={}).json()["trading_pairs"]

    assert ["ADAUSDM", "NIGHTUSDM"] == [pair["symbol"] for pair in pairs]


def test_the_key(delta: Caller) -> None:
    for headers in ({}, {"X-API-KEY": "wrong"}):
        assert (401, 4010) == refused(delta.get(LIST, {"symbol": "ADAUSDM"}, headers=headers))
