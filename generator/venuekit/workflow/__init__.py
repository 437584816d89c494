"""The use cases, and the only module that knows the order: texts to documents to clients."""

from __future__ import annotations

import datetime
import json
import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from venuekit import assembly, comparison, config, drift, formatting, output, provenance
from venuekit.assets import templates_folder
from venuekit.building import Client, build
from venuekit.bundling import refuse
from venuekit.comparison import HERE, Tree, Wanted
from venuekit.config import ClientSettings, Http, Project, SourceFile, shown
from venuekit.diagnostics import Place, Report
from venuekit.extraction import Page, extract
from venuekit.gathering import linked_file
from venuekit.output import Change, Found
from venuekit.sources import Map, decode, locate, read, read_bytes
from venuekit.validation import document_hash
from venuekit.validation import validate as validate_document
from venuekit.workflow.bundles import (
    allowed,
    bundled,
    fetch_locked,
    references_of,
    write_lock,
)

Progress = Callable[[str], None]

# What validation says of a document that is not as the standard wants it.
_AGAINST_THE_STANDARD = ("VK203", "VK209")

_BESIDE = {
    PurePosixPath("__init__.py"): '"""Typed clients, one package an API."""\n',
    PurePosixPath("py.typed"): "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Which clients are to be made, from what, and where they belong."""

    root: Path
    clients: Mapping[PurePosixPath, ClientSettings]
    templates: tuple[Path, ...]
    http: Http = "httpx"
    beside: Tree = field(default_factory=dict[PurePosixPath, str])
    complete: bool = False
    command: str = "venuekit generate"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """A client before its text is formatted, and what it was made from."""

    settings: ClientSettings
    document: Map
    pages: tuple[Page, ...]
    overlays: tuple[provenance.Overlay, ...]
    client: Client
    is_valid: bool


def project_job(folder: Path | None, names: Iterable[str], report: Report) -> Job | None:
    """Plan the work for all clients of a project, or for some."""
    project = config.load_project(folder, report)
    if project is None:
        return None
    report.strict = report.strict or project.strict
    chosen = tuple(dict.fromkeys(names)) or project.clients
    if not chosen:
        help = "make a folder for it, with the pages of its documentation in pages/"
        report.error("VK011", "the project has no client", Place(shown(project.specs)), help)
    loaded = [config.load_client(project, name, report) for name in chosen]
    if report.has_errors:
        return None
    return job_of(project, [client for client in loaded if client])


def job_of(project: Project, clients: Sequence[ClientSettings]) -> Job:
    """Plan the work for clients of a project."""
    return Job(
        root=project.output,
        clients={PurePosixPath(client.name): client for client in clients},
        templates=(*((project.templates,) if project.templates else ()), templates_folder()),
        http=project.http,
        beside=_BESIDE,
        complete={client.name for client in clients} == set(project.clients),
    )


def spec_job(spec: Path, out: Path | None, report: Report) -> Job | None:
    """Plan the work for one document or page, whatever project it lies in."""
    if not spec.exists() or spec.is_dir():
        message = "is a folder, not a document" if spec.is_dir() else "there is no such file"
        report.error("VK012", message, Place(shown(spec)))
        return None
    root = Path(os.path.abspath(out or "client"))
    if out and not config.is_package_name(root.name):
        message = f"'{root.name}' is no name for a package"
        report.error("VK007", message, Place(shown(root)), "choose another folder for --out")
        return None
    if out and root.exists() and not root.is_dir():
        report.error("VK010", "--out must name a folder", Place(shown(root)))
        return None
    source = SourceFile(path=spec, file=spec.name)
    command = f"venuekit generate --spec {shlex.quote(shown(spec))}"
    return Job(
        root=root,
        clients={
            HERE: ClientSettings(name=root.name, sources=(source,), references=references_of(spec))
        },
        templates=(templates_folder(),),
        command=f"{command} --out {shlex.quote(shown(root))}",
    )


def allowing(job: Job, *, outside: bool, network: bool) -> Job:
    """The job with more that documents may refer to than their settings say."""
    clients = {
        folder: allowed(settings, outside=outside, network=network)
        for folder, settings in job.clients.items()
    }
    return replace(job, clients=clients)


def generate(job: Job, report: Report, progress: Progress) -> Change | None:
    """Bring the clients on the disk up to date; an error in one of them leaves all as they are."""
    output.recover(job.root, report)
    wanted = make(job, report, progress)
    if report.has_errors:
        return None
    progress("writing")
    change = output.update(
        job.root,
        lambda: look(job),
        lambda found: comparison.plan(wanted, found, report),
        report,
    )
    if change is not None:
        for folder, client in wanted.clients.items():
            write_lock(job.clients[folder], client.provenance.sources, report)
    return change


def check(job: Job, report: Report, progress: Progress) -> list[str]:
    """Report where the clients on the disk are not what they should be; return the diffs."""
    wanted = make(job, report, progress)
    try:
        found = look(job)
    except OSError as error:
        place = Place(shown(Path(error.filename or job.root)))
        report.error("VK407", f"cannot be read: {error.strerror}", place)
        return []
    return comparison.check(wanted, found, report)


def validate(job: Job, report: Report, progress: Progress) -> None:
    """Report what is wrong with the documents, and what keeps them from becoming clients."""
    for folder in job.clients:
        _build(job, folder, report, progress)


def diff(
    old: str,
    new: str,
    report: Report,
    progress: Progress,
    *,
    accepted: Path | None = None,
    force: bool = False,
    outside: bool = False,
    network: bool = False,
) -> drift.Drift | None:
    """Compare two documents, wherever they are; None where there is nothing to compare.

    `outside` and `network` let them refer to files of other folders, and to addresses.
    """
    documents: list[Map | None] = []
    fetch = fetch_locked() if network else refuse
    for name in (old, new):
        progress(f"{name}: reading")
        documents.append(drift.read_input(name, report, outside=outside, fetch=fetch))
    entries = drift.read_accepted(accepted, shown(accepted), report) if accepted else ()
    before, after = documents
    if before is None or after is None or report.has_errors:
        return None
    if not force and not drift.are_of_one_api(before, after):
        titles = " and ".join(f"'{_document(d).title}'" for d in (before, after))
        message = f"these are different APIs: {titles} share neither title nor server"
        place = locate(after, ("info", "title"))
        report.error("VK501", message, place, "compare them all the same with --force")
        return None
    progress("comparing")
    found = drift.compare(before, after)
    standing, known = drift.sort_out(found.findings, entries, datetime.date.today(), report)
    return replace(found, findings=standing, accepted=known)


def look(job: Job) -> Found:
    """Read what is on the disk where the clients of a job belong."""
    return output.read(job.root, job.clients, [str(path) for path in job.beside])


def make(job: Job, report: Report, progress: Progress) -> Wanted:
    """Make what should be on the disk, without the clients that have errors."""
    built = {
        folder: made for folder in job.clients if (made := _build(job, folder, report, progress))
    }
    progress("formatting")
    formatted = formatting.format_tree(
        {
            folder / path: text
            for folder, made in built.items()
            for path, text in made.client.modules.items()
        }
    )
    return Wanted(
        root=job.root,
        clients={folder: _finish(made, folder, formatted) for folder, made in built.items()},
        beside=job.beside,
        complete=job.complete and len(built) == len(job.clients),
        command=job.command,
    )


def _build(job: Job, folder: PurePosixPath, report: Report, progress: Progress) -> _Built | None:
    """Take one client through the stages; warnings weigh as the run says only afterwards."""
    settings, found = job.clients[folder], Report()
    progress(f"{settings.name}: reading")
    try:
        parts = assembled(settings, found)
        if parts is None:
            return None
        document, pages, overlays = parts
        validate_document(document, pages, found, known_valid=_accepted(job.root / folder))
        if found.has_errors:
            return None
        progress(f"{settings.name}: generating")
        client = build(
            document,
            settings,
            templates=job.templates,
            http=job.http,
            report=found,
            urls=_urls(settings, pages),
        )
    except Exception as error:
        error.add_note(f"client '{settings.name}'")
        raise
    finally:
        report.extend(found)
    if client is None or found.has_errors:
        return None
    return _Built(
        settings=settings,
        document=document,
        pages=pages,
        overlays=overlays,
        client=client,
        is_valid=not any(d.code in _AGAINST_THE_STANDARD for d in found),
    )


def _urls(settings: ClientSettings, pages: tuple[Page, ...]) -> dict[str, str]:
    """Where the documents themselves were fetched from; the URL of a page *about* them is none."""
    return {
        page.file: url
        for source, page in zip(settings.sources, pages, strict=True)
        if (url := source.url or page.url)
        and all(fragment.kind in ("json", "yaml") for fragment in page.fragments)
    }


def _accepted(folder: Path) -> str | None:
    """Recall the document that the standard's validator of today has accepted for a client."""
    path = folder / output.PROVENANCE
    recorded = provenance.read(path.read_bytes()) if path.is_file() else None
    if recorded is None or not set(provenance.tools(is_valid=True)) <= set(recorded.tools):
        return None
    return recorded.document.sha256


def assembled(
    settings: ClientSettings, report: Report
) -> tuple[Map, tuple[Page, ...], tuple[provenance.Overlay, ...]] | None:
    """Read the sources and overlays of a client into its document; None where that fails."""
    pages: list[Page | None] = []
    for source in settings.sources:
        data = _contents(source, report)
        pages.append(None if data is None else _page(source, data, report))
    overlays: list[Map] = []
    hashes: list[provenance.Overlay] = []
    for source in settings.overlays:
        data = _contents(source, report)
        overlay = None if data is None else _overlay(shown(source.path), data, report)
        if data is not None and overlay is not None:
            overlays.append(overlay)
            hashes.append(provenance.Overlay(source.file, provenance.sha256(data)))
    whole = tuple(page for page in pages if page)
    if len(whole) < len(pages) or len(overlays) < len(settings.overlays):
        return None
    if settings.references is not None:
        before = report.has_errors
        whole = bundled(whole, settings, report)
        if report.has_errors and not before:
            return None
    document = assembly.assemble(whole, overlays, report)
    return None if document is None else (document, whole, tuple(hashes))


def _contents(source: SourceFile, report: Report) -> bytes | None:
    """The bytes of a source: those that it carries, else those on the disk."""
    if source.data is not None:
        return source.data
    return read_bytes(source.path, shown(source.path), report)


def _page(source: SourceFile, data: bytes, report: Report) -> Page | None:
    """Read a source; an HTML page or a script may load its document from a file beside it."""
    found = Report(strict=report.strict)
    page = extract(shown(source.path), data, found, hints=source.ours)
    if page is None and source.data is None and (beside := linked_file(source.path, data)):
        inside = SourceFile(path=beside, file=source.file)
        contents = _contents(inside, report)
        return None if contents is None else _page(inside, contents, report)
    report.extend(found)
    return page


def _overlay(file: str, data: bytes, report: Report) -> Map | None:
    before = len(report)
    text = decode(data, file, report)
    overlay = None if text is None else read(text, file, report, hints=True)
    if isinstance(overlay, Map):
        return overlay
    if len(report) == before:
        report.error("VK140", "an overlay must be a mapping", Place(file, 1, 1))
    return None


def _finish(made: _Built, folder: PurePosixPath, formatted: Tree) -> comparison.Client:
    """Put the files of a client together, and what they were made from beside them."""
    files = {path: formatted[folder / path] for path in made.client.modules}
    files[PurePosixPath("py.typed")] = ""
    files[PurePosixPath("openapi.json")] = document_of(made.document)
    references = sorted(
        (reference for page in made.pages for reference in page.references),
        key=lambda reference: reference.file,
    )
    origin = provenance.Provenance(
        document=_document(made.document),
        sources=(
            *(
                provenance.Source(source.file, source.url or page.url, page.scraped_at, page.sha256)
                for source, page in zip(made.settings.sources, made.pages, strict=True)
            ),
            *(
                provenance.Source(reference.file, reference.url, None, reference.sha256)
                for reference in references
            ),
        ),
        overlays=made.overlays,
        tools=provenance.tools(is_valid=made.is_valid),
        operations=tuple(provenance.Operation(*names) for names in made.client.operations),
        files=provenance.hashed(files),
    )
    files[PurePosixPath(output.PROVENANCE)] = provenance.write(origin)
    inputs = (*made.settings.sources, *made.settings.overlays)
    return comparison.Client(
        name=made.settings.name,
        files=files,
        provenance=origin,
        labels={
            **{reference.file: reference.shown for reference in references},
            **{file.file: shown(file.path) for file in inputs},
        },
    )


def document_of(document: Map) -> str:
    """The text of a client's `openapi.json`."""
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"


def _document(document: Map) -> provenance.Document:
    info = document.get("info")
    known = info if isinstance(info, Map) else Map()
    return provenance.Document(
        str(known.get("title", "")), str(known.get("version", "")), document_hash(document)
    )
