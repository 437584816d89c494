"""A desk over simulated venues, quick to give up, and what is true of its reports."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from venue_desk import AsyncDesk, Everything, One, Pace, Report, Result, Symbol, open_venues
from venue_desk.demo import environment
from venue_desk.venues import Venue
from venue_sandbox import Sandbox

QUICK = Pace(deadline=2.5, polls=(0.01, 0.1), backoff=(0.01, 0.1), answer=0.4)


def opened(sandbox: Sandbox, *names: str, accounts: Sequence[str] = ()) -> list[Venue]:
    chosen = names or tuple(sandbox.venues)
    environ = environment(sandbox, chosen)
    return open_venues(environ, chosen, accounts, live=True, servers=sandbox.urls)


def cancel(
    sandbox: Sandbox,
    scope: Everything | Symbol | One,
    *names: str,
    accounts: Sequence[str] = (),
    pace: Pace = QUICK,
) -> Report:
    async def run() -> Report:
        async with AsyncDesk(opened(sandbox, *names, accounts=accounts), pace=pace) as desk:
            return await desk.cancel(scope)

    return asyncio.run(run())


def is_true(sandbox: Sandbox, report: Report, symbol: str | None = None) -> None:
    """No order is said to be gone that is open, and no venue to be empty that is not."""
    for venue in report.venues:
        book = sandbox.book(venue.venue)
        for order in venue.orders:
            known = book.get(order.id)
            if order.outcome.is_closed:
                assert known is not None, order
                assert not known.is_open, order
                if order.outcome.value in ("canceled", "filled"):
                    assert order.outcome.value == known.status.value, order
                if order.filled is not None:
                    assert known.filled == order.filled, order
        if venue.result is Result.VERIFIED and not (len(venue.orders) == 1 and not venue.at):
            accounts = venue.accounts or (None,)
            assert not [o for a in accounts for o in book.open(a, symbol)], venue
