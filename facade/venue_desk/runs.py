"""One scope on one venue: look, cancel, list until nothing is open, and read what became of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from typing import TypeVar

from .calls import TRIES, Calls, GaveUp, Pace
from .failures import Failure
from .orders import (
    Acknowledgement,
    One,
    Order,
    OrderReport,
    Outcome,
    Result,
    Scope,
    Symbol,
    VenueReport,
)
from .venues import Venue

T = TypeVar("T")
OnChange = Callable[[VenueReport], None]

_DETAILS = 250  # closed orders that are read one by one only for what they have filled
_LISTINGS = 3  # that may fail one after the other
_CANCELS = 3  # tries before a listing: one whose answer was lost may have done its work
_REFUSED, _FORBIDDEN = (400, 409, 422), (401, 403)


@dataclass
class _Account:
    """What is known of one account of a venue."""

    name: str
    orders: dict[str, OrderReport] = field(default_factory=dict[str, OrderReport])
    open: set[str] = field(default_factory=set[str])
    """Seen open, and not seen closed since."""
    again: set[str] = field(default_factory=set[str])
    """Those of the last listing that the venue does not call pending: they are swept again."""
    parts: Sequence[str | None] = ()
    is_listed: bool = False  # the last listing was complete
    is_empty: bool = False  # and empty in one look; or the one order was read after its end
    is_refused: bool = False  # the last cancel was, for good
    held: float = 0.0  # until when the venue asked not to be sent another cancel
    at: datetime | None = None
    missing: str = ""  # why no listing is of the whole account
    reason: str = ""

    def hold(self, known: Failure) -> None:
        self.held = max(self.held, time.monotonic() + (known.wait or 0.0))

    def told(self, said: Acknowledgement) -> None:
        known = self.orders.get(said.id) or OrderReport(id=said.id, account=self.name)
        self.orders[said.id] = known.told(said)

    def seen(self, order: Order) -> None:
        known = self.orders.get(order.id) or OrderReport(id=order.id, account=self.name)
        self.orders[order.id] = known.seen(order)
        if order.is_open:
            self.open.add(order.id)
            self.is_empty = False
        elif self.orders[order.id].outcome.is_closed:
            self.open.discard(order.id)


class Run:
    """One scope on one venue, from the first request to the report."""

    def __init__(
        self, venue: Venue, scope: Scope, pace: Pace, on_change: OnChange | None = None
    ) -> None:
        self._venue, self._scope, self._pace = venue, scope, pace
        self._symbol = scope.name if isinstance(scope, Symbol) else None
        can = venue.capabilities
        self._is_by_id = self._symbol is not None and can.cancel_symbol == "by list and cancel"
        self._calls = Calls(pace, can.at_once)
        self._accounts = [_Account(name) for name in venue.accounts]
        self._on_change = on_change
        self._shown = 0.0
        self._is_done = False

    async def cancel(self) -> VenueReport:
        """Cancel what is in scope, and say what is known afterwards."""
        await self._each(self._cancel_one if isinstance(self._scope, One) else self._empty)
        self._calls.use_reserve()
        await self._each(self._settle)
        self._is_done = True
        return self.report()

    async def list(self) -> VenueReport:
        """List what is in scope."""
        self._calls.use_reserve()
        await self._each(self._list)
        self._is_done = True
        return self.report()

    async def _each(self, work: Callable[[_Account], Awaitable[object]]) -> None:
        """Work on every account; whatever happens becomes part of the report."""

        async def guarded(account: _Account) -> None:
            try:
                await work(account)
            except GaveUp as error:
                account.reason = str(error)
            except Exception as error:  # noqa: BLE001 - nothing that was learnt may be lost to a bug
                account.reason = f"{type(error).__name__}: {error}"
                account.is_listed = account.is_empty = False
                self._calls.failures.append(Failure(account.reason))

        await asyncio.gather(*map(guarded, self._accounts))

    # Everything, or a symbol.

    async def _empty(self, account: _Account) -> None:
        """Cancel, list, and sweep again what is open, until nothing is or the time is up."""
        await self._divide(account)
        with suppress(Exception):  # whatever is wrong with a list, the cancel is sent
            await asyncio.wait_for(self._list(account, tries=2), self._pace.glance)
        await self._sweep(account)
        pause, longest = self._pace.polls
        bad = 0
        while True:
            began, was_listed = self._calls.left, account.is_listed
            try:
                await self._list(account)
                bad = 0
            except GaveUp as error:
                if was_listed and account.open and self._calls.left <= pause:
                    account.is_listed = True  # too late for another: what the last one showed
                    return
                account.reason = str(error)
                bad += 1
                is_final = not error.failure.is_temporary or account.is_refused
                if is_final or bad == _LISTINGS or (error.failure.wait or 0) >= self._calls.left:
                    raise
            # A listing that cannot end in time would only take away what this one has shown.
            needed = pause + 2 * (began - self._calls.left)
            is_done = account.is_empty or (account.missing and not account.open)
            if is_done or account.is_refused or self._calls.left <= needed:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, longest)
            # What the venue calls pending is waited for; what is new or was refused is swept again.
            if account.again and time.monotonic() >= account.held:
                await self._sweep(account)

    async def _divide(self, account: _Account) -> None:
        account.parts = [self._symbol]
        if self._symbol is None and self._venue.capabilities.cancel_all == "symbol by symbol":
            try:
                account.parts = await self._calls.ask(self._venue.symbols)
            except GaveUp as error:
                account.parts = self._venue.usual
                account.missing = f"which symbols there are is not known: {error}"

    async def _sweep(self, account: _Account) -> None:
        """Ask for the cancel of what is in scope."""
        if self._is_by_id:
            await self._cancel_ids(account, sorted(account.again or account.open))
        else:
            refused = await _together([self._cancel_part(account, p) for p in account.parts])
            account.is_refused = all(refused)
        self._changed()

    async def _cancel_part(self, account: _Account, part: str | None) -> bool:
        """Cancel everything, or a symbol; whether that was refused for good."""
        try:
            request = partial(self._venue.cancel_all, account.name, part)
            for one in await self._calls.ask(request, _CANCELS):
                account.told(one)
        except GaveUp as error:
            if not self._venue.is_nothing_open(error.failure):
                account.hold(error.failure)
                return not error.failure.is_temporary
            if error.failure in self._calls.failures:
                self._calls.failures.remove(error.failure)
        return False

    async def _cancel_ids(self, account: _Account, ids: Sequence[str]) -> None:
        size = self._venue.capabilities.batch

        async def some(batch: Sequence[str]) -> bool:
            known: Failure | None = None
            try:
                request = partial(self._venue.cancel, account.name, batch)
                said = await self._calls.ask(request, _CANCELS)
            except GaveUp as error:
                known, outcome = error.failure, Outcome.UNKNOWN
                account.hold(known)
                if len(batch) == 1 and known.status in (404, *_REFUSED):
                    outcome = Outcome.NOT_FOUND if known.status == 404 else Outcome.REJECTED
                said = [
                    Acknowledgement(id=i, outcome=outcome, reason=known.reason, raw=known.raw)
                    for i in batch
                ]
            for one in said:
                account.told(one)
            return known is not None and known.status in _FORBIDDEN

        refused = await _together([some(ids[at : at + size]) for at in range(0, len(ids), size)])
        account.is_refused = bool(refused) and all(refused)

    async def _list(self, account: _Account, tries: int = TRIES) -> None:
        """Read the whole list; whether it is empty counts only where one look saw all of it."""
        account.is_listed = account.is_empty = False
        if not account.parts:
            await self._divide(account)
        account.again = set()
        at, open_ = datetime.now(timezone.utc), set[str]()

        async def whole(part: str | None) -> int:
            here, mark, count = None, "", 0
            while True:
                page = await self._calls.ask(
                    partial(self._venue.page, account.name, part, here), tries
                )
                for order in page.orders:
                    account.seen(order)
                    open_.add(order.id)
                    if order.outcome is None:
                        account.again.add(order.id)
                self._changed()
                count += 1
                if page.next is None:
                    return count
                if page.next in (mark, here):
                    known = Failure("the list of open orders does not end", is_temporary=True)
                    raise self._calls.give_up(known)
                here = page.next
                if count & (count - 1) == 0:  # remembered until the count has doubled
                    mark = here

        pages = await _together([whole(part) for part in account.parts])
        account.open, account.is_listed, account.at = open_, not account.missing, at
        account.is_empty = account.is_listed and not open_ and max(pages) == 1
        several = "" if account.is_empty or open_ else "the list had several pages"
        account.reason = account.missing or several

    # One order.

    async def _cancel_one(self, account: _Account) -> None:
        id_ = self._scope.id if isinstance(self._scope, One) else ""
        account.orders[id_] = OrderReport(id=id_, account=account.name)
        pause, longest = self._pace.polls
        await self._cancel_ids(account, [id_])
        missed = 0
        while True:
            account.at = datetime.now(timezone.utc)
            order = await self._read(account, id_)
            self._changed()
            missed += order.outcome is Outcome.NOT_FOUND
            if account.is_empty or account.is_refused or missed == 2 or self._calls.left <= pause:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, longest)
            if order.outcome is None:  # it is open, and the venue does not call it pending
                await self._cancel_ids(account, [id_])

    async def _read(self, account: _Account, id_: str) -> Order:
        try:
            order = await self._calls.ask(lambda: self._venue.read(account.name, id_))
        except GaveUp as error:
            if error.failure.status != 404:
                raise
            order = Order(id=id_, account=account.name, outcome=Outcome.NOT_FOUND)
        account.seen(order)
        if isinstance(self._scope, One):
            account.is_empty = account.orders[id_].outcome.is_closed
        return order

    # What became of the orders.

    async def _settle(self, account: _Account) -> None:
        """Read the orders whose end is not known, or not how much was filled by then."""
        open_ = account.open if account.is_listed else set[str]()
        gone = [o for i, o in account.orders.items() if i not in open_]
        ids = [o.id for o in gone if not o.outcome.is_closed]
        ids += [o.id for o in gone if o.outcome.is_closed and o.filled is None][:_DETAILS]
        wanted, at = set(ids), None
        with suppress(GaveUp):  # one by one, then
            while len(wanted) > 1:
                page = await self._calls.ask(partial(self._venue.find, account.name, ids, at))
                found = [order for order in page.orders if order.id in wanted]
                for order in found:
                    account.seen(order)
                wanted -= {order.id for order in found}
                if page.next in (None, at) or not found:
                    break
                at = page.next

        async def one(id_: str) -> None:
            with suppress(GaveUp):
                await self._read(account, id_)
            self._changed()

        await _together([one(id_) for id_ in ids if id_ in wanted])
        for id_, known in account.orders.items() if account.is_listed else ():
            if id_ not in account.open and known.outcome is Outcome.PENDING:
                lost = "no longer listed as open; how it ended could not be read"
                account.orders[id_] = replace(known, outcome=Outcome.UNKNOWN, reason=lost)

    # The report.

    def _changed(self) -> None:
        if self._on_change is not None and time.monotonic() - self._shown > 0.05:
            self._on_change(self.report())
            self._shown = time.monotonic()

    def report(self) -> VenueReport:
        """What is known now."""
        result, reason = self._result()
        times = [a.at for a in self._accounts if a.at]
        return VenueReport(
            venue=self._venue.name,
            environment=self._venue.environment,
            accounts=tuple(a for a in self._venue.accounts if a),
            result=result,
            reason=reason,
            orders=tuple(order for a in self._accounts for order in a.orders.values()),
            at=min(times) if times and len(times) == len(self._accounts) else None,
            failures=tuple(self._calls.failures),
        )

    def _result(self) -> tuple[Result, str]:
        if not self._is_done:
            return Result.UNVERIFIED, "not finished"
        if self._accounts and all(account.is_empty for account in self._accounts):
            return Result.VERIFIED, ""
        count = sum(len(account.open) for account in self._accounts)
        if isinstance(self._scope, One):
            known = [order for a in self._accounts for order in a.orders.values()]
            why = next((o.reason or o.outcome.value for o in known), "not asked")
            return (Result.RESIDUAL if count else Result.UNVERIFIED), why
        unknown = [a for a in self._accounts if not a.is_listed or not (a.is_empty or a.open)]
        if unknown or not self._accounts:
            said = [f"{a.name}: {a.reason}" if a.name else a.reason for a in unknown if a.reason]
            return Result.UNVERIFIED, "; ".join(said) or "not listed"
        refused = "; the cancel was refused" if any(a.is_refused for a in self._accounts) else ""
        orders = "order is" if count == 1 else "orders are"
        return Result.RESIDUAL, f"{count} {orders} open{refused}"


async def _together(work: Sequence[Awaitable[T]]) -> list[T]:
    """Wait for all, and raise what one of them has raised only then."""
    found = await asyncio.gather(*work, return_exceptions=True)
    done: list[T] = []
    for one in found:
        if isinstance(one, BaseException):
            raise one
        done.append(one)
    return done
