"""Whatever goes wrong at a venue, and in whichever phase: the report is true."""

from __future__ import annotations

import pytest

from venue_desk import Everything, One, Outcome, Report, Result
from venue_sandbox import KINDS, VENUES, Fate, Fault, Sandbox

from .desks import cancel, is_true

SYMBOLS = {"deltadefi": "ADAUSDM", "polymarket": "101"}
LATE = Fate(steps=2)


def stock(sandbox: Sandbox) -> dict[str, str]:
    """Some orders at each venue; the first of each."""
    first: dict[str, str] = {}
    for name in VENUES:
        symbol = SYMBOLS.get(name, "AAPL")
        first[name] = sandbox.book(name).add(symbol).id
        sandbox.book(name).add(symbol, filled="3", fate=LATE)
        sandbox.book(name).add(symbol)
    return first


def fault(kind: str, phase: str, times: int | None, effect: bool) -> Fault:
    return Fault(kind=kind, phase=phase, times=times, effect=effect, seconds=0.6)  # type: ignore[arg-type]


def run(sandbox: Sandbox, first: dict[str, str], phase: str) -> Report:
    if phase != "read":
        return cancel(sandbox, Everything())
    return Report(
        tuple(venue for n in VENUES for venue in cancel(sandbox, One(first[n]), n).venues)
    )


@pytest.mark.parametrize("effect", [False, True])
@pytest.mark.parametrize("phase", ["cancel", "list", "read"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_fault_is_survived(sandbox: Sandbox, kind: str, phase: str, effect: bool) -> None:
    first = stock(sandbox)
    sandbox.put(fault(kind, phase, 1, effect))

    report = run(sandbox, first, phase)

    is_true(sandbox, report)
    assert {Result.VERIFIED} == {venue.result for venue in report.venues}, report


@pytest.mark.parametrize("phase", ["cancel", "list", "read"])
@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("omit", "odd")])
def test_a_fault_that_lasts_is_reported(sandbox: Sandbox, kind: str, phase: str) -> None:
    first = stock(sandbox)
    sandbox.put(fault(kind, phase, None, False))

    report = run(sandbox, first, phase)

    is_true(sandbox, report)
    if phase == "list" and kind not in ("slow", "loop"):
        assert {Result.UNVERIFIED} == {venue.result for venue in report.venues}
        assert all(venue.reason and venue.failures for venue in report.venues)


def test_without_a_fault_every_order_is_known(sandbox: Sandbox) -> None:
    stock(sandbox)

    report = cancel(sandbox, Everything())

    is_true(sandbox, report)
    assert report.is_verified
    for venue in report.venues:
        assert [Outcome.CANCELED] * 3 == [order.outcome for order in venue.orders]
        assert ["0", "0", "3"] == sorted(str(order.filled) for order in venue.orders)


def test_a_dead_venue_hides_no_other(sandbox: Sandbox) -> None:
    stock(sandbox)
    sandbox.kill("deltadefi")

    report = cancel(sandbox, Everything())

    is_true(sandbox, report)
    results = {venue.venue: venue.result for venue in report.venues}
    assert Result.UNVERIFIED is results.pop("deltadefi")
    assert {Result.VERIFIED} == set(results.values())
