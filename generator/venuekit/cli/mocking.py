"""The command `mock`: where it listens, and what it was asked."""

from __future__ import annotations

import json
import signal
import sys
import threading
from contextlib import suppress

from venuekit import reports
from venuekit.cli.options import Options, WrongUsage
from venuekit.cli.printing import (
    FINE,
    Progress,
    exit_code,
    is_terminal,
    print_diagnostics,
    print_report,
    shown_ones,
)
from venuekit.config import load_project
from venuekit.diagnostics import Report
from venuekit.mocking import Running, serving
from venuekit.reports import plain
from venuekit.sources import Map
from venuekit.workflow import Job, project_job, spec_job
from venuekit.workflow.mocking import mocked


def run(options: Options, report: Report) -> int:
    """Serve until interrupted; the exit code."""
    job = _job(options, report)
    document = None
    if job is not None:
        with Progress(shown=is_terminal(sys.stderr) and not options.quiet) as progress:
            progress.step("reading")
            document = mocked(job, report)
    if document is not None:
        try:
            _serve(document, options, report)
            return FINE
        except OSError as error:
            where = f"{options.host}:{options.port}"
            message = f"cannot listen on {where}: {error.strerror or error}"
            help = "choose another --port, or none to have a free one"
            report.error("VK701", message, None, help)
    print_report(options, report)
    return exit_code(report)


def _job(options: Options, report: Report) -> Job | None:
    if options.spec is not None:
        if options.name:
            raise WrongUsage("--spec and the name of a client exclude each other", "drop one")
        return spec_job(options.spec, None, report)
    if options.name:
        return project_job(options.project, [options.name], report)
    project = load_project(options.project, report)
    if project is not None and len(project.clients) != 1:
        help = f"name one of {', '.join(project.clients) or 'none'}, or a document with --spec FILE"
        raise WrongUsage("mock needs the name of a client", help)
    return project_job(options.project, project.clients, report) if project else None


def _serve(document: Map, options: Options, report: Report) -> None:
    def said(line: str, is_well: bool) -> None:
        if options.verbose or not (is_well or options.quiet):
            print(plain(line), file=sys.stderr, flush=True)

    before = signal.getsignal(signal.SIGTERM)
    with (
        suppress(KeyboardInterrupt),
        serving(document, host=options.host, port=options.port, said=said) as running,
    ):
        # A service manager ends it with another signal than a keyboard does.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        _print_start(document, running, options, report)
        running.wait()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, before)


def _print_start(document: Map, running: Running, options: Options, report: Report) -> None:
    """The address is all that a program reads."""
    where = {"url": running.url, "host": options.host, "port": running.port}
    if options.format == "json":
        said = json.loads(reports.as_json(shown_ones(options, report)))
        print(json.dumps({**where, **said}), flush=True)
        return
    print(running.url, flush=True)
    print_diagnostics(shown_ones(options, report), options)
    if not options.quiet:
        print(f"serving {plain(_title(document))}; Ctrl-C ends it", file=sys.stderr, flush=True)


def _title(document: Map) -> str:
    info = document.get("info")
    known = info if isinstance(info, Map) else Map()
    return f"{known.get('title', 'a document')} {known.get('version', '')}".strip()
