"""What a desk says about orders, accounts and venues; nothing here sends anything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

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
        _check(self.name, "a symbol")
        if "," in self.name:  # some venues take a list here: that would be more than one symbol
            raise ValueError("a symbol has no comma: cancel one after the other")


@dataclass(frozen=True)
class One:
    """One order by the venue's id."""

    id: str

    def __post_init__(self) -> None:
        _check(self.id, "an order's id")
        if "/" in self.id or self.id in (".", ".."):  # it stands in a path: another one, then
            raise ValueError("an order's id is no path")


Scope = Everything | Symbol | One


def _check(text: str, what: str) -> None:
    # A blank selector widens the scope on some venues: it must not get that far.
    if not text.strip() or text != text.strip() or not text.isprintable():
        raise ValueError(f"{what} must be neither blank nor padded")


@dataclass(frozen=True, kw_only=True, slots=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """What the answer to a cancel says about one order."""

    id: str
    outcome: Outcome
    reason: str = ""
    symbol: str | None = None
    order: Order | None = None
    raw: bytes = b""
    """The answer, where it is a failure or says nothing certain."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReport:
    """What became of one order."""

    id: str
    outcome: Outcome = Outcome.UNKNOWN
    account: str = ""
    symbol: str | None = None
    filled: Decimal | None = None
    """Of a closed order what it had filled in the end; None where that could not be read."""
    remaining: Decimal | None = None
    reason: str = ""
    raw: bytes = b""

    def told(self, said: Acknowledgement) -> OrderReport:
        """The report after a cancel was answered; what is known to be closed stays closed."""
        known = self.seen(said.order) if said.order else self
        if known.outcome.is_closed:
            return known
        reason, symbol = said.reason, said.symbol or known.symbol
        known = replace(known, outcome=said.outcome, symbol=symbol, raw=said.raw or self.raw)
        if said.outcome.is_closed:  # it may have filled more before its end
            if known.filled is not None:
                reason = f"{reason}; filled {known.filled:f} when it was last seen open".lstrip(
                    "; "
                )
            known = replace(known, filled=None, remaining=None)
        return replace(known, reason=reason)

    def seen(self, order: Order) -> OrderReport:
        """The report after the order was read."""
        known = self.outcome
        if known.is_closed and order.outcome is Outcome.NOT_FOUND:
            return self
        if order.is_open and (known.is_closed or known is Outcome.NOT_FOUND):
            known = Outcome.UNKNOWN  # said to be gone, and here it is
        outcome = order.outcome or known
        # What was filled while it was open need not be what was filled in the end.
        is_older = outcome.is_closed and not self.outcome.is_closed
        filled, remaining = (None, None) if is_older else (self.filled, self.remaining)
        return replace(
            self,
            outcome=outcome,
            account=order.account or self.account,
            symbol=order.symbol or self.symbol,
            filled=filled if order.filled is None else order.filled,
            remaining=remaining if order.remaining is None else order.remaining,
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
    """When the listing began, or the reading of the one order, that the result stands on."""
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
