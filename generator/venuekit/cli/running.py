"""The commands: arguments in, text and exit code out."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from venuekit.cli.ending import ended_in_order
from venuekit.cli.options import REPORTS, Options, WrongUsage, common_parser, parser
from venuekit.cli.printing import (
    FINDINGS,
    FINE,
    INTERRUPTED,
    Progress,
    count,
    exit_code,
    is_terminal,
    print_change,
    print_diagnostics,
    print_drift,
    print_report,
    shown_ones,
)
from venuekit.config import shown
from venuekit.diagnostics import Fault, Place, Report

if TYPE_CHECKING:
    from venuekit import workflow


def run(arguments: Sequence[str] | None) -> int:
    """Run the command and return its exit code, whatever the input is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with ended_in_order():
            return _main(sys.argv[1:] if arguments is None else arguments)
    except OSError as failed:
        # What is buffered must not fail again at exit. Whoever read a pipe has gone, and knows it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(failed, BrokenPipeError):
            with contextlib.suppress(OSError):
                print(f"venuekit: error[VK407]: cannot print: {failed.strerror}", file=sys.stderr)
        return FINDINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as done:  # --help and --version
        return done.code if isinstance(done.code, int) else FINE


def _main(arguments: Sequence[str]) -> int:
    options, report = Options(), Report()
    try:
        common_parser().parse_known_args(arguments, options)
        parser().parse_args(arguments, options)
        report.strict = options.strict
        if options.command == "diff":
            return _diff(options, report)
        if options.command == "drift":
            return _drift(options, report)
        if options.command == "add":
            return _add(options, report)
        if options.command == "vendor":
            return _vendor(options, report)
        if options.command == "mock":
            return _mock(options, report)
        _run(options, report)
    except WrongUsage as error:
        message, help = error.args
        report.error("VK010", message, None, help)
    except Fault as fault:
        report.add(fault.diagnostic)
    except BrokenPipeError:
        raise
    except OSError as error:
        place = Place(shown(Path(os.fsdecode(error.filename)))) if error.filename else None
        report.error("VK013", f"cannot be read: {error.strerror or error}", place)
    except MemoryError:
        report.error("VK119", "there is not enough memory", None, "docs/hostile.md says how much")
    except Exception as error:  # noqa: BLE001 - no input ends in a traceback
        _report_bug(error, options, report)
    print_report(options, report)
    sys.stdout.flush()
    return exit_code(report)


def _run(options: Options, report: Report) -> None:
    """Carry out the command; what is found is in the report."""
    from venuekit import workflow

    _refuse_reports(options)
    job = _job(options, report)
    if job is None:
        return
    with Progress(shown=is_terminal(sys.stderr) and not options.quiet) as progress:
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
        idle = f"{count(len(job.clients), 'client')}, nothing to do"
        print_change(job.root, change, options, idle)


def _add(options: Options, report: Report) -> int:
    from venuekit.cli import adding

    return adding.run_add(options, report)


def _drift(options: Options, report: Report) -> int:
    from venuekit.cli import drifting

    return drifting.run_drift(options, report)


def _vendor(options: Options, report: Report) -> int:
    from venuekit.cli import vendoring

    _refuse_reports(options)
    return vendoring.run(options, report)


def _mock(options: Options, report: Report) -> int:
    from venuekit.cli import mocking

    _refuse_reports(options)
    return mocking.run(options, report)


def _refuse_reports(options: Options) -> None:
    if options.format in REPORTS:
        raise WrongUsage(f"--format {options.format} is for the findings of diff", "use another")


def _diff(options: Options, report: Report) -> int:
    """Compare two documents; what changed is printed in the format, what is wrong on stderr."""
    from venuekit import drift
    from venuekit.workflow import diffing

    with Progress(shown=is_terminal(sys.stderr) and not options.quiet) as progress:
        found = diffing.diff(
            options.old,
            options.new,
            report,
            progress.step,
            accepted=options.accepted,
            force=options.force,
            outside=options.allow_outside,
            network=options.allow_network_refs,
        )
    if found is None:
        print_report(options, report)
        return exit_code(report)
    print_drift(found, options)
    print_diagnostics(shown_ones(options, report), options)
    sys.stdout.flush()
    return exit_code(report) or (FINDINGS if drift.fails(found.findings, options.fail_on) else FINE)


def _job(options: Options, report: Report) -> workflow.Job | None:
    from venuekit import workflow

    if options.spec is None and options.out is not None:
        help = "the clients of a project go where its settings say"
        raise WrongUsage("--out needs --spec", help)
    if options.spec is None:
        job = workflow.project_job(options.project, options.clients, report)
        return job and _allowing(job, options)
    if options.clients:
        raise WrongUsage("--spec and the names of clients exclude each other", "drop one of them")
    if options.out is None and options.command != "validate":
        raise WrongUsage("--spec needs --out", "say where the client belongs with --out DIR")
    job = workflow.spec_job(options.spec, options.out, report)
    return job and _allowing(job, options)


def _allowing(job: workflow.Job, options: Options) -> workflow.Job:
    from venuekit import workflow

    return workflow.allowing(job, outside=options.allow_outside, network=options.allow_network_refs)


def _report_bug(error: Exception, options: Options, report: Report) -> None:
    if options.verbose:
        import traceback

        traceback.print_exception(error)
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    report.error(
        "VK999",
        f"internal error: {type(error).__name__}: {error}{notes}",
        None,
        "this is a bug: please report it with the files that it takes, and with what -v prints",
    )
