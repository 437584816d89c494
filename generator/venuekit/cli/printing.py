"""What a run says: its diagnostics, its progress, and its exit code."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from venuekit.cli.options import REPORTS, Options
from venuekit.config import shown
from venuekit.diagnostics import Diagnostic, Report, Severity

if TYPE_CHECKING:
    from venuekit.drift import Drift
    from venuekit.output import Change

FINE, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130
# What was asked for cannot be meant: different APIs, no document, no revision, no package, no port.
_MISUSES = ("VK501", "VK502", "VK504", "VK601", "VK610", "VK701")


def print_report(options: Options, report: Report) -> None:
    from venuekit import reports

    found = shown_ones(options, report)
    if options.format == "json":
        print(reports.as_json(found))
    elif options.format == "sarif":
        print(reports.as_sarif(found))
    elif options.format == "github" and found:
        print(reports.as_github(found))
    elif options.format in ("text", *REPORTS):
        print_diagnostics(found, options)


def shown_ones(options: Options, report: Report) -> list[Diagnostic]:
    """The diagnostics of a run that are to be shown."""
    return [d for d in report if not options.quiet or d.severity is Severity.ERROR]


def print_diagnostics(found: Sequence[Diagnostic], options: Options) -> None:
    from venuekit import reports

    colour = options.colour and is_terminal(sys.stderr) and not os.environ.get("NO_COLOR")
    for diagnostic in found:
        print(reports.text(diagnostic, colour=colour), file=sys.stderr)
    if found and not options.quiet:
        print(reports.summary(found), file=sys.stderr)


def print_drift(found: Drift, options: Options) -> None:
    """Print findings in the format; in text, their number and what they hint at on stderr."""
    from venuekit import drift

    if options.format != "text":
        print(drift.FORMATS[options.format](found))
        return
    if options.quiet:
        return
    colour = options.colour and is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    if found.findings:
        print(drift.as_text(found, colour=colour))
    sys.stdout.flush()
    for line in (drift.sentence(found), *(f"hint: {hint}" for hint in found.hints)):
        print(line, file=sys.stderr)


def print_change(root: Path, change: Change, options: Options, idle: str) -> None:
    """Say what was done; that there was nothing only where that is asked for."""
    if options.quiet or options.format != "text":
        return
    if options.verbose:
        for verb, paths in (("wrote", change.writes), ("removed", change.removals)):
            for path in paths:
                print(f"{verb} {shown(root / path)}", file=sys.stderr)
    if change:
        counts = (("wrote", len(change.writes)), ("removed", len(change.removals)))
        done = ", ".join(f"{verb} {count(n, 'file')}" for verb, n in counts if n)
        print(f"{done} in {shown(root)}", file=sys.stderr)
    elif options.verbose:
        print(idle, file=sys.stderr)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def exit_code(report: Report) -> int:
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


def is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Progress:
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
