"""One desk over several venues, side by side: what a program calls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .calls import DEADLINE, Pace
from .orders import Everything, One, Report, Scope
from .plans import Step, plan
from .runs import OnChange, Run
from .venues import Venue


class OrdersHeld(Exception):
    """New orders are latched out."""


@dataclass
class Latch:
    """A flag that those who place orders ask: closed by a cancel of everything, opened by hand."""

    reason: str = ""

    @property
    def is_closed(self) -> bool:
        return bool(self.reason)

    def close(self, reason: str) -> None:
        self.reason = reason or "closed"

    def release(self) -> None:
        self.reason = ""

    def check(self) -> None:
        """Raise OrdersHeld where new orders are latched out; call it before placing one."""
        if self.reason:
            raise OrdersHeld(self.reason)


class AsyncDesk:
    """Cancels and lists on several venues side by side; none delays or hides another."""

    def __init__(self, venues: Iterable[Venue], *, pace: Pace | float = DEADLINE) -> None:
        self.venues = tuple(venues)
        self.pace = pace if isinstance(pace, Pace) else Pace(deadline=pace)
        """How long each venue may take, as a `Pace` or as its deadline alone."""
        self.latch = Latch()
        self._runs: Sequence[Run] = ()

    async def cancel(self, scope: Scope, on_change: OnChange | None = None) -> Report:
        """Cancel what is open in a scope, and report what is known afterwards."""
        self._check(scope)
        if isinstance(scope, Everything):
            self.latch.close("everything is being canceled")
        runs = self._begin(scope, on_change)
        return Report(tuple(await asyncio.gather(*(run.cancel() for run in runs))))

    async def orders(self, on_change: OnChange | None = None) -> Report:
        """List what is open; `verified` means that nothing is."""
        runs = self._begin(Everything(), on_change)
        return Report(tuple(await asyncio.gather(*(run.list() for run in runs))))

    async def plan(self, scope: Scope) -> Mapping[str, Sequence[Step]]:
        """The requests that `cancel` would begin with; nothing is sent."""
        self._check(scope)
        return {venue.name: await plan(venue, scope) for venue in self.venues}

    def known(self) -> Report:
        """What the last run has learnt so far, also where it was interrupted."""
        return Report(tuple(run.report() for run in self._runs))

    async def close(self) -> None:
        """Close the connections of all venues."""
        await asyncio.gather(*(venue.close() for venue in self.venues), return_exceptions=True)

    def _check(self, scope: Scope) -> None:
        if isinstance(scope, One) and sum(len(venue.accounts) for venue in self.venues) != 1:
            raise ValueError("one order is in one account of one venue: name it")

    def _begin(self, scope: Scope, on_change: OnChange | None) -> Sequence[Run]:
        self._runs = [Run(venue, scope, self.pace, on_change) for venue in self.venues]
        return self._runs

    async def __aenter__(self) -> AsyncDesk:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
