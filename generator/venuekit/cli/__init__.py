"""Arguments in, text and exit code out: the only module that prints."""

from __future__ import annotations

import argparse
import io
import os
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self, TextIO

from venuekit import __version__
from venuekit.config import shown
from venuekit.diagnostics import Diagnostic, Place, Report, Severity

if TYPE_CHECKING:
    from venuekit import workflow
    from venuekit.drift import Drift
    from venuekit.output import Change

FINE, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130
_FORMATS = ("text", "json", "github", "sarif")
_REPORTS = ("markdown", "html", "junit")
_GATES = ("wire", "source", "any", "none")
# What was asked for cannot be meant: different APIs, no document, no revision.
_MISUSES = ("VK501", "VK502", "VK504")


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


class _WrongUsage(Exception):
    """Arguments that the parser does not understand."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongUsage(message, f"run `{self.prog} --help`")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code, whatever the input is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _main(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:
        # Whoever read the output has gone; what is buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINDINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as done:  # --help and --version
        return done.code if isinstance(done.code, int) else FINE


def _main(arguments: Sequence[str]) -> int:
    options, report = Options(), Report()
    try:
        _common().parse_known_args(arguments, options)
        _parser().parse_args(arguments, options)
        report.strict = options.strict
        if options.command == "diff":
            return _diff(options, report)
        _run(options, report)
    except _WrongUsage as error:
        message, help = error.args
        report.error("VK010", message, None, help)
    except BrokenPipeError:
        raise
    except OSError as error:
        place = Place(shown(Path(os.fsdecode(error.filename)))) if error.filename else None
        report.error("VK013", f"cannot be read: {error.strerror or error}", place)
    except Exception as error:  # noqa: BLE001 - no input ends in a traceback
        _report_bug(error, options, report)
    _print_report(options, report)
    sys.stdout.flush()
    return _exit_code(report)


def _run(options: Options, report: Report) -> None:
    """Carry out the command; what is found is in the report."""
    from venuekit import workflow

    if options.format in _REPORTS:
        raise _WrongUsage(f"--format {options.format} is for the findings of diff", "use another")
    job = _job(options, report)
    if job is None:
        return
    with _Progress(shown=_is_terminal(sys.stderr) and not options.quiet) as progress:
        if options.command == "validate":
            workflow.validate(job, report, progress.step)
            return
        if options.command == "check":
            diffs = workflow.check(job, report, progress.step)
            change = None
        else:
            diffs, change = [], workflow.generate(job, report, progress.step)
    if options.format == "text" and not options.quiet:
        sys.stdout.write("".join(diffs))
    if options.command == "generate" and change is not None:
        _print_change(job, change, options)


def _diff(options: Options, report: Report) -> int:
    """Compare two documents; what changed is printed in the format, what is wrong on stderr."""
    from venuekit import drift, workflow

    with _Progress(shown=_is_terminal(sys.stderr) and not options.quiet) as progress:
        found = workflow.diff(
            options.old,
            options.new,
            report,
            progress.step,
            accepted=options.accepted,
            force=options.force,
        )
    if found is None:
        _print_report(options, report)
        return _exit_code(report)
    _print_drift(found, options)
    shown_ones = [d for d in report if not options.quiet or d.severity is Severity.ERROR]
    _print_diagnostics(shown_ones, options)
    sys.stdout.flush()
    return _exit_code(report) or (
        FINDINGS if drift.fails(found.findings, options.fail_on) else FINE
    )


def _print_drift(found: Drift, options: Options) -> None:
    from venuekit import drift

    if options.format != "text":
        print(drift.FORMATS[options.format](found))
        return
    if options.quiet:
        return
    colour = options.colour and _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    if found.findings:
        print(drift.as_text(found, colour=colour))
    sys.stdout.flush()
    for line in (drift.sentence(found), *(f"hint: {hint}" for hint in found.hints)):
        print(line, file=sys.stderr)


def _job(options: Options, report: Report) -> workflow.Job | None:
    from venuekit import workflow

    if options.spec is None and options.out is not None:
        help = "the clients of a project go where its settings say"
        raise _WrongUsage("--out needs --spec", help)
    if options.spec is None:
        return workflow.project_job(options.project, options.clients, report)
    if options.clients:
        raise _WrongUsage("--spec and the names of clients exclude each other", "drop one of them")
    if options.out is None and options.command != "validate":
        raise _WrongUsage("--spec needs --out", "say where the client belongs with --out DIR")
    return workflow.spec_job(options.spec, options.out, report)


def _common() -> _Parser:
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
    group.add_argument("--format", choices=(*_FORMATS, *_REPORTS), help="of findings")
    group.add_argument("-q", "--quiet", action="store_true", help="print errors alone")
    group.add_argument("-v", "--verbose", action="store_true", help="print every file that changes")
    group.add_argument("--no-color", dest="colour", action="store_false", help="print no colour")
    return common


def _parser() -> _Parser:
    common = _common()
    parser = _Parser(
        prog="venuekit",
        description="Typed clients from venues' pages, and from any OpenAPI document.",
        epilog="exit codes: 0 fine, 1 findings, 2 wrong usage or settings",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"venuekit {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
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
    return parser


def _gates(text: str) -> tuple[str, ...]:
    """What makes `diff` fail: one word, or several with commas."""
    chosen = tuple(word.strip() for word in text.split(","))
    if not set(chosen) <= set(_GATES) or ("none" in chosen and len(chosen) > 1):
        raise argparse.ArgumentTypeError(f"'{text}' is none of {', '.join(_GATES)}")
    return chosen


def _print_report(options: Options, report: Report) -> None:
    from venuekit import reports

    found = [d for d in report if not options.quiet or d.severity is Severity.ERROR]
    if options.format == "json":
        print(reports.as_json(found))
    elif options.format == "sarif":
        print(reports.as_sarif(found))
    elif options.format == "github" and found:
        print(reports.as_github(found))
    elif options.format in ("text", *_REPORTS):
        _print_diagnostics(found, options)


def _print_diagnostics(found: Sequence[Diagnostic], options: Options) -> None:
    from venuekit import reports

    colour = options.colour and _is_terminal(sys.stderr) and not os.environ.get("NO_COLOR")
    for diagnostic in found:
        print(reports.text(diagnostic, colour=colour), file=sys.stderr)
    if found and not options.quiet:
        print(reports.summary(found), file=sys.stderr)


def _print_change(job: workflow.Job, change: Change, options: Options) -> None:
    """Say what was done; nothing where nothing was, unless asked."""
    if options.quiet or options.format != "text":
        return
    if options.verbose:
        for verb, paths in (("wrote", change.writes), ("removed", change.removals)):
            for path in paths:
                print(f"{verb} {shown(job.root / path)}", file=sys.stderr)
    if change:
        counts = (("wrote", len(change.writes)), ("removed", len(change.removals)))
        done = ", ".join(f"{verb} {_count(n, 'file')}" for verb, n in counts if n)
        print(f"{done} in {shown(job.root)}", file=sys.stderr)
    elif options.verbose:
        print(f"{_count(len(job.clients), 'client')}, nothing to do", file=sys.stderr)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _exit_code(report: Report) -> int:
    """Tell wrong usage and settings from what is wrong with documents and clients."""
    errors = [d for d in report if d.severity is Severity.ERROR]
    if any(d.code.startswith(("VK0", *_MISUSES)) or _is_about_settings(d) for d in errors):
        return USAGE
    return FINDINGS if errors else FINE


def _is_about_settings(diagnostic: Diagnostic) -> bool:
    """Tell an entry of the settings that nothing uses, which only the document shows."""
    return bool(diagnostic.place) and diagnostic.place.file.endswith(
        ("client.toml", "pyproject.toml")
    )


def _report_bug(error: Exception, options: Options, report: Report) -> None:
    if options.verbose:
        traceback.print_exception(error)
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    report.error(
        "VK999",
        f"internal error: {type(error).__name__}: {error}{notes}",
        None,
        "this is a bug: please report it with the files that it takes, and with what -v prints",
    )


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class _Progress:
    """Shows on a terminal what is being done, once it has taken more than a second."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._text = ""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def step(self, text: str) -> None:
        self._text = text

    def __enter__(self) -> Self:
        if self._shown:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._shown:
            self._thread.join()

    def _show(self) -> None:
        begun = time.monotonic()
        if self._done.wait(1):
            return
        while not self._done.wait(0.2):
            seconds = int(time.monotonic() - begun)
            print(f"\r\x1b[K{self._text} ({seconds} s)", end="", file=sys.stderr, flush=True)
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
