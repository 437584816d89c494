"""One desk over several venues: cancel, list until nothing is open, and say what is known."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from typing import NoReturn, TypeVar

from .failures import Failure, failure
from .orders import (
    Acknowledgement,
    Everything,
    One,
    Order,
    OrderReport,
    Outcome,
    Report,
    Result,
    Scope,
    Symbol,
    VenueReport,
)
from .venues import Step, Venue, VenueError

T = TypeVar("T")
OnChange = Callable[[VenueReport], None]

DEADLINE = 30.0  # seconds for a venue, from the first request to the report
_TRIES = 8  # of one request that the venue puts off; the deadline bounds them too
_DETAILS = 250  # closed orders that are read one by one only for what they have filled


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds: how long a venue may take in all, and what it is waited for in between."""

    deadline: float = DEADLINE
    polls: tuple[float, float] = (0.1, 2.0)
    """Between two listings: the first pause, and the longest."""
    backoff: tuple[float, float] = (0.2, 5.0)
    """Between two tries of a request: the first pause, and the longest."""
    answer: float = 10.0
    """For one answer; the deadline's third where that is less."""

    @property
    def patience(self) -> float:
        return min(self.answer, self.deadline / 3)


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

    async def cancel(self, scope: Scope, on_change: OnChange | None = None) -> Report:
        """Cancel what is open in a scope, and report what is known afterwards."""
        if isinstance(scope, One) and len(self.venues) != 1:
            raise ValueError("one order is on one venue: name it")
        if isinstance(scope, Everything):
            self.latch.close("everything is being canceled")
        runs = [_Run(venue, scope, self.pace, on_change) for venue in self.venues]
        return Report(tuple(await asyncio.gather(*(run.cancel() for run in runs))))

    async def orders(self, on_change: OnChange | None = None) -> Report:
        """List what is open; `verified` means that nothing is."""
        runs = [_Run(venue, Everything(), self.pace, on_change) for venue in self.venues]
        return Report(tuple(await asyncio.gather(*(run.list() for run in runs))))

    def plan(self, scope: Scope) -> Mapping[str, Sequence[Step]]:
        """The requests that `cancel` would begin with; nothing is sent."""
        symbol = scope.name if isinstance(scope, Symbol) else None
        order = scope.id if isinstance(scope, One) else None
        return {
            venue.name: [s for a in venue.accounts for s in venue.steps(a, symbol, order)]
            for venue in self.venues
        }

    async def close(self) -> None:
        """Close the connections of all venues."""
        await asyncio.gather(*(venue.close() for venue in self.venues), return_exceptions=True)

    async def __aenter__(self) -> AsyncDesk:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class _GaveUp(Exception):
    """A request has failed for good, or time is up; the reason is in the first argument."""


@dataclass
class _Account:
    """What is known of one account of a venue."""

    name: str
    is_listed: bool = False  # the last listing was complete
    is_empty: bool = False  # and it was empty, in one look
    at: datetime | None = None
    open: set[str] = field(default_factory=set[str])
    again: set[str] = field(default_factory=set[str])
    """Those of the open that the venue does not call pending: they are swept again."""
    parts: Sequence[str | None] = ()
    reason: str = ""
    is_refused: bool = False  # the last cancel was refused for good


class _Run:
    """One scope on one venue, from the first request to the report."""

    def __init__(self, venue: Venue, scope: Scope, pace: Pace, on_change: OnChange | None) -> None:
        self._venue = venue
        self._scope = scope
        self._pace = pace
        self._symbol = scope.name if isinstance(scope, Symbol) else None
        self._ends = time.monotonic() + pace.deadline
        self._slots = asyncio.Semaphore(venue.capabilities.at_once)
        self._on_change = on_change
        self._shown = 0.0
        self._accounts = [_Account(name) for name in venue.accounts]
        self._orders: dict[tuple[str, str], OrderReport] = {}
        self._failures: list[Failure] = []

    # What a desk asks for.

    async def cancel(self) -> VenueReport:
        await self._each(self._cancel_one if isinstance(self._scope, One) else self._empty)
        await self._each(self._settle)
        return self._report()

    async def list(self) -> VenueReport:
        await self._each(self._list)
        return self._report()

    async def _each(self, work: Callable[[_Account], Awaitable[object]]) -> None:
        await asyncio.gather(*(self._guard(work, account) for account in self._accounts))

    async def _guard(
        self, work: Callable[[_Account], Awaitable[object]], account: _Account
    ) -> None:
        """Whatever happens becomes part of the report."""
        try:
            await work(account)
        except _GaveUp as error:
            account.reason = str(error)
        except Exception as error:  # noqa: BLE001 - nothing that was learnt may be lost to a bug
            account.reason = f"{type(error).__name__}: {error}"
            account.is_listed = account.is_empty = False
            self._failures.append(Failure(account.reason))

    # Everything, or a symbol.

    async def _empty(self, account: _Account) -> None:
        """Cancel, list, and sweep again what is open, until nothing is or the time is up."""
        await self._divide(account)
        await self._sweep(account)
        pause, longest = self._pace.polls
        bad = 0
        while True:
            began, was_listed = self._left(), account.is_listed
            try:
                await self._list(account)
            except _GaveUp:
                if was_listed and account.open and self._left() <= pause:
                    account.is_listed = True  # too late for another: what the last one showed
                    return
                bad += 1
                if bad == 3 or self._left() <= pause or account.is_refused:
                    raise
            # A listing that cannot end in time would only take away what this one has shown.
            needed = pause + 2 * (began - self._left())
            if account.is_empty or account.is_refused or self._left() <= needed:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, longest)
            # What the venue calls pending is waited for; what is new or was refused is swept again.
            if account.again:
                await self._sweep(account)

    async def _divide(self, account: _Account) -> None:
        account.parts = [self._symbol]
        if self._symbol is None and self._venue.capabilities.cancel_all == "symbol by symbol":
            account.parts = await self._ask(self._venue.symbols)

    async def _sweep(self, account: _Account) -> None:
        """Ask for the cancel of what is in scope."""
        account.is_refused = False
        if self._symbol and self._venue.capabilities.cancel_symbol == "by list and cancel":
            if not account.is_listed:
                await self._list(account)
            await self._cancel_ids(account, sorted(account.again or account.open))
        else:
            await asyncio.gather(*(self._cancel_part(account, part) for part in account.parts))
        self._changed()

    async def _cancel_part(self, account: _Account, part: str | None) -> None:
        try:
            said = await self._ask(lambda: self._venue.cancel_all(account.name, part))
        except _GaveUp:
            account.is_refused = not self._failures[-1].is_temporary
        else:
            self._told(account, said)

    async def _cancel_ids(self, account: _Account, ids: Sequence[str]) -> None:
        size = self._venue.capabilities.batch
        batches = [ids[at : at + size] for at in range(0, len(ids), size)]

        async def one(batch: Sequence[str]) -> None:
            try:
                said = await self._ask(lambda: self._venue.cancel(account.name, batch))
            except _GaveUp as error:
                raw = self._failures[-1].raw if self._failures else b""
                unknown = Outcome.UNKNOWN
                said = [
                    Acknowledgement(id=id_, outcome=unknown, reason=str(error), raw=raw)
                    for id_ in batch
                ]
            self._told(account, said)

        await asyncio.gather(*(one(batch) for batch in batches))

    async def _list(self, account: _Account) -> None:
        """Read the whole list; whether it is empty counts only where one look saw all of it."""
        if not account.parts:
            await self._divide(account)
        account.is_listed = account.is_empty = False
        account.again = set()
        at, open_ = datetime.now(timezone.utc), set[str]()

        async def whole(part: str | None) -> int:
            cursors: list[str | None] = [None]
            while True:
                here = cursors[-1]
                page = await self._ask(partial(self._venue.page, account.name, part, here))
                for order in page.orders:
                    self._seen(account, order)
                    open_.add(order.id)
                    if order.outcome is None:
                        account.again.add(order.id)
                self._changed()
                if page.next is None:
                    return len(cursors)
                if page.next in cursors:
                    self._give_up(Failure("the list of open orders does not end", None, True))
                cursors.append(page.next)

        try:
            pages = await asyncio.gather(*(whole(part) for part in account.parts))
        except _GaveUp as error:
            account.open |= open_
            account.reason = str(error)
            raise
        account.open, account.is_listed, account.at = open_, True, at
        account.is_empty = not open_ and max(pages) == 1
        account.reason = "" if account.is_empty or open_ else "the list had several pages"

    # One order.

    async def _cancel_one(self, account: _Account) -> None:
        if not isinstance(self._scope, One):
            return
        id_ = self._scope.id
        self._orders[account.name, id_] = _unknown(account.name, id_)
        pause, longest = self._pace.polls
        await self._cancel_ids(account, [id_])
        missed = 0
        while True:
            order = await self._ask(lambda: self._venue.read(account.name, id_))
            self._seen(account, order)
            self._changed()
            missed += order.outcome is Outcome.NOT_FOUND
            is_closed = self._orders[account.name, id_].outcome.is_closed
            if is_closed or missed == 2 or self._left() <= pause:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, longest)
            if order.outcome is None:  # it is open, and the venue does not call it pending
                await self._cancel_ids(account, [id_])

    # What became of the orders.

    async def _settle(self, account: _Account) -> None:
        """Read the orders whose end is not certain, as far as the time allows."""
        known = {i: o for (name, i), o in self._orders.items() if name == account.name}
        gone = {i: o for i, o in known.items() if i not in account.open}
        ids = [i for i, o in gone.items() if not o.outcome.is_closed]
        ids += [i for i, o in gone.items() if o.outcome.is_closed and o.filled is None][:_DETAILS]
        try:
            if len(ids) > 1:
                found = await self._ask(lambda: self._venue.find(account.name, ids))
                for order in found:
                    self._seen(account, order)
                seen = {order.id for order in found}
                ids = [i for i in ids if i not in seen]
        except _GaveUp:
            pass  # one by one, then
        await asyncio.gather(*(self._read(account, i) for i in ids))
        if account.is_listed:
            for i, o in known.items():
                if (
                    i not in account.open
                    and self._orders[account.name, i].outcome is Outcome.PENDING
                ):
                    lost = "no longer listed as open; how it ended could not be read"
                    self._orders[account.name, i] = replace(o, outcome=Outcome.UNKNOWN, reason=lost)

    async def _read(self, account: _Account, id_: str) -> None:
        with suppress(_GaveUp):
            self._seen(account, await self._ask(lambda: self._venue.read(account.name, id_)))
        self._changed()

    def _told(self, account: _Account, said: Sequence[Acknowledgement]) -> None:
        for one in said:
            known = self._orders.get((account.name, one.id)) or _unknown(account.name, one.id)
            self._orders[account.name, one.id] = known.told(one)

    def _seen(self, account: _Account, order: Order) -> None:
        key = account.name, order.id
        known = self._orders.get(key) or _unknown(account.name, order.id)
        if order.is_open:
            account.open.add(order.id)
            account.is_empty = False
            if known.outcome.is_closed:  # said to be gone, and here it is
                known = replace(known, outcome=Outcome.UNKNOWN)
        else:
            account.open.discard(order.id)
        self._orders[key] = known.seen(order)

    # Requests.

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _give_up(self, known: Failure) -> NoReturn:
        self._failures.append(known)
        raise _GaveUp(known.reason)

    async def _ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Send a request until it is answered for good; repeating a cancel opens no risk."""
        pause, longest = self._pace.backoff
        for number in range(1, _TRIES + 1):
            try:
                async with self._slots:
                    if self._left() <= 0:
                        self._give_up(Failure("out of time", None, True))
                    return await asyncio.wait_for(request(), min(self._left(), self._pace.patience))
            except asyncio.TimeoutError:
                known = Failure("no answer in time", None, True)
            except VenueError as error:
                known = Failure(str(error), None, True)
            except _GaveUp:
                raise
            except Exception as error:  # noqa: BLE001 - every client has a tree of its own
                known = failure(error)
            wait = pause if known.wait is None else max(known.wait, 0.05)
            if number == _TRIES or not known.is_temporary or wait >= self._left():
                self._give_up(known)
            self._failures.append(known)
            await asyncio.sleep(wait)
            pause = min(pause * 2, longest)
        raise _GaveUp("tried too often")

    # The report.

    def _changed(self) -> None:
        if self._on_change is not None and time.monotonic() - self._shown > 0.05:
            self._on_change(self._report())
            self._shown = time.monotonic()

    def _report(self) -> VenueReport:
        result, reason = self._result()
        times = [a.at for a in self._accounts if a.at]
        return VenueReport(
            venue=self._venue.name,
            environment=self._venue.environment,
            accounts=tuple(a for a in self._venue.accounts if a),
            result=result,
            reason=reason,
            orders=tuple(self._orders.values()),
            at=min(times) if times and len(times) == len(self._accounts) else None,
            failures=tuple(self._failures),
        )

    def _result(self) -> tuple[Result, str]:
        if isinstance(self._scope, One):
            known = next(iter(self._orders.values()), _unknown("", self._scope.id))
            if known.outcome.is_closed:
                return Result.VERIFIED, ""
            is_open = any(account.open for account in self._accounts)
            why = known.reason or known.outcome.value
            return (Result.RESIDUAL if is_open else Result.UNVERIFIED), why
        if self._accounts and all(account.is_empty for account in self._accounts):
            return Result.VERIFIED, ""
        unknown = [a for a in self._accounts if not a.is_listed or not (a.is_empty or a.open)]
        if unknown or not self._accounts:
            said = [f"{a.name}: {a.reason}" if a.name else a.reason for a in unknown if a.reason]
            return Result.UNVERIFIED, "; ".join(said) or "not listed"
        count = sum(len(account.open) for account in self._accounts)
        refused = "; the cancel was refused" if any(a.is_refused for a in self._accounts) else ""
        return (
            Result.RESIDUAL,
            f"{count} {'order is' if count == 1 else 'orders are'} open{refused}",
        )


def _unknown(account: str, id_: str) -> OrderReport:
    return OrderReport(id=id_, account=account, outcome=Outcome.UNKNOWN)
