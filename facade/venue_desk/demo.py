"""The command on five simulated venues: nothing is needed, and no money is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .command import Arguments, cancel, scope_of
from .environment import VENUES, open_venues

if TYPE_CHECKING:
    from venue_sandbox import Sandbox


def environment(sandbox: Sandbox, names: Sequence[str]) -> Mapping[str, str]:
    """The variables with which simulated venues are opened."""
    found: dict[str, str] = {}
    for name in names:
        given, known = sandbox.credentials(name), VENUES[name]
        order = ("address", "api_key", "secret", "passphrase", "api_secret")
        values = given.get("basic_auth") or [given[key] for key in order if key in given]
        found |= {v[0]: text for v, text in zip(known.credentials, values, strict=True)}
        if known.accounts:
            found[known.accounts] = sandbox.book(name).account
    return found


def demo(given: Arguments) -> int:
    """Put orders into simulated venues, let some things go wrong, and cancel."""
    from venue_sandbox import FILLS, Fate, Fault, running

    def stock(sandbox: Sandbox) -> None:
        for name in sandbox.venues:
            symbols = {"deltadefi": ("ADAUSDM", "NIGHTUSDM"), "polymarket": ("101", "102")}
            for number in range(4):
                symbol = symbols.get(name, ("AAPL", "MSFT"))[number % 2]
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

    if not (given.all or given.symbol is not None or given.order is not None):
        given.all = True
    scope = scope_of(given)
    with running() as sandbox:
        stock(sandbox)
        names = given.venue or list(sandbox.venues)
        environ = environment(sandbox, [name for name in names if name in VENUES])
        venues = open_venues(environ, names, given.account, live=True, servers=sandbox.urls)
        for venue in venues:
            venue.environment = "simulated"
        return cancel(given, venues, scope)
