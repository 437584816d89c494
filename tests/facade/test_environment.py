"""Venues from the environment: which credentials count, for which server, what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from venue_desk import VENUES, AsyncDesk, Everything, WrongUsage, open_venues
from venue_desk.demo import environment
from venue_sandbox import Sandbox

from .desks import QUICK

ACCOUNT = "0d969814-40d6-4b2b-99ac-2e37427f1ad2"
BASIC = {"BROKER_API_KEY": "key", "BROKER_SECRET_KEY": "secret"}
TOKEN = {"BROKER_CLIENT_ID": "client", "BROKER_CLIENT_SECRET": "hidden"}
STREET = {"CLEAR_STREET_API_KEY": "key"}


def planned(environ: Mapping[str, str], *, live: bool) -> list[str]:
    async def run() -> list[str]:
        venues = open_venues({**environ, "BROKER_ACCOUNT_IDS": ACCOUNT}, live=live)
        async with AsyncDesk(venues) as desk:
            [steps] = (await desk.plan(Everything())).values()
            return [f"{step.method} {step.url} {step.body}" for step in steps]

    return asyncio.run(run())


@pytest.mark.parametrize(("live", "part"), [(False, ".sandbox"), (True, "")])
def test_brokers_token_comes_from_the_service_of_its_server(live: bool, part: str) -> None:
    steps = planned(TOKEN, live=live)

    assert f"POST https://authx{part}.alpaca.markets/v1/oauth2/token " == steps[0]
    assert all(f"https://broker-api{part}.alpaca.markets/" in step for step in steps[1:])
    assert "hidden" not in str(steps)


def test_a_token_goes_before_basic_and_half_of_one_does_not() -> None:
    assert "oauth2" in planned({**BASIC, **TOKEN}, live=False)[0]
    assert "oauth2" not in str(planned({**BASIC, "BROKER_CLIENT_ID": "client"}, live=False))


def requested(sandbox: Sandbox, environ: Mapping[str, str], runs: int = 1) -> list[str]:
    """What stood before each Authorization's value, and `token` where one was fetched."""

    async def run() -> None:
        venues = open_venues(environ, live=True, servers=sandbox.urls)
        async with AsyncDesk(venues, pace=QUICK) as desk:
            for _ in range(runs):
                sandbox.book("alpaca_broker").add("AAPL")
                assert (await desk.cancel(Everything())).is_verified
                sandbox.venue("alpaca_broker").tokens.clear()  # type: ignore[attr-defined]

    asyncio.run(run())
    return [
        "token" if seen.path.endswith("/token") else seen.headers["authorization"].partition(" ")[0]
        for seen in sandbox.requests("alpaca_broker")
    ]


def test_one_token_serves_a_run_and_is_renewed_when_it_is_refused(sandbox: Sandbox) -> None:
    environ = environment(sandbox, ["alpaca_broker"])

    kinds = requested(sandbox, environ, runs=2)

    assert {"token", "Bearer"} == set(kinds)
    assert 2 == kinds.count("token")
    assert "token" == kinds[0]


def test_basic_still_works(sandbox: Sandbox) -> None:
    given = environment(sandbox, ["alpaca_broker"])
    environ = {name: value for name, value in given.items() if "CLIENT" not in name}

    assert {"Basic"} == set(requested(sandbox, environ))


def test_a_wrong_secret_is_said_and_not_shown(sandbox: Sandbox) -> None:
    given = {**environment(sandbox, ["alpaca_broker"]), "BROKER_CLIENT_SECRET": "not-the-secret"}

    async def run() -> str:
        venues = open_venues(given, live=True, servers=sandbox.urls)
        async with AsyncDesk(venues, pace=QUICK) as desk:
            return str(await desk.cancel(Everything()))

    said = asyncio.run(run())
    assert "invalid_client" in said
    assert "not-the-secret" not in said
    assert len(sandbox.requests("alpaca_broker")) < 5


@pytest.mark.parametrize("name", VENUES)
def test_paper_is_the_default_where_there_is_any(name: str) -> None:
    known = VENUES[name]
    way = known.credentials[-1]
    environ = {variables[0]: "x" * 44 for variables in way.values()}
    accounts = {"clear_street": "1", "alpaca_broker": ACCOUNT}.get(name, "")
    environ |= {known.accounts: accounts} if known.accounts else {}

    if not known.adapter.capabilities.paper:
        with pytest.raises(WrongUsage, match="needs --live"):
            open_venues(environ)
    else:
        [paper] = open_venues(environ)
        assert paper.environment in ("paper", "sandbox", "staging", "preprod")
    [live] = open_venues(environ, live=True)
    assert "live" == live.environment
    assert known.client.Server[known.servers[1]].value in repr(live.client)


@pytest.mark.parametrize(
    ("environ", "accounts", "names", "said"),
    [
        ({}, [], [], "no venue has credentials"),
        ({}, [], ["polymarket"], "polymarket has no credentials in the environment: POLY_ADDRESS"),
        ({"DELTADEFI_API_KEY": "  "}, [], [], "no venue has credentials"),
        (STREET, [], [], "clear_street needs an account"),
        ({**STREET, "CLEAR_STREET_ACCOUNT_IDS": " , "}, [], [], "clear_street needs an account"),
        (STREET, ["0"], [], "'0' is no account of clear_street"),
        (STREET, ["1/../2"], [], "is no account of clear_street"),
        (STREET, ["1", " "], [], "must not be blank"),
        (BASIC, ["19816"], [], "'19816' is no account of alpaca_broker"),
        (BASIC, [ACCOUNT + "/x"], [], "is no account of alpaca_broker"),
        ({**BASIC, **STREET}, ["1"], [], "--account goes with one venue"),
        ({"DELTADEFI_API_KEY": "k"}, ["1"], [], "--account goes with one venue"),
        ({"DELTADEFI_API_KEY": "k"}, [], ["deltadefi", "nowhere"], "no venue is called 'nowhere'"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    environ: Mapping[str, str], accounts: list[str], names: list[str], said: str
) -> None:
    with pytest.raises(WrongUsage, match=said):
        open_venues(environ, names, accounts, live=True)


def test_an_account_in_two_spellings_is_one() -> None:
    [venue] = open_venues({**BASIC, "BROKER_ACCOUNT_IDS": f"{ACCOUNT}, {ACCOUNT.upper()},"})

    assert (ACCOUNT,) == venue.accounts
