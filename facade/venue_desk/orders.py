"""What a desk says about orders, accounts and venues; nothing here sends anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from .failures import Failure


class Outcome(str, Enum):
    """What became of an order, as far as it is known."""

    CANCELED = "canceled"
    PENDING = "pending"  # the venue has accepted the cancel; the order is still open
    FILLED = "filled"
    ALREADY_CLOSED = "already_closed"  # expired, rejected or replaced; by whom is not known
    NOT_FOUND = "not_found"
    REJECTED = "rejected"  # the venue refuses the cancel
    UNKNOWN = "unknown"

    @property
    def is_closed(self) -> bool:
        """Whether the order can fill no more."""
        return self in (Outcome.CANCELED, Outcome.FILLED, Outcome.ALREADY_CLOSED)


class Result(str, Enum):
    """What is known of a venue after a cancel."""

    VERIFIED = "verified"  # a complete listing of every named account was empty
    RESIDUAL = "residual"  # orders are open
    UNVERIFIED = "unverified"  # it is not known whether orders are open


@dataclass(frozen=True)
class Everything:
    """Every open order of the named accounts."""


@dataclass(frozen=True)
class Symbol:
    """The open orders of one symbol (on Polymarket: a market's or a token's id)."""

    name: str

    def __post_init__(self) -> None:
        _named(self.name, "a symbol")


@dataclass(frozen=True)
class One:
    """One order by the venue's id."""

    id: str

    def __post_init__(self) -> None:
        _named(self.id, "an order's id")


Scope = Everything | Symbol | One


def _named(text: str, what: str) -> None:
    # A blank selector widens the scope on some venues: it must not get that far.
    if not text.strip() or text != text.strip() or not text.isprintable():
        raise ValueError(f"{what} must be neither blank nor padded")


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as a venue last described it."""

    id: str
    account: str = ""
    symbol: str | None = None
    status: str = ""
    filled: Decimal | None = None
    remaining: Decimal | None = None
    outcome: Outcome | None = None
    """None while the order is open and nobody has asked to cancel it."""

    @property
    def is_open(self) -> bool:
        return self.outcome in (None, Outcome.PENDING)


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """What the answer to a cancel says about one order."""

    id: str
    outcome: Outcome
    reason: str = ""
    order: Order | None = None
    raw: bytes = b""
    """The answer, where it is a failure or says nothing certain."""


@dataclass(frozen=True, kw_only=True)
class OrderReport:
    """What became of one order."""

    id: str
    outcome: Outcome
    account: str = ""
    symbol: str | None = None
    filled: Decimal | None = None
    remaining: Decimal | None = None
    reason: str = ""
    raw: bytes = b""

    def told(self, said: Acknowledgement) -> OrderReport:
        """The report after a cancel was answered; what is known to be closed stays closed."""
        known = self.seen(said.order) if said.order else self
        if known.outcome.is_closed:
            return known
        return replace(known, outcome=said.outcome, reason=said.reason, raw=said.raw or self.raw)

    def seen(self, order: Order) -> OrderReport:
        """The report after the order was read."""
        if self.outcome.is_closed and order.outcome is Outcome.NOT_FOUND:
            return self
        outcome = order.outcome or self.outcome
        return replace(
            self,
            outcome=outcome,
            account=order.account or self.account,
            symbol=order.symbol or self.symbol,
            filled=self.filled if order.filled is None else order.filled,
            remaining=self.remaining if order.remaining is None else order.remaining,
            reason=order.status or self.reason,
            raw=b"" if outcome.is_closed else self.raw,
        )


@dataclass(frozen=True, kw_only=True)
class VenueReport:
    """What a desk knows of one venue when it has done what it could."""

    venue: str
    environment: str
    accounts: tuple[str, ...]
    result: Result
    reason: str = ""
    orders: tuple[OrderReport, ...] = ()
    at: datetime | None = None
    """When the listing was complete that the result stands on."""
    failures: tuple[Failure, ...] = ()
    """What went wrong on the way, in order, with the raw bodies; also what was retried."""


@dataclass(frozen=True)
class Report:
    """What a desk knows of all venues that it was asked about."""

    venues: tuple[VenueReport, ...] = field(default=())

    @property
    def is_verified(self) -> bool:
        """Whether every venue is verified; false where none was asked."""
        return bool(self.venues) and all(v.result is Result.VERIFIED for v in self.venues)


def part(row: Any, *names: str) -> Any:
    """A field of a row under the first name that it has: of a model, or of what did not fit one."""
    own: Any = getattr(row, "__dict__", row)
    both: tuple[Any, Any] = (own, getattr(row, "model_extra", None))
    holders: list[Any] = [holder for holder in both if hasattr(holder, "get")]
    for name in names:
        for holder in holders:
            found = holder.get(name)
            if found is not None:
                return getattr(found, "value", found)
    return None


def text(row: Any, *names: str) -> str:
    """The same as text; empty where there is none."""
    found = part(row, *names)
    return "" if found is None else str(found)


def decimal(text: object) -> Decimal | None:
    """Read a quantity that a venue writes as text; None where it is none."""
    if text is None or isinstance(text, bool) or not re.fullmatch(r"[+-]?[0-9.]+", str(text)):
        return None
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None
