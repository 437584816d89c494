"""Time the tool and its clients against their peers, and print the figures as ratios."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import calls
import desk
import documents
import drift
import generation
import imports
from measuring import MeasurementError, Row, Settings, Skipped, Subject

SUBJECTS: Mapping[str, Subject] = {
    "generation": generation.measure,
    "calls": calls.measure,
    "imports": imports.measure,
    "drift": drift.measure,
    "desk": desk.measure,
    "documents": documents.measure,
}
Results = dict[str, list[Row | Skipped]]


class Options(argparse.Namespace):
    """The arguments of a run."""

    subjects: Sequence[str]
    rounds: int
    peers: Path
    json: bool
    demanding: bool


def main() -> int:
    """Measure what is asked for; 1 for a target that is missed, 2 for a failed measurement."""
    options = _parse()
    root = Path(__file__).resolve().parents[1]
    settings = Settings(root=root, peers=options.peers, rounds=options.rounds)
    results: Results = {}
    failed = False
    for name in options.subjects or SUBJECTS:
        print(f"measuring {name}", file=sys.stderr)
        rows = results.setdefault(name, [])
        try:
            rows.extend(SUBJECTS[name](settings))
        except MeasurementError as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
    print(json.dumps(_as_json(results), indent=2) if options.json else _as_table(results))
    every = [row for rows in results.values() for row in rows if isinstance(row, Row)]
    missed = any(row.verdict == "MISSED" for row in every)
    return 2 if failed else int(missed and options.demanding)


def _parse() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subjects", nargs="*", choices=[[], *SUBJECTS], help="default: all")
    parser.add_argument("--rounds", type=int, default=7, help="of whole processes; default 7")
    cache = Path(tempfile.gettempdir(), "venuekit-benchmarks")
    parser.add_argument("--peers", type=Path, default=cache, help="where peers are installed")
    parser.add_argument("--json", action="store_true", help="print JSON, with every time")
    parser.add_argument(
        "--assert", dest="demanding", action="store_true", help="fail where a target is missed"
    )
    return parser.parse_args(namespace=Options())


def _machine() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def _as_json(results: Results) -> dict[str, object]:
    return {
        "machine": _machine(),
        "subjects": {name: [_entry(row) for row in rows] for name, rows in results.items()},
    }


def _entry(row: Row | Skipped) -> dict[str, object]:
    if isinstance(row, Skipped):
        return {"what": row.what, "skipped": row.why}
    return {
        "what": row.what,
        "peer": row.peer,
        "measure": row.measure,
        "unit": row.unit,
        "least": row.least,
        "median": row.median,
        "target": row.target,
        "verdict": row.verdict,
        "times": list(row.times),
        "peer_times": list(row.peer_times),
    }


def _as_table(results: Results) -> str:
    heads = ("what", "ours", "peer's", "minima", "medians", "target", "", "peer")
    lines: list[tuple[str, ...]] = []
    for name, rows in results.items():
        lines += [(name,), *map(_line, rows), ()]
    wide = [line for line in (heads, *lines) if len(line) == len(heads)]
    widths = [max(len(line[column]) for line in wide) for column in range(len(heads))]
    machine = ", ".join(f"{name} {value}" for name, value in _machine().items())
    text = [machine, "", _aligned(heads, widths)]
    text += [_aligned(line, widths) if line in wide else " ".join(line) for line in lines]
    return "\n".join(text).rstrip()


def _line(row: Row | Skipped) -> tuple[str, ...]:
    if isinstance(row, Skipped):
        return (f"  {row.what}:", "skipped,", row.why)
    ratio = row.measure == "ratio"
    shown = _seconds if row.unit == "s" else "{:.0f} MB".format
    write = "{:.2f}".format if ratio else shown
    target = "" if row.target is None else ("<= " if ratio else "+ ") + write(row.target)
    return (
        f"  {row.what}",
        shown(statistics.median(row.times)),
        shown(statistics.median(row.peer_times)),
        write(row.least),
        write(row.median),
        target,
        row.verdict,
        row.peer,
    )


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *middle, last = line
    cells = [text.rjust(width) for text, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join((first.ljust(widths[0]), *cells, last)).rstrip()


def _seconds(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if abs(seconds) >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds / 1e-6:.0f} us"


if __name__ == "__main__":
    sys.exit(main())
