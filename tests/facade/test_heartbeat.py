"""The dead-man switch: orders stay while it beats, and go when it stops."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

import venue_desk.command
from venue_clients import polymarket
from venue_desk.command import main
from venue_desk.demo import environment
from venue_desk.environment import open_venues
from venue_desk.heartbeat import keep_alive
from venue_sandbox import Fault, Sandbox

from .desks import opened


def beat(sandbox: Sandbox, beats: int, after: float = 0.0) -> list[str]:
    """What so many beats were answered; the venue's clock goes on after each."""
    said: list[str] = []

    def on_beat(text: str) -> None:
        said.append(text)
        sandbox.venue("polymarket").clock.advance(after)

    async def run() -> None:
        [venue] = opened(sandbox, "polymarket")
        await keep_alive(venue.client, interval=0.2, beats=beats, on_beat=on_beat)
        await venue.close()

    asyncio.run(run())
    return said


def test_orders_stay_while_it_beats_and_go_when_it_stops(sandbox: Sandbox) -> None:
    sandbox.book("polymarket").add("101")

    assert ["alive"] * 4 == beat(sandbox, 4, after=6.0)
    assert 1 == len(sandbox.book("polymarket").open())
    sandbox.venue("polymarket").clock.advance(16)
    assert [] == sandbox.book("polymarket").open()


def test_a_refusal_brings_the_id_to_go_on_with(sandbox: Sandbox) -> None:
    beat(sandbox, 1)

    assert ["the venue expects another id", "alive", "alive"] == beat(sandbox, 3)
    sent = [json.loads(seen.body)["heartbeat_id"] for seen in sandbox.requests("polymarket")]
    assert ["", ""] == sent[:2]
    assert all(sent[2:])


@pytest.mark.parametrize("kind", ["hangup", "status", "html", "garbage", "empty", "silent"])
def test_a_beat_that_fails_is_followed_by_another(sandbox: Sandbox, kind: str) -> None:
    sandbox.put(Fault(kind=kind, phase="other"))  # type: ignore[arg-type]

    said = beat(sandbox, 4)

    assert said[0].startswith("not alive: ")
    assert "alive" == said[-1]


@pytest.mark.parametrize("body", [{"error": "no"}, {"error": "no", "heartbeat_id": "x"}, [], None])
def test_a_venue_that_always_refuses_is_not_asked_without_a_pause(
    body: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(seconds)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.content)
        return httpx.Response(400, json=body)

    async def run() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        client = polymarket.AsyncClient(
            "http://venue.test", address="0x1", api_key="k", secret="c2VjcmV0", passphrase="p",
            http=http,
        )  # fmt: skip
        await keep_alive(client, interval=0.5, beats=6)

    monkeypatch.setattr("venue_desk.heartbeat.asyncio.sleep", waited)
    asyncio.run(run())
    assert 6 == len(seen) == len(waits)
    assert all(wait > 0 for wait in waits[1:])


def test_watch_says_what_it_means_and_ends_when_interrupted(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(sandbox, ["polymarket"]).items():
        monkeypatch.setenv(name, value)

    def simulated(*given: object, live: bool) -> object:
        return open_venues(*given, live=live, servers=sandbox.urls)  # type: ignore[arg-type]

    async def twice(client: polymarket.AsyncClient, **given: object) -> None:
        await keep_alive(client, interval=0.3, beats=2, **given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(venue_desk.command, "open_venues", simulated)
    monkeypatch.setattr(venue_desk.command, "keep_alive", twice)

    assert 130 == main(["watch"])
    out, err = capsys.readouterr()
    assert "alive\nalive\n" == out
    assert "when it stops, polymarket cancels them all" in err


def test_watch_needs_credentials(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["watch"])
    assert "polymarket has no credentials" in capsys.readouterr().err
