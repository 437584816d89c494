"""Answers that a venue should not give: none of them makes the desk believe what is not so."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import httpx
import pytest

from venue_desk import Everything, One, Outcome, Report, Result, Symbol
from venue_sandbox import VENUES

from .desks import run, scripted

Answer = Callable[[httpx.Request], httpx.Response]
ID = "904837e3-3b76-47ec-b432-046db621571b"
MARKET = "0x" + "ab" * 32
# An open order of each venue, as the least that it may say of it.
ROWS: Mapping[str, dict[str, Any]] = {
    "alpaca_trading": {"id": ID, "symbol": "AAPL", "status": "new"},
    "alpaca_broker": {"id": ID, "symbol": "AAPL", "status": "new"},
    "clear_street": {"id": ID, "symbol": "AAPL", "status": "NEW"},
    "polymarket": {"id": "0x01", "market": MARKET, "asset_id": "1", "status": "LIVE"},
    "deltadefi": {"id": ID, "symbol": "ADAUSDM", "status": "open"},
}
CONFIG = {"assets": [], "trading_pairs": [{"symbol": "ADAUSDM"}]}


def page(name: str, rows: object, next: str | None = None, total: object = None) -> object:
    """A page of a list in a venue's shape."""
    count = total if total is not None else len(rows) if isinstance(rows, list) else 0
    return {
        "clear_street": {"data": rows, "metadata": {"next_page_token": next, "total_items": count}},
        "polymarket": {"data": rows, "next_cursor": next or "LTE=", "count": count, "limit": 100},
        "deltadefi": {"data": rows, "total_count": count, "total_page": 9 if next else 1},
    }.get(name, rows)


def listing(name: str, found: Callable[[httpx.Request], object]) -> Answer:
    """A venue that lists what a function says, and accepts every cancel without a word."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            return httpx.Response(200, json={"access_token": "t", "token_type": "Bearer"})
        if request.url.path == "/app/market-config":
            return httpx.Response(200, json=CONFIG)
        if request.method == "GET":
            return httpx.Response(200, json=found(request))
        accepted = {
            "clear_street": {"data": []},
            "polymarket": {"canceled": [], "not_canceled": {}},
        }
        body: object = accepted.get(name, [] if name.startswith("alpaca") else {"order_ids": []})
        return httpx.Response(207 if name.startswith("alpaca") else 200, json=body)

    return answer


def listed(name: str, found: Callable[[httpx.Request], object]) -> Report:
    return run(scripted(name, listing(name, found)))


@pytest.mark.parametrize("name", VENUES)
def test_an_empty_list_is_believed(name: str) -> None:
    assert listed(name, lambda _: page(name, [])).is_verified


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (name, rows)
        for name in VENUES
        for rows in (None, {}, "", 0, [None], [0], [{}], [{"status": "new"}])
        if (name, rows) != ("deltadefi", None)  # null for an empty list was seen there
    ],
)
def test_what_is_no_list_of_orders_is_not_empty(name: str, rows: object) -> None:
    [venue] = listed(name, lambda _: page(name, rows)).venues

    assert Result.UNVERIFIED is venue.result, venue
    assert venue.reason
    assert venue.failures


@pytest.mark.parametrize("name", ["clear_street", "polymarket", "deltadefi"])
def test_a_list_that_is_empty_and_counts_orders_is_not_believed(name: str) -> None:
    assert Result.UNVERIFIED is listed(name, lambda _: page(name, [], total=3)).venues[0].result


@pytest.mark.parametrize("name", VENUES)
@pytest.mark.parametrize("status", ["held", "SOMETHING_NEW", "", None, 7])
def test_a_status_that_nobody_knows_is_open(name: str, status: object) -> None:
    row = {**ROWS[name], "status": status}

    [venue] = listed(name, lambda _: page(name, [row])).venues

    assert Result.RESIDUAL is venue.result
    assert [row["id"]] == [order.id for order in venue.orders]


@pytest.mark.parametrize("period", [1, 2, 3, 7])
@pytest.mark.parametrize("name", ["clear_street", "polymarket"])
def test_a_list_whose_cursors_repeat_ends(name: str, period: int) -> None:
    asked: list[str] = []

    def found(request: httpx.Request) -> object:
        asked.append(str(request.url))
        at = request.url.params.get("page_token") or request.url.params.get("next_cursor") or ""
        number = int(at.removeprefix("c") if at.startswith("c") else 0)
        return page(name, [{**ROWS[name], "id": f"0x{number}"}], f"c{(number + 1) % period}")

    [venue] = listed(name, found).venues

    assert Result.UNVERIFIED is venue.result
    assert "does not end" in venue.reason
    assert period == len(venue.orders)
    assert len(asked) < 5 * period + 5


@pytest.mark.parametrize("name", ["alpaca_trading", "alpaca_broker"])
def test_a_venue_that_ignores_the_cursor_is_not_read_for_ever(name: str) -> None:
    rows = [{**ROWS[name], "id": f"{ID[:-3]}{number:03}"} for number in range(500)]

    [venue] = listed(name, lambda _: rows).venues

    assert Result.UNVERIFIED is venue.result
    assert 500 == len(venue.orders)


@pytest.mark.parametrize("name", VENUES)
def test_a_filter_that_a_venue_drops_widens_nothing(name: str) -> None:
    """Both are listed, whatever was asked for; only the one that was meant is canceled."""
    other = {"symbol": "OTHER", "market": "0x" + "cd" * 32, "asset_id": "2"}
    rows = [ROWS[name], {**ROWS[name], **other, "id": "other"}]
    sent: list[httpx.Request] = []
    inner = listing(name, lambda _: page(name, rows))

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return inner(request)

    symbol = {"polymarket": MARKET.upper().replace("X", "x"), "deltadefi": "ADAUSDM"}.get(
        name, "aapl"
    )
    [venue] = run(scripted(name, answer), Symbol(symbol)).venues

    assert Result.VERIFIED is not venue.result
    for request in sent:
        if request.method != "GET" and not request.url.path.endswith("/oauth2/token"):
            is_one = str(ROWS[name]["id"]) in f"{request.url}{request.content.decode()}"
            is_symbol = symbol in f"{request.url}{request.content.decode()}"
            assert is_one or (is_symbol and name in ("clear_street", "deltadefi")), request.url
    if name not in ("clear_street", "deltadefi"):
        assert [ROWS[name]["id"]] == [order.id for order in venue.orders]


def test_an_order_without_what_it_was_filtered_by_is_not_left_out() -> None:
    row = {"id": "0x01", "status": "LIVE"}

    polymarket = scripted("polymarket", listing("polymarket", lambda _: page("polymarket", [row])))
    [venue] = run(polymarket, Symbol(MARKET)).venues

    assert Result.UNVERIFIED is venue.result
    assert "without its market" in venue.reason


@pytest.mark.parametrize("name", VENUES)
def test_another_order_than_was_asked_for_proves_nothing(name: str) -> None:
    closed = {"clear_street": "CANCELED", "polymarket": "CANCELED", "deltadefi": "cancelled"}
    row = {**ROWS[name], "id": "another", "status": closed.get(name, "canceled")}
    shown = {"data": row} if name == "clear_street" else row

    [venue] = run(scripted(name, listing(name, lambda _: shown)), One(str(ROWS[name]["id"]))).venues

    assert Result.UNVERIFIED is venue.result
    assert not venue.orders[0].outcome.is_closed


@pytest.mark.parametrize("code", [404, 400, 403, 500])
def test_a_404_of_other_words_is_a_failure(code: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        said = {"error": {"code": code, "message": "Account 19816 not found"}}
        return httpx.Response(code, json=said)

    [venue] = run(scripted("clear_street", answer), Everything()).venues

    assert Result.UNVERIFIED is venue.result
    assert "Account 19816 not found" in venue.reason
    assert any(b"Account 19816" in known.raw for known in venue.failures)


def test_a_market_configuration_that_fails_cancels_what_is_usual_and_verifies_nothing() -> None:
    canceled: list[str] = []
    inner = listing("deltadefi", lambda _: page("deltadefi", []))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/app/market-config":
            return httpx.Response(404)
        if request.method == "POST":
            canceled.append(json.loads(request.content)["symbol"])
        return inner(request)

    [venue] = run(scripted("deltadefi", answer), Everything()).venues

    assert ["ADAUSDM", "NIGHTUSDM"] == canceled
    assert Result.UNVERIFIED is venue.result
    assert "which symbols there are is not known" in venue.reason


def test_an_id_in_neither_list_is_unknown_until_it_is_read() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            return httpx.Response(200, json={"canceled": [], "not_canceled": {}})
        return httpx.Response(503)

    [venue] = run(scripted("polymarket", answer), One("0x01")).venues

    assert Result.UNVERIFIED is venue.result
    [order] = venue.orders
    assert Outcome.UNKNOWN is order.outcome
    assert b'"not_canceled"' in order.raw


def test_the_words_of_a_cancel_are_no_reading() -> None:
    """An order that is canceled by the reply, and cannot be read, is not confirmed."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            return httpx.Response(200, json={"canceled": ["0x01"], "not_canceled": {}})
        return httpx.Response(503)

    [venue] = run(scripted("polymarket", answer), One("0x01")).venues

    assert (Result.UNVERIFIED, Outcome.CANCELED) == (venue.result, venue.orders[0].outcome)


def test_what_was_filled_before_the_end_is_not_said_to_be_all() -> None:
    """An order may fill while it is canceled: what the list has shown is no more than that."""
    lists = [[{**ROWS["polymarket"], "original_size": "9", "size_matched": "1"}]]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            return httpx.Response(200, json={"canceled": ["0x01"], "not_canceled": {}})
        if request.url.path == "/data/orders":
            return httpx.Response(200, json=page("polymarket", lists.pop() if lists else []))
        return httpx.Response(403)

    [venue] = run(scripted("polymarket", answer), Everything()).venues

    [order] = venue.orders
    assert (Result.VERIFIED, Outcome.CANCELED) == (venue.result, order.outcome)
    assert (None, None) == (order.filled, order.remaining)
    assert "filled 1 when it was last seen open" == order.reason


def test_an_order_in_both_lists_is_not_believed_to_be_canceled() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        both = {"canceled": ["0x01"], "not_canceled": {"0x01": "in flight"}}
        return httpx.Response(200, json=both) if request.method == "DELETE" else httpx.Response(403)

    [venue] = run(scripted("polymarket", answer), One("0x01")).venues

    assert (Outcome.REJECTED, "in flight") == (venue.orders[0].outcome, venue.orders[0].reason)


def test_what_one_page_has_shown_survives_the_failure_of_the_next() -> None:
    def found(request: httpx.Request) -> object:
        if "page_token" in request.url.params:
            return {"data": None}
        return page("clear_street", [ROWS["clear_street"]], "next")

    [venue] = listed("clear_street", found).venues

    assert Result.UNVERIFIED is venue.result
    assert [ID] == [order.id for order in venue.orders]


def test_a_part_that_fails_does_not_stop_the_others() -> None:
    """Every symbol is listed to its end before the failure of one is told."""
    pairs = {**CONFIG, "trading_pairs": [{"symbol": s} for s in ("BAD", "ADAUSDM", "NIGHTUSDM")]}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/app/market-config":
            return httpx.Response(200, json=pairs)
        symbol = request.url.params["symbol"]
        if symbol == "BAD":
            return httpx.Response(400, json={"error": "invalid symbol", "code": 4106})
        row = {**ROWS["deltadefi"], "symbol": symbol, "id": symbol}
        return httpx.Response(200, json=page("deltadefi", [row]))

    [venue] = run(scripted("deltadefi", answer)).venues

    assert Result.UNVERIFIED is venue.result
    assert "invalid symbol" in venue.reason
    assert ["ADAUSDM", "NIGHTUSDM"] == sorted(order.id for order in venue.orders)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.000000000", "0.000000000"),
        ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
        ("1e-7", "0.0000001"),
        ("100000000", "100000000"),
        ("NaN", None),
        ("", None),
        (None, None),
    ],
)
def test_quantities_keep_their_digits(text: str | None, shown: str | None) -> None:
    size = "123456789012345678901234567891"
    row = {**ROWS["alpaca_trading"], "qty": size, "filled_qty": text}

    [venue] = listed("alpaca_trading", lambda _: [row]).venues

    [order] = venue.orders
    assert shown == (None if order.filled is None else f"{order.filled:f}")
    if shown is None or order.filled is None:
        assert order.remaining is None
    else:
        assert Fraction(size) - Fraction(order.filled) == Fraction(str(order.remaining))


def test_what_an_open_order_had_filled_is_not_what_it_filled_in_the_end() -> None:
    """The venue says how the order ended, and leaves out how much of it was filled."""
    seen = {**ROWS["alpaca_trading"], "status": "partially_filled", "qty": "10", "filled_qty": "2"}
    lists = iter([[seen], []])

    def found(request: httpx.Request) -> object:
        if request.url.path.endswith(ID):
            return {**ROWS["alpaca_trading"], "status": "filled"}
        return next(lists, [])

    venue = scripted("alpaca_trading", listing("alpaca_trading", found))
    [order] = run(venue, Everything()).venues[0].orders

    assert (Outcome.FILLED, None, None) == (order.outcome, order.filled, order.remaining)


@pytest.mark.filterwarnings("error")
def test_an_item_that_does_not_fit_is_kept_as_it_came() -> None:
    gone = httpx.Response(404, json={"code": 40410000, "message": "not found"})
    lists = listing("alpaca_broker", lambda _: [])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            return httpx.Response(207, json=[{"id": ID, "status": 500, "body": -1}])
        return gone if request.url.path.endswith(ID) else lists(request)

    [order] = run(scripted("alpaca_broker", answer), Everything()).venues[0].orders

    assert {"id": ID, "status": 500, "body": -1} == json.loads(order.raw)
