"""The command: exit codes by what is known, JSON for programs, nothing secret anywhere."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import signal
import threading
from pathlib import Path

import jsonschema
import pytest

import venue_desk.command
from venue_desk.command import main
from venue_desk.demo import environment
from venue_desk.environment import open_venues
from venue_sandbox import STUCK, Fault, Sandbox

VENUES = ["alpaca_trading", "alpaca_broker", "clear_street", "polymarket", "deltadefi"]
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
        "cancel --all --order 1 --venue alpaca_trading",
        "cancel --all --venue clear_street --live",
        "cancel --all --venue alpaca_broker --account 1 --live",
        "cancel --order 1 --venue alpaca_trading --venue deltadefi",
        "cancel --symbol A,B --venue alpaca_trading",
        "cancel --order 1 --venue alpaca_broker --account {a} --account {b}",
        "cancel --order a/../b --venue alpaca_trading",
        "cancel --order .. --venue alpaca_trading",
        "cancel --all --venue alpaca_trading --deadline -1",
        "cancel --all --venue alpaca_trading --deadline inf",
        "cancel --all --venue alpaca_trading --deadline soon",
        "cancel --all --venue alpaca_trading --format yaml",
        "cancel --all --venue alpaca_trading --lives",
        "cancel --al --venue alpaca_trading",
        "cancel all",
        "orders --all",
        "orders --venue clear_street --account 1",
        "orders --deadline 0",
        "venues --live",
        "watch --venue polymarket",
        "watch",
        "demo --live",
        "demo --venue nowhere",
        "demo --all --symbol A",
        "nothing",
        "",
    ],
)
def test_wrong_usage_is_2(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**ALPACA, "BROKER_API_KEY": "k", "BROKER_SECRET_KEY": "s"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLEAR_STREET_API_KEY", "k")
    accounts = {letter: letter.join(["0d969814-40d6-4b2b-99ac-2e37427f1ad", ""]) for letter in "ab"}

    assert 2 == main(line.format(**accounts).split())
    out, err = capsys.readouterr()
    assert "" == out
    assert "Traceback" not in err
    assert err


def test_a_deadline_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["cancel", "--all", "--deadline", "soon"])

    said = "argument --deadline: 'soon' is no number of seconds above 0"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["--symbol", "--order", "--venue", "--account", "--deadline"])
@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_a_blank_value_is_2(flag: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in ALPACA.items():
        monkeypatch.setenv(name, text)
    scope = [] if flag in ("--symbol", "--order") else ["--all"]

    assert 2 == main(["cancel", *scope, flag, value, "--venue", "alpaca_trading"])


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


def closed(**properties: object) -> dict[str, object]:
    """An object with these keys, in this order of the documentation, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def each(**properties: object) -> dict[str, object]:
    return {"type": "array", "items": closed(**properties)}


TEXT = {"type": "string"}
QUANTITY = {"type": ["string", "null"], "pattern": r"^[0-9]+(\.[0-9]+)?$"}
OUTCOMES = "canceled pending filled already_closed not_found rejected unknown".split()
SCHEMA = closed(
    venues=each(
        venue={"enum": VENUES},
        environment=TEXT,
        accounts={"type": "array", "items": TEXT},
        result={"enum": ["verified", "residual", "unverified"]},
        reason=TEXT,
        orders=each(
            id=TEXT,
            symbol={"type": ["string", "null"]},
            outcome={"enum": OUTCOMES},
            filled=QUANTITY,
            remaining=QUANTITY,
            reason=TEXT,
        ),
    )
)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("cancel --all --live", 1),
        ("cancel --symbol AAPL --venue alpaca_trading", 1),
        ("cancel --symbol MSFT --venue alpaca_trading", 0),
        ("cancel --order 00000000-0000-4000-8000-000000000000 --venue alpaca_broker", 1),
        ("orders --live", 0),
        ("demo", 0),
        ("demo --symbol AAPL --venue clear_street", 0),
    ],
)
def test_json_is_as_documented_to_the_letter(
    desk: Sandbox, capsys: pytest.CaptureFixture[str], line: str, code: int
) -> None:
    desk.book("alpaca_trading").add("AAPL", filled="2.50", fate=STUCK)
    desk.book("clear_street").add("AAPL", quantity="0.000000001")

    patience = ["--deadline", "4"] if code else []  # what is stuck takes all of it

    assert code == main([*line.split(), "--format", "json", *patience])

    out, err = capsys.readouterr()
    shown = json.loads(out)
    jsonschema.validate(shown, SCHEMA)
    for name, value in environment(desk, list(desk.venues)).items():
        assert name.endswith("_IDS") or value not in out + err


def test_json_has_exact_quantities(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    desk.book("alpaca_trading").add("AAPL", filled="2.50")

    assert 0 == main(["cancel", "--all", "--venue", "alpaca_trading", "--format", "json"])

    [venue] = json.loads(capsys.readouterr().out)["venues"]
    [order] = venue["orders"]
    assert ("canceled", "2.50", "7.50") == (order["outcome"], order["filled"], order["remaining"])


def test_one_order_that_is_closed_is_0(desk: Sandbox) -> None:
    order = desk.book("deltadefi").add("ADAUSDM")

    assert 0 == main(["cancel", "--order", order.id, "--venue", "deltadefi"])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_live_table_and_a_file_plain_lines(
    desk: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.book("alpaca_trading").add("AAPL")
    line = ["cancel", "--all", "--venue", "alpaca_trading"]
    assert 0 == main(line)
    out, err = capsys.readouterr()
    assert "\033" not in out + err

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    desk.book("alpaca_trading").add("AAPL")
    assert 0 == main(line)

    shown = terminal.getvalue()
    assert "alpaca_trading (paper)" in shown
    assert "\033[2K" in shown
    assert shown.endswith("\033[J")  # the report takes its place
    assert "verified" in capsys.readouterr().out


def test_a_terminal_has_colours_unless_told_otherwise(
    desk: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(*more: str) -> str:
        terminal = Terminal()
        monkeypatch.setattr("sys.stdout", terminal)
        main(["orders", "--venue", "deltadefi", *more])
        return terminal.getvalue()

    assert "\033[32m" in shown()
    assert "\033" not in shown("--no-color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in shown()


def test_interrupted_it_says_what_is_known(
    desk: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    order = desk.book("deltadefi").add("ADAUSDM", fate=STUCK)

    def interrupt() -> None:
        for _ in range(2000):
            if desk.venue("deltadefi").seen("cancel"):
                break
            threading.Event().wait(0.01)
        threading.Event().wait(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    assert 130 == main(["cancel", "--all", "--venue", "deltadefi", "--format", "json"])
    thread.join()

    out, err = capsys.readouterr()
    [venue] = json.loads(out)["venues"]
    assert ("unverified", "not finished") == (venue["result"], venue["reason"])
    assert [order.id] == [known["id"] for known in venue["orders"]]
    assert "interrupted" in err


def test_what_stays_open_is_1(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    order = desk.book("deltadefi").add("ADAUSDM", fate=STUCK)

    assert 1 == main(["cancel", "--all", "--venue", "deltadefi", "--deadline", "3"])
    assert order.id in capsys.readouterr().out


def test_a_dry_run_sends_nothing(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["cancel", "--all", "--live", "--dry-run"])
    assert not any(desk.requests(name) for name in desk.venues)
    assert f"DELETE {desk.urls['alpaca_trading']}/v2/orders\n" in capsys.readouterr().out


def test_a_venue_moves_no_cursor(desk: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    desk.book("alpaca_trading").add("A\x1b[2J\u202eB", fate=STUCK)

    arguments = ["cancel", "--all", "--venue", "alpaca_trading", "--deadline", "3"]
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


def test_the_picture_is_what_the_demo_prints() -> None:
    where = Path(__file__).parents[2] / "docs" / "images" / "draw.py"
    spec = importlib.util.spec_from_file_location("draw", where)
    assert spec is not None
    assert spec.loader is not None
    draw = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draw)

    assert draw.PICTURE.read_text(encoding="utf-8") == draw.drawn(draw.printed())


def test_the_demo_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["demo", "--format", "json"])
    venues = json.loads(capsys.readouterr().out)["venues"]
    assert [4 + 2, 4 + 1, 4, 4, 4] == [len(venue["orders"]) for venue in venues]
