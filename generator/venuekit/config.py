"""What to build: the settings of a project and of its clients."""

from __future__ import annotations

import keyword
import os
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path, PurePosixPath
from typing import Literal, cast

from venuekit import locking, tables
from venuekit.diagnostics import Place, Report
from venuekit.records import dataclass
from venuekit.tables import Table

Http = Literal["httpx", "httpx2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A page, document or overlay; `file` is its path below the client's folder.

    `ours` says that it is written by hand, and for us to mend. `data` is what shall be there, where
    that is not, or not yet, what is on the disk.
    """

    path: Path
    file: str
    url: str | None = None
    ours: bool = False
    data: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names that replace ours, by what the document calls the thing."""

    operations: Mapping[str, str] = field(default_factory=dict[str, str])
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Chooses operations: by a tag, by a pattern of the path, or by an operationId."""

    kind: Literal["tag", "path", "id"]
    value: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What the documents of a client may refer to: files below `root`; all else where allowed.

    Files are recorded by their path from `home`, where the lock of addresses is too.
    """

    root: Path
    home: Path
    lock: Path
    outside: bool = False
    network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """What to build one client from, and what its client.toml says about it."""

    name: str
    sources: tuple[SourceFile, ...]
    overlays: tuple[SourceFile, ...] = ()
    servers: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Names = field(default_factory=Names)
    credentials: Mapping[str, str] = field(default_factory=dict[str, str])
    include: tuple[Selector, ...] = ()
    exclude: tuple[Selector, ...] = ()
    references: References | None = None
    settings: Table | None = None

    def place(self, *keys: str) -> Place | None:
        """Find an entry of client.toml, such as `"names", "models", "Order"`."""
        return self.settings.place(*keys) if self.settings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder whose pyproject.toml has a table for this tool."""

    root: Path
    specs: Path
    output: Path
    templates: Path | None = None
    strict: bool = False
    http: Http = "httpx"
    clients: tuple[str, ...] = ()


def shown(path: Path) -> str:
    """Write a path as somebody in the current directory would."""
    absolute, here = Path(os.path.abspath(path)), Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else absolute).as_posix()


def load_project(folder: Path | None, report: Report, *, is_begun: bool = True) -> Project | None:
    """Read the settings of the project in `folder`, or of the one around the current directory.

    `is_begun` is false where its first client is yet to come: there may be no specs.
    """
    table = _find(folder, report)
    if table is None:
        return None
    root = Path(os.path.abspath(table.source.file)).parent
    settings = table.table("tool").table("venuekit")
    settings.only("specs", "output", "templates", "strict", "http")
    http = settings.text("http") or "httpx"
    if http not in ("httpx", "httpx2"):
        settings.wrong("http", "'httpx' or 'httpx2'")
        http = "httpx"
    specs = _folder(settings, "specs", root, "specs")
    output = _folder(settings, "output", root, "generated")
    templates = _folder(settings, "templates", root, None)
    if templates and not templates.is_dir():
        report.error(
            "VK006", f"no folder '{settings.text('templates')}'", settings.place("templates")
        )
    if specs and not specs.is_dir() and (is_begun or specs.exists()):
        report.error(
            "VK006",
            f"no folder '{shown(specs)}'",
            settings.place("specs"),
            help="`venuekit add NAME SOURCE ...` makes a first client, and the folder",
        )
    if specs and output and (specs.is_relative_to(output) or output.is_relative_to(specs)):
        settings.wrong("output", "a folder of its own, apart from the specs")
    strict = settings.flag("strict")
    if report.has_errors or specs is None or output is None:
        return None
    found = specs.iterdir() if specs.is_dir() else ()
    clients = tuple(sorted(p.name for p in found if _is_client(p)))
    return Project(
        root=root,
        specs=specs,
        output=output,
        templates=templates,
        strict=strict,
        http=http,
        clients=clients,
    )


def load_client(
    project: Project, name: str, report: Report, *, fetching: bool = False
) -> ClientSettings | None:
    """Read the settings of one client of a project.

    Where its sources are to be fetched, one with an address need not be there yet.
    """
    folder = project.specs / name
    if name not in project.clients:
        import difflib

        near = difflib.get_close_matches(name, project.clients, 1)
        known = ", ".join(project.clients) or f"none: {shown(project.specs)} holds no client"
        help = f"did you mean '{near[0]}'?" if near else f"known are {known}"
        report.error("VK008", f"unknown client '{name}'", None, help)
        return None
    if not is_package_name(name):
        report.error("VK007", f"'{name}' is no name for a package", Place(shown(folder)), _RENAME)
        return None
    before = len(report)
    path = folder / "client.toml"
    table = tables.read(path, shown(path), report) if path.exists() else _nothing(folder, report)
    settings = _client(table, folder, project, fetching) if table else None
    return settings if len(report) == before else None


_RENAME = "give the folder a name of letters, digits and underscores that is no keyword"


def is_package_name(name: str) -> bool:
    """Tell whether `import` can name a package so."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")


def references_of(project: Project, name: str) -> References:
    """What the documents of a client may refer to where its settings do not allow more."""
    folder = project.specs / name
    return References(root=project.root, home=folder, lock=folder / locking.LOCK)


def _client(table: Table, folder: Path, project: Project, fetching: bool) -> ClientSettings:
    table.only("sources", "overlays", "references", "servers", "names", "credentials", "operations")
    names = table.table("names")
    names.only("operations", "models", "parameters")
    operations = table.table("operations")
    operations.only("include", "exclude")
    references = table.table("references")
    references.only("outside", "network")
    sources = _files(table, "sources", folder, project, fetching)
    overlays = _files(table, "overlays", folder, project)
    if sources is None:
        sources = _default_sources(folder)
    if not sources and not table.values.get("sources"):
        table.report.error(
            "VK011",
            f"client '{folder.name}' has no sources",
            table.place("sources"),
            f"put pages into {shown(folder / 'pages')} or write {shown(folder / 'openapi.yaml')}",
        )
    return ClientSettings(
        name=folder.name,
        sources=sources,
        overlays=_default_overlays(folder) if overlays is None else overlays,
        servers=table.texts("servers"),
        names=Names(
            operations=names.texts("operations"),
            models=names.texts("models"),
            parameters=names.texts("parameters"),
        ),
        credentials=table.texts("credentials"),
        include=_selectors(operations, "include"),
        exclude=_selectors(operations, "exclude"),
        references=replace(
            references_of(project, folder.name),
            outside=references.flag("outside"),
            network=references.flag("network"),
        ),
        settings=table,
    )


def _find(folder: Path | None, report: Report) -> Table | None:
    """Read the nearest pyproject.toml that is about this tool."""
    here = Path(os.path.abspath(folder or Path.cwd()))
    for candidate in (here,) if folder else (here, *here.parents):
        path = candidate / "pyproject.toml"
        if not path.is_file() or b"venuekit" not in path.read_bytes():
            continue
        table = tables.read(path, shown(path), report)
        if table is None or "venuekit" in table.table("tool").values:
            return table
    report.error(
        "VK001",
        f"no project in '{shown(here)}'" if folder else "no project here or in a folder above",
        None,
        "write [tool.venuekit] into its pyproject.toml, or use --spec FILE --out DIR",
    )
    return None


def _nothing(folder: Path, report: Report) -> Table:
    return Table(tables.Text(shown(folder), "", {}), {}, report)


def _folder(settings: Table, key: str, root: Path, default: str | None) -> Path | None:
    value = settings.text(key) or default
    if value is None:
        return None
    if not _is_inside(value, root, root) or PurePosixPath(value) == PurePosixPath("."):
        settings.report.error(
            "VK005", f"'{key}' must be a folder inside the project", settings.place(key)
        )
        return None
    return root / value


def _is_inside(value: str, folder: Path, root: Path) -> bool:
    """Tell whether a path stays below its folder as written, and below the root as it is."""
    path = PurePosixPath(value)
    if path.is_absolute() or Path(value).is_absolute() or ".." in path.parts or "\0" in value:
        return False
    return (folder / value).resolve().is_relative_to(root.resolve())


def _is_client(folder: Path) -> bool:
    if not folder.is_dir() or folder.name.startswith("."):
        return False
    return any((folder / name).exists() for name in ("client.toml", "pages", "openapi.yaml"))


def _default_sources(folder: Path) -> tuple[SourceFile, ...]:
    pages = folder / "pages"
    names = sorted(p.name for p in pages.iterdir()) if pages.is_dir() else []
    found = [f"pages/{name}" for name in names if not name.startswith(".")]
    candidates = [*found, "openapi.yaml"]
    return tuple(
        SourceFile(path=folder / file, file=file, ours=not file.startswith("pages/"))
        for file in candidates
        if (folder / file).is_file()
    )


def _default_overlays(folder: Path) -> tuple[SourceFile, ...]:
    path = folder / "overlay.yaml"
    return (SourceFile(path=path, file="overlay.yaml"),) if path.is_file() else ()


def _files(
    table: Table, key: str, folder: Path, project: Project, fetching: bool = False
) -> tuple[SourceFile, ...] | None:
    expected = "an array of paths" + (", or of {file, url}" if key == "sources" else "")
    items = table.items(key, expected)
    if items is None:
        return None
    files: list[SourceFile] = []
    for item in items:
        entry = _entry(table, key, item)
        file = entry.text("file") if entry else None
        if entry is None or file is None:
            table.wrong(key, expected)
        elif not _is_inside(file, folder, project.root):
            message = f"'{file}' leads out of {shown(folder)}"
            table.report.error("VK005", message, table.place(key, value=file))
        elif not (folder / file).is_file() and not (fetching and entry.text("url")):
            message = f"no file '{shown(folder / file)}'"
            table.report.error("VK006", message, table.place(key, value=file))
        else:
            name, url = PurePosixPath(file).as_posix(), entry.text("url")
            ours = url is None and not name.startswith("pages/")
            files.append(SourceFile(path=folder / file, file=name, url=url, ours=ours))
    return tuple(files)


def _entry(table: Table, key: str, item: object) -> Table | None:
    """See an item of an array of files as a table: a plain string is its `file`."""
    if isinstance(item, str):
        return table.nested({"file": item}, key)
    if not isinstance(item, dict) or key != "sources":
        return None
    entry = table.nested(cast("dict[str, object]", item), key)
    entry.only("file", "url")
    return entry


def _selectors(operations: Table, key: str) -> tuple[Selector, ...]:
    expected = 'an array of {tag = "..."}, {path = "/v1/*"} or {id = "..."}'
    found: list[Selector] = []
    for item in operations.items(key, expected) or []:
        entry = cast("dict[str, object]", item) if isinstance(item, dict) else {}
        match list(entry.items()):
            case [("tag" | "path" | "id" as kind, str(value))]:
                place = operations.place(key, value=value)
                found.append(Selector(kind=kind, value=value, place=place))
            case _:
                operations.wrong(key, expected)
    return tuple(found)
