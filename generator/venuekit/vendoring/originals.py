"""What is vendored: clients of the project's output or of the installed packages, and the desk."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import field
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from venuekit import __version__, config, output, provenance
from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.output import PROVENANCE
from venuekit.records import dataclass
from venuekit.vendoring import desk
from venuekit.vendoring.lock import Entry, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A package as it would be vendored today: its files by path below its folder."""

    name: str
    document: str | None
    generator: str
    folder: Path
    files: Mapping[PurePosixPath, bytes] = field(hash=False)

    @property
    def entry(self) -> Entry:
        files = {path: digest(data) for path, data in self.files.items()}
        return Entry(name=self.name, document=self.document, generator=self.generator, files=files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where clients come from: a project's output, or the packages that are installed."""

    root: Path | None  # None where nothing is installed
    names: tuple[str, ...]
    is_project: bool

    @property
    def whose(self) -> str:
        return "the project's" if self.is_project else "the installed one"

    @property
    def where(self) -> str:
        return "the project" if self.is_project else f"the installed {desk.CLIENTS}"


def find_origin(folder: Path | None, report: Report) -> Origin | None:
    """Find the project in or around a folder, else the installed clients."""
    project = config.load_project(folder, found := Report())
    if project is not None:
        return Origin(root=project.output, names=project.clients, is_project=True)
    if folder is None and all(diagnostic.code == "VK001" for diagnostic in found):
        return _installed()
    report.extend(found)
    return None


def read_originals(
    origin: Origin, names: Iterable[str], report: Report, *, known: bool = True
) -> dict[str, Original]:
    """Read packages by their names, and what they need; report those that cannot be vendored.

    Where they need not be `known`, one that the origin has not is left out without a word.
    """
    found: dict[str, Original] = {}
    for name in dict.fromkeys(names):
        if name == desk.DESK:
            found |= _desk(origin, report)
        elif name in origin.names:
            found |= _client(origin, name, report)
        elif known:
            listed = (*origin.names, desk.DESK)
            near = difflib.get_close_matches(name, listed, 1)
            help = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(listed)}"
            report.error("VK008", f"unknown client '{name}': {origin.where} has none", None, help)
    return found


def _installed() -> Origin:
    root = _package(desk.CLIENTS)
    folders = sorted(root.iterdir()) if root else []
    names = tuple(f.name for f in folders if (f / PROVENANCE).is_file())
    return Origin(root=root, names=names, is_project=False)


def _package(name: str) -> Path | None:
    """The folder of an installed package, which is not imported."""
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _client(origin: Origin, name: str, report: Report) -> dict[str, Original]:
    """Read a client, as its provenance lists it: what was edited there is not carried on."""
    before, root = len(report), origin.root or Path()
    found = output.read(root / name, [PurePosixPath()], ()).files
    data = found.get(PurePosixPath(PROVENANCE))
    recorded = None if data is None else provenance.read(data)
    if data is None or recorded is None:
        says = "has not been generated" if data is None else "has a broken provenance"
        place = Place(shown(root / name))
        report.error("VK611", f"client '{name}' {says}", place, "run `venuekit generate`")
        return {}
    files = {PurePosixPath(PROVENANCE): data}
    for path, sha256 in recorded.hashes.items():
        text = found.get(path)
        if text is None or digest(text) != sha256:
            says = "is missing" if text is None else "is not what its provenance names"
            message = f"cannot be vendored: {says}"
            place = Place(shown(root / name / path))
            report.error("VK611", message, place, "run `venuekit check`, then `venuekit generate`")
        else:
            files[path] = text
    if len(report) > before:
        return {}
    generator = next((t.version for t in recorded.tools if t.name == "venuekit"), "unknown")
    return {
        name: Original(
            name=name,
            document=recorded.document.sha256,
            generator=generator,
            folder=root / name,
            files=_with_plain_lines(files),
        )
    }


def _with_plain_lines(files: Mapping[PurePosixPath, bytes]) -> dict[PurePosixPath, bytes]:
    return {path: files[path].replace(b"\r\n", b"\n") for path in sorted(files)}


def _desk(origin: Origin, report: Report) -> dict[str, Original]:
    """Read the desk, and the clients that it needs: where the project lacks one, the installed."""
    root = _package(desk.DESK)
    if root is None:
        help = "install venuekit with all its packages"
        report.error("VK611", f"{desk.DESK} is not installed", None, help)
        return {}
    found = output.read(root, [PurePosixPath()], ()).files
    files = {
        path: data
        for path, data in found.items()
        if (path.suffix == ".py" or path.name == "py.typed") and path not in desk.LEFT_OUT
    }
    clients = desk.needs(files)
    written = {
        path: desk.relative(path, data) if path.suffix == ".py" else data
        for path, data in files.items()
    }
    itself = Original(
        name=desk.DESK,
        document=None,
        generator=__version__,
        folder=root,
        files=_with_plain_lines(written),
    )
    originals = {desk.DESK: itself}
    installed = _installed()
    for name in clients:
        has = name in origin.names
        originals |= read_originals(origin if has else installed, [name], report)
    return originals
