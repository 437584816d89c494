"""What goes wrong, at every venue, and what it leaves of the book."""

from __future__ import annotations

import ast
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from venue_sandbox import VENUES, Fault, Sandbox, Window, running

from .calling import Caller, calling

ROOT = Path(__file__).parents[2]
ACCOUNT = "0d969814-40d6-4b2b-99ac-2e37427f1ad2"
CANCELS: dict[str, tuple[str, str, object]] = {
    "alpaca_trading": ("DELETE", "/v2/orders", None),
    "alpaca_broker": ("DELETE", f"/v1/trading/accounts/{ACCOUNT}/orders", None),
    "clear_street": ("DELETE", "/v1/accounts/19816/orders", None),
    "polymarket": ("DELETE", "/cancel-all", None),
    "deltadefi": ("POST", "/order/cancel-all", {"symbol": "ADAUSDM"}),
}
LISTS: dict[str, tuple[str, Any]] = {
    "alpaca_trading": ("/v2/orders", None),
    "alpaca_broker": (f"/v1/trading/accounts/{ACCOUNT}/orders", None),
    "clear_street": ("/v1/accounts/19816/orders", None),
    "polymarket": ("/data/orders", None),
    "deltadefi": ("/accounts/open-orders", {"symbol": "ADAUSDM"}),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running() as running_sandbox:
        yield running_sandbox


@pytest.fixture(params=VENUES)
def caller(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(sandbox, request.param) as caller:
        for order in caller.book.open():
            caller.book.cancel(order.id)
        caller.venue.limit = None
        caller.venue.faults.clear()
        caller.venue.requests.clear()
        caller.book.add("ADAUSDM")
        caller.book.add("ADAUSDM")
        yield caller


def cancel(caller: Caller, **options: Any) -> httpx.Response:
    method, path, body = CANCELS[caller.name]
    return caller.request(method, path, body, **options)


def listing(caller: Caller, **options: Any) -> httpx.Response:
    path, query = LISTS[caller.name]
    return caller.get(path, query, **options)


@pytest.mark.parametrize("effect", [False, True])
@pytest.mark.parametrize("kind", ["status", "html", "silent", "hangup"])
def test_a_request_is_carried_out_or_not(caller: Caller, kind: Any, effect: bool) -> None:
    caller.sandbox.put(
        Fault(kind=kind, venue=caller.name, phase="cancel", status=502, effect=effect)
    )
    if kind in ("silent", "hangup"):
        with pytest.raises(httpx.TransportError):
            cancel(caller, timeout=0.15)
    else:
        reply = cancel(caller)
        assert 502 == reply.status_code
        assert ("<html>" in reply.text) == (kind == "html")
    assert (0 if effect else 2) == len(caller.book.open())


@pytest.mark.parametrize("kind", ["cut", "garbage", "empty", "slow", "odd"])
def test_an_answer_is_spoiled_after_the_fact(caller: Caller, kind: Any) -> None:
    caller.sandbox.put(Fault(kind=kind, venue=caller.name, phase="cancel", seconds=0.05))
    if kind == "cut":
        with pytest.raises(httpx.RemoteProtocolError):
            cancel(caller)
    else:
        reply = cancel(caller)
        assert reply.is_success
        assert (kind == "empty") == (not reply.content)
        if kind == "garbage":
            with pytest.raises(json.JSONDecodeError):
                reply.json()
        elif kind in ("slow", "odd"):
            reply.json()
    assert [] == caller.book.open()


def test_a_reply_may_leave_orders_out(caller: Caller) -> None:
    first, second = (order.id for order in caller.book.open())
    caller.sandbox.put(Fault(kind="omit", venue=caller.name, phase="cancel"))
    reply = cancel(caller)

    assert first not in reply.text
    assert second in reply.text
    assert [] == caller.book.open()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 425, 429, 500, 503])
def test_a_status_is_in_the_venues_words(caller: Caller, status: int) -> None:
    fault = Fault(kind="status", venue=caller.name, status=status, headers={"Retry-After": "7"})
    caller.sandbox.put(fault)
    reply = listing(caller)

    assert status == reply.status_code
    assert "7" == reply.headers["Retry-After"]
    assert reply.json()
    assert 200 == listing(caller).status_code


def test_a_list_that_never_ends(caller: Caller) -> None:
    caller.sandbox.put(Fault(kind="loop", venue=caller.name, phase="list", times=3))
    pages = [listing(caller).json() for _ in range(3)]

    assert all(caller.book.open()[0].id in str(page) for page in pages)
    more = {
        "clear_street": "next_page_token",
        "polymarket": "next_cursor",
        "deltadefi": "total_page",
    }
    if caller.name == "clear_street":
        assert pages[0]["metadata"][more[caller.name]]
    elif caller.name in more:
        assert pages[0][more[caller.name]] not in ("LTE=", "", 1)


def test_after_and_times(caller: Caller) -> None:
    fault = Fault(kind="status", venue=caller.name, phase="list", after=1, times=2, status=500)
    caller.sandbox.put(fault)

    assert 2 == len(caller.book.open())
    assert [200, 500, 500, 200] == [listing(caller).status_code for _ in range(4)]


def test_a_fault_is_of_its_phase_and_venue(caller: Caller) -> None:
    others = [name for name in VENUES if name != caller.name]
    caller.venue.put(Fault(kind="status", venue=others[0]))
    caller.venue.put(Fault(kind="status", phase="read", times=None))

    assert 200 == listing(caller).status_code
    assert cancel(caller).is_success


def test_an_order_that_raced(caller: Caller) -> None:
    caller.book.add_during_cancel("ADAUSDM", quantity="3")
    cancel(caller)

    assert [3] == [order.quantity for order in caller.book.open()]
    cancel(caller)
    assert [] == caller.book.open()


def test_requests_are_recorded(caller: Caller) -> None:
    cancel(caller)
    listing(caller)
    (canceled,), (listed,) = caller.venue.seen("cancel"), caller.venue.seen("list")

    assert CANCELS[caller.name][:2] == (canceled.method, canceled.path)
    assert LISTS[caller.name][0] == listed.path
    assert (200, True) == (listed.status, canceled.status in (200, 207))
    assert listed.headers["host"] == caller.sandbox.urls[caller.name].removeprefix("http://")


def test_an_address_that_is_not_there(caller: Caller) -> None:
    reply = caller.get("/nowhere")

    assert (404, "404 page not found\n") == (reply.status_code, reply.text)


def test_a_limit_can_be_put_on_any_venue(caller: Caller) -> None:
    caller.venue.limit = Window(caller.venue.clock, 1, 3600.0)

    assert [200, 429] == [listing(caller).status_code for _ in range(2)]


def test_latency(caller: Caller) -> None:
    caller.venue.latency = 0.05
    begun = time.monotonic()
    listing(caller)
    caller.venue.latency = 0.0

    assert time.monotonic() - begun >= 0.05


def test_a_venue_may_die_and_the_others_live() -> None:
    with running("polymarket", "deltadefi") as sandbox:
        sandbox.kill("polymarket")
        with pytest.raises(httpx.ConnectError):
            httpx.get(sandbox.urls["polymarket"] + "/time")
        assert 200 == httpx.get(sandbox.urls["deltadefi"] + "/app/market-config").status_code


def test_a_silent_venue_does_not_keep_the_sandbox_from_ending() -> None:
    begun = time.monotonic()
    with running("polymarket") as sandbox:
        sandbox.put(Fault(kind="silent"))
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(sandbox.urls["polymarket"] + "/time", timeout=0.1)

    assert time.monotonic() - begun < 3


def test_a_venue_can_be_called_without_a_port() -> None:
    sandbox = Sandbox("polymarket")

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app=sandbox.venue("polymarket"))
        async with httpx.AsyncClient(transport=transport, base_url="http://venue") as http:
            return await http.get("/time")

    assert 200 == asyncio.run(call()).status_code


def test_the_command_tells_where_and_with_what() -> None:
    command = [sys.executable, "-m", "venue_sandbox", "--venue", "polymarket", "--orders", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT / "sandbox") as made:
        assert made.stdout is not None
        lines = [made.stdout.readline() for _ in range(6)]
        try:
            url = lines[0].split()[1]
            assert 200 == httpx.get(url + "/time").status_code
        finally:
            made.terminate()

    assert "polymarket" == lines[0].split()[0]
    assert "  passphrase = 'sandbox-passphrase'\n" in lines


def test_the_sandbox_knows_no_generated_code() -> None:
    allowed = {*sys.stdlib_module_names, "starlette", "uvicorn", "venue_sandbox"}
    files = list((ROOT / "sandbox" / "venue_sandbox").glob("*.py"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    names = {
        (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert files
    assert names <= allowed
