"""A cancel reaches what it is for, and nothing else; an order that races is swept."""

from __future__ import annotations

import json
import threading

import pytest

from venue_desk import Desk, Everything, One, OrdersHeld, Outcome, Result, Symbol
from venue_sandbox import FILLS, LOST, REFUSES, STUCK, VENUES, Fault, Sandbox, Status

from .desks import QUICK, SHORT, cancel, is_true, opened, symbols


@pytest.mark.parametrize("name", VENUES)
def test_a_symbol_never_widens(sandbox: Sandbox, name: str) -> None:
    one, other = symbols(name)
    gone, kept = sandbox.book(name).add(one), sandbox.book(name).add(other)

    report = cancel(sandbox, Symbol(one), name)

    is_true(sandbox, report, Symbol(one))
    assert report.is_verified
    assert [gone.id] == [order.id for order in report.venues[0].orders]
    assert [kept.id] == [order.id for order in sandbox.book(name).open()]
    for seen in sandbox.venue(name).seen("cancel"):
        assert (
            seen.path.endswith((gone.id, f"{gone.id}/cancel"))
            or f"instrument_ids={one}" == seen.query
            or json.loads(seen.body) in ({"symbol": one}, {"orderID": gone.id})
        ), seen


@pytest.mark.parametrize("text", ["", " ", " AAPL", "A\nB"])
def test_a_blank_selector_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="blank"):
        Symbol(text)
    with pytest.raises(ValueError, match="blank"):
        One(text)


def test_a_symbol_that_some_venue_takes_for_two_is_refused() -> None:
    with pytest.raises(ValueError, match="comma"):
        Symbol("AAPL,MSFT")


@pytest.mark.parametrize("name", VENUES)
def test_one_order_is_canceled_and_no_other(sandbox: Sandbox, name: str) -> None:
    gone, kept = sandbox.book(name).add(symbols(name)[0]), sandbox.book(name).add(symbols(name)[0])

    report = cancel(sandbox, One(gone.id), name)

    assert report.is_verified
    assert [Outcome.CANCELED] == [order.outcome for order in report.venues[0].orders]
    assert [kept.id] == [order.id for order in sandbox.book(name).open()]


@pytest.mark.parametrize("name", VENUES)
def test_an_order_that_races_is_swept(sandbox: Sandbox, name: str) -> None:
    sandbox.book(name).add(symbols(name)[0])
    for _ in range(2):
        sandbox.book(name).add_during_cancel(symbols(name)[0])

    report = cancel(sandbox, Everything(), name)

    assert report.is_verified
    assert 3 == len(sandbox.book(name))
    assert not sandbox.book(name).open()


@pytest.mark.parametrize("name", VENUES)
def test_a_cancel_that_is_pending_for_ever_is_residual(sandbox: Sandbox, name: str) -> None:
    order = sandbox.book(name).add(symbols(name)[0], fate=STUCK)

    report = cancel(sandbox, Everything(), name, pace=SHORT)

    [venue] = report.venues
    assert Result.RESIDUAL is venue.result
    assert [order.id] == [known.id for known in venue.orders]
    assert not venue.orders[0].outcome.is_closed


@pytest.mark.parametrize("name", VENUES)
def test_a_lost_cancel_is_repeated(sandbox: Sandbox, name: str) -> None:
    sandbox.book(name).add(symbols(name)[0], fate=LOST)

    assert cancel(sandbox, Everything(), name).is_verified


@pytest.mark.parametrize("name", VENUES)
def test_a_cancel_that_loses_to_a_fill_says_so(sandbox: Sandbox, name: str) -> None:
    order = sandbox.book(name).add(symbols(name)[0], quantity="7", fate=FILLS)

    report = cancel(sandbox, One(order.id), name)

    [known] = report.venues[0].orders
    assert report.is_verified
    assert (Outcome.FILLED, "7", "0") == (known.outcome, str(known.filled), str(known.remaining))


@pytest.mark.parametrize("name", VENUES)
def test_a_refusal_keeps_the_order_and_its_reason(sandbox: Sandbox, name: str) -> None:
    order = sandbox.book(name).add(symbols(name)[0], fate=REFUSES)

    report = cancel(sandbox, One(order.id), name, pace=SHORT)

    [venue] = report.venues
    assert Result.RESIDUAL is venue.result
    assert not venue.orders[0].outcome.is_closed


@pytest.mark.parametrize("name", VENUES)
def test_an_order_that_is_not_there_is_no_success(sandbox: Sandbox, name: str) -> None:
    missing = "00000000-0000-4000-8000-000000000000"

    report = cancel(sandbox, One(missing), name, pace=SHORT)

    assert Result.UNVERIFIED is report.venues[0].result
    assert Outcome.NOT_FOUND is report.venues[0].orders[0].outcome


@pytest.mark.parametrize(
    ("name", "account"),
    [("clear_street", "999"), ("alpaca_broker", "00000000-0000-4000-8000-000000000000")],
)
def test_a_wrong_account_is_not_nothing_open(sandbox: Sandbox, name: str, account: str) -> None:
    for scope in (Everything(), Symbol("AAPL")):
        report = cancel(sandbox, scope, name, accounts=[account])

        assert Result.UNVERIFIED is report.venues[0].result
        assert "404" in report.venues[0].reason


@pytest.mark.parametrize("name", ["clear_street", "alpaca_broker"])
def test_two_accounts_are_two_lists(sandbox: Sandbox, name: str) -> None:
    accounts: list[str] = sandbox.venue(name).accounts  # type: ignore[attr-defined]
    for account in accounts:
        sandbox.book(name).add("AAPL", account=account)

    report = cancel(sandbox, Everything(), name, accounts=accounts)

    assert report.is_verified
    assert tuple(accounts) == report.venues[0].accounts
    assert sorted(accounts) == sorted(order.account for order in report.venues[0].orders)


@pytest.mark.parametrize("name", VENUES)
def test_every_page_is_read(sandbox: Sandbox, name: str) -> None:
    for _ in range(1100):
        sandbox.book(name).add(symbols(name)[0], status=Status.PENDING_REPLACE)

    with Desk(opened(sandbox, name), pace=10) as desk:
        [venue] = desk.orders().venues

    assert Result.RESIDUAL is venue.result
    assert 1100 == len(venue.orders)


@pytest.mark.parametrize("name", VENUES)
def test_wrong_credentials_are_reported_at_once(sandbox: Sandbox, name: str) -> None:
    sandbox.put(Fault(kind="status", status=401, times=None))

    report = cancel(sandbox, Everything(), name)

    assert Result.UNVERIFIED is report.venues[0].result
    assert len(sandbox.requests(name)) < 8


@pytest.mark.parametrize("name", VENUES)
@pytest.mark.parametrize("by", ["symbol", "order"])
def test_a_cancel_that_is_forbidden_is_not_sent_again_and_again(
    sandbox: Sandbox, name: str, by: str
) -> None:
    order = sandbox.book(name).add(symbols(name)[0])
    sandbox.put(Fault(kind="status", phase="cancel", status=403, times=None))
    scope = Symbol(order.symbol) if by == "symbol" else One(order.id)

    report = cancel(sandbox, scope, name)

    is_true(sandbox, report, scope)
    assert Result.RESIDUAL is report.venues[0].result
    assert [order.id] == [known.id for known in report.venues[0].orders]
    assert 1 == len(sandbox.venue(name).seen("cancel"))


@pytest.mark.parametrize("name", VENUES)
def test_orders_are_read_where_they_cannot_be_listed_any_more(sandbox: Sandbox, name: str) -> None:
    order = sandbox.book(name).add(symbols(name)[0])
    sandbox.put(Fault(kind="status", phase="list", status=403, after=1, times=None))

    report = cancel(sandbox, Everything(), name)

    is_true(sandbox, report)
    assert Result.UNVERIFIED is report.venues[0].result
    known = {o.id: o.outcome for o in report.venues[0].orders}
    if name == "deltadefi":  # its second symbol could not be looked at
        assert known.keys() <= {order.id}
    else:
        assert {order.id: Outcome.CANCELED} == known


UNKNOWNS = [
    ("clear_street", "closed_status", 422),
    ("clear_street", "closed_status", 404),
    ("polymarket", "bare_list", True),
    ("polymarket", "last_cursor", ""),
    ("polymarket", "prefix", ""),
    ("polymarket", "missing", "empty"),
    ("polymarket", "missing", "null"),
    ("deltadefi", "nothing_open", 200),
    ("deltadefi", "order_path", "account"),
    ("deltadefi", "order_path", "both"),
    ("deltadefi", "spelling", "stream"),
]


@pytest.mark.parametrize(("name", "switch", "value"), UNKNOWNS)
def test_what_is_not_known_of_a_venue_may_be_either(
    sandbox: Sandbox, name: str, switch: str, value: object
) -> None:
    assert value != getattr(sandbox.venue(name), switch) or value == 422
    setattr(sandbox.venue(name), switch, value)
    symbol, other = symbols(name)
    orders = [sandbox.book(name).add(symbol, filled="2"), sandbox.book(name).add(other, fate=FILLS)]

    report = cancel(sandbox, Everything(), name)

    is_true(sandbox, report, Everything())
    assert report.is_verified
    known = {order.id: order for order in report.venues[0].orders}
    assert {order.id for order in orders} == known.keys()
    assert (Outcome.CANCELED, 2) == (known[orders[0].id].outcome, known[orders[0].id].filled)
    assert Outcome.FILLED is known[orders[1].id].outcome
    again = cancel(sandbox, One(orders[0].id), name)  # repeated: it was canceled before
    assert again.is_verified


def test_a_clock_that_is_wrong_is_corrected(sandbox: Sandbox) -> None:
    sandbox.venue("polymarket").clock.advance(3600)
    sandbox.book("polymarket").add("101")

    assert cancel(sandbox, Everything(), "polymarket").is_verified


def test_retry_after_is_honoured(sandbox: Sandbox) -> None:
    sandbox.put(
        Fault(kind="status", phase="cancel", status=429, headers={"Retry-After": "1"}),
    )

    with Desk(opened(sandbox, "alpaca_trading"), pace=QUICK) as desk:
        report = desk.cancel(Everything())

    assert report.is_verified
    assert [1.0] == [failure.wait for failure in report.venues[0].failures]


def test_raw_bodies_of_failures_are_kept(sandbox: Sandbox) -> None:
    sandbox.put(Fault(kind="html", phase="list", status=502))

    report = cancel(sandbox, Everything())

    for venue in report.venues:
        assert any(failure.raw.startswith(b"<html>") for failure in venue.failures)


def test_the_latch_closes_with_everything_and_not_with_a_symbol(sandbox: Sandbox) -> None:
    with Desk(opened(sandbox, "deltadefi"), pace=QUICK) as desk:
        desk.cancel(Symbol("ADAUSDM"))
        desk.latch.check()
        desk.cancel(Everything())
        with pytest.raises(OrdersHeld):
            desk.latch.check()
        desk.latch.release()
        desk.latch.check()


def test_a_desk_is_shared_between_threads(sandbox: Sandbox) -> None:
    for name in VENUES:
        sandbox.book(name).add(symbols(name)[0])
    reports: list[bool] = []
    with Desk(opened(sandbox), pace=QUICK) as desk:
        threads = [
            threading.Thread(target=lambda: reports.append(desk.cancel(Everything()).is_verified))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [True] * 4 == reports
