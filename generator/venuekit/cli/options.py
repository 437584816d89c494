"""The arguments of the command, and what is wrong with them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

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
    fail_on: Sequence[str] = ("wire", "source")
    source: Path | None = None
    update: bool = False
    name: str = ""
    sources: Sequence[str] = ()


class WrongUsage(Exception):
    """Arguments that the parser does not understand."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(message, f"run `{self.prog} --help`")


def common_parser() -> _Parser:
    """The options that every command takes, before its name and after it."""
    common = _Parser(
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


def parser() -> _Parser:
    common = common_parser()
    whole = _Parser(
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
        if name != "validate":
            command.add_argument("--out", metavar="DIR", type=Path, help="the package, with --spec")
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
    return whole


def _gates(text: str) -> tuple[str, ...]:
    """What makes `diff` fail: one word, or several with commas."""
    chosen = tuple(word.strip() for word in text.split(","))
    if not set(chosen) <= set(_GATES) or ("none" in chosen and len(chosen) > 1):
        raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(_GATES)}")
    return chosen
