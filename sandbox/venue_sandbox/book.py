"""The orders that a simulated venue has, and what becomes of them: the truth."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """Where an order stands; every venue has its own words for these."""

    NEW = "new"
    PARTIALLY_FILLED = "partially_filled"
    PENDING_CANCEL = "pending_cancel"
    PENDING_REPLACE = "pending_replace"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"


OPEN = frozenset(
    {Status.NEW, Status.PARTIALLY_FILLED, Status.PENDING_CANCEL, Status.PENDING_REPLACE}
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a cancel does to an order.

    It ends as `end` (NEW: the cancel is lost and the order stays), after it was pending for so many
    further requests to the venue and so many seconds of its clock; `steps=None` is for ever. One
    that is `refused` changes nothing.
    """

    end: Status = Status.CANCELED
    steps: int | None = 0
    seconds: float = 0.0
    refused: bool = False

    @property
    def at_once(self) -> bool:
        return self.steps == 0 and self.seconds <= 0


CANCELS = Fate()
FILLS = Fate(end=Status.FILLED)
REFUSES = Fate(refused=True)
STUCK = Fate(steps=None)
LOST = Fate(end=Status.NEW, steps=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order as it stood when it was looked at."""

    id: str
    client_id: str
    account: str
    symbol: str
    market: str
    side: str
    quantity: Decimal
    filled: Decimal
    price: Decimal
    status: Status
    fate: Fate
    number: int  # by time of submission
    created: int  # nanoseconds since 1970
    updated: int

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def remaining(self) -> Decimal:
        return self.quantity - self.filled


class Clock:
    """The venue's clock: it runs, and can be set forward or back."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds


def numbered_uuid(number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"order {number}"))


def numbered_hash(number: int) -> str:
    return "0x" + hashlib.sha256(f"order {number}".encode()).hexdigest()


@dataclass(slots=True)
class _Pending:
    steps: int | None
    until: float


class Book:
    """The orders of one venue, of all of its accounts. Safe to use from several threads."""

    def __init__(self, account: str, clock: Clock, new_id: Callable[[int], str]) -> None:
        self.account = account
        self.clock = clock
        self.watchers: list[Callable[[], None]] = []
        self._new_id = new_id
        self._orders: dict[str, Order] = {}
        self._pending: dict[str, _Pending] = {}
        self._arriving: list[dict[str, object]] = []
        self._lock = threading.RLock()

    def add(
        self,
        symbol: str,
        *,
        quantity: str | Decimal = "10",
        filled: str | Decimal = "0",
        side: str = "buy",
        price: str | Decimal = "1.5",
        status: Status | None = None,
        fate: Fate = CANCELS,
        account: str | None = None,
        market: str = "",
        created: int | None = None,
    ) -> Order:
        """Put in an order; orders are submitted a millisecond apart unless `created` says when."""
        with self._lock:
            number = len(self._orders) + 1
            now = int(self.clock.now() * 1e9) + number * 1_000_000 + number
            some = Decimal(filled) > 0
            order = Order(
                id=self._new_id(number),
                client_id=f"mine-{number}",
                account=self.account if account is None else account,
                symbol=symbol,
                market=market or "0x" + hashlib.sha256(symbol.encode()).hexdigest(),
                side=side,
                quantity=Decimal(quantity),
                filled=Decimal(filled),
                price=Decimal(price),
                status=status or (Status.PARTIALLY_FILLED if some else Status.NEW),
                fate=fate,
                number=number,
                created=now if created is None else created,
                updated=now if created is None else created,
            )
            self._orders[order.id] = order
            return order

    def add_during_cancel(self, symbol: str, **order: object) -> None:
        """Put in an order just after the next cancel was carried out: it raced."""
        with self._lock:
            self._arriving.append({"symbol": symbol, **order})

    def arrive(self) -> None:
        """A cancel was carried out: let one order in that was waiting for it."""
        with self._lock:
            if self._arriving:
                self.add(**self._arriving.pop(0))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # the arguments of add

    def orders(self, account: str | None = None) -> list[Order]:
        """All orders, the open and the closed, by time of submission."""
        with self._lock:
            self.settle()
            return [o for o in self._orders.values() if account in (None, o.account)]

    def open(self, account: str | None = None, symbol: str | None = None) -> list[Order]:
        """What is open now."""
        return [o for o in self.orders(account) if o.is_open and symbol in (None, o.symbol)]

    def get(self, id: str) -> Order | None:
        with self._lock:
            self._watch()
            self._settle(id)
            return self._orders.get(id)

    def __iter__(self) -> Iterator[Order]:
        return iter(self.orders())

    def __len__(self) -> int:
        return len(self._orders)

    def fill(self, id: str, quantity: str | Decimal | None = None) -> Order:
        """Fill an order, whole or in part."""
        with self._lock:
            order = self._orders[id]
            filled = order.quantity if quantity is None else order.filled + Decimal(quantity)
            whole = filled >= order.quantity
            status = Status.FILLED if whole else Status.PARTIALLY_FILLED
            return self._set(replace(order, filled=min(filled, order.quantity), status=status))

    def set(self, id: str, status: Status) -> Order:
        """Make an order stand anywhere."""
        with self._lock:
            self._pending.pop(id, None)
            return self._set(replace(self._orders[id], status=status))

    def cancel(self, id: str) -> Order | None:
        """Ask for the cancel of an order; None where it is refused or the order is not open."""
        with self._lock:
            order = self._orders[id]
            if not order.is_open or order.fate.refused or order.status is Status.PENDING_REPLACE:
                return None
            if order.fate.at_once:
                return self._end(order)
            if id not in self._pending:
                until = self.clock.now() + order.fate.seconds
                self._pending[id] = _Pending(order.fate.steps, until)
            return self._set(replace(order, status=Status.PENDING_CANCEL))

    def step(self) -> None:
        """One more request has come: pending cancels are that much further."""
        with self._lock:
            self.settle()
            for pending in self._pending.values():
                if pending.steps:
                    pending.steps -= 1

    def settle(self) -> None:
        """End the pending cancels whose time has come."""
        with self._lock:
            self._watch()
            for id in list(self._pending):
                self._settle(id)

    def _watch(self) -> None:
        for watcher in self.watchers:
            watcher()

    def _settle(self, id: str) -> None:
        pending = self._pending.get(id)
        if pending is not None and pending.steps == 0 and pending.until <= self.clock.now():
            del self._pending[id]
            self._end(self._orders[id])

    def _end(self, order: Order) -> Order:
        if order.fate.end is Status.FILLED:
            return self._set(replace(order, filled=order.quantity, status=Status.FILLED))
        if order.fate.end is Status.NEW:
            status = Status.PARTIALLY_FILLED if order.filled else Status.NEW
            return self._set(replace(order, status=status, fate=CANCELS))
        return self._set(replace(order, status=order.fate.end))

    def _set(self, order: Order) -> Order:
        order = replace(order, updated=max(int(self.clock.now() * 1e9), order.updated))
        self._orders[order.id] = order
        return order
