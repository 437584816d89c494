"""The command on five simulated venues: nothing is needed, and no money is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .environment import VENUES, open_venues
from .venues import Venue

if TYPE_CHECKING:
    from collections.abc import Generator

    from venue_sandbox import Sandbox

SYMBOLS = {"deltadefi": ("ADAUSDM", "NIGHTUSDM"), "polymarket": ("101", "102")}


def environment(sandbox: Sandbox, names: Sequence[str]) -> Mapping[str, str]:
    """The variables with which simulated venues are opened."""
    found: dict[str, str] = {}
    for name in names:
        given, known = dict(sandbox.credentials(name)), VENUES[name]
        if "basic_auth" in given:
            given["key"], given["secret"] = given["basic_auth"]
        for way in known.credentials:
            found |= {variables[0]: given[keyword] for keyword, variables in way.items()}
        if known.accounts:
            found[known.accounts] = sandbox.book(name).account
    return found


@contextmanager
def simulated(names: Sequence[str], accounts: Sequence[str]) -> Generator[list[Venue], None, None]:
    """Simulated venues with orders in them, where some things go wrong."""
    from venue_sandbox import FILLS, Fate, Fault, running

    with running() as sandbox:
        for name in sandbox.venues:
            for number in range(4):
                symbol = SYMBOLS.get(name, ("AAPL", "MSFT"))[number % 2]
                filled = "4" if number == 3 else "0"
                sandbox.book(name).add(symbol, quantity=str(10 + number), filled=filled)
        sandbox.book("alpaca_trading").add("TSLA", fate=Fate(seconds=1.5))  # pending for a while
        sandbox.book("alpaca_trading").add("NVDA", fate=FILLS)  # the cancel loses to a fill
        sandbox.book("alpaca_broker").add_during_cancel("AAPL")  # placed while we cancel
        sandbox.put(
            Fault(kind="hangup", venue="clear_street", phase="cancel", effect=True),
            Fault(kind="omit", venue="polymarket", phase="cancel", count=2),
            Fault(kind="html", venue="deltadefi", phase="list", status=502),
        )
        names = names or list(sandbox.venues)
        environ = environment(sandbox, [name for name in names if name in VENUES])
        venues = open_venues(environ, names, accounts, live=True, servers=sandbox.urls)
        for venue in venues:
            venue.environment = "simulated"
        yield venues
