"""The command `drift`: what it prints, and when it fails."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, cast

from venuekit.cli.options import Options
from venuekit.cli.printing import (
    FINDINGS,
    FINE,
    Progress,
    count,
    exit_code,
    is_terminal,
    print_diagnostics,
    print_drift,
    print_report,
)
from venuekit.config import shown
from venuekit.diagnostics import Report, Severity

if TYPE_CHECKING:
    from venuekit.workflow.drifting import ClientDrift, Outcome


def run_drift(options: Options, report: Report) -> int:
    """Look at the sources again; what moved goes to stdout, what became of them to stderr."""
    from venuekit import drift
    from venuekit.workflow import drifting

    with Progress(shown=is_terminal(sys.stderr) and not options.quiet) as progress:
        outcome = drifting.drift_of(
            options.project,
            options.clients,
            report,
            progress.step,
            source=options.source,
            update=options.update,
        )
    if outcome is None:
        print_report(options, report)
        return exit_code(report)
    _print(outcome, options, report)
    sys.stdout.flush()
    fails = drift.fails(outcome.whole.findings, options.fail_on)
    return exit_code(report) or (FINDINGS if fails else FINE)


def _print(outcome: Outcome, options: Options, report: Report) -> None:
    from venuekit import reports
    from venuekit.workflow import drifting

    if not options.quiet:
        for entry in outcome.clients:
            _print_sources(entry, options)
    found = [d for d in report if not options.quiet or d.severity is Severity.ERROR]
    if options.format == "json":
        listed = cast("dict[str, list[dict[str, object]]]", json.loads(reports.as_json(found)))
        print(drifting.as_json(outcome, listed["diagnostics"]))
    elif options.format == "text":
        for entry in outcome.clients:
            if entry.drift and not options.quiet and len(outcome.clients) > 1:
                sys.stdout.flush()
                print(f"{entry.client}:", file=sys.stderr, flush=True)
            if entry.drift:
                print_drift(entry.drift, options)
        if not options.quiet:
            sys.stdout.write("".join(outcome.diffs))
    else:
        print_drift(outcome.whole, options)
    sys.stdout.flush()
    if options.format != "json":
        print_diagnostics(found, options)
    if outcome.written and not options.quiet:
        for path in outcome.written.writes if options.verbose else ():
            print(f"wrote {path}", file=sys.stderr)
        _print_written(outcome)


def _print_sources(entry: ClientDrift, options: Options) -> None:
    """Say of each source what became of it; of those that are as they were, only when asked."""
    usual = ("same", "unasked")
    for renewal in entry.renewals:
        if renewal.state in usual and not options.verbose:
            continue
        address = f" ({renewal.held.url})" if renewal.held.url else ""
        reason = f": {renewal.reason}" if renewal.reason else ""
        print(
            f"{shown(renewal.held.source.path)}: {renewal.state}{reason}{address}",
            file=sys.stderr,
        )
    unasked = sum(renewal.state == "unasked" for renewal in entry.renewals)
    if unasked == len(entry.renewals) and not options.verbose:
        print(f"{entry.client}: not asked: no source has an address", file=sys.stderr)


def _print_written(outcome: Outcome) -> None:
    written = count(len(outcome.written.writes), "source") if outcome.written else ""
    changed = count(sum(diff.startswith("--- ") for diff in outcome.diffs), "file")
    print(f"wrote {written}; `venuekit generate` would change {changed}", file=sys.stderr)
