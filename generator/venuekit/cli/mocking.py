"""The command `mock`: where it listens, and what it was asked."""

from __future__ import annotations

import json
import signal
import sys
import threading
from typing import NoReturn

from venuekit.cli.options import Options, WrongUsage
from venuekit.cli.printing import FINE, Progress, exit_code, is_terminal, print_report
from venuekit.config import load_project
from venuekit.diagnostics import Report
from venuekit.mocking import serving
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

    with serving(document, host=options.host, port=options.port, said=said) as running:
        # A service manager ends it with another signal than a keyboard does.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _interrupt)
        print_report(options, report) if options.format == "text" else None
        if options.format == "json":
            print(json.dumps({"url": running.url, "host": options.host, "port": running.port}))
        else:
            print(running.url)
        sys.stdout.flush()
        if not options.quiet and options.format == "text":
            title = _title(document)
            print(f"serving {plain(title)}; Ctrl-C ends it", file=sys.stderr, flush=True)
        try:
            running.wait()
        except KeyboardInterrupt:
            return


def _title(document: Map) -> str:
    info = document.get("info")
    known = info if isinstance(info, Map) else Map()
    return f"{known.get('title', 'a document')} {known.get('version', '')}".strip()


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
