"""The command `venue-desk`: arguments in, a report and an exit code out."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict

from .blocking import Desk
from .desk import DEADLINE
from .environment import VENUES, WrongUsage, missing, open_venues
from .orders import Everything, One, Report, Scope, Symbol
from .showing import Table, as_json, lines
from .venues import Venue

FINE, NOT_VERIFIED, USAGE, INTERRUPTED = 0, 1, 2, 130


class Arguments(argparse.Namespace):
    """The arguments of a run."""

    command: str = ""
    venue: Sequence[str] = ()
    account: Sequence[str] = ()
    all: bool = False
    symbol: str | None = None
    order: str | None = None
    live: bool = False
    dry_run: bool = False
    deadline: float = DEADLINE
    format: str = "text"
    colour: bool = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    try:
        return _run(_parser().parse_args(arguments, Arguments()))
    except (WrongUsage, ValueError) as error:
        print(f"venue-desk: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_VERIFIED
    except KeyboardInterrupt:
        print("venue-desk: interrupted; what is open is not known", file=sys.stderr)
        return INTERRUPTED
    except SystemExit as done:  # --help, and what argparse refuses
        return done.code if isinstance(done.code, int) else USAGE


def _run(given: Arguments) -> int:
    match given.command:
        case "cancel":
            scope = scope_of(given)  # first: what is wrong there needs no venue
            return cancel(given, _opened(given, scope), scope)
        case "orders":
            return _orders(given)
        case "venues":
            return _venues(given)
        case "watch":
            return _watch(given)
        case _:
            return _demo(given)


def scope_of(given: Arguments) -> Scope:
    chosen = [given.all, given.symbol is not None, given.order is not None]
    if sum(chosen) != 1:
        raise WrongUsage("say exactly one of --all, --symbol S and --order ID")
    if given.symbol is not None:
        return Symbol(given.symbol)
    if given.order is None:
        return Everything()
    if len(set(given.venue)) != 1:
        raise WrongUsage("--order goes with one --venue")
    return One(given.order)


def _opened(given: Arguments, scope: Scope | None = None) -> list[Venue]:
    venues = open_venues(os.environ, given.venue, given.account, live=given.live)
    if not given.venue:
        names = ", ".join(venue.name for venue in venues)
        print(f"venues with credentials: {names}", file=sys.stderr)
    if isinstance(scope, One) and len(venues[0].accounts) != 1:
        raise WrongUsage("--order goes with one --account")
    return venues


def cancel(given: Arguments, venues: Sequence[Venue], scope: Scope) -> int:
    """Cancel, or say what would be sent; the demo calls this too."""
    with Desk(venues, pace=given.deadline) as desk:
        if given.dry_run:
            return _dry_run(given, desk, scope)
        with Table(colour=_has_colour(given)) as table:
            report = desk.cancel(scope, table.update)
        _print(given, report, every=len(report.venues) == 1)
        return FINE if report.is_verified else NOT_VERIFIED


def _dry_run(given: Arguments, desk: Desk, scope: Scope) -> int:
    plan = desk.plan(scope)
    if given.format == "json":
        shown = {name: [asdict(step) for step in steps] for name, steps in plan.items()}
        print(json.dumps({"plan": shown}, indent=2))
        return FINE
    for name, steps in plan.items():
        print(name)
        for step in steps:
            note = f"  ({step.note})" if step.note else ""
            print(f"    {step.method} {step.path} {step.body}".rstrip() + note)
    return FINE


def _orders(given: Arguments) -> int:
    with Desk(_opened(given), pace=given.deadline) as desk, Table() as table:
        report = desk.orders(table.update)
    _print(given, report, every=True)
    is_known = all(v.result.value != "unverified" for v in report.venues)
    return FINE if is_known else NOT_VERIFIED


def _venues(given: Arguments) -> int:
    if given.format == "json":
        print(
            json.dumps(
                {name: asdict(known.capabilities) for name, known in VENUES.items()}, indent=2
            )
        )
        return FINE
    for name, known in VENUES.items():
        can, has = known.capabilities, not missing(known, os.environ)
        print(f"{name}{'' if has else '  (no credentials in the environment)'}")
        print(
            f"    cancel all: {can.cancel_all}; a symbol: {can.cancel_symbol};"
            f" one: {can.cancel_one}"
        )
        print(f"    credentials: {', '.join(' or '.join(names) for names in known.credentials)}")
        if known.accounts:
            print(f"    accounts: --account, or {known.accounts}")
        if not can.paper:
            print("    live only: needs --live")
        if can.dead_man:
            print("    has a dead-man switch: venue-desk watch")
    return FINE


def _watch(given: Arguments) -> int:
    from .adapters.polymarket import Polymarket
    from .heartbeat import keep_alive

    (venue,) = open_venues(os.environ, ["polymarket"], live=given.live)
    assert isinstance(venue, Polymarket)
    print(
        "while this runs, orders stay; when it stops, polymarket cancels them all", file=sys.stderr
    )

    async def beat() -> None:
        try:
            await keep_alive(venue.client, on_beat=lambda said: print(said, flush=True))
        finally:
            await venue.close()

    asyncio.run(beat())
    return FINE


def _demo(given: Arguments) -> int:
    try:
        from .demo import demo
    except ImportError as error:
        raise WrongUsage(f"the demo needs the sandbox, which is not here: {error}") from None
    return demo(given)


def _print(given: Arguments, report: Report, *, every: bool) -> None:
    if given.format == "json":
        print(as_json(report))
        return
    for line in lines(report, colour=_has_colour(given), every=every):
        print(line)


def _has_colour(given: Arguments) -> bool:
    return given.colour and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _seconds(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise ValueError(text)
    return value


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--venue", action="append", metavar="NAME", help="repeat for several")
    common.add_argument(
        "--account", action="append", metavar="ID", help="of Broker or Clear Street"
    )
    common.add_argument("--live", action="store_true", help="real money; paper is the default")
    common.add_argument("--deadline", type=_seconds, metavar="SECONDS", help="for each venue")
    common.add_argument("--format", choices=("text", "json"))
    common.add_argument("--no-color", dest="colour", action="store_false")
    common.set_defaults(venue=[], account=[], deadline=DEADLINE, format="text")
    parser = argparse.ArgumentParser(
        prog="venue-desk",
        description="Cancel what is open on several venues, and know that it is gone.",
        epilog="exit codes: 0 every venue is verified, 1 one is not, 2 wrong usage",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_ in (
        ("cancel", "cancel orders, and verify that they are gone"),
        ("orders", "list what is open"),
        ("venues", "say what each venue can do"),
        ("watch", "keep Polymarket's dead-man switch from firing"),
        ("demo", "cancel everything on five simulated venues; needs no account"),
    ):
        command = commands.add_parser(
            name, help=help_, description=help_, parents=[common], allow_abbrev=False
        )
        if name in ("cancel", "demo"):
            command.add_argument("--all", action="store_true", help="everything that is open")
            command.add_argument("--symbol", metavar="S", help="what is open in a symbol")
            command.add_argument("--order", metavar="ID", help="one order, with one --venue")
            command.add_argument("--dry-run", action="store_true", help="print the requests alone")
    return parser
