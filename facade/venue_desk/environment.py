"""Venues from the environment variables that their users already have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from venue_clients import alpaca_broker, alpaca_trading, clear_street, deltadefi, polymarket

from .adapters.alpaca import AlpacaBroker, AlpacaTrading
from .adapters.clear_street import ClearStreet
from .adapters.deltadefi import DeltaDeFi
from .adapters.polymarket import Polymarket
from .venues import Venue

Variables = Mapping[str, Sequence[str]]
Arrange = Callable[[Mapping[str, str], "str | None"], Mapping[str, Any]]


class WrongUsage(ValueError):
    """What was asked for cannot be meant; nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a venue needs to be opened."""

    adapter: type[Venue]
    client: Any
    """The module of its client."""
    servers: tuple[str, str]
    """The names of the one without money, empty where there is none, and of the live one."""
    credentials: tuple[Variables, ...]
    """Ways to authenticate, the first that is complete counts: for each credential the names of
    variables, of which the first that is set counts."""
    accounts: str = ""
    """The variable with accounts."""
    account: str = ""
    """A pattern that every account fits."""
    arrange: Arrange = lambda given, url: given
    """The client's keywords of the credentials."""

    def given(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """The credentials in the environment; empty where none are complete."""
        for way in self.credentials:
            found = {
                keyword: next((v for n in names if (v := environ.get(n, "").strip())), "")
                for keyword, names in way.items()
            }
            if all(found.values()):
                return found
        return {}

    @property
    def wanted(self) -> str:
        """The credentials, by the first names of their variables."""
        return ", or ".join(
            " and ".join(names[0] for names in way.values()) for way in self.credentials
        )


def _broker(given: Mapping[str, str], url: str | None) -> Mapping[str, Any]:
    if "client_id" not in given:
        return {"basic_auth": (given["key"], given["secret"])}
    where = f"{url}/v1/oauth2/token" if url else None
    id_, secret = given["client_id"], given["client_secret"]
    return {"access_token": alpaca_broker.ClientCredentials(id_, secret, token_url=where)}


VENUES: Mapping[str, Known] = {
    "alpaca_trading": Known(
        adapter=AlpacaTrading,
        client=alpaca_trading,
        servers=("PAPER", "LIVE"),
        credentials=(
            {
                "api_key": ("APCA_API_KEY_ID", "ALPACA_API_KEY"),
                "api_secret": ("APCA_API_SECRET_KEY", "ALPACA_SECRET_KEY"),
            },
        ),
    ),
    "alpaca_broker": Known(
        adapter=AlpacaBroker,
        client=alpaca_broker,
        servers=("SANDBOX", "PRODUCTION"),
        credentials=(
            {"client_id": ("BROKER_CLIENT_ID",), "client_secret": ("BROKER_CLIENT_SECRET",)},
            {"key": ("BROKER_API_KEY",), "secret": ("BROKER_SECRET_KEY", "BROKER_API_SECRET")},
        ),
        accounts="BROKER_ACCOUNT_IDS",
        account=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        arrange=_broker,
    ),
    "clear_street": Known(
        adapter=ClearStreet,
        client=clear_street,
        servers=("", "PRODUCTION"),
        credentials=({"api_key": ("CLEAR_STREET_API_KEY",)},),
        accounts="CLEAR_STREET_ACCOUNT_IDS",
        account="[1-9][0-9]{0,18}",
    ),
    "polymarket": Known(
        adapter=Polymarket,
        client=polymarket,
        servers=("STAGING", "PRODUCTION"),
        credentials=(
            {
                "address": ("POLY_ADDRESS",),
                "api_key": ("CLOB_API_KEY",),
                "secret": ("CLOB_SECRET",),
                "passphrase": ("CLOB_PASS_PHRASE",),
            },
        ),
    ),
    "deltadefi": Known(
        adapter=DeltaDeFi,
        client=deltadefi,
        servers=("PREPROD", "MAINNET"),
        credentials=({"api_key": ("DELTADEFI_API_KEY",)},),
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
    if any(not account.strip() for account in accounts):
        raise WrongUsage("--account must not be blank")
    for name in names:
        if name not in VENUES:
            raise WrongUsage(f"no venue is called '{name}': {', '.join(VENUES)} are")
    chosen = list(dict.fromkeys(names))
    chosen = chosen or [name for name, known in VENUES.items() if known.given(environ)]
    if not chosen:
        raise WrongUsage("no venue has credentials in the environment")
    if accounts and len([name for name in chosen if VENUES[name].accounts]) != 1:
        raise WrongUsage("--account goes with one venue that has accounts: name it with --venue")
    ready = [_ready(name, environ, accounts, live, servers or {}) for name in chosen]
    return [venue() for venue in ready]  # all of them, or none


def _ready(
    name: str,
    environ: Mapping[str, str],
    accounts: Sequence[str],
    live: bool,
    servers: Mapping[str, str],
) -> Callable[[], Venue]:
    known, url = VENUES[name], servers.get(name)
    if not (given := known.given(environ)):
        raise WrongUsage(f"{name} has no credentials in the environment: {known.wanted}")
    if not (server := known.servers[live]):
        raise WrongUsage(f"{name} has no paper environment: it needs --live")
    named: Sequence[str] = ("",)
    if known.accounts:
        listed = accounts or environ.get(known.accounts, "").split(",")
        named = tuple(dict.fromkeys(a.strip().lower() for a in listed if a.strip()))
        if not named:
            raise WrongUsage(f"{name} needs an account: --account, or {known.accounts}")
        for account in named:
            if not re.fullmatch(known.account, account):
                raise WrongUsage(f"{account!r} is no account of {name}")
    client = known.client
    where = url or client.Server[server]
    options = {**known.arrange(given, url), "retry": client.NO_RETRY, "lenient": True}
    open_ = partial(client.AsyncClient, where, **options)
    return partial(known.adapter, open_, "live" if live else server.lower(), named)
