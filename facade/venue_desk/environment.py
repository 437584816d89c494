"""Venues from the environment variables that their users already have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

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
    credentials: tuple[str, ...]
    accounts: str = ""
    open: Callable[[Mapping[str, str], bool, tuple[str, ...], str | None], Venue]


def _alpaca_trading(
    env: Mapping[str, str], live: bool, _: tuple[str, ...], url: str | None
) -> Venue:
    server = alpaca_trading.Server.LIVE if live else alpaca_trading.Server.PAPER
    client = alpaca_trading.AsyncClient(
        url or server,
        api_key=env["APCA_API_KEY_ID"],
        api_secret=env["APCA_API_SECRET_KEY"],
        retry=alpaca_trading.NO_RETRY,
        lenient=True,
    )
    return AlpacaTrading(client, "live" if live else "paper", ("",))


def _alpaca_broker(
    env: Mapping[str, str], live: bool, accounts: tuple[str, ...], url: str | None
) -> Venue:
    server = alpaca_broker.Server.PRODUCTION if live else alpaca_broker.Server.SANDBOX
    client = alpaca_broker.AsyncClient(
        url or server,
        basic_auth=(env["BROKER_API_KEY"], env["BROKER_API_SECRET"]),
        retry=alpaca_broker.NO_RETRY,
        lenient=True,
    )
    for account in accounts:
        try:
            UUID(account)
        except ValueError:
            raise WrongUsage(f"'{account}' is no account of alpaca_broker: a UUID is") from None
    return AlpacaBroker(client, "live" if live else "sandbox", accounts)


def _clear_street(
    env: Mapping[str, str], live: bool, accounts: tuple[str, ...], url: str | None
) -> Venue:
    if not live:
        raise WrongUsage("clear_street has no paper environment: it needs --live")
    for account in accounts:
        if not (account.isascii() and account.isdecimal()):
            raise WrongUsage(f"'{account}' is no account of clear_street: a whole number is")
    client = clear_street.AsyncClient(
        url or clear_street.Server.PRODUCTION,
        api_key=env["CLEAR_STREET_API_KEY"],
        retry=clear_street.NO_RETRY,
        lenient=True,
    )
    return ClearStreet(client, "live", accounts)


def _polymarket(env: Mapping[str, str], live: bool, _: tuple[str, ...], url: str | None) -> Venue:
    clock = Clock()
    client = polymarket.AsyncClient(
        url or (polymarket.Server.PRODUCTION if live else polymarket.Server.STAGING),
        address=env["POLY_ADDRESS"],
        api_key=env["CLOB_API_KEY"],
        secret=env["CLOB_SECRET"],
        passphrase=env["CLOB_PASS_PHRASE"],
        retry=polymarket.NO_RETRY,
        lenient=True,
        clock=clock,
    )
    return Polymarket(client, "live" if live else "staging", clock)


def _deltadefi(env: Mapping[str, str], live: bool, _: tuple[str, ...], url: str | None) -> Venue:
    client = deltadefi.AsyncClient(
        url or (deltadefi.Server.MAINNET if live else deltadefi.Server.PREPROD),
        api_key=env["DELTADEFI_API_KEY"],
        retry=deltadefi.NO_RETRY,
        lenient=True,
    )
    return DeltaDeFi(client, "live" if live else "preprod")


VENUES: Mapping[str, Known] = {
    "alpaca_trading": Known(
        capabilities=AlpacaTrading.capabilities,
        credentials=("APCA_API_KEY_ID", "APCA_API_SECRET_KEY"),
        open=_alpaca_trading,
    ),
    "alpaca_broker": Known(
        capabilities=AlpacaBroker.capabilities,
        credentials=("BROKER_API_KEY", "BROKER_API_SECRET"),
        accounts="BROKER_ACCOUNT_IDS",
        open=_alpaca_broker,
    ),
    "clear_street": Known(
        capabilities=ClearStreet.capabilities,
        credentials=("CLEAR_STREET_API_KEY",),
        accounts="CLEAR_STREET_ACCOUNT_IDS",
        open=_clear_street,
    ),
    "polymarket": Known(
        capabilities=Polymarket.capabilities,
        credentials=("POLY_ADDRESS", "CLOB_API_KEY", "CLOB_SECRET", "CLOB_PASS_PHRASE"),
        open=_polymarket,
    ),
    "deltadefi": Known(
        capabilities=DeltaDeFi.capabilities, credentials=("DELTADEFI_API_KEY",), open=_deltadefi
    ),
}


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
    for name in names:
        if name not in VENUES:
            raise WrongUsage(f"no venue is called '{name}': {', '.join(VENUES)} are")
    chosen = list(dict.fromkeys(names)) or [
        name for name, known in VENUES.items() if all(environ.get(v) for v in known.credentials)
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
    missing = [variable for variable in known.credentials if not environ.get(variable)]
    if missing:
        raise WrongUsage(f"{name} has no credentials: {', '.join(missing)} not in the environment")
    named: tuple[str, ...] = ()
    if known.accounts:
        listed = [a.strip() for a in environ.get(known.accounts, "").split(",")]
        named = tuple(dict.fromkeys(a for a in (accounts or listed) if a.strip()))
        if not named:
            raise WrongUsage(f"{name} needs an account: --account, or {known.accounts}")
    return known.open(environ, live, named, url)
