"""Copies of clients and of the desk in other repositories: made, verified, renewed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.vendoring import (
    LOCK,
    Copy,
    Entry,
    Origin,
    check_copies,
    check_strangers,
    copy,
    find_origin,
    find_target,
    is_client,
    lock_of,
    look,
    read_originals,
)


def vendor(
    folder: Path, names: Collection[str], project: Path | None, report: Report, *, force: bool
) -> Copy | None:
    """Copy packages into another package; None where there was nothing to begin with."""
    root, origin = find_target(folder, report), find_origin(project, report)
    if root is None or origin is None:
        return None
    if _is_origin(root, origin, report) or _is_copied(root, report):
        return None
    originals = read_originals(origin, names, report)
    return None if report.has_errors else copy(root, originals, report, force=force)


def update(
    folder: Path, names: Collection[str], project: Path | None, report: Report, *, force: bool
) -> Copy | None:
    """Renew what is vendored in a package, all of it or the packages of some names."""
    root, entries = _locked(folder, names, report)
    origin = find_origin(project, report)
    if root is None or origin is None:
        return None
    originals = read_originals(origin, entries, report)
    return None if report.has_errors else copy(root, originals, report, force=force)


def check(folder: Path, names: Collection[str], project: Path | None, report: Report) -> None:
    """Report where vendored packages are not what the lock says, or not what they could be."""
    root, entries = _locked(folder, names, report)
    origin = find_origin(project, report)
    if root is None or origin is None:
        return
    originals = read_originals(origin, entries, report, known=False)
    check_copies(root, entries, originals, origin, report)
    if not names:
        check_strangers(root, entries, originals, report)


def _locked(
    folder: Path, names: Collection[str], report: Report
) -> tuple[Path | None, dict[str, Entry]]:
    """The package that was vendored into, and what its lock lists of the names, or all."""
    root = find_target(folder, report)
    if root is None:
        return None, {}
    entries = lock_of(root, look(root, ()), report)
    if entries is None:
        return None, {}
    if not entries:
        help = "run `venuekit vendor CLIENT --into DIR` first"
        report.error("VK610", f"nothing is vendored here: no {LOCK}", Place(shown(folder)), help)
        return None, {}
    for name in names:
        if name not in entries:
            help = f"{LOCK} lists {', '.join(entries)}"
            report.error("VK008", f"unknown client '{name}': it is not vendored here", None, help)
    chosen = {name: entry for name, entry in entries.items() if not names or name in names}
    return (None if report.has_errors else root), chosen


def _is_origin(root: Path, origin: Origin, report: Report) -> bool:
    if origin.root is None or root.resolve() != origin.root.resolve():
        return False
    help = "name a package of another repository"
    report.error("VK601", "the target is where the clients come from", Place(shown(root)), help)
    return True


def _is_copied(root: Path, report: Report) -> bool:
    """Whether the package is in what was vendored or generated itself: its own lock has no word
    for what would lie there."""
    for folder in (root, *root.parents):
        if not (folder / "__init__.py").is_file():
            return False
        if is_client(folder):
            message = f"the target is inside of the client '{folder.name}'"
            help = f"name a package of your own, such as {shown(folder.parent)}"
            report.error("VK601", message, Place(shown(root)), help)
            return True
    return False
