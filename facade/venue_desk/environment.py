"""Venues from the environment variables that their users already have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from venue_clients import alpaca_broker, alpaca_trading, clear_street, deltadefi, polymarket

from .adapters.alpaca import AlpacaBroker, AlpacaTrading
from .adapters.clear_street import ClearStreet
from .adapters.deltadefi import DeltaDeFi
from .adapters.polymarket import Clock, Polymarket
from .venues import Capabilities, Venue


class WrongUsage(ValueError):
    """What was asked for cannot be meant; nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a venue needs to be opened."""

    capabilities: Capabilities
    credentials: tuple[tuple[str, ...], ...]
    """Names of variables; of those for one credential, the first that is set counts."""
    accounts: str = ""
    open: Callable[[Sequence[str], bool, tuple[str, ...], str | None], Venue]


def _alpaca_trading(given: Sequence[str], live: bool, _: tuple[str, ...], url: str | None) -> Venue:
    where = alpaca_trading.Server.LIVE if live else alpaca_trading.Server.PAPER
    retry = alpaca_trading.NO_RETRY
    client = alpaca_trading.AsyncClient(
        url or where, api_key=given[0], api_secret=given[1], retry=retry, lenient=True
    )
    return AlpacaTrading(client, "live" if live else "paper")


def _alpaca_broker(
    given: Sequence[str], live: bool, accounts: tuple[str, ...], url: str | None
) -> Venue:
    where = alpaca_broker.Server.PRODUCTION if live else alpaca_broker.Server.SANDBOX
    for account in accounts:
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", account):
            raise WrongUsage(f"{account!r} is no account of alpaca_broker: a UUID is")
    retry = alpaca_broker.NO_RETRY
    client = alpaca_broker.AsyncClient(
        url or where, basic_auth=(given[0], given[1]), retry=retry, lenient=True
    )
    return AlpacaBroker(client, "live" if live else "sandbox", accounts)


def _clear_street(
    given: Sequence[str], live: bool, accounts: tuple[str, ...], url: str | None
) -> Venue:
    if not live:
        raise WrongUsage("clear_street has no paper environment: it needs --live")
    for account in accounts:
        if not (account.isascii() and account.isdecimal() and len(account) < 20):
            raise WrongUsage(f"{account!r} is no account of clear_street: a whole number is")
    retry, where = clear_street.NO_RETRY, url or clear_street.Server.PRODUCTION
    client = clear_street.AsyncClient(where, api_key=given[0], retry=retry, lenient=True)
    return ClearStreet(client, "live", accounts)


def _polymarket(given: Sequence[str], live: bool, _: tuple[str, ...], url: str | None) -> Venue:
    where = polymarket.Server.PRODUCTION if live else polymarket.Server.STAGING
    clock, (address, key, secret, passphrase) = Clock(), given
    client = polymarket.AsyncClient(
        url or where,
        address=address,
        api_key=key,
        secret=secret,
        passphrase=passphrase,
        retry=polymarket.NO_RETRY,
        lenient=True,
        clock=clock,
    )
    return Polymarket(client, "live" if live else "staging", clock)


def _deltadefi(given: Sequence[str], live: bool, _: tuple[str, ...], url: str | None) -> Venue:
    where = deltadefi.Server.MAINNET if live else deltadefi.Server.PREPROD
    retry = deltadefi.NO_RETRY
    client = deltadefi.AsyncClient(url or where, api_key=given[0], retry=retry, lenient=True)
    return DeltaDeFi(client, "live" if live else "preprod")


VENUES: Mapping[str, Known] = {
    "alpaca_trading": Known(
        capabilities=AlpacaTrading.capabilities,
        credentials=(
            ("APCA_API_KEY_ID", "ALPACA_API_KEY"),
            ("APCA_API_SECRET_KEY", "ALPACA_SECRET_KEY"),
        ),
        open=_alpaca_trading,
    ),
    "alpaca_broker": Known(
        capabilities=AlpacaBroker.capabilities,
        credentials=(("BROKER_API_KEY",), ("BROKER_SECRET_KEY", "BROKER_API_SECRET")),
        accounts="BROKER_ACCOUNT_IDS",
        open=_alpaca_broker,
    ),
    "clear_street": Known(
        capabilities=ClearStreet.capabilities,
        credentials=(("CLEAR_STREET_API_KEY",),),
        accounts="CLEAR_STREET_ACCOUNT_IDS",
        open=_clear_street,
    ),
    "polymarket": Known(
        capabilities=Polymarket.capabilities,
        credentials=(("POLY_ADDRESS",), ("CLOB_API_KEY",), ("CLOB_SECRET",), ("CLOB_PASS_PHRASE",)),
        open=_polymarket,
    ),
    "deltadefi": Known(
        capabilities=DeltaDeFi.capabilities, credentials=(("DELTADEFI_API_KEY",),), open=_deltadefi
    ),
}


def missing(known: Known, environ: Mapping[str, str]) -> list[str]:
    """Which variables a venue lacks; one that is blank is as good as none."""
    return [" or ".join(names) for names in known.credentials if not _value(environ, names)]


def _value(environ: Mapping[str, str], names: Sequence[str]) -> str:
    return next((v for name in names if (v := environ.get(name, "").strip())), "")


def open_venues(
    environ: Mapping[str, str],
    names: Sequence[str] = (),
    accounts: Sequence[str] = (),
    *,
    live: bool = False,
    servers: Mapping[str, str] | None = None,
) -> list[Venue]:
    """Open the named venues, or every one that has credentials in the environment.

    Raises WrongUsage where a named venue has none, an account is missing, or `live` is needed.
    `servers` puts other base URLs in place of the venues' own.
    """
    if any(not account.strip() for account in accounts):
        raise WrongUsage("--account must not be blank")
    for name in names:
        if name not in VENUES:
            raise WrongUsage(f"no venue is called '{name}': {', '.join(VENUES)} are")
    chosen = list(dict.fromkeys(names)) or [
        name for name, known in VENUES.items() if not missing(known, environ)
    ]
    if not chosen:
        raise WrongUsage("no venue has credentials in the environment")
    wanting = [name for name in chosen if VENUES[name].accounts]
    if accounts and len(wanting) != 1:
        raise WrongUsage("--account goes with one venue that has accounts: name it with --venue")
    return [
        _open(VENUES[name], name, environ, accounts, live, (servers or {}).get(name))
        for name in chosen
    ]


def _open(
    known: Known,
    name: str,
    environ: Mapping[str, str],
    accounts: Sequence[str],
    live: bool,
    url: str | None,
) -> Venue:
    if lacking := missing(known, environ):
        raise WrongUsage(f"{name} has no credentials: {', '.join(lacking)} not in the environment")
    named: tuple[str, ...] = ()
    if known.accounts:
        listed = [a.strip() for a in environ.get(known.accounts, "").split(",") if a.strip()]
        named = tuple(dict.fromkeys(accounts or listed))
        if not named:
            raise WrongUsage(f"{name} needs an account: --account, or {known.accounts}")
    given = [_value(environ, names) for names in known.credentials]
    return known.open(given, live, named, url)
