"""What a desk needs of a venue, and how a venue differs from others, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from .failures import Failure, VenueError
from .orders import Acknowledgement, Order, Outcome
from .rows import decimal, difference, listed, part, text

How = Literal["natively", "symbol by symbol", "by list and cancel"]
Open = Callable[..., Any]


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


USUAL: Mapping[str, Outcome] = {
    "CANCELED": Outcome.CANCELED,
    "FILLED": Outcome.FILLED,
    "EXPIRED": Outcome.ALREADY_CLOSED,
    "REJECTED": Outcome.ALREADY_CLOSED,
    "REPLACED": Outcome.ALREADY_CLOSED,
    "PENDING_CANCEL": Outcome.PENDING,
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a venue writes an order."""

    outcomes: Mapping[str, Outcome]
    """Of its statuses those that are not simply open; an unknown one is open."""
    symbol: tuple[str, ...] = ("symbol",)
    size: str
    filled: str
    remaining: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list of orders, and where the next begins."""

    orders: Sequence[Order]
    next: str | None = None


class Venue:
    """One venue in one environment. Every method sends one request and may raise its errors."""

    name: str
    capabilities: Capabilities
    words: Words
    usual: Sequence[str] = ()
    """Symbols to cancel in where the venue does not tell which it has."""

    def __init__(
        self, open: Open, environment: str, accounts: Sequence[str] = ("",), **options: Any
    ) -> None:
        """Open a venue: `open` makes its client, and takes the client's options as keywords."""
        self.open = partial(open, **options)
        self.client = self.open()
        self.environment = environment
        self.accounts = tuple(accounts)

    async def symbols(self) -> Sequence[str]:
        """Every symbol, where everything goes symbol by symbol."""
        raise NotImplementedError

    async def cancel_all(self, account: str, symbol: str | None) -> Sequence[Acknowledgement]:
        """Ask for the cancel of everything in an account, or in a symbol where that is native."""
        raise NotImplementedError

    def is_nothing_open(self, known: Failure) -> bool:
        """Whether a refused `cancel_all` may only say so; what is open is listed all the same."""
        return False

    async def cancel(self, account: str, ids: Sequence[str]) -> Sequence[Acknowledgement]:
        """Ask for the cancel of orders by id, not more than a batch."""
        raise NotImplementedError

    async def page(self, account: str, symbol: str | None, at: str | None) -> Page:
        """One page of what is open; of nothing else, whatever the venue makes of the filter."""
        raise NotImplementedError

    async def find(self, account: str, ids: Sequence[str], at: str | None) -> Page:
        """One page of orders with many of these among them; empty where there is no such list."""
        return Page(orders=())

    async def read(self, account: str, id: str) -> Order:
        """One order, with its outcome where it is known."""
        raise NotImplementedError

    def order(self, row: Any, account: str = "", id: str = "") -> Order:
        """An order as the venue writes it; raises VenueError where it is not the one of an id."""
        words, status = self.words, text(row, "status")
        filled = decimal(row, words.filled)
        is_told = words.remaining and part(row, words.remaining) is not None
        size = decimal(row, words.size)
        found = text(row, "id", "order_id")
        if not (id or found):
            raise VenueError("the venue lists an order without its id")
        if id and found.lower() not in ("", id.lower()):
            raise VenueError(f"the venue answers with another order: {found}")
        return Order(
            id=id or found,
            account=account,
            symbol=text(row, *words.symbol) or None,
            status=status,
            filled=filled,
            remaining=decimal(row, words.remaining) if is_told else difference(size, filled),
            outcome=words.outcomes.get(status.upper().removeprefix("ORDER_STATUS_")),
        )

    def open_page(self, rows: Any, account: str = "", next: Any = None, total: Any = 0) -> Page:
        """A page of what is open of some rows; raises VenueError where it contradicts itself."""
        if not listed(rows) and isinstance(total, int) and total > 0:
            raise VenueError("the list of open orders is empty, and says that it is not")
        orders = [self.order(row, account) for row in rows]
        return Page(orders=[o for o in orders if o.is_open], next=next or None)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()
