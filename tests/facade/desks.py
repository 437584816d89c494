"""A desk over simulated venues, quick to give up, and what is true of its reports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import httpx

from venue_desk import (
    AsyncDesk,
    Everything,
    One,
    Outcome,
    Pace,
    Report,
    Result,
    Symbol,
    open_venues,
)
from venue_desk.demo import environment
from venue_desk.venues import Venue
from venue_sandbox import Sandbox

Scope = Everything | Symbol | One
SYMBOLS = {"deltadefi": ("ADAUSDM", "NIGHTUSDM"), "polymarket": ("101", "102")}

# One that ends as soon as it can, and one whose deadline comes.
QUICK = Pace(deadline=20, polls=(0.01, 0.1), backoff=(0.01, 0.1), answer=0.7, look=4)
SHORT = Pace(deadline=1.2, polls=(0.01, 0.05), backoff=(0.01, 0.05), answer=0.3)


def symbols(name: str) -> tuple[str, str]:
    """Two that a venue has."""
    return SYMBOLS.get(name, ("AAPL", "MSFT"))


def opened(sandbox: Sandbox, *names: str, accounts: Sequence[str] = ()) -> list[Venue]:
    chosen = names or tuple(sandbox.venues)
    environ = environment(sandbox, chosen)
    return open_venues(environ, chosen, accounts, live=True, servers=sandbox.urls)


def cancel(
    sandbox: Sandbox,
    scope: Scope,
    *names: str,
    accounts: Sequence[str] = (),
    pace: Pace = QUICK,
) -> Report:
    async def run() -> Report:
        async with AsyncDesk(opened(sandbox, *names, accounts=accounts), pace=pace) as desk:
            return await desk.cancel(scope)

    return asyncio.run(run())


def cancel_each(sandbox: Sandbox, ids: dict[str, str], pace: Pace) -> Report:
    """One order at each venue, side by side."""

    async def one(name: str, id: str) -> Report:
        async with AsyncDesk(opened(sandbox, name), pace=pace) as desk:
            return await desk.cancel(One(id))

    async def run() -> list[Report]:
        return await asyncio.gather(*(one(name, id) for name, id in ids.items()))

    return Report(tuple(venue for report in asyncio.run(run()) for venue in report.venues))


def scripted(name: str, answer: Callable[[httpx.Request], httpx.Response]) -> Venue:
    """A venue that answers what a function says."""
    sandbox = Sandbox(name)
    sandbox.urls[name] = "http://venue.test"
    [venue] = opened(sandbox, name)
    venue.client = venue.open(http=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    return venue


def run(venue: Venue, scope: Scope | None = None, pace: Pace = SHORT) -> Report:
    """Cancel at one venue; list where there is no scope."""

    async def work() -> Report:
        async with AsyncDesk([venue], pace=pace) as desk:
            return await (desk.orders() if scope is None else desk.cancel(scope))

    return asyncio.run(work())


def is_true(sandbox: Sandbox, report: Report, scope: Scope | None = None) -> None:
    """No order is said to be gone that is open, and no venue to be empty that is not."""
    symbol = scope.name if isinstance(scope, Symbol) else None
    for venue in report.venues:
        book = sandbox.book(venue.venue)
        keys = [(order.account, order.id) for order in venue.orders]
        assert len(keys) == len(set(keys)), venue
        for order in venue.orders:
            known = book.get(order.id)
            if known is None:
                assert not order.outcome.is_closed, order
                continue
            assert order.symbol in (None, known.symbol), order
            assert symbol in (None, known.symbol), order
            assert order.account in ("", known.account), order
            if order.outcome is Outcome.NOT_FOUND:
                assert not known.is_open or venue.result is not Result.VERIFIED, order
            if order.outcome.is_closed:
                assert not known.is_open, order
                if order.outcome is not Outcome.ALREADY_CLOSED:
                    assert order.outcome.value == known.status.value, order
                assert order.filled in (None, known.filled), order
        if venue.result is Result.RESIDUAL:
            assert any(not order.outcome.is_closed for order in venue.orders), venue
        if venue.result is Result.VERIFIED and isinstance(scope, One):
            [one] = venue.orders
            assert one.outcome.is_closed, one
        elif venue.result is Result.VERIFIED:
            accounts = venue.accounts or (None,)
            assert not [o for a in accounts for o in book.open(a, symbol)], venue
