"""Whatever goes wrong at a venue, and in whichever phase: the report is true."""

from __future__ import annotations

import pytest

from venue_desk import Everything, One, Outcome, Report, Result
from venue_sandbox import KINDS, VENUES, Fate, Fault, Sandbox

from .desks import QUICK, SHORT, cancel, cancel_each, is_true, symbols

LATE = Fate(steps=2)
PHASES = ["cancel", "list", "read", "other"]
CELLS = [
    (kind, phase, effect)
    for kind in KINDS
    for phase in {"omit": ["cancel"], "loop": ["list"]}.get(kind, PHASES)
    for effect in [False, True]
    if not effect or Fault(kind=kind).spares_the_request
]
Stock = dict[str, list[str]]


def stock(sandbox: Sandbox) -> Stock:
    """Some orders at each venue."""
    orders: Stock = {}
    for name in VENUES:
        add, symbol = sandbox.book(name).add, symbols(name)[0]
        orders[name] = [add(symbol).id, add(symbol, filled="3", fate=LATE).id, add(symbol).id]
    return orders


def fault(kind: str, phase: str, times: int | None, effect: bool) -> Fault:
    return Fault(kind=kind, phase=phase, times=times, effect=effect, seconds=1.0)  # type: ignore[arg-type]


def run(sandbox: Sandbox, orders: Stock, phase: str, *, lasts: bool) -> Report:
    """Cancel all, or the first order of each venue where it is the reading that goes wrong."""
    pace = SHORT if lasts else QUICK
    if phase != "read":
        report = cancel(sandbox, Everything(), pace=pace)
        is_true(sandbox, report)
        return report
    report = cancel_each(sandbox, {name: ids[0] for name, ids in orders.items()}, pace)
    is_true(sandbox, report, One("one"))
    return report


@pytest.mark.parametrize(("kind", "phase", "effect"), CELLS)
def test_one_fault_is_survived(sandbox: Sandbox, kind: str, phase: str, effect: bool) -> None:
    orders = stock(sandbox)
    sandbox.put(fault(kind, phase, 1, effect))

    report = run(sandbox, orders, phase, lasts=False)

    assert {Result.VERIFIED} == {venue.result for venue in report.venues}, report
    if phase != "read":
        found = {venue.venue: [order.id for order in venue.orders] for venue in report.venues}
        assert {name: set(ids) for name, ids in orders.items()} == {
            n: {*i} for n, i in found.items()
        }


@pytest.mark.parametrize(
    ("kind", "phase"),
    [cell[:2] for cell in CELLS if not cell[2] and cell[0] not in ("omit", "odd")],
)
def test_a_fault_that_lasts_is_reported(sandbox: Sandbox, kind: str, phase: str) -> None:
    orders = stock(sandbox)
    sandbox.put(fault(kind, phase, None, False))

    report = run(sandbox, orders, phase, lasts=True)

    if phase == "list" and kind not in ("slow", "loop"):
        assert {Result.UNVERIFIED} == {venue.result for venue in report.venues}
        assert all(venue.reason and venue.failures for venue in report.venues)


@pytest.mark.parametrize("kind", ["hangup", "silent", "html", "status", "cut", "garbage", "empty"])
def test_what_was_open_is_known_although_every_reply_is_lost(sandbox: Sandbox, kind: str) -> None:
    """Each cancel is carried out, and nobody hears of it."""
    orders = stock(sandbox)
    sandbox.put(fault(kind, "cancel", None, True))

    report = cancel(sandbox, Everything())

    is_true(sandbox, report)
    for venue in report.venues:
        known = {order.id: order.outcome for order in venue.orders}
        assert dict.fromkeys(orders[venue.venue], Outcome.CANCELED) == known, venue


def test_without_a_fault_every_order_is_known(sandbox: Sandbox) -> None:
    stock(sandbox)

    report = cancel(sandbox, Everything())

    is_true(sandbox, report)
    assert report.is_verified
    for venue in report.venues:
        assert [Outcome.CANCELED] * 3 == [order.outcome for order in venue.orders]
        assert ["0", "0", "3"] == sorted(str(order.filled) for order in venue.orders)


@pytest.mark.parametrize("name", VENUES)
def test_a_dead_venue_hides_no_other(sandbox: Sandbox, name: str) -> None:
    stock(sandbox)
    sandbox.kill(name)

    report = cancel(sandbox, Everything())

    is_true(sandbox, report)
    results = {venue.venue: venue.result for venue in report.venues}
    assert Result.UNVERIFIED is results.pop(name)
    assert {Result.VERIFIED} == set(results.values())
