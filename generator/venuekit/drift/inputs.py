"""What is to be compared: a document, a page, a client's folder, or a file of a git revision."""

from __future__ import annotations

import os
import posixpath
import subprocess
from pathlib import Path, PurePosixPath

from venuekit.assembly import assemble
from venuekit.bundling import Fetch, Folder, Library, Refusal, bundle_page, refuse
from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.extraction import extract
from venuekit.records import dataclass
from venuekit.sources import Map, read_bytes

_DOCUMENT = "openapi.json"
_SECONDS = 60


def read_input(
    name: str, report: Report, *, fetch: Fetch = refuse, outside: bool = False
) -> Map | None:
    """Read what an argument names, with all that it refers to; None if an error was reported."""
    path = Path(name)
    try:
        exists = path.exists()
    except (OSError, ValueError):
        exists = False
    if exists and path.is_dir():
        if not (path / _DOCUMENT).is_file():
            report.error(
                "VK502",
                f"the folder holds no {_DOCUMENT}",
                Place(shown(path)),
                "name the folder of a generated client, or a document or page",
            )
            return None
        path /= _DOCUMENT
    if exists:
        data = read_bytes(path, shown(path), report)
        folder = Path(os.path.realpath(path.parent))
        shelf = Folder(folder, folder, is_open=outside)
        bundling = (Library(shelf, fetch), str(folder / path.name))
        return None if data is None else read_document(data, shown(path), report, bundling)
    revision, colon, inside = name.partition(":")
    if not colon or not revision or not inside:
        help = "name a document, a page, a client's folder, or REV:path of a git repository"
        report.error("VK012", "there is no such file", Place(name), help)
        return None
    found = _of_revision(revision, inside, report)
    if found is None:
        return None
    data, path = found
    return read_document(data, name, report, (Library(Revision(revision), fetch), path))


def read_document(
    data: bytes, file: str, report: Report, bundling: tuple[Library, str] | None = None
) -> Map | None:
    """Read what is to be compared from the bytes of a document or page, shown as `file`.

    `bundling` says where what it refers to is found, and where the document itself is.
    """
    page = extract(file, data, report)
    if page and bundling:
        library, location = bundling
        before = report.has_errors
        page = bundle_page(page, location, library, report)
        if report.has_errors and not before:
            return None
    document = assemble((page,), (), report) if page else None
    if document is None:
        return None
    version = str(document.get("openapi", ""))
    if not version.startswith("3."):
        message = f"this is no document of OpenAPI 3 but of '{version or 'an unknown version'}'"
        report.error("VK503", message, Place(file), "convert it to OpenAPI 3 first")
        return None
    return document


def _of_revision(revision: str, inside: str, report: Report) -> tuple[bytes, str] | None:
    """The file of a revision, and its path: from the root of the repository, or else from here."""
    failure = ""
    for path in (inside, f"./{inside}"):
        for candidate in (path, str(PurePosixPath(path) / _DOCUMENT)):
            found = _blob(f"{revision}:{_relative(candidate, path)}")
            if isinstance(found, bytes):
                return found, _relative(candidate, path)
            failure = failure or found
    report.error(
        "VK504",
        f"git cannot show '{revision}:{inside}': {failure}",
        Place(f"{revision}:{inside}"),
        "there is no file of that name either",
    )
    return None


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of a revision of a repository, by their paths; `./` begins in this folder."""

    revision: str

    def locate(self, base: str, path: str) -> str | Refusal:
        found = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
        if found.startswith(("../", "/")):
            return Refusal("VK120", "which leads out of the repository and is not read")
        return f"./{found}" if base.startswith("./") else found

    def read(self, location: str) -> bytes | Refusal:
        found = _blob(f"{self.revision}:{location}")
        missing = Refusal("VK205", "which does not exist", is_missing=True)
        return missing if isinstance(found, str) else found

    def shown(self, location: str) -> str:
        return f"{self.revision}:{location}"

    def label(self, location: str) -> str:
        return location


def _relative(candidate: str, path: str) -> str:
    """Keep the `./` that tells git to begin in the current directory."""
    return (
        f"./{candidate}" if path.startswith("./") and not candidate.startswith("./") else candidate
    )


def _blob(name: str) -> bytes | str:
    """The bytes of a blob, or why there are none. The name is an argument, never an option."""
    if name.startswith("-"):
        return "a revision does not begin with a dash"
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a fixed command
            ["git", "cat-file", "blob", name],  # noqa: S607 - the user's own git
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        return "git is not installed"
    except (OSError, ValueError, subprocess.TimeoutExpired) as failed:
        return str(failed)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return said[-1].removeprefix("fatal: ") if said else f"exit {done.returncode}"
    return done.stdout
