"""What should be on the disk against what is: the change that mends it, and the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path, PurePosixPath

from venuekit import provenance
from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.output import PROVENANCE, Change, Found
from venuekit.provenance import Provenance
from venuekit.records import dataclass

Tree = Mapping[PurePosixPath, str]
HERE = PurePosixPath()


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The files of one client, by path below its folder, and what they were made from."""

    name: str
    files: Tree
    provenance: Provenance
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What should be at a root: clients by their folder, and the files beside them.

    A client at the root itself has a folder of its own, where nothing else may be.
    `complete` says that these are all the clients there are.
    """

    root: Path
    clients: Mapping[PurePosixPath, Client]
    beside: Tree = field(default_factory=dict[PurePosixPath, str])
    complete: bool = False
    command: str = "venuekit generate"

    @property
    def files(self) -> dict[PurePosixPath, str]:
        inside = {
            folder / path: text
            for folder, client in self.clients.items()
            for path, text in client.files.items()
        }
        return {**self.beside, **inside}

    def place(self, path: PurePosixPath, line: int = 0) -> Place:
        return Place(shown(self.root / path), line, 1 if line else 0)


def plan(wanted: Wanted, found: Found, report: Report) -> Change | None:
    """Decide what to write and what to remove; None where something is in the way."""
    before = len(report)
    _report_links(wanted, found, report)
    files, ours = wanted.files, _ours(found)
    writes: dict[PurePosixPath, bytes] = {}
    for path, text in files.items():
        data = text.encode()
        if found.files.get(path) != data:
            writes[path] = data
            if path in found.files and path not in ours and not _is_beside(wanted, path, found):
                _report_in_the_way(wanted, path, report)
    if HERE in wanted.clients:
        _report_foreign(wanted, found, ours, report)
    removals = [path for path in _left_over(wanted, found, ours) if path in ours]
    return None if len(report) > before else Change(writes, tuple(removals))


def check(wanted: Wanted, found: Found, report: Report) -> list[str]:
    """Report what differs from what should be, and return it as unified diffs."""
    _report_links(wanted, found, report)
    beside: Tree = wanted.beside if found.files else {}
    diffs = _check_files(wanted, HERE, beside, None, found, report)
    for folder, client in wanted.clients.items():
        if any(path.is_relative_to(folder) for path in found.files):
            diffs += _check_files(wanted, folder, client.files, client, found, report)
        else:
            report.error(
                "VK405",
                f"client '{client.name}' has not been generated",
                wanted.place(folder),
                f"run `{wanted.command}`",
            )
    ours = _ours(found)
    gone = {folder for folder in _gone(wanted, found) if wanted.complete}
    for folder in sorted(gone):
        report.error(
            "VK406",
            f"client '{folder}' is left over: the project has no client of this name",
            wanted.place(folder),
            f"run `{wanted.command}`",
        )
    for path in _left_over(wanted, found, ours):
        if not any(path.is_relative_to(folder) for folder in gone):
            help = f"run `{wanted.command}`" if path in ours else "remove it, or keep it elsewhere"
            report.error("VK404", "belongs to no client", wanted.place(path), help)
    return diffs


def _check_files(
    wanted: Wanted,
    folder: PurePosixPath,
    files: Tree,
    client: Client | None,
    found: Found,
    report: Report,
) -> list[str]:
    diffs: list[str] = []
    recorded = _recorded(found, folder)
    for name, text in files.items():
        path = folder / name
        data = found.files.get(path)
        if data == text.encode() or path in found.links:
            continue
        if data is None:
            report.error("VK403", "is missing", wanted.place(path), f"run `{wanted.command}`")
            diffs.append(_diff(shown(wanted.root / path), None, text))
            continue
        old = data.decode("utf-8", "replace")
        place = wanted.place(path, _first_difference(old, text))
        if client is None:
            message = "is not the text that the tool writes here"
            report.error("VK402", message, place, f"run `{wanted.command}`")
        elif _is_edited(name, data, client, recorded, found, folder):
            report.error(
                "VK402",
                "was edited by hand: nothing that it was made from has changed"
                if name.name == PROVENANCE
                else f"was edited by hand: it is not the text that {PROVENANCE} names",
                place,
                f"run `{wanted.command}`; what the document lacks belongs in its overlay",
            )
        else:
            message = f"is stale{_because(client, recorded)}"
            report.error("VK401", message, place, f"run `{wanted.command}`")
        diffs.append(_diff(shown(wanted.root / path), old, text))
    return diffs


def _is_edited(
    name: PurePosixPath,
    data: bytes,
    client: Client,
    recorded: Provenance | None,
    found: Found,
    folder: PurePosixPath,
) -> bool:
    """Tell a hand from a change of what the file is made from."""
    if recorded is None:
        return name == PurePosixPath(PROVENANCE)
    if name != PurePosixPath(PROVENANCE):
        return name in recorded.hashes and recorded.hashes[name] != provenance.sha256(data)
    if any(provenance.changes(recorded, client.provenance)):
        return False
    # Nothing it was made from has changed: the settings or templates have, where a file that
    # it names is still as it says.
    wanted = client.provenance.hashes
    return not any(
        wanted.get(path) != digest == provenance.sha256(found.files.get(folder / path, b""))
        for path, digest in recorded.hashes.items()
    )


def _because(client: Client, recorded: Provenance | None) -> str:
    if recorded is None:
        return ""
    changes = [
        f"{client.labels.get(what, what)} {how}"
        for what, how in provenance.changes(recorded, client.provenance)
    ]
    more = f", and {len(changes) - 3} more" if len(changes) > 3 else ""
    if not changes:
        return ": the settings or the templates changed since it was generated"
    return f": {', '.join(changes[:3])}{more} since it was generated"


def _recorded(found: Found, folder: PurePosixPath) -> Provenance | None:
    return provenance.read(found.files.get(folder / PROVENANCE, b""))


def _ours(found: Found) -> set[PurePosixPath]:
    """The files that a provenance says are ours, and the provenances."""
    ours: set[PurePosixPath] = set()
    for path, data in found.files.items():
        if path.name == PROVENANCE:
            listed = provenance.listed(data)
            if listed:
                ours |= {path, *(path.parent / name for name in listed)}
    return ours


def _gone(wanted: Wanted, found: Found) -> set[PurePosixPath]:
    """The folders of clients that are no more."""
    if HERE in wanted.clients:
        return set()
    folders = {path.parent for path in found.files if path.name == PROVENANCE}
    return {f for f in folders if len(f.parts) == 1 and f not in wanted.clients}


def _left_over(wanted: Wanted, found: Found, ours: set[PurePosixPath]) -> Iterator[PurePosixPath]:
    """Yield the files that should not be in the folders of clients, in order."""
    gone = _gone(wanted, found)
    files = wanted.files
    for path in sorted(found.files):
        folder = path.parents[-2] if len(path.parts) > 1 else None
        if HERE in wanted.clients or folder in wanted.clients:
            if path not in files:
                yield path
        elif wanted.complete and folder in gone and path in ours:
            yield path


def _is_beside(wanted: Wanted, path: PurePosixPath, found: Found) -> bool:
    """Tell whether a file beside the clients is ours, since there are clients of ours."""
    return path in wanted.beside and any(p.name == PROVENANCE for p in found.files)


def _report_links(wanted: Wanted, found: Found, report: Report) -> None:
    for path in found.links:
        report.error(
            "VK408",
            "is a symbolic link, through which nothing is written",
            wanted.place(path),
            "remove it",
        )


def _report_in_the_way(wanted: Wanted, path: PurePosixPath, report: Report) -> None:
    report.error(
        "VK410",
        f"is in the way: no {PROVENANCE} says that it is ours",
        wanted.place(path),
        "move it away, or choose another folder",
    )


def _report_foreign(wanted: Wanted, found: Found, ours: set[PurePosixPath], report: Report) -> None:
    files = wanted.files
    for path, data in found.files.items():
        if path not in ours and files.get(path, "").encode() != data and path not in files:
            report.error(
                "VK409",
                f"is not ours: no {PROVENANCE} lists it",
                wanted.place(path),
                "choose an empty folder, or remove the file",
            )


def _first_difference(old: str, new: str) -> int:
    for number, (left, right) in enumerate(zip(old.split("\n"), new.split("\n"), strict=False), 1):
        if left != right:
            return number
    return min(old.count("\n"), new.count("\n")) + 1


def _diff(name: str, old: str | None, new: str) -> str:
    """Write a unified diff of a file against what it should be."""
    source = "/dev/null" if old is None else f"a/{name}"
    before, after = _lines(old or ""), _lines(new)
    import difflib

    lines = difflib.unified_diff(before, after, source, f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Split at newlines alone: a text may hold other separators."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines
