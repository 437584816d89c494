"""The arguments of the command, and what is wrong with them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from venuekit import __version__

FORMATS = ("text", "json", "github", "sarif")
REPORTS = ("markdown", "html", "junit")
_GATES = ("wire", "source", "any", "none")


class Options(argparse.Namespace):
    """The arguments of a run."""

    command: str = ""
    clients: Sequence[str] = ()
    spec: Path | None = None
    out: Path | None = None
    project: Path | None = None
    strict: bool = False
    format: str = "text"
    quiet: bool = False
    verbose: bool = False
    colour: bool = True
    old: str = ""
    new: str = ""
    accepted: Path | None = None
    force: bool = False
    allow_outside: bool = False
    allow_network_refs: bool = False
    into: Path | None = None
    verify: Path | None = None
    renew: Path | None = None
    fail_on: Sequence[str] = ("wire", "source")
    host: str = "127.0.0.1"
    port: int = 0
    source: Path | None = None
    update: bool = False
    name: str = ""
    sources: Sequence[str] = ()


class WrongUsage(Exception):
    """Arguments that the parser does not understand."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(message, f"run `{self.prog} --help`")


def common_parser() -> Parser:
    """The options that every command takes, before its name and after it."""
    common = Parser(
        prog="venuekit",
        add_help=False,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    group = common.add_argument_group("common options")
    group.add_argument("--project", metavar="DIR", type=Path, help="the project, else around here")
    group.add_argument("--strict", action="store_true", help="take warnings for errors")
    group.add_argument("--format", choices=(*FORMATS, *REPORTS), help="of findings")
    group.add_argument("-q", "--quiet", action="store_true", help="print errors alone")
    group.add_argument("-v", "--verbose", action="store_true", help="print every file that changes")
    group.add_argument("--no-color", dest="colour", action="store_false", help="print no colour")
    return common


def parser() -> Parser:
    common = common_parser()
    whole = Parser(
        prog="venuekit",
        description="Typed clients from venues' pages, and from any OpenAPI document.",
        epilog="exit codes: 0 fine, 1 findings, 2 wrong usage or settings",
        parents=[common],
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"venuekit {__version__}")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help in (
        ("generate", "write the clients that are out of date"),
        ("check", "compare the clients with what would be generated"),
        ("validate", "report what is wrong with the documents"),
    ):
        command = commands.add_parser(
            name, help=help, description=help, parents=[common], allow_abbrev=False
        )
        command.add_argument("clients", metavar="CLIENT", nargs="*", help="all by default")
        command.add_argument("--spec", metavar="FILE", type=Path, help="a document or page instead")
        _add_allowances(command)
        if name != "validate":
            command.add_argument("--out", metavar="DIR", type=Path, help="the package, with --spec")
    _add_diff(commands, common)
    _add_drift(commands, common)
    _add_vendor(commands, common)
    _add_add(commands, common)
    _add_mock(commands, common)
    return whole


_Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # pyright: ignore[reportPrivateUsage]  # has no public name


def _add_allowances(command: Parser) -> None:
    """What documents may refer to."""
    command.add_argument(
        "--allow-outside", action="store_true", help="let $ref name files of other folders"
    )
    command.add_argument(
        "--allow-network-refs", action="store_true", help="let $ref name addresses, and lock them"
    )


def _add_diff(commands: _Commands, common: Parser) -> None:
    help = "tell what changed between two documents, and whom it breaks"
    command = commands.add_parser(
        "diff",
        help=help,
        description=help,
        parents=[common],
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    what = "a document, a page, a client's folder, or REV:path of git"
    command.add_argument("old", metavar="OLD", help=what)
    command.add_argument("new", metavar="NEW", help="likewise")
    command.add_argument("--fail-on", type=_gates, metavar="WHAT", help="wire,source|any|none")
    command.add_argument("--accepted", metavar="FILE", type=Path, help="findings to pass over")
    command.add_argument("--force", action="store_true", help="compare even different APIs")
    _add_allowances(command)


def _add_drift(commands: _Commands, common: Parser) -> None:
    help = "fetch the sources again, and tell what moved and whom it breaks"
    command = commands.add_parser(
        "drift",
        help=help,
        description=help,
        parents=[common],
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    command.add_argument("clients", metavar="CLIENT", nargs="*", help="all by default")
    command.add_argument(
        "--from", dest="source", metavar="DIR", type=Path, help="read the sources from here"
    )
    command.add_argument("--update", action="store_true", help="write what has changed")
    command.add_argument("--fail-on", type=_gates, metavar="WHAT", help="wire,source|any|none")


def _add_vendor(commands: _Commands, common: Parser) -> None:
    help = "copy clients, and venue_desk, into a package of another repository"
    command = commands.add_parser(
        "vendor",
        help=help,
        description=help,
        parents=[common],
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    command.add_argument("clients", metavar="CLIENT", nargs="*", help="those, or all of the lock")
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--into", metavar="DIR", type=Path, help="the package to copy them into")
    what.add_argument(
        "--check", dest="verify", metavar="DIR", type=Path, help="see what became of it"
    )
    what.add_argument(
        "--update", dest="renew", metavar="DIR", type=Path, help="bring it up to date"
    )
    command.add_argument("--force", action="store_true", help="overwrite what was edited there")


def _add_add(commands: _Commands, common: Parser) -> None:
    help = "make a new client from addresses, pages or documents"
    command = commands.add_parser(
        "add",
        help=help,
        description=help,
        parents=[common],
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    command.add_argument("name", metavar="NAME", help="of the client and its package")
    what = "an address, a page or a document; also an overlay"
    command.add_argument("sources", metavar="SOURCE", nargs="+", help=what)


def _add_mock(commands: _Commands, common: Parser) -> None:
    help = "serve a document on loopback: check requests, and answer from its examples"
    command = commands.add_parser(
        "mock",
        help=help,
        description=help,
        parents=[common],
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    command.add_argument("name", metavar="CLIENT", nargs="?", help="whose document to serve")
    command.add_argument("--spec", metavar="FILE", type=Path, help="a document or page instead")
    command.add_argument("--port", metavar="N", type=_port, help="a free one by default")
    command.add_argument("--host", metavar="HOST", help="127.0.0.1 by default")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is no port")
    return int(text)


def _gates(text: str) -> tuple[str, ...]:
    """What makes `diff` fail: one word, or several with commas."""
    chosen = tuple(word.strip() for word in text.split(","))
    if not set(chosen) <= set(_GATES) or ("none" in chosen and len(chosen) > 1):
        raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(_GATES)}")
    return chosen
