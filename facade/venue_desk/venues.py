"""What a desk needs of a venue, and how a venue differs from others, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

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
    at_once: int = 4
    """How many requests a desk sends to the venue at the same time."""
    needs_accounts: bool = False
    dead_man: bool = False
    paper: bool = True
    """Whether there is an environment without money."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list of open orders, and where the next begins."""

    orders: Sequence[Order]
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A request that a desk would send."""

    method: str
    path: str
    body: str = ""
    note: str = ""


class VenueError(Exception):
    """A venue answered, and the answer cannot be what is so."""


class Venue:
    """One venue in one environment. Every method sends one request and may raise its errors."""

    name: str
    capabilities: Capabilities

    def __init__(self, client: Any, environment: str, accounts: Sequence[str] = ("",)) -> None:
        self.client = client
        self.environment = environment
        self.accounts = tuple(accounts)

    def steps(self, account: str, symbol: str | None, order: str | None) -> Sequence[Step]:
        """The requests of a cancel, without sending any."""
        raise NotImplementedError

    async def symbols(self) -> Sequence[str]:
        """Every symbol, where everything goes symbol by symbol."""
        raise NotImplementedError

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        """Ask for the cancel of everything in an account, or in a symbol where that is native."""
        raise NotImplementedError

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        """Ask for the cancel of orders by id, not more than a batch."""
        raise NotImplementedError

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        """One page of what is open; of nothing else, whatever the venue makes of the filter."""
        raise NotImplementedError

    async def find(self, account: str, ids: Sequence[str]) -> Sequence[Order]:
        """What few requests can tell of many orders; none where the venue has no such list."""
        return ()

    async def read(self, account: str, id: str) -> Order:
        """One order, with its outcome where it is known."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()
