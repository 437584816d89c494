"""Polymarket as VENUES tells it: signatures, cursors, tokens, the dead-man's switch."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from venue_sandbox import FILLS, LOST, REFUSES, Bucket, Fate, Status
from venue_sandbox.polymarket import sign

from .calling import Caller

ZERO = "A" * 43 + "="
UNAUTHORIZED = {"error": "Unauthorized/Invalid api key"}


def test_the_published_vector() -> None:
    """Polymarket/py-clob-client tests/signing/test_hmac.py, and those of VENUES."""
    vectors = {
        b'1000000test-sign/orders{"hash": "0x123"}': "ZwAdJKvoYRlEKDkNMwd5BuwNNtg93kNaR_oU2HrfVvc=",
        b"1000000DELETE/cancel-all": "k204Y9PoiByEmEAsOHxMAa8t51Uulm3Hx9B-EmXFGYw=",
        b"1000000GET/data/orders": "9-I3DmVY9ObJ6EVf_KvrHpUWMOQJXiAjR5z7fO8qnPw=",
    }

    for message, signature in vectors.items():
        assert signature == sign(ZERO, message).decode()


def test_the_query_is_not_signed_and_the_body_is(poly: Caller) -> None:
    assert 200 == poly.get("/data/orders", {"next_cursor": "MA=="}).status_code
    headers = poly.headers("DELETE", "/orders", b'["0xabc"]')
    spaced = poly.http.request("DELETE", "/orders", content=b'[ "0xabc" ]', headers=headers)

    assert (401, UNAUTHORIZED) == (spaced.status_code, spaced.json())


@pytest.mark.parametrize(
    "name",
    ["POLY_ADDRESS", "POLY_API_KEY", "POLY_PASSPHRASE", "POLY_TIMESTAMP", "POLY_SIGNATURE"],
)
def test_every_header_is_needed_and_every_fault_looks_alike(poly: Caller, name: str) -> None:
    right = poly.headers("GET", "/data/orders", b"")
    assert 200 == poly.get("/data/orders", headers=right).status_code

    for value in ("", right[name][:-1], right[name] + "0"):
        reply = poly.get("/data/orders", headers={**right, name: value})
        assert (401, UNAUTHORIZED) == (reply.status_code, reply.json())


def test_hyphens_will_not_do(poly: Caller) -> None:
    headers = poly.headers("GET", "/data/orders", b"")
    hyphens = {name.replace("_", "-"): value for name, value in headers.items()}

    assert 401 == poly.get("/data/orders", headers=hyphens).status_code


def test_the_standard_alphabet_will_not_do(poly: Caller) -> None:
    for _ in range(200):
        poly.venue.clock.advance(1)
        headers = poly.headers("GET", "/data/orders", b"")
        if set("-_") & set(headers["POLY_SIGNATURE"]):
            break
    plain = headers["POLY_SIGNATURE"].replace("-", "+").replace("_", "/")

    reply = poly.get("/data/orders", headers={**headers, "POLY_SIGNATURE": plain})
    assert 401 == reply.status_code


@pytest.mark.parametrize("skew", [-40.0, 40.0])
def test_a_clock_that_is_off(poly: Caller, skew: float) -> None:
    headers = poly.headers("GET", "/data/orders", b"")
    poly.venue.clock.advance(skew)

    assert 401 == poly.get("/data/orders", headers=headers).status_code
    seconds = poly.get("/time", headers={}).json()
    assert abs(poly.venue.clock.now() - seconds) <= 1


def test_one_order(poly: Caller) -> None:
    order = poly.book.add("101")
    body = {"orderID": order.id}

    assert {"canceled": [order.id], "not_canceled": {}} == poly.delete("/order", body).json()
    again = poly.delete("/order", {"orderId": order.id}).json()
    assert {"canceled": [], "not_canceled": {order.id: "the order is already canceled"}} == again
    assert {"error": "Invalid orderID"} == poly.delete("/order", {"id": order.id}).json()


def test_orders_by_their_identifiers(poly: Caller) -> None:
    good = poly.book.add("101").id
    filled, stays = poly.book.add("101", fate=FILLS).id, poly.book.add("101", fate=REFUSES).id
    flying, lost = poly.book.add("101", fate=Fate(steps=1)).id, poly.book.add("101", fate=LOST).id
    reply = poly.delete("/orders", [good, good, filled, stays, flying, lost, "0xnone"])

    assert {
        "canceled": [good],
        "not_canceled": {
            filled: "Order already matched",
            stays: "the order cannot be canceled",
            flying: "in flight",
            lost: "in flight",
            "0xnone": "Order not found or already canceled",
        },
    } == reply.json()
    poly.get("/data/orders")
    assert {stays, lost} == {order.id for order in poly.book.open()}


def test_too_many_identifiers(poly: Caller) -> None:
    poly.venue.bucket = Bucket(poly.venue.clock, 1.0, 5000)
    reply = poly.delete("/orders", ["0x1"] * 1001)

    assert 400 == reply.status_code
    assert {"error": "Too many orders in payload, max allowed: 1000"} == reply.json()
    for body in ({}, [1], "0x1"):
        assert {"error": "Invalid order payload"} == poly.delete("/orders", body).json()


def test_all(poly: Caller) -> None:
    nothing = {"canceled": [], "not_canceled": {}}
    assert nothing == poly.delete("/cancel-all").json()
    orders = [poly.book.add("101").id for _ in range(3)]

    assert {"canceled": orders, "not_canceled": {}} == poly.delete("/cancel-all").json()
    assert [] == poly.book.open()


def test_a_market_an_asset_or_everything(poly: Caller) -> None:
    def canceled(**body: str) -> int:
        first, second = poly.book.add("101", market="0x1"), poly.book.add("102", market="0x1")
        third = poly.book.add("103", market="0x2")
        ids = set(poly.delete("/cancel-market-orders", body).json()["canceled"])
        assert ids <= {first.id, second.id, third.id}
        poly.delete("/cancel-all")
        return len(ids)

    assert 2 == canceled(market="0x1")
    assert 1 == canceled(asset_id="101")
    assert 1 == canceled(market="0x1", asset_id="102")
    assert 0 == canceled(market="0x2", asset_id="102")
    assert 1 == canceled(market="", asset_id="103")
    assert 3 == canceled()
    assert 3 == canceled(market="", asset_id="")


def walked(poly: Caller) -> list[str]:
    cursor, found = "MA==", list[str]()
    while cursor not in ("", "LTE="):
        page = poly.get("/data/orders", {"next_cursor": cursor}).json()
        found += [order["id"] for order in page["data"]]
        cursor = page["next_cursor"]
    return found


@pytest.mark.parametrize("last", ["LTE=", ""])
def test_cursors(poly: Caller, last: str) -> None:
    poly.venue.last_cursor, poly.venue.page_size = last, 2
    orders = [poly.book.add("101").id for _ in range(5)]

    assert orders == walked(poly)
    assert 400 == poly.get("/data/orders", {"next_cursor": "?"}).status_code


def test_filters_of_a_list(poly: Caller) -> None:
    one, two = poly.book.add("101", market="0x1"), poly.book.add("102", market="0x2")

    def listed(**query: str) -> list[str]:
        return [order["id"] for order in poly.get("/data/orders", query).json()["data"]]

    assert [one.id, two.id] == listed()
    assert [one.id] == listed(market="0x1")
    assert [two.id] == listed(asset_id="102")
    assert [two.id] == listed(id=two.id)


def test_the_older_list(poly: Caller) -> None:
    order = poly.book.add("101")
    poly.venue.bare_list = True

    assert [order.id] == [shown["id"] for shown in poly.get("/data/orders").json()]


def test_an_order_as_it_is_written(poly: Caller) -> None:
    order = poly.book.add("101", quantity="100.5", filled="10", created=1_700_000_000_000_000_000)

    def shown() -> Any:
        return poly.get(f"/data/order/{order.id}").json()

    assert ("100.5", "10") == (shown()["original_size"], shown()["size_matched"])
    assert ("ORDER_STATUS_LIVE", 1_700_000_000) == (shown()["status"], shown()["created_at"])
    poly.venue.prefix, poly.venue.millionths = "", True
    assert ("100500000", "10000000") == (shown()["original_size"], shown()["size_matched"])
    poly.book.fill(order.id)
    assert "MATCHED" == shown()["status"]


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [("404", 404, b'{"error":"Order not found"}'), ("empty", 200, b""), ("null", 200, b"null")],
)
def test_an_order_that_is_not_there(poly: Caller, kind: str, status: int, body: bytes) -> None:
    poly.venue.missing = kind
    reply = poly.get("/data/order/0xnone")

    assert (status, body) == (reply.status_code, reply.content)


def test_a_batch_costs_a_token_for_each(poly: Caller) -> None:
    ids = [f"0x{number}" for number in range(100)]
    first, second = poly.delete("/orders", ids), poly.delete("/orders", ids)

    assert (200, 429) == (first.status_code, second.status_code)
    assert 18 <= int(first.headers["Poly-RateLimit-Remaining"]) <= 30
    assert "standard" == first.headers["Poly-RateLimit-Tier"]
    assert int(second.headers["Retry-After"]) >= 1
    poly.venue.clock.advance(int(second.headers["Retry-After"]))
    assert 200 == poly.delete("/orders", ids).status_code


def test_a_batch_beyond_the_burst_is_never_taken(poly: Caller) -> None:
    for _ in range(3):
        assert 429 == poly.delete("/orders", ["0x1"] * 121).status_code
        poly.venue.clock.advance(3600)
    poly.venue.enforces_tokens = False
    assert 200 == poly.delete("/orders", ["0x1"] * 121).status_code


def test_a_cancel_of_all_may_go_into_debt(poly: Caller) -> None:
    for _ in range(300):
        poly.book.add("101")
    reply = poly.delete("/cancel-all")

    assert 300 == len(reply.json()["canceled"])
    assert int(reply.headers["Poly-RateLimit-Remaining"]) < 0
    assert 429 == poly.delete("/cancel-all").status_code


def beat(poly: Caller, id: str) -> httpx.Response:
    return poly.post("/v1/heartbeats", {"heartbeat_id": id})


def test_heartbeats_are_a_chain(poly: Caller) -> None:
    first = beat(poly, "").json()["heartbeat_id"]
    second = beat(poly, first).json()["heartbeat_id"]
    refused = beat(poly, first)

    assert first != second
    assert (400, second) == (refused.status_code, refused.json()["heartbeat_id"])
    assert 200 == beat(poly, second).status_code


def test_no_heartbeat_cancels_everything(poly: Caller) -> None:
    poly.book.add("101")
    poly.venue.clock.advance(100)
    assert 1 == len(poly.book.open())
    id = beat(poly, "").json()["heartbeat_id"]
    poly.venue.clock.advance(14)
    assert 1 == len(poly.book.open())
    beat(poly, id)
    poly.venue.clock.advance(16)
    assert [] == poly.book.open()
    assert [Status.CANCELED] == [order.status for order in poly.book]
    assert {"status": "ok"} == poly.post("/heartbeats").json()
