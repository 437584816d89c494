"""The desk's requests against those of the vendors' own SDKs, as `nox -s sdks` recorded them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

import httpx
import pytest

from venue_desk import open_venues
from venue_desk.heartbeat import keep_alive
from venue_desk.venues import Venue

from .sdks.record import ACCOUNT, HASHES, IGNORED, MARKET, ORDER

FOLDER = Path(__file__).parent / "sdks"
RECORDED = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
CELLS = [(name, call) for name, recorded in RECORDED.items() for call in recorded["calls"]]
ENVIRONMENT = {
    "APCA_API_KEY_ID": "the-key",
    "APCA_API_SECRET_KEY": "the-secret",
    "BROKER_API_KEY": "the-key",
    "BROKER_SECRET_KEY": "the-secret",
    "BROKER_ACCOUNT_IDS": ACCOUNT,
    "CLEAR_STREET_API_KEY": "the-id.the-secret",
    "CLEAR_STREET_ACCOUNT_IDS": "19816",
    "POLY_ADDRESS": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "CLOB_API_KEY": "the-key",
    "CLOB_SECRET": "A" * 43 + "=",
    "CLOB_PASS_PHRASE": "the-passphrase",
    "DELTADEFI_API_KEY": "the-key",
}
Request = Mapping[str, Any]


def sends(venue: Venue, call: str) -> Awaitable[object]:
    """The desk's call for one of an SDK's."""
    account, is_polymarket = venue.accounts[0], venue.name == "polymarket"
    id_, market = (HASHES[0], MARKET) if is_polymarket else (ORDER, "AAPL")
    symbol = "ADAUSDM" if venue.name == "deltadefi" else market
    calls: Mapping[str, Callable[[], Awaitable[object]]] = {
        "cancel all": lambda: venue.cancel_all(account, None),
        "cancel a symbol": lambda: venue.cancel_all(account, symbol),
        "cancel one": lambda: venue.cancel(account, [id_]),
        "cancel some": lambda: venue.cancel(account, HASHES),
        "list": lambda: venue.page(account, None, None),
        "list a symbol": lambda: venue.page(account, symbol, None),
        "find": lambda: venue.find(account, [ORDER, ACCOUNT], None),
        "read one": lambda: venue.read(account, id_),
        "beat": lambda: keep_alive(venue.client, beats=1, interval=0.01),
        "time": lambda: venue.client.get_time(),
    }
    return calls[call]()


def sent(name: str, call: str) -> Request:
    """What the desk sends for a call."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(418)

    async def run() -> None:
        [venue] = open_venues(ENVIRONMENT, [name], live=True)
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            venue.client = venue.open(http=http)
            try:
                await sends(venue, call)
            except Exception:  # noqa: BLE001 - that the answer does not fit is no matter
                assert seen

    with mock.patch("time.time", return_value=1_000_000.0):  # when the SDKs were recorded
        asyncio.run(run())
    one = seen[0]
    path, _, query = one.url.raw_path.decode().partition("?")
    headers = {k.lower(): v for k, v in one.headers.items() if k.lower() not in IGNORED}
    body = one.content.decode()
    return {"method": one.method, "path": path, "query": query, "headers": headers, "body": body}


def plain(request: Request) -> dict[str, Any]:
    """A request without what is differently written and means the same."""
    body, headers = request["body"], dict(request["headers"])
    if "poly_signature" not in headers:  # a signature is of the bytes
        body = json.loads(body) if body else None
    return {
        **request,
        "query": sorted(parse_qsl(request["query"])),
        "headers": headers,
        "body": body,
    }


def without_the_deliberate(name: str, call: str, theirs: dict[str, Any]) -> dict[str, Any]:
    """An SDK's request as we would send it; docs/desk.md lists these differences."""
    headers = theirs["headers"]
    headers["accept"] = "application/json"
    if RECORDED[name]["sdk"] == "deltadefi" and call == "cancel one":
        assert {"order_id": ORDER} == theirs["body"]
        theirs["body"] = None
    headers.pop("content-type", None)
    if theirs["body"]:
        headers["content-type"] = "application/json"
    return theirs


@pytest.mark.parametrize(("name", "call"), CELLS)
def test_a_request_is_the_sdks(name: str, call: str) -> None:
    recorded = RECORDED[name]

    ours = plain(sent(recorded["venue"], call))

    assert without_the_deliberate(name, call, plain(recorded["calls"][call])) == ours


def test_every_sdk_has_its_version() -> None:
    assert {r["sdk"] for r in RECORDED.values()} == {
        "alpaca-py",
        "clearstreet",
        "py-clob-client",
        "py-clob-client-v2",
        "deltadefi",
    }
    listed = (FOLDER.parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
    for recorded in RECORDED.values():
        assert f"`{recorded['sdk']}` {recorded['version']}" in listed
