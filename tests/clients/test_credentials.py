"""Whose keys are asked for, where they go, and where they never show."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .callers import ALPACA_BROKER, ALPACA_TRADING, CALLERS, POLYMARKET, Caller, Way, sync
from .loopback import Answer, venue

SERVERS = {
    "alpaca_trading": {
        "PAPER": "https://paper-api.alpaca.markets",
        "LIVE": "https://api.alpaca.markets",
    },
    "alpaca_broker": {
        "SANDBOX": "https://broker-api.sandbox.alpaca.markets",
        "PRODUCTION": "https://broker-api.alpaca.markets",
    },
    "clear_street": {"PRODUCTION": "https://api.clearstreet.com"},
    "polymarket": {
        "PRODUCTION": "https://clob.polymarket.com",
        "STAGING": "https://clob-staging.polymarket.com",
    },
    "deltadefi": {
        "MAINNET": "https://api.deltadefi.io",
        "PREPROD": "https://api-staging.deltadefi.io",
    },
}


def test_servers_have_names(caller: Caller) -> None:
    servers = {server.name: server.value for server in caller.package.Server}

    assert SERVERS[caller.name] == servers


def test_only_a_sole_server_is_the_default(caller: Caller) -> None:
    if len(SERVERS[caller.name]) == 1:
        caller.package.Client(**caller.credentials).close()
        return
    with pytest.raises(TypeError):
        caller.package.Client(**caller.credentials)


def test_a_call_without_credentials_sends_nothing(caller: Caller, way: Way) -> None:
    names = [name for name in caller.credentials if name != "clock"]
    with venue(caller.success) as here:
        for name in names:
            with pytest.raises(caller.package.MissingCredentials) as caught:
                way(caller, here.url, **{name: None})
            assert name in str(caught.value)

    assert [] == here.sent


def test_unless_the_caller_authenticates(caller: Caller) -> None:
    nobody = {name: None for name in caller.credentials if name != "clock"}
    with venue(caller.success) as here, httpx.Client(headers={"X-Own": "own"}) as http:
        sync(caller, here.url, **nobody, http=http, authenticate=False)

    (sent,) = here.sent
    assert "own" == sent.value("X-Own")
    assert sent.value("Authorization") is None


@pytest.mark.parametrize("key", ["k\r\nX-Evil: 1", "k\n", "ключ"])
def test_a_key_that_no_header_can_hold_is_refused(key: str) -> None:
    with (
        venue(ALPACA_TRADING.success) as here,
        pytest.raises((ALPACA_TRADING.package.Error, ValueError)) as caught,
    ):
        sync(ALPACA_TRADING, here.url, api_key=key)

    assert [] == here.sent
    assert key not in str(caught.value)


def test_a_secret_that_is_no_base64_is_refused_unshown() -> None:
    secret = "not base64 " * 2  # so that no line of a traceback has it
    with (
        venue(POLYMARKET.success) as here,
        pytest.raises((POLYMARKET.package.Error, ValueError)) as caught,
    ):
        sync(POLYMARKET, here.url, secret=secret)

    assert [] == here.sent
    assert secret not in "".join(traceback.format_exception(caught.value))


ANSWERS: dict[str, Callable[[Caller], Answer]] = {
    "a status": lambda caller: Answer.json(*next(iter(caller.errors.items()))),
    "an unknown status": lambda caller: Answer(418),
    "a misfit": lambda caller: Answer(caller.success.status, b"{", {}),
    "silence": lambda caller: Answer(silent=True),
    "success": lambda caller: caller.success,
}


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("caller", CALLERS, ids=str)
def test_secrets_are_shown_nowhere(
    caller: Caller, way: Way, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with venue(ANSWERS[kind](caller)) as here:
        try:
            shown.append(repr(way(caller, here.url, timeout=0.2 if kind == "silence" else 5.0)))
        except caller.package.Error as error:
            shown += [str(error), repr(error), "".join(traceback.format_exception(error))]
            response = getattr(error, "response", None)
            shown += [repr(response), repr(getattr(error, "body", None))]
    shown += [record.getMessage() for record in caplog.records]
    shown += [repr(record.__dict__) for record in caplog.records]
    if here.sent and (signature := here.sent[0].value("POLY_SIGNATURE")):
        shown = [text.replace(signature, "SIGNATURE SHOWN") for text in shown]

    text = "\n".join(shown)
    assert [] == [secret for secret in (*caller.secrets, "SIGNATURE SHOWN") if secret in text]


def test_secrets_are_not_in_the_repr_of_a_client(caller: Caller) -> None:
    async def shown_async() -> str:
        async with caller.package.AsyncClient("http://127.0.0.1:1", **caller.credentials) as client:
            return repr(client) + str(client) + repr(client.raw)

    with caller.package.Client("http://127.0.0.1:1", **caller.credentials) as client:
        text = repr(client) + str(client) + repr(client.raw) + asyncio.run(shown_async())

    assert [] == [secret for secret in caller.secrets if secret in text]
    assert "http://127.0.0.1:1" in text


def test_credentials_may_be_callables(way: Way) -> None:
    keys = iter(["first", "second"])

    with venue(ALPACA_TRADING.success) as here:
        for _ in range(2):
            way(ALPACA_TRADING, here.url, api_key=lambda: next(keys))

    assert ["first", "second"] == [sent.value("APCA-API-KEY-ID") for sent in here.sent]


def test_credentials_of_an_async_client_may_be_awaited() -> None:
    package: Any = ALPACA_BROKER.package

    async def pair() -> tuple[str, str]:
        await asyncio.sleep(0)
        return "key", "secret"

    async def call(url: str) -> None:
        async with package.AsyncClient(url, basic_auth=pair) as client:
            await client.delete_order_for_account(*ALPACA_BROKER.arguments)

    with venue(ALPACA_BROKER.success) as here:
        asyncio.run(call(here.url))

    assert "Basic a2V5OnNlY3JldA==" == here.sent[0].value("Authorization")
