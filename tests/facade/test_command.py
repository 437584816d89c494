"""The command: exit codes by what is known, JSON for programs, nothing secret anywhere."""

from __future__ import annotations

import json

import pytest

import venue_desk.command
from venue_desk.command import main
from venue_desk.demo import environment
from venue_desk.environment import open_venues
from venue_sandbox import STUCK, Fault, Sandbox

ALPACA = {"APCA_API_KEY_ID": "key-1", "APCA_API_SECRET_KEY": "secret-1"}


@pytest.mark.parametrize(
    "line",
    [
        "cancel",
        "cancel --all --symbol A",
        "cancel --all --venue nowhere",
        "cancel --all --venue polymarket",
        "cancel --all --venue alpaca_broker",
        "cancel --all --venue clear_street --account 1",
        "cancel --order 1",
        "cancel --all --deadline 0",
        "cancel --all --deadline nan",
        "cancel --all --account 1",
        "nothing",
        "",
    ],
)
def test_wrong_usage_is_2(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**ALPACA, "BROKER_API_KEY": "k", "BROKER_SECRET_KEY": "s"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLEAR_STREET_API_KEY", "k")

    assert 2 == main(line.split())


@pytest.mark.parametrize("flag", ["--symbol", "--order"])
@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_a_blank_value_is_2(flag: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in ALPACA.items():
        monkeypatch.setenv(name, text)

    assert 2 == main(["cancel", flag, value, "--venue", "alpaca_trading"])


def test_no_credentials_at_all_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["cancel", "--all"])
    assert "no venue has credentials" in capsys.readouterr().err


@pytest.fixture
def desk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The command, with the simulated venues behind the venues' names."""
    for name, value in environment(sandbox, list(sandbox.venues)).items():
        monkeypatch.setenv(name, value)

    def opened(*given: object, live: bool) -> object:
        return open_venues(*given, live=live, servers=sandbox.urls)  # type: ignore[arg-type]

    monkeypatch.setattr(venue_desk.command, "open_venues", opened)
    return sandbox


def test_json_has_these_keys_and_no_secret(
    desk: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.book("alpaca_trading").add("AAPL", filled="2.50")

    assert 0 == main(["cancel", "--all", "--live", "--format", "json"])

    out, err = capsys.readouterr()
    [venue] = [v for v in json.loads(out)["venues"] if v["venue"] == "alpaca_trading"]
    assert ["venue", "environment", "accounts", "result", "reason", "orders"] == list(venue)
    [order] = venue["orders"]
    assert ["id", "symbol", "outcome", "filled", "remaining", "reason"] == list(order)
    assert ("canceled", "2.50", "7.50") == (order["outcome"], order["filled"], order["remaining"])
    for name, value in environment(desk, list(desk.venues)).items():
        assert name.endswith("_IDS") or value not in out + err


def test_what_stays_open_is_1(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    order = desk.book("deltadefi").add("ADAUSDM", fate=STUCK)

    assert 1 == main(["cancel", "--all", "--venue", "deltadefi", "--deadline", "0.5"])
    assert order.id in capsys.readouterr().out


def test_a_dry_run_sends_nothing(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["cancel", "--all", "--live", "--dry-run"])
    assert not any(desk.requests(name) for name in desk.venues)
    assert f"DELETE {desk.urls['alpaca_trading']}/v2/orders\n" in capsys.readouterr().out


def test_a_venue_moves_no_cursor(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    desk.book("alpaca_trading").add("A\x1b[2J\u202eB", fate=STUCK)

    arguments = ["cancel", "--all", "--venue", "alpaca_trading", "--deadline", "0.4"]
    assert 1 == main(arguments)

    out, err = capsys.readouterr()
    assert not [c for c in out + err if not c.isprintable() and c != "\n"]


def test_orders_lists_what_is_open(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    order = desk.book("polymarket").add("101")

    assert 0 == main(["orders", "--venue", "polymarket"])
    assert order.id in capsys.readouterr().out
    desk.put(Fault(kind="status", status=401, times=None))
    assert 1 == main(["orders", "--venue", "polymarket"])


def test_venues_says_what_each_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["venues", "--format", "json"])
    assert (
        "by list and cancel" == json.loads(capsys.readouterr().out)["polymarket"]["cancel_symbol"]
    )
    assert 0 == main(["venues"])


def test_the_demo_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["demo", "--format", "json"])
    assert 5 == len(json.loads(capsys.readouterr().out)["venues"])
