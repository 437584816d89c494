"""The command `vendor`: what it copied, verified or renewed, and what that breaks."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, cast

from venuekit import drift, reports
from venuekit.cli.options import Options, WrongUsage
from venuekit.cli.printing import (
    Progress,
    exit_code,
    is_terminal,
    print_change,
    print_report,
    shown_ones,
)
from venuekit.diagnostics import Report
from venuekit.vendoring import Copy, Entry
from venuekit.workflow import vendoring


def run(options: Options, report: Report) -> int:
    """Vendor, renew or verify; the exit code."""
    with Progress(shown=is_terminal(sys.stderr) and not options.quiet) as progress:
        copied = _run(options, report, progress)
    if copied is None:
        print_report(options, report)
    elif options.format == "text":
        _print_text(copied, options)
        print_report(options, report)
    elif options.format == "json":
        print(_as_json(copied, report, options))
    elif options.format == "sarif":
        print(_as_sarif(copied, report, options))
    else:
        drifts = [r.drift for r in copied.renewals if r.drift and r.drift.findings]
        lines = [
            *map(drift.FORMATS["github"], drifts),
            reports.as_github(shown_ones(options, report)),
        ]
        print("\n".join(line for line in lines if line))
    sys.stdout.flush()
    return exit_code(report)


def _run(options: Options, report: Report, progress: Progress) -> Copy | None:
    if options.verify is not None:
        if options.force:
            raise WrongUsage("--force is for --into and --update", "--check changes nothing")
        progress.step("checking")
        vendoring.check(options.verify, options.clients, options.project, report)
        return None
    act = vendoring.vendor if options.into is not None else vendoring.update
    if options.into is not None and not options.clients:
        raise WrongUsage("--into needs the names of clients", "`venue_desk` brings all it needs")
    folder = cast("Path", options.into or options.renew)
    progress.step("comparing")
    return act(folder, options.clients, options.project, report, force=options.force)


def _print_text(copied: Copy, options: Options) -> None:
    if options.quiet:
        return
    colour = options.colour and is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    for renewal in copied.renewals:
        if renewal.drift is None or renewal.before is None:
            continue
        print(f"{renewal.name}: {drift.sentence(renewal.drift)}")
        if renewal.drift.findings:
            print()
            print(drift.as_text(renewal.drift, colour=colour))
        for hint in renewal.drift.hints:
            print(f"hint: {hint}")
    sys.stdout.flush()
    if copied.change is not None:
        names = ", ".join(renewal.name for renewal in copied.renewals)
        print_change(copied.root, copied.change, options, f"{names}: nothing to do")


def _as_json(copied: Copy, report: Report, options: Options) -> str:
    packages = [
        {
            "name": renewal.name,
            "before": _entry(renewal.before),
            "after": _entry(renewal.after),
            "drift": json.loads(drift.FORMATS["json"](renewal.drift)) if renewal.drift else None,
        }
        for renewal in copied.renewals
    ]
    change = copied.change
    said = json.loads(reports.as_json(shown_ones(options, report)))
    written = {
        "packages": packages,
        "wrote": [str(path) for path in change.writes] if change else [],
        "removed": [str(path) for path in change.removals] if change else [],
    }
    return json.dumps({**written, **said}, indent=2)


def _entry(entry: Entry | None) -> dict[str, str | None] | None:
    return entry and {"document": entry.document, "generator": entry.generator}


def _as_sarif(copied: Copy, report: Report, options: Options) -> str:
    """One log: a run of diagnostics, and one of findings for each document that changed."""
    log: Any = json.loads(reports.as_sarif(shown_ones(options, report)))
    for renewal in copied.renewals:
        if renewal.drift and renewal.drift.findings:
            run: Any = json.loads(drift.FORMATS["sarif"](renewal.drift))["runs"][0]
            run["automationDetails"] = {"id": f"venuekit/vendor/{renewal.name}"}
            log["runs"].append(run)
    return json.dumps(log, indent=2)
