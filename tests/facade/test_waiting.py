"""How long a venue asks to wait, and that the desk does: within its deadline, and no longer."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from unittest import mock

import httpx
import pytest

from venue_clients import clear_street
from venue_desk import Everything, Outcome, Pace, Result, Symbol
from venue_desk.failures import failure
from venue_sandbox import VENUES, Fault, Sandbox, Window

from .desks import SHORT, cancel, is_true, symbols

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (429, {"Retry-After": "7"}, {}, 7.0),
        (503, {"Retry-After": "1.5"}, {}, 1.5),
        (429, {"Retry-After": email.utils.formatdate(NOW + 9, usegmt=True)}, {}, 9.0),
        (429, {"Retry-After": "86400"}, {}, 30.0),
        (429, {"Retry-After": "-1"}, {}, None),
        (429, {"Retry-After": "soon"}, {}, None),
        (429, {"X-Ratelimit-Reset": str(int(NOW) + 4)}, {}, 4.0),
        (429, {"Poly-RateLimit-Reset": str(int(NOW) + 5)}, {}, 5.0),
        (429, {"X-Ratelimit-Reset": str(int(NOW) - 4)}, {}, 0.0),
        (429, {"X-Ratelimit-Reset": "99999999999999"}, {}, None),
        (429, {"Retry-After": "2", "X-Ratelimit-Reset": str(int(NOW) + 20)}, {}, 2.0),
        (200, {"X-Ratelimit-Reset": str(int(NOW) + 4)}, {}, None),
        (503, {"X-Ratelimit-Reset": str(int(NOW) + 4)}, {}, None),
        (503, {}, {"error": "x", "retry_after_seconds": 3}, 3.0),
        (503, {}, {"error": "x", "retry_after_seconds": True}, None),
        (503, {}, {"error": "x", "retry_after_seconds": "3"}, None),
        (503, {}, [], None),
    ],
)
def test_what_a_venue_asks_for(
    status: int, headers: Mapping[str, str], body: object, wait: float | None
) -> None:
    error = clear_street.UnexpectedStatus("x", httpx.Response(status, headers=headers, json=body))

    with mock.patch("time.time", return_value=NOW):
        assert wait == failure(error).wait


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_temporary_and_what_does_not_is_not(status: int) -> None:
    assert failure(clear_street.UnexpectedStatus("x", httpx.Response(status))).is_temporary
    for final in (400, 401, 403, 404, 409, 422, 301):
        error = clear_street.UnexpectedStatus("x", httpx.Response(final))
        assert not failure(error).is_temporary


def test_alpacas_window_is_waited_for(sandbox: Sandbox) -> None:
    venue = sandbox.venue("alpaca_trading")
    venue.limit = Window(venue.clock, 2, 1.0)
    sandbox.book("alpaca_trading").add("AAPL")

    report = cancel(sandbox, Everything(), "alpaca_trading", pace=Pace(deadline=12))

    is_true(sandbox, report)
    assert report.is_verified
    waits = [known.wait for known in report.venues[0].failures]
    assert waits
    assert all(wait is not None and wait <= 2 for wait in waits)


def test_polymarkets_bucket_is_not_overdrawn(sandbox: Sandbox) -> None:
    """300 orders of a market cost 300 tokens; 120 are in the bucket, and no batch is larger."""
    for _ in range(300):
        sandbox.book("polymarket").add("101")

    report = cancel(sandbox, Symbol("101"), "polymarket", pace=Pace(deadline=20))

    is_true(sandbox, report)
    assert report.is_verified
    assert {Outcome.CANCELED} == {order.outcome for order in report.venues[0].orders}
    refused = [seen for seen in sandbox.requests("polymarket") if seen.status == 429]
    assert len(refused) < 12


@pytest.mark.parametrize("phase", ["cancel", "list"])
@pytest.mark.parametrize("name", VENUES)
def test_a_wait_beyond_the_deadline_is_not_begun(sandbox: Sandbox, name: str, phase: str) -> None:
    sandbox.book(name).add(symbols(name)[0])
    asks = {"status": 429, "headers": {"Retry-After": "25"}, "times": None}
    sandbox.put(Fault(kind="status", phase=phase, **asks))  # type: ignore[arg-type]

    report = cancel(sandbox, Everything(), name, pace=SHORT)

    is_true(sandbox, report)
    assert Result.VERIFIED is not report.venues[0].result or phase == "list"
    refused = [known for known in report.venues[0].failures if known.status == 429]
    assert {25.0} == {known.wait for known in refused}
    asked = [seen for seen in sandbox.requests(name) if seen.status == 429]
    assert len(asked) <= 6  # of DeltaDeFi, with two symbols


def test_a_venue_that_is_silent_delays_no_other(sandbox: Sandbox) -> None:
    for name in VENUES:
        sandbox.book(name).add(symbols(name)[0])
    sandbox.put(Fault(kind="silent", venue="alpaca_trading", times=None))

    report = cancel(sandbox, Everything(), pace=Pace(deadline=6, polls=(0.01, 0.1), answer=1))

    ended = datetime.now(UTC)
    slow, *others = report.venues
    assert Result.UNVERIFIED is slow.result
    assert slow.failures
    for venue in others:
        assert Result.VERIFIED is venue.result
        assert venue.at is not None
        assert ended - venue.at > timedelta(seconds=1)


def test_an_account_that_is_wrong_hides_no_other(sandbox: Sandbox) -> None:
    accounts = [sandbox.book("clear_street").account, "999"]
    order = sandbox.book("clear_street").add("AAPL")

    report = cancel(sandbox, Everything(), "clear_street", accounts=accounts)

    is_true(sandbox, report)
    [venue] = report.venues
    assert Result.UNVERIFIED is venue.result
    assert "999" in venue.reason
    assert [(order.id, Outcome.CANCELED)] == [(o.id, o.outcome) for o in venue.orders]
