"""The command `add`: what it says of what it found and wrote."""

from __future__ import annotations

import sys

from venuekit.cli.options import REPORTS, Options, WrongUsage
from venuekit.cli.printing import Progress, count, exit_code, is_terminal, print_report
from venuekit.config import shown
from venuekit.diagnostics import Report


def run_add(options: Options, report: Report) -> int:
    """Make a new client; everything that is said goes to stderr, but findings for programs."""
    from venuekit.workflow import adding

    if options.format in REPORTS:
        raise WrongUsage(f"--format {options.format} is for the findings of diff", "use another")
    with Progress(shown=is_terminal(sys.stderr) and not options.quiet) as progress:
        added = adding.add(options.project, options.name, options.sources, report, progress.step)
    print_report(options, report)
    sys.stdout.flush()
    if added and not options.quiet and options.format == "text":
        for note in added.notes:
            print(f"note: {note}", file=sys.stderr)
        for path in added.sources:
            print(f"wrote {shown(path)}", file=sys.stderr)
        package = f"{count(added.files, 'file')} in {shown(added.package)}"
        print(f"wrote {package}", file=sys.stderr)
    return exit_code(report)
