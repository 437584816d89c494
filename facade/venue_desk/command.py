"""The command `venue-desk`: arguments in, a report and an exit code out."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from .blocking import Desk
from .calls import DEADLINE, Pace
from .environment import VENUES, WrongUsage, open_venues
from .heartbeat import keep_alive
from .orders import Everything, One, Report, Result, Scope, Symbol
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
    logging.basicConfig(level=logging.CRITICAL)  # what the clients warn of is in the report
    try:
        given = _parser().parse_args(arguments, Arguments())
        return _COMMANDS[given.command][1](given)
    except WrongUsage as error:
        print(f"venue-desk: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_VERIFIED
    except KeyboardInterrupt:
        print("venue-desk: interrupted", file=sys.stderr)
        return INTERRUPTED
    except SystemExit as done:  # --help, and what argparse refuses
        return done.code if isinstance(done.code, int) else USAGE


def _cancel(given: Arguments) -> int:
    scope = _scope(given)  # first: what is wrong there needs no venue
    return _canceled(given, _opened(given), scope, Pace(deadline=given.deadline))


def _canceled(given: Arguments, venues: Sequence[Venue], scope: Scope, pace: Pace) -> int:
    if isinstance(scope, One) and len(venues[0].accounts) != 1:
        raise WrongUsage("--order goes with one --account")
    with Desk(venues, pace=pace) as desk:
        if given.dry_run:
            return _plan(given, desk, scope)
        report, is_whole = _watched(desk, lambda table: desk.cancel(scope, table.update))
    _print(given, report, every=len(report.venues) == 1 or not is_whole)
    if not is_whole:
        return INTERRUPTED
    return FINE if report.is_verified else NOT_VERIFIED


def _watched(desk: Desk, work: Callable[[Table], Report]) -> tuple[Report, bool]:
    """The report, with a live table meanwhile; False and what is known where it is interrupted."""
    with Table() as table:
        try:
            return work(table), True
        except KeyboardInterrupt:
            print("venue-desk: interrupted; this is what is known", file=sys.stderr)
            return desk.known(), False


def _plan(given: Arguments, desk: Desk, scope: Scope) -> int:
    try:
        plan = desk.plan(scope)
    except ValueError as error:  # a client refuses to make such a request
        raise WrongUsage(str(error).replace("\n", "")) from None
    if given.format == "json":
        shown = {name: [asdict(step) for step in steps] for name, steps in plan.items()}
        print(json.dumps({"plan": shown}, indent=2))
        return FINE
    for name, steps in plan.items():
        print(name)
        for step in steps:
            note = f"  ({step.note})" if step.note else ""
            print(f"    {step.method} {step.url} {step.body}".rstrip() + note)
    return FINE


def _orders(given: Arguments) -> int:
    with Desk(_opened(given), pace=given.deadline) as desk:
        report, is_whole = _watched(desk, lambda table: desk.orders(table.update))
    _print(given, report, every=True)
    if not is_whole:
        return INTERRUPTED
    is_known = all(venue.result is not Result.UNVERIFIED for venue in report.venues)
    return FINE if is_known else NOT_VERIFIED


def _venues(given: Arguments) -> int:
    if given.format == "json":
        shown = {name: asdict(known.adapter.capabilities) for name, known in VENUES.items()}
        print(json.dumps(shown, indent=2))
        return FINE
    for name, known in VENUES.items():
        can = known.adapter.capabilities
        has = "" if known.given(os.environ) else "  (no credentials in the environment)"
        print(f"{name}{has}")
        print(f"    cancel all: {can.cancel_all}; a symbol: {can.cancel_symbol}", end="")
        print(f"; one: {can.cancel_one}")
        print(f"    credentials: {known.wanted}")
        if known.accounts:
            print(f"    accounts: --account, or {known.accounts}")
        if not can.paper:
            print("    live only: needs --live")
        if can.dead_man:
            print("    has a dead-man switch: venue-desk watch")
    return FINE


def _watch(given: Arguments) -> int:
    (venue,) = open_venues(os.environ, ["polymarket"], live=given.live)
    said = "while this runs, orders stay; when it stops, polymarket cancels them all"
    print(said, file=sys.stderr)

    async def beat() -> None:
        try:
            await keep_alive(venue.client, on_beat=lambda said: print(said, flush=True))
        finally:
            await venue.close()

    asyncio.run(beat())
    return FINE


def _demo(given: Arguments) -> int:
    # By its name: a vendored desk has no such module, for a type checker neither.
    simulated = import_module(".demo", __package__).simulated
    if not (given.all or given.symbol is not None or given.order is not None):
        given.all = True
    scope = _scope(given)
    try:
        with simulated(given.venue, given.account) as venues:
            # Five venues and their desk in one process: a busy machine is slow to look.
            return _canceled(given, venues, scope, Pace(deadline=given.deadline, look=5.0))
    except ImportError as error:
        raise WrongUsage(f"the demo needs the sandbox, which is not here: {error}") from None


def _scope(given: Arguments) -> Scope:
    chosen = [given.all, given.symbol is not None, given.order is not None]
    if sum(chosen) != 1:
        raise WrongUsage("say exactly one of --all, --symbol S and --order ID")
    if given.order is not None and len(set(given.venue)) != 1:
        raise WrongUsage("--order goes with one --venue")
    try:
        if given.symbol is not None:
            return Symbol(given.symbol)
        return Everything() if given.order is None else One(given.order)
    except ValueError as error:
        raise WrongUsage(str(error)) from None


def _opened(given: Arguments) -> list[Venue]:
    venues = open_venues(os.environ, given.venue, given.account, live=given.live)
    if not given.venue:
        names = ", ".join(venue.name for venue in venues)
        print(f"venues with credentials: {names}", file=sys.stderr)
    return venues


def _print(given: Arguments, report: Report, *, every: bool) -> None:
    if given.format == "json":
        print(as_json(report))
        return
    colour = given.colour and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for line in lines(report, colour=colour, every=every):
        print(line)


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if math.isfinite(value := float(text)) and value > 0:
            return value
    raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds above 0")


_COMMANDS = {
    "cancel": ("cancel orders, and verify that they are gone", _cancel),
    "orders": ("list what is open", _orders),
    "venues": ("say what each venue can do", _venues),
    "watch": ("keep Polymarket's dead-man switch from firing", _watch),
    "demo": ("cancel everything on five simulated venues; needs no account", _demo),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="venue-desk",
        description="Cancel what is open on several venues, and know that it is gone.",
        epilog="exit codes: 0 every venue is verified, 1 one is not, 2 wrong usage",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    has_demo = find_spec(".demo", __package__) is not None
    for name, (help_, _) in _COMMANDS.items():
        if name == "demo" and not has_demo:
            continue
        add = commands.add_parser(
            name, help=help_, description=help_, allow_abbrev=False
        ).add_argument
        if name in ("cancel", "orders", "demo"):
            many = partial(add, action="append", default=[])
            many("--venue", metavar="NAME", help="repeat for several")
            many("--account", metavar="ID", help="of Broker or Clear Street")
            limit = partial(add, type=_seconds, default=DEADLINE, metavar="SECONDS")
            limit("--deadline", help="for each venue")
            add("--no-color", dest="colour", action="store_false")
        if name in ("cancel", "demo"):
            add("--all", action="store_true", help="everything that is open")
            add("--symbol", metavar="S", help="what is open in a symbol")
            add("--order", metavar="ID", help="one order, with one --venue")
            add("--dry-run", action="store_true", help="print the requests alone")
        if name in ("cancel", "orders", "watch"):
            add("--live", action="store_true", help="real money; paper is the default")
        if name != "watch":
            add("--format", choices=("text", "json"), default="text")
    return parser
