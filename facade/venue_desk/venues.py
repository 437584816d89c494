"""What a desk needs of a venue, and how a venue differs from others, as data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from .orders import Acknowledgement, Order

How = Literal["natively", "symbol by symbol", "by list and cancel"]


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a venue can do; what it cannot do is refused or emulated, never widened."""

    cancel_all: How
    cancel_symbol: How
    cancel_one: How = "natively"
    batch: int = 1
    """How many orders one request cancels by id."""
    read_batch: int = 1
    """How many orders one request reads by id."""
    at_once: int = 4
    """How many requests a desk sends to the venue at the same time."""
    needs_accounts: bool = False
    dead_man: bool = False
    paper: bool = True
    """Whether there is an environment without money."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list of open orders."""

    orders: Sequence[Order]
    is_last: bool
    is_snapshot: bool
    """Whether one request saw all that there is, of the account or of a symbol of it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A request that a desk would send."""

    method: str
    path: str
    body: str = ""
    note: str = ""


class VenueError(Exception):
    """A venue answered, and the answer is of no use: another try would bring the same."""


class Venue(Protocol):
    """One venue in one environment. Every method may raise the errors of its client."""

    name: str
    environment: str
    accounts: tuple[str, ...]
    capabilities: Capabilities

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        """The requests of a cancel, without sending any."""
        ...

    async def cancel_all(self, account: str) -> Sequence[Acknowledgement]:
        """Ask for the cancel of everything that is open in an account."""
        ...

    async def cancel_symbol(self, account: str, symbol: str) -> Sequence[Acknowledgement]:
        """Ask for the cancel of what is open in a symbol."""
        ...

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        """Ask for the cancel of orders by id, not more than a batch."""
        ...

    def open_orders(self, account: str, symbol: str | None) -> AsyncIterator[Page]:
        """List what is open, page by page; the last page says so."""
        ...

    async def read(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        """Read orders by id, not more than a batch; outcomes are set where they are known."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
