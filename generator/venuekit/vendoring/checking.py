"""Vendored packages against their lock, and against what would be vendored today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.output import PROVENANCE, Found
from venuekit.vendoring import target
from venuekit.vendoring.desk import DESK
from venuekit.vendoring.lock import NAME, Entry, digest
from venuekit.vendoring.originals import Origin, Original


def check_copies(
    root: Path,
    entries: Mapping[str, Entry],
    originals: Mapping[str, Original],
    origin: Origin,
    report: Report,
) -> None:
    """Report which files were edited, are missing, left over or older than the original's."""
    found = target.look(root, entries)
    for path in found.links:
        if path.parts and path.parts[0] in entries:
            target.report_link(root, path, report)
    for name, entry in entries.items():
        place = Place(shown(root / name))
        if not any(path.is_relative_to(name) for path in (*found.files, *found.links)):
            message = f"'{name}' is missing, which {NAME} lists"
            report.error("VK606", message, place, _update(root))
            continue
        _check_files(root, entry, found, report)
        if name in originals:
            _check_age(root, entry, originals[name], origin, found, report)
        else:
            message = f"'{name}' has no original: {origin.where} has no such client"
            help = "say where it comes from with --project DIR"
            report.warning("VK609", message, place, help)


def check_strangers(
    root: Path, entries: Collection[str], originals: Collection[str], report: Report
) -> None:
    """Report clients beside the lock that it does not list, and those that it should."""
    for name in originals:
        if name not in entries:
            message = f"'{name}' is missing, which {DESK} needs"
            report.error("VK606", message, Place(shown(root / name)), _update(root))
    for path in target.look(root, ()).files:
        name = path.parts[0]
        if path == PurePosixPath(name, PROVENANCE) and name not in (*entries, *originals):
            help = (
                f"remove it; or, where it is the name of a client, run `venuekit vendor {name}"
                f" --into {shown(root)}`"
            )
            message = f"'{name}' is left over: {NAME} does not list it"
            report.error("VK607", message, Place(shown(root / name)), help)


def _check_files(root: Path, entry: Entry, found: Found, report: Report) -> None:
    listed = {PurePosixPath(entry.name, path): sha256 for path, sha256 in entry.files.items()}
    for path, sha256 in listed.items():
        data, place = found.files.get(path), Place(shown(root / path))
        if path in found.links:
            continue
        if data is None:
            report.error("VK606", "is missing", place, _update(root))
        elif digest(data) != sha256:
            help = f"undo it, or run `venuekit vendor --update {shown(root)} --force`"
            report.error("VK604", "was edited since it was vendored", place, help)
    for path in found.files:
        if path.is_relative_to(entry.name) and path not in listed:
            help = "remove it, or keep it elsewhere"
            message = f"is left over: {NAME} does not list it"
            report.error("VK607", message, Place(shown(root / path)), help)


def _check_age(
    root: Path, entry: Entry, original: Original, origin: Origin, found: Found, report: Report
) -> None:
    """Report the files of an entry that its original has otherwise; an edited one was reported."""
    today = original.entry
    says = f"{_relation(entry, today)} {origin.whose}{_because(entry, today)}"
    for path in sorted({*entry.files, *today.files}):
        full = PurePosixPath(entry.name, path)
        if entry.files.get(path) == today.files.get(path):
            continue
        data = found.files.get(full)
        if path in entry.files and (data is None or digest(data) != entry.files[path]):
            continue
        if path not in entry.files:
            message = f"is missing: the vendored '{entry.name}' {says}"
        elif path not in today.files:
            message = f"is left over: the vendored '{entry.name}' {says}"
        else:
            message = says
        report.error("VK608", message, Place(shown(root / full)), _update(root))


def _relation(entry: Entry, today: Entry) -> str:
    """Tell older from newer by the versions of the generator; the same one moves on."""
    return "is newer than" if _order(entry) > _order(today) else "is older than"


def _order(entry: Entry) -> tuple[int, ...]:
    numbers = entry.generator.split("+")[0].split(".")
    return tuple(int(number) for number in numbers if number.isascii() and number.isdecimal())


def _because(entry: Entry, today: Entry) -> str:
    reasons: list[str] = []
    if entry.document != today.document:
        reasons.append("its document changed")
    if entry.generator != today.generator:
        reasons.append(f"venuekit is {today.generator} there, and was {entry.generator}")
    if not reasons:
        reasons.append("its settings, overlays or templates changed")
    return f": {', '.join(reasons)}"


def _update(root: Path) -> str:
    return f"run `venuekit vendor --update {shown(root)}`"
