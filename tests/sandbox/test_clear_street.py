"""Clear Street as VENUES tells it: acceptances, filters, tokens of pages, wrapped errors."""

from __future__ import annotations

from typing import Any

import httpx

from venue_sandbox import FILLS, REFUSES, STUCK, Fate, Status
from venue_sandbox.clear_street import instrument

from .calling import Caller

ORDERS = "/v1/accounts/19816/orders"


def data(response: httpx.Response) -> Any:
    assert 200 == response.status_code, response.text
    assert response.json()["error"] is None
    return response.json()["data"]


def ids(response: httpx.Response) -> list[str]:
    return [order["id"] for order in data(response)]


def refused(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert response.status_code == body["error"]["code"]
    assert body["metadata"]["request_id"]
    return response.status_code, body["error"]["message"]


def test_nothing_open_is_a_404(street: Caller) -> None:
    nothing = (404, "No orders match the specified filters")

    assert nothing == refused(street.delete(ORDERS))
    street.book.add("AAPL", fate=STUCK)
    assert "PENDING_CANCEL" == data(street.delete(ORDERS))[0]["status"]
    assert nothing == refused(street.delete(ORDERS))
    assert 1 == len(street.book.open())


def test_so_is_an_account_that_is_not_there(street: Caller) -> None:
    assert (404, "Account 5 not found") == refused(street.delete("/v1/accounts/5/orders"))
    assert 403 == refused(street.delete("/v1/accounts/1/orders"))[0]
    assert 400 == refused(street.delete("/v1/accounts/abc/orders"))[0]


def test_a_success_is_an_acceptance(street: Caller) -> None:
    canceled = street.book.add("AAPL", filled="2.5")
    filled = street.book.add("AAPL", fate=FILLS)
    street.book.add("AAPL", fate=REFUSES)

    reply = data(street.delete(ORDERS))
    assert [(canceled.id, "PENDING_CANCEL"), (filled.id, "PENDING_CANCEL")] == [
        (order["id"], order["status"]) for order in reply
    ]
    assert ("2.5", "7.5") == (reply[0]["filled_quantity"], reply[0]["leaves_quantity"])
    states = [data(street.get(f"{ORDERS}/{order.id}"))["status"] for order in (canceled, filled)]
    assert ["CANCELED", "FILLED"] == states
    assert 1 == len(street.book.open())


def test_filters_of_a_cancel(street: Caller) -> None:
    apple, msft = street.book.add("AAPL"), street.book.add("MSFT", side="sell_short")

    assert 404 == street.delete(ORDERS, query={"instrument_ids": "TSLA,IBM"}).status_code
    assert 404 == street.delete(ORDERS, query={"side": "SELL"}).status_code
    assert 404 == street.delete(ORDERS, query={"type": "MARKET"}).status_code
    assert 400 == street.delete(ORDERS, query={"side": "LONG"}).status_code
    assert [apple.id] == ids(street.delete(ORDERS, query={"instrument_ids": "TSLA,AAPL"}))
    assert [msft.id] == ids(street.delete(ORDERS, query={"instrument_ids": instrument(msft)}))


def test_a_pages_token_knows_no_filters(street: Caller) -> None:
    apples = [street.book.add("AAPL").id for _ in range(3)]
    others = [street.book.add("MSFT").id for _ in range(3)]
    query = {"page_size": 2, "symbol": "MSFT"}
    first = street.get(ORDERS, query)
    paged = first.json()["metadata"]
    token = paged["next_page_token"]

    assert others[:2] == ids(first)
    assert (3, 2, 1, None) == tuple(
        paged[key] for key in ("total_items", "total_pages", "page_number", "previous_page_token")
    )
    last = street.get(ORDERS, {**query, "page_token": token})
    assert others[2:] == ids(last)
    assert last.json()["metadata"]["next_page_token"] is None
    assert [apples[2], others[0]] == ids(street.get(ORDERS, {"page_token": token}))
    assert 400 == street.get(ORDERS, {"page_token": "nonsense"}).status_code
    assert 400 == street.get(ORDERS, {"page_size": 1001}).status_code


def test_a_list_has_the_closed_orders_too(street: Caller) -> None:
    fresh, gone = street.book.add("AAPL"), street.book.add("AAPL", status=Status.CANCELED)

    assert [fresh.id, gone.id] == ids(street.get(ORDERS))
    assert [fresh.id] == ids(street.get(ORDERS, {"status": "NEW,PARTIALLY_FILLED"}))
    assert [fresh.id] == ids(street.get(ORDERS, {"status": ["NEW", "PENDING_CANCEL"]}))
    assert [gone.id] == ids(street.get(ORDERS, {"order_ids": gone.id}))


def test_an_order_as_it_is_written(street: Caller) -> None:
    order = street.book.add("AAPL", quantity="1.50", created=1_700_000_000_000_000_001)
    shown = data(street.get(f"{ORDERS}/{order.id}"))

    assert ("1.50", "0", "1.50") == tuple(
        shown[key] for key in ("quantity", "filled_quantity", "leaves_quantity")
    )
    assert "2023-11-14T22:13:20.000000001Z" == shown["created_at"]
    assert 19816 == shown["account_id"]


def test_one_order_by_either_identifier_while_it_is_open(street: Caller) -> None:
    order = street.book.add("AAPL", fate=Fate(steps=1))
    path = f"{ORDERS}/{order.client_id}"

    assert order.id == data(street.get(path))["id"]
    assert "PENDING_CANCEL" == data(street.delete(path))["status"]
    gone = f"Order {order.client_id} not found for account 19816"
    assert (404, gone) == refused(street.get(path))
    assert "CANCELED" == data(street.get(f"{ORDERS}/{order.id}"))["status"]


def test_a_cancel_of_what_is_closed(street: Caller) -> None:
    order = street.book.add("AAPL", status=Status.FILLED)
    path = f"{ORDERS}/{order.id}"

    assert (422, f"Order {order.id} is FILLED") == refused(street.delete(path))
    street.venue.closed_status = 404
    assert 404 == refused(street.delete(path))[0]


def test_the_key_is_sent_raw(street: Caller) -> None:
    for wrong in ("bearer sandbox-id.sandbox-secret", "Bearer sandbox-id", ""):
        reply = street.get(ORDERS, headers={"Authorization": wrong})
        assert (401, "Unauthorized") == refused(reply)
