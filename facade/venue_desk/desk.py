"""One desk over several venues: cancel, list until it is empty or too late, and say what is known."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TypeVar

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
_POLL = (0.1, 2.0)  # seconds between two listings: the first and the longest pause
_BACKOFF = (0.2, 5.0)  # seconds between two tries of a request
_TRIES = 8  # of one request that the venue puts off; the deadline bounds them too


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

    def __init__(self, venues: Iterable[Venue], *, deadline: float = DEADLINE) -> None:
        self.venues = tuple(venues)
        self.deadline = deadline
        """Seconds that each venue has."""
        self.latch = Latch()

    async def cancel(self, scope: Scope, on_change: OnChange | None = None) -> Report:
        """Cancel what is open in a scope, and report what is known afterwards."""
        if isinstance(scope, One) and len(self.venues) != 1:
            raise ValueError("one order is on one venue: name it")
        if isinstance(scope, Everything):
            self.latch.close("everything is being canceled")
        runs = [_Run(venue, scope, self.deadline, on_change) for venue in self.venues]
        return Report(tuple(await asyncio.gather(*(run.cancel() for run in runs))))

    async def orders(self, on_change: OnChange | None = None) -> Report:
        """List what is open; `verified` means that nothing is."""
        runs = [_Run(venue, Everything(), self.deadline, on_change) for venue in self.venues]
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
    is_empty: bool = False
    at: datetime | None = None
    open: set[str] = field(default_factory=set[str])
    reason: str = ""


class _Run:
    """One scope on one venue, from the first request to the report."""

    def __init__(
        self, venue: Venue, scope: Scope, deadline: float, on_change: OnChange | None
    ) -> None:
        self._venue = venue
        self._scope = scope
        self._symbol = scope.name if isinstance(scope, Symbol) else None
        self._ends = time.monotonic() + deadline
        self._slots = asyncio.Semaphore(venue.capabilities.at_once)
        self._on_change = on_change
        self._accounts = [_Account(name) for name in venue.accounts]
        self._orders: dict[tuple[str, str], OrderReport] = {}
        self._failures: list[str] = []

    # What a desk asks for.

    async def cancel(self) -> VenueReport:
        work = self._cancel_one if isinstance(self._scope, One) else self._empty
        await self._each(work)
        await self._guard(self._settle())
        return self._report()

    async def list(self) -> VenueReport:
        await self._each(self._list)
        return self._report()

    async def _each(self, work: Callable[[_Account], Awaitable[object]]) -> None:
        await asyncio.gather(*(self._guard(work(account), account) for account in self._accounts))

    async def _guard(self, work: Awaitable[object], account: _Account | None = None) -> None:
        """Whatever happens becomes part of the report."""
        try:
            await work
        except _GaveUp as error:
            if account:
                account.reason = str(error)
        except Exception as error:  # noqa: BLE001 - nothing that was learnt may be lost to a bug
            self._failures.append(f"{type(error).__name__}: {error}")
            if account:
                account.reason, account.is_listed = f"{type(error).__name__}: {error}", False

    # Everything, or a symbol.

    async def _empty(self, account: _Account) -> None:
        """Cancel, list, and sweep again what is open, until nothing is or the time is up."""
        pause = _POLL[0]
        wanted: set[str] | None = None
        while True:
            await self._sweep(account, wanted)
            await self._list(account)
            if account.is_empty or self._left() <= pause:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _POLL[1])
            # What the venue has accepted is waited for; what is new or was refused is swept again.
            wanted = {i for i in account.open if not self._is_pending(account.name, i)}

    async def _sweep(self, account: _Account, wanted: set[str] | None) -> None:
        """Ask for the cancel of what is in scope; `wanted` is what a listing has shown since."""
        if wanted is not None and not wanted:
            return
        by_list = self._symbol and self._venue.capabilities.cancel_symbol == "by list and cancel"
        try:
            if by_list:
                if wanted is None:
                    await self._list(account)
                    wanted = set(account.open)
                await self._cancel_ids(account, sorted(wanted))
            elif self._symbol:
                symbol = self._symbol
                said = await self._ask(lambda: self._venue.cancel_symbol(account.name, symbol))
                self._told(account, said)
            else:
                said = await self._ask(lambda: self._venue.cancel_all(account.name))
                self._told(account, said)
        except _GaveUp as error:
            account.reason = str(error)  # the listing may still be empty
        self._changed()

    async def _cancel_ids(self, account: _Account, ids: Sequence[str]) -> None:
        size = self._venue.capabilities.batch
        batches = [ids[at : at + size] for at in range(0, len(ids), size)]

        async def one(batch: Sequence[str]) -> None:
            try:
                said = await self._ask(lambda: self._venue.cancel(account.name, batch))
            except _GaveUp as error:
                for id_ in batch:
                    self._put(account, id_, reason=str(error))
                return
            self._told(account, said)

        await asyncio.gather(*(one(batch) for batch in batches))

    async def _list(self, account: _Account) -> None:
        """Read the whole list; whether it is empty counts only where it was complete."""
        account.is_listed = account.is_empty = False

        async def whole() -> tuple[set[str], bool]:
            found: set[str] = set()
            is_snapshot = True
            async for page in self._venue.open_orders(account.name, self._symbol):
                for order in page.orders:
                    self._seen(account, order)
                    found.add(order.id)
                is_snapshot = is_snapshot and page.is_snapshot
            return found, is_snapshot

        account.open, is_snapshot = await self._ask(whole)
        account.is_listed, account.is_empty = True, not account.open and is_snapshot
        account.at = datetime.now(timezone.utc)
        account.reason = "" if account.is_empty or account.open else "the list had several pages"
        self._changed()

    # One order.

    async def _cancel_one(self, account: _Account) -> None:
        if not isinstance(self._scope, One):
            return
        id_ = self._scope.id
        self._put(account, id_)
        await self._cancel_ids(account, [id_])
        pause = _POLL[0]
        while True:
            await self._read(account, [id_])
            known = self._orders[account.name, id_]
            if (
                known.outcome.is_closed
                or known.outcome is Outcome.NOT_FOUND
                or self._left() <= pause
            ):
                return
            if known.outcome is not Outcome.PENDING:
                await self._cancel_ids(account, [id_])
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _POLL[1])

    # What became of the orders.

    async def _settle(self) -> None:
        """Read the orders whose end is not certain, as far as the time allows."""
        for account in self._accounts:
            ids = [
                id_
                for (name, id_), known in self._orders.items()
                if name == account.name and id_ not in account.open and not known.outcome.is_closed
            ]
            size = self._venue.capabilities.read_batch
            batches = [ids[at : at + size] for at in range(0, len(ids), size)]
            await asyncio.gather(*(self._guard(self._read(account, batch)) for batch in batches))

    async def _read(self, account: _Account, ids: Sequence[str]) -> None:
        for order in await self._ask(lambda: self._venue.read(account.name, ids)):
            self._seen(account, order)
        self._changed()

    def _is_pending(self, account: str, id_: str) -> bool:
        known = self._orders.get((account, id_))
        return known is not None and known.outcome is Outcome.PENDING

    def _told(self, account: _Account, said: Sequence[Acknowledgement]) -> None:
        for one in said:
            key = account.name, one.id
            known = self._orders.get(key) or _unknown(account.name, one.id)
            self._orders[key] = known.told(one)

    def _seen(self, account: _Account, order: Order) -> None:
        key = account.name, order.id
        known = self._orders.get(key) or _unknown(account.name, order.id)
        if known.outcome.is_closed and order.outcome is None:
            known = replace(known, outcome=Outcome.UNKNOWN)  # said to be gone, and here it is
        self._orders[key] = known.seen(order)

    def _put(self, account: _Account, id_: str, reason: str = "") -> None:
        key = account.name, id_
        known = self._orders.get(key) or _unknown(account.name, id_)
        self._orders[key] = replace(known, reason=reason or known.reason)

    # Requests.

    def _left(self) -> float:
        return self._ends - time.monotonic()

    async def _ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Send a request until it is answered for good; repeating a cancel opens no risk."""
        pause = _BACKOFF[0]
        for number in range(1, _TRIES + 1):
            try:
                async with self._slots:
                    left = self._left()
                    if left <= 0:
                        raise _GaveUp("out of time")
                    return await asyncio.wait_for(request(), left)
            except asyncio.TimeoutError:
                self._failures.append("no answer within the deadline")
                raise _GaveUp("out of time: no answer within the deadline") from None
            except VenueError as error:
                self._failures.append(str(error))
                raise _GaveUp(str(error)) from None
            except (_GaveUp, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001 - every client has a tree of its own
                known = failure(error)
                self._failures.append(known.reason)
                wait = self._wait(known, pause)
                if number == _TRIES or wait is None:
                    raise _GaveUp(known.reason) from None
            await asyncio.sleep(wait)
            pause = min(pause * 2, _BACKOFF[1])
        raise _GaveUp("tried too often")

    def _wait(self, known: Failure, pause: float) -> float | None:
        if not known.is_temporary:
            return None
        wait = pause if known.wait is None else max(known.wait, 0.05)
        return wait if wait < self._left() else None

    # The report.

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change(self._report())

    def _report(self) -> VenueReport:
        orders = tuple(self._orders.values())
        result, reason = self._result()
        times = [a.at for a in self._accounts if a.at]
        return VenueReport(
            venue=self._venue.name,
            environment=self._venue.environment,
            accounts=tuple(a for a in self._venue.accounts if a),
            result=result,
            reason=reason,
            orders=orders,
            at=min(times) if len(times) == len(self._accounts) and times else None,
            failures=tuple(self._failures),
        )

    def _result(self) -> tuple[Result, str]:
        if isinstance(self._scope, One):
            (known, *_) = [*self._orders.values(), _unknown("", self._scope.id)]
            if known.outcome.is_closed:
                return Result.VERIFIED, ""
            is_open = known.outcome is Outcome.PENDING
            why = known.reason or known.outcome.value
            return (Result.RESIDUAL if is_open else Result.UNVERIFIED), why
        if self._accounts and all(account.is_empty for account in self._accounts):
            return Result.VERIFIED, ""
        unknown = [a for a in self._accounts if not a.is_listed or not (a.is_empty or a.open)]
        if unknown or not self._accounts:
            reasons = [f"{a.name}: {a.reason}" if a.name else a.reason for a in unknown]
            return Result.UNVERIFIED, "; ".join(
                dict.fromkeys(filter(None, reasons))
            ) or "not listed"
        count = sum(len(account.open) for account in self._accounts)
        return Result.RESIDUAL, f"{count} {'order is' if count == 1 else 'orders are'} open"


def _unknown(account: str, id_: str) -> OrderReport:
    return OrderReport(id=id_, account=account, outcome=Outcome.UNKNOWN)
