"""What vendoring would change in a package, and what forbids it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from pathlib import Path, PurePosixPath

from venuekit import drift, output, provenance
from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.output import PROVENANCE, Change, Found
from venuekit.records import dataclass
from venuekit.vendoring import target
from venuekit.vendoring.lock import NAME, Entry, digest, write_lock
from venuekit.vendoring.originals import Original

DOCUMENT = "openapi.json"
_LOCK = PurePosixPath(NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A package that is vendored: what it was, if it was there, what it becomes, and the drift."""

    name: str
    before: Entry | None
    after: Entry
    drift: drift.Drift | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What was to be vendored into a package, and what was written; None where it was refused."""

    root: Path
    renewals: tuple[Renewal, ...]
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The packages to write into a target, against what its lock says and what lies there."""

    root: Path
    originals: Mapping[str, Original]
    entries: Mapping[str, Entry]
    found: Found
    ours: Mapping[PurePosixPath, str] = field(hash=False)  # by whom, and with which hash

    @property
    def wanted(self) -> dict[PurePosixPath, bytes]:
        return {
            PurePosixPath(name, path): data
            for name, original in self.originals.items()
            for path, data in original.files.items()
        }

    @property
    def left(self) -> Iterator[PurePosixPath]:
        """Files that were ours and that the packages have no more."""
        wanted = self.wanted
        return (p for p in sorted(self.ours) if p in self.found.files and p not in wanted)


def copy(root: Path, originals: Mapping[str, Original], report: Report, *, force: bool) -> Copy:
    """Write packages and the lock in one move; nothing where there is an error.

    Files that were edited since they were vendored are overwritten only with `force`.
    """
    output.recover(root, report)
    found = target.look(root, originals)
    entries = target.lock_of(root, found, report) or {}
    renewals = tuple(
        _renewal(root, original, entries.get(name), found, report)
        for name, original in originals.items()
    )
    if report.has_errors:
        return Copy(root=root, renewals=renewals, change=None)
    change = output.update(
        root,
        lambda: target.look(root, originals),
        lambda found: _decide(root, originals, found, report, force=force),
        report,
    )
    return Copy(root=root, renewals=renewals, change=change)


def _renewal(
    root: Path, original: Original, entry: Entry | None, found: Found, report: Report
) -> Renewal:
    """Compare the document that is vendored with the one that comes."""
    path, name = PurePosixPath(original.name, DOCUMENT), original.name
    old, new = found.files.get(path), original.files.get(PurePosixPath(DOCUMENT))
    compared = None
    if entry and new and old is not None and digest(old) != digest(new):
        said = Report()
        before = drift.read_document(old, shown(root / path), said)
        after = drift.read_document(new, shown(original.folder / DOCUMENT), said)
        if before is None or after is None:
            message = f"cannot be compared with what replaces it: {next(iter(said)).message}"
            report.warning("VK612", message, Place(shown(root / path)))
        else:
            compared = drift.compare(before, after)
    return Renewal(name=name, before=entry, after=original.entry, drift=compared)


def _decide(
    root: Path, originals: Mapping[str, Original], found: Found, report: Report, *, force: bool
) -> Change | None:
    before = len(report)
    entries = target.lock_of(root, found, report)
    if entries is None:
        return None
    plan = _Plan(
        root=root,
        originals=originals,
        entries=entries,
        found=found,
        ours=_ours(originals, entries, found),
    )
    _report_links(plan, report)
    changed = [*_differing(plan), *plan.left]
    edited = [p for p in changed if p in found.files and not _is_as_left(plan, p)]
    if edited:
        _report_edits(plan, edited, report, force=force)
    if len(report) > before:
        return None
    wanted = plan.wanted
    writes = {path: wanted[path] for path in changed if path in wanted}
    lock = write_lock({**entries, **{n: o.entry for n, o in originals.items()}}.values())
    if digest(found.files.get(_LOCK, b"")) != digest(lock):
        writes[_LOCK] = lock
    return Change(writes, tuple(plan.left))


def _ours(
    originals: Collection[str], entries: Mapping[str, Entry], found: Found
) -> dict[PurePosixPath, str]:
    """The files that were vendored here, with their hashes: as the lock says.

    A client that the lock does not know, since it was copied by hand or the lock is lost, says by
    its provenance which files are as they were generated.
    """
    ours: dict[PurePosixPath, str] = {}
    for name in originals:
        entry = entries.get(name)
        data = found.files.get(PurePosixPath(name, PROVENANCE), b"")
        if entry is not None:
            ours |= {PurePosixPath(name, path): sha256 for path, sha256 in entry.files.items()}
        elif (recorded := provenance.read(data)) is not None:
            hashes = {**recorded.hashes, PurePosixPath(PROVENANCE): digest(data)}
            ours |= {
                PurePosixPath(name, path): sha256
                for path, sha256 in hashes.items()
                if not path.is_absolute() and ".." not in path.parts
            }
    return ours


def _differing(plan: _Plan) -> Iterator[PurePosixPath]:
    """Yield the wanted files that are missing or other than they should be."""
    for path, data in plan.wanted.items():
        there = plan.found.files.get(path)
        if there is None or digest(there) != digest(data):
            yield path


def _is_as_left(plan: _Plan, path: PurePosixPath) -> bool:
    return plan.ours.get(path) == digest(plan.found.files[path])


def _report_edits(
    plan: _Plan, edited: Collection[PurePosixPath], report: Report, *, force: bool
) -> None:
    """Report what would be lost: what was edited, unless forced, and what is not ours at all."""
    uncommitted = target.uncommitted(plan.root)
    for path in edited:
        place = Place(shown(plan.root / path))
        if path not in plan.ours:
            message = "is in the way: it was not vendored, and differs from what would be"
            report.error("VK410", message, place, "move it away, or choose another package")
        elif not force and path in uncommitted:
            message = "was edited since it was vendored, and the change is not committed"
            report.error("VK605", message, place, "commit or undo it; --force overwrites it")
        elif not force:
            message = "was edited since it was vendored"
            report.error("VK604", message, place, "undo it; --force overwrites it")


def _report_links(plan: _Plan, report: Report) -> None:
    for path in plan.found.links:
        if path == _LOCK or (path.parts and path.parts[0] in plan.originals):
            target.report_link(plan.root, path, report)
    for name in plan.originals:
        if PurePosixPath(name) in plan.found.files:
            place = Place(shown(plan.root / name))
            help = "move it away, or choose another package"
            report.error("VK410", "is in the way: it is a file, not a folder", place, help)
