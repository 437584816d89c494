"""The package that others' code is vendored into, as it lies on the disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from venuekit import config, output
from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.output import PROVENANCE, Found
from venuekit.vendoring.lock import NAME, Entry, read_lock

_SECONDS = 60


def find_target(folder: Path, report: Report) -> Path | None:
    """The package that a folder is; None if an error was reported."""
    root = Path(os.path.abspath(folder))
    if root.is_symlink():
        message = "is a symbolic link, through which nothing is written"
        report.error("VK408", message, Place(shown(root)), "name the folder that it leads to")
        return None
    if not root.is_dir():
        says = "a file" if root.exists() else "no such folder"
    elif not (root / "__init__.py").is_file():
        says = "it has no __init__.py"
    elif not config.is_package_name(root.name):
        says = f"`import` cannot say '{root.name}'"
    else:
        return root
    help = "name a folder with an __init__.py, inside the package that is to use it"
    report.error("VK601", f"the target is not a package: {says}", Place(shown(root)), help)
    return None


def is_client(folder: Path) -> bool:
    """Whether a folder is a generated client, wherever it lies."""
    return (folder / PROVENANCE).is_file()


def look(root: Path, names: Collection[str]) -> Found:
    """Read the packages of these names and the lock."""
    return output.read(root, [PurePosixPath(name) for name in names], [NAME])


def lock_of(root: Path, found: Found, report: Report) -> dict[str, Entry] | None:
    """Read the lock that was found; None if an error was reported, nothing where there is none."""
    path = PurePosixPath(NAME)
    if path in found.links:
        report_link(root, path, report)
        return None
    data = found.files.get(path)
    return {} if data is None else read_lock(data, shown(root / NAME), report)


def report_link(root: Path, path: PurePosixPath, report: Report) -> None:
    message = "is a symbolic link, through which nothing is written"
    report.error("VK408", message, Place(shown(root / path)), "remove it")


def uncommitted(root: Path) -> set[PurePosixPath]:
    """The files below a folder that differ from the last commit; none where there is no git."""
    prefix = _git(root, "rev-parse", "--show-prefix")
    listed = _git(root, "status", "--porcelain=v1", "-z", "--no-renames", "-uall", "--", ".")
    if prefix is None or listed is None:
        return set()
    start = os.fsdecode(prefix).removesuffix("\n")
    paths = [os.fsdecode(entry[3:]) for entry in listed.split(b"\0") if entry]
    return {PurePosixPath(p.removeprefix(start)) for p in paths if p.startswith(start)}


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git says; None where there is no git, or no repository."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a fixed command
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=root,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout
