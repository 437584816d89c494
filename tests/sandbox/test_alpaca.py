"""Alpaca's two APIs as VENUES tells them: pages, items of a 207, limits, credentials."""

from __future__ import annotations

import re

import httpx
import pytest

from venue_sandbox import CANCELS, FILLS, REFUSES, STUCK, Fate, Status, Window

from .calling import Caller

NOBODY = "00000000-0000-4000-8000-000000000000"


def ids(response: httpx.Response) -> list[str]:
    assert 200 == response.status_code, response.text
    return [order["id"] for order in response.json()]


def test_a_list_has_fifty_orders_the_newest_first(trading: Caller) -> None:
    orders = [trading.book.add("AAPL").id for _ in range(60)]

    assert orders[:9:-1] == ids(trading.get("/v2/orders"))


def test_a_list_has_five_hundred_at_most(trading: Caller) -> None:
    for _ in range(501):
        trading.book.add("AAPL")

    assert 500 == len(ids(trading.get("/v2/orders", {"limit": 500})))
    for limit in ("501", "0", "-1", "many", ""):
        assert 422 == trading.get("/v2/orders", {"limit": limit}).status_code


def test_pages_by_order(trading: Caller) -> None:
    orders = [trading.book.add("AAPL").id for _ in range(5)]
    up = {"limit": 2, "direction": "asc"}

    assert orders[:2] == ids(trading.get("/v2/orders", up))
    assert orders[2:4] == ids(trading.get("/v2/orders", {**up, "after_order_id": orders[1]}))
    assert orders[2:0:-1] == ids(
        trading.get("/v2/orders", {"limit": 2, "before_order_id": orders[3]})
    )


def test_pages_by_time_leave_the_time_itself_out(trading: Caller) -> None:
    orders = [trading.book.add("AAPL") for _ in range(4)]
    shown = {order["id"]: order["submitted_at"] for order in trading.get("/v2/orders").json()}
    between = {"after": shown[orders[0].id], "until": shown[orders[3].id], "direction": "asc"}

    assert [orders[1].id, orders[2].id] == ids(trading.get("/v2/orders", between))
    assert 422 == trading.get("/v2/orders", {"after": "yesterday"}).status_code


def test_ways_to_page_exclude_each_other(trading: Caller) -> None:
    order = trading.book.add("AAPL").id
    time = "2026-01-01T00:00:00Z"

    for query in (
        {"after": time, "after_order_id": order},
        {"before_order_id": order, "after_order_id": order},
    ):
        assert 422 == trading.get("/v2/orders", query).status_code


def test_filters_of_a_list(trading: Caller) -> None:
    apple = trading.book.add("AAPL").id
    coin = trading.book.add("BTC/USD", side="sell").id
    gone = trading.book.add("AAPL", status=Status.FILLED).id

    def listed(**query: str) -> set[str]:
        return set(ids(trading.get("/v2/orders", query)))

    assert {apple, coin} == listed()
    assert {gone} == listed(status="closed")
    assert {apple, coin, gone} == listed(status="all")
    assert {apple} == listed(symbols="AAPL,MSFT")
    assert {apple, coin} == listed(symbols="AAPL,BTC/USD")
    assert {coin} == listed(side="sell")


def test_an_order_as_it_is_written(trading: Caller) -> None:
    order = trading.book.add(
        "AAPL", quantity="1.50", filled="0.25", created=1_700_000_000_120_000_000
    )
    shown = trading.get(f"/v2/orders/{order.id}").json()

    assert ("1.50", "0.25", None) == (shown["qty"], shown["filled_qty"], shown["notional"])
    assert "2023-11-14T22:13:20.12Z" == shown["created_at"]
    assert "partially_filled" == shown["status"]


def test_an_order_is_found_by_either_identifier(trading: Caller) -> None:
    order = trading.book.add("AAPL")
    by_client_id = {"client_order_id": order.client_id}

    found = trading.get("/v2/orders:by_client_order_id", by_client_id)
    assert order.id == found.json()["id"]
    assert {"code": 40410000, "message": f"order not found for {NOBODY}"} == trading.get(
        f"/v2/orders/{NOBODY}"
    ).json()
    assert 422 == trading.get("/v2/orders/nonsense").status_code


def test_a_cancel_is_accepted_once(trading: Caller) -> None:
    order = trading.book.add("AAPL")
    path = f"/v2/orders/{order.id}"
    first, second = trading.delete(path), trading.delete(path)

    assert (204, b"") == (first.status_code, first.content)
    assert 422 == second.status_code
    assert {"code": 42210000, "message": 'order is already in "canceled" state'} == second.json()
    assert [] == trading.book.open()


def test_a_cancel_that_loses_to_a_fill(trading: Caller) -> None:
    order = trading.book.add("AAPL", fate=FILLS)
    reply = trading.delete(f"/v2/orders/{order.id}")

    assert 422 == reply.status_code
    assert "filled" in reply.json()["message"]
    assert "10" == trading.get(f"/v2/orders/{order.id}").json()["filled_qty"]


def test_an_accepted_cancel_may_lose_too(trading: Caller) -> None:
    order = trading.book.add("AAPL", fate=Fate(end=Status.FILLED, steps=2))
    path = f"/v2/orders/{order.id}"

    assert 204 == trading.delete(path).status_code
    states = [trading.get(path).json()["status"] for _ in range(3)]
    assert ["pending_cancel", "filled", "filled"] == states


def test_a_cancel_may_stay_pending(trading: Caller) -> None:
    stuck = trading.book.add("AAPL", fate=STUCK)
    slow = trading.book.add("AAPL", fate=Fate(seconds=3600))
    trading.delete("/v2/orders")

    assert {stuck.id, slow.id} == set(ids(trading.get("/v2/orders")))
    trading.venue.clock.advance(3601)
    assert [stuck.id] == ids(trading.get("/v2/orders"))
    assert Status.PENDING_CANCEL is trading.book.open()[0].status


def test_a_cancel_of_all_has_an_item_for_each(trading: Caller) -> None:
    fates = {trading.book.add("AAPL", fate=fate).id: fate for fate in (CANCELS, FILLS, REFUSES)}
    replaced = trading.book.add("AAPL", status=Status.PENDING_REPLACE).id
    reply = trading.delete("/v2/orders")
    items = {item["id"]: item for item in reply.json()}

    assert 207 == reply.status_code
    assert [200, 422, 500, 500] == [items[id]["status"] for id in (*fates, replaced)]
    assert 42210000 == items[replaced]["body"]["code"]
    assert 'order is already in "pending_replace" state' == items[replaced]["body"]["message"]
    assert 2 == len(trading.book.open())


def test_nothing_open_is_an_empty_list(trading: Caller) -> None:
    reply = trading.delete("/v2/orders")

    assert (207, []) == (reply.status_code, reply.json())


@pytest.mark.parametrize("name", ["APCA-API-KEY-ID", "APCA-API-SECRET-KEY"])
def test_both_keys_are_needed(trading: Caller, name: str) -> None:
    headers = trading.headers("GET", "/v2/orders", b"")
    for wrong in ({name: headers[name] + "x"}, {name: ""}):
        reply = trading.get("/v2/orders", headers={**headers, **wrong})
        assert (401, 40110000) == (reply.status_code, reply.json()["code"])


def test_two_hundred_requests_a_minute(trading: Caller) -> None:
    trading.venue.limit = Window(trading.venue.clock, 2, 60.0)
    replies = [trading.get("/v2/orders") for _ in range(3)]

    assert [200, 200, 429] == [reply.status_code for reply in replies]
    assert ["1", "0", "0"] == [reply.headers["X-Ratelimit-Remaining"] for reply in replies]
    assert all("2" == reply.headers["X-Ratelimit-Limit"] for reply in replies)
    assert re.fullmatch(r"\d{10}", replies[2].headers["X-Ratelimit-Reset"])
    assert all(reply.headers["X-Request-ID"] for reply in replies)
    trading.venue.clock.advance(61)
    assert 200 == trading.get("/v2/orders").status_code


def of(account: str) -> str:
    return f"/v1/trading/accounts/{account}/orders"


def test_accounts_do_not_see_each_other(broker: Caller) -> None:
    one, two = broker.venue.accounts
    mine, theirs = broker.book.add("AAPL").id, broker.book.add("AAPL", account=two).id

    assert [mine] == ids(broker.get(of(one)))
    assert 404 == broker.get(f"{of(one)}/{theirs}").status_code
    assert [mine] == [item["id"] for item in broker.delete(of(one)).json()]
    assert [theirs] == [order.id for order in broker.book.open()]


def test_an_account_that_is_not_there(broker: Caller) -> None:
    reply = broker.delete(of(NOBODY))

    assert (404, f"account not found for {NOBODY}") == (reply.status_code, reply.json()["message"])
    assert 400 == broker.get(of("nonsense")).status_code


def test_items_have_an_order_or_an_error(broker: Caller) -> None:
    good, bad = broker.book.add("AAPL", fate=STUCK), broker.book.add("AAPL", fate=FILLS)
    items = {item["id"]: item for item in broker.delete(of(good.account)).json()}

    assert "pending_cancel" == items[good.id]["body"]["status"]
    assert 42210000 == items[bad.id]["body"]["code"]


def test_a_venue_that_does_not_page_by_order(broker: Caller) -> None:
    order = broker.book.add("AAPL")
    query = {"before_order_id": order.id}

    assert [] == ids(broker.get(of(order.account), query))
    broker.venue.pages_by_id = False
    assert [order.id] == ids(broker.get(of(order.account), query))


def test_basic_to_the_byte(broker: Caller) -> None:
    path = of(broker.venue.accounts[0])
    right = broker.headers("GET", path, b"")["Authorization"]

    for wrong in (right.rstrip("="), right.lower(), right.replace("Basic", "Bearer"), ""):
        assert 401 == broker.get(path, headers={"Authorization": wrong}).status_code


def token(broker: Caller, **changed: str) -> httpx.Response:
    own = broker.sandbox.credentials("alpaca_broker")
    form = {"grant_type": "client_credentials"}
    form |= {"client_id": own["client_id"], "client_secret": own["client_secret"], **changed}
    return broker.http.post("/v1/oauth2/token", data=form)


def test_tokens_live_for_fifteen_minutes(broker: Caller) -> None:
    path = of(broker.venue.accounts[0])
    reply = token(broker).json()
    headers = {"Authorization": f"Bearer {reply['access_token']}"}

    assert ("Bearer", 899) == (reply["token_type"], reply["expires_in"])
    assert 200 == broker.get(path, headers=headers).status_code
    broker.venue.clock.advance(900)
    assert 401 == broker.get(path, headers=headers).status_code


def test_tokens_are_for_the_client_alone(broker: Caller) -> None:
    own = broker.sandbox.credentials("alpaca_broker")

    assert "unsupported_grant_type" == token(broker, grant_type="password").json()["error"]
    assert (401, {"error": "invalid_client"}) == (
        token(broker, client_secret="x").status_code,
        token(broker, client_secret="x").json(),
    )
    assert 400 == broker.http.post("/v1/oauth2/token", json=own).status_code
    basic = httpx.BasicAuth(own["client_id"], own["client_secret"])
    form = {"grant_type": "client_credentials"}
    assert 401 == broker.http.post("/v1/oauth2/token", data=form, auth=basic).status_code
