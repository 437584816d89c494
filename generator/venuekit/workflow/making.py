"""Clients made from their sources, all the way from texts to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from venuekit import assembly, comparison, formatting, installed, output, provenance
from venuekit.building import Client, begin
from venuekit.caching import Cache, code, key_of
from venuekit.comparison import Tree
from venuekit.config import ClientSettings, SourceFile, shown
from venuekit.diagnostics import Diagnostic, Fault, Place, Report, Severity
from venuekit.documents import document_hash, is_possible, wordless_hash
from venuekit.extraction import Page, extract
from venuekit.modelling.writers import Writers
from venuekit.records import dataclass
from venuekit.sources import Map, decode, read, read_bytes, written
from venuekit.workflow import Job, Progress, recalling
from venuekit.workflow.bundles import bundled

_FEW = 100  # paths: of larger documents, few have no fault, and their hash costs too
# What validation says of a document that is not as the standard wants it.
_AGAINST_THE_STANDARD = ("VK203", "VK209")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """A client before its text is formatted, and what it was made from."""

    settings: ClientSettings
    document: Map
    pages: tuple[Page, ...]
    overlays: tuple[provenance.Overlay, ...]
    client: Client
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A client, what is to be said of it, and whether its sources alone decide what it is."""

    client: comparison.Client
    diagnostics: tuple[Diagnostic, ...]
    is_recallable: bool


def fresh(
    job: Job,
    folders: Iterable[PurePosixPath],
    report: Report,
    progress: Progress,
    cache: Cache,
    writers: Writers | None,
) -> dict[PurePosixPath, Made]:
    """Make clients, without those that have errors; `writers` write classes beside this process."""
    begun = {
        folder: started
        for folder in folders
        if (started := start(job, folder, report, progress, writers, cache))
    }
    built: dict[PurePosixPath, _Built] = {}
    for folder, finish in begun.items():
        progress(f"{job.clients[folder].name}: generating")
        built[folder] = finish()
    progress("formatting")
    # The classes may still be written: all other modules are formatted meanwhile.
    modules = {folder: made.client.modules for folder, made in built.items()}
    ready = _formatted(modules, job.templates, cache)
    models = {folder: made.client.models() for folder, made in built.items()}
    formed = _formatted(models, job.templates, cache)
    return {
        folder: Made(
            _finish(made, {**ready[folder], **formed[folder]}), made.diagnostics, _is_alone(made)
        )
        for folder, made in built.items()
    }


def _formatted(
    trees: Mapping[PurePosixPath, Tree], templates: Sequence[Path], cache: Cache
) -> dict[PurePosixPath, Tree]:
    """The modules of clients by their folders, formatted in one go.

    What is no Python is a bug where all `templates` are the tool's own, and else their fault.
    """
    whole = {folder / path: text for folder, tree in trees.items() for path, text in tree.items()}
    try:
        formatted = formatting.format_tree(whole, cache)
    except formatting.FormattingError as failed:
        if len(templates) == 1:
            raise
        says, place = f"what is made with them is no Python: {failed}", Place(shown(templates[0]))
        help = "compare them with the tool's own of the same names"
        raise Fault(Diagnostic("VK014", Severity.ERROR, says, place, help)) from failed
    return {
        folder: {path: formatted[folder / path] for path in tree} for folder, tree in trees.items()
    }


def _is_alone(made: _Built) -> bool:
    """Whether nothing was looked for but the sources: no file and no address."""
    return not any(
        page.is_bundled or page.file != shown(source.path)
        for source, page in zip(made.settings.sources, made.pages, strict=True)
    )


def start(
    job: Job,
    folder: PurePosixPath,
    report: Report,
    progress: Progress,
    writers: Writers | None = None,
    cache: Cache | None = None,
) -> Callable[[], _Built] | None:
    """Take one client through the stages; warnings weigh as the run says only afterwards.

    The result waits for the classes, which may be written meanwhile.
    """
    settings, found = job.clients[folder], Report()
    progress(f"{settings.name}: reading")
    try:
        parts = assembled(settings, found)
        if parts is None:
            return None
        document, pages, overlays = parts
        finish = None
        if not found.has_errors and is_possible(document):
            finish = begin(
                document,
                settings,
                templates=job.templates,
                http=job.http,
                report=found,
                urls=_urls(settings, pages),
                writers=writers,
                cache=cache,
            )
        # After the classes were asked for: the one is done while the others are written.
        _validate(document, pages, found, _accepted(job.root / folder), cache)
    except Exception as error:
        error.add_note(f"client '{settings.name}'")
        raise
    finally:
        report.extend(found)
    if finish is None or found.has_errors:
        return None

    def finished() -> _Built:
        return _Built(
            settings=settings,
            document=document,
            pages=pages,
            overlays=overlays,
            client=finish(),
            diagnostics=tuple(found),
        )

    return finished


def _validate(
    document: Map,
    pages: tuple[Page, ...],
    report: Report,
    known_valid: str | None,
    cache: Cache | None,
) -> None:
    """Report what is wrong with a document, unless one that says the same had no fault.

    The judges take longer to import than a small document to be judged.
    """
    paths = document.get("paths")
    is_small = isinstance(paths, Map) and len(paths) <= _FEW
    key = None
    if cache is not None and is_small and not any(page.evidence for page in pages):
        key = key_of("valid", code(), repr(installed.everything()), wordless_hash(document))
        if key in cache.get([key]):
            return
    from venuekit.validation import validate

    found = Report()
    validate(document, pages, found, known_valid=known_valid)
    report.extend(found)
    if cache is not None and key is not None and not len(found):
        cache.put({key: ""})


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
    path, seen = source.path, {source.path}
    while True:
        found = Report(strict=report.strict)
        page = extract(shown(path), data, found, hints=source.ours and path == source.path)
        beside = None
        if page is None and source.data is None:
            from venuekit.extraction.beside import linked_file  # HTML and scripts are rare

            beside = linked_file(path, data)
        if beside is None or beside in seen:
            report.extend(found)
            return page
        path = beside
        seen.add(path)
        contents = read_bytes(path, shown(path), report)
        if contents is None:
            return None
        data = contents


def _overlay(file: str, data: bytes, report: Report) -> Map | None:
    before = len(report)
    text = decode(data, file, report)
    overlay = None if text is None else read(text, file, report, hints=True)
    if isinstance(overlay, Map):
        return overlay
    if len(report) == before:
        report.error("VK140", "an overlay must be a mapping", Place(file, 1, 1))
    return None


def _finish(made: _Built, modules: Tree) -> comparison.Client:
    """Put the files of a client together, and what they were made from beside them."""
    files = dict(modules)
    files[PurePosixPath("py.typed")] = ""
    files[PurePosixPath("openapi.json")] = document_of(made.document)
    references = sorted(
        (reference for page in made.pages for reference in page.references),
        key=lambda reference: reference.file,
    )
    origin = provenance.Provenance(
        document=described(made.document),
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
        tools=provenance.tools(
            is_valid=not any(d.code in _AGAINST_THE_STANDARD for d in made.diagnostics)
        ),
        operations=tuple(provenance.Operation(*names) for names in made.client.operations),
        files=provenance.hashed(files),
    )
    files[PurePosixPath(output.PROVENANCE)] = provenance.write(origin)
    return comparison.Client(
        name=made.settings.name,
        files=files,
        provenance=origin,
        labels={
            **{reference.file: reference.shown for reference in references},
            **recalling.labels(made.settings),
        },
    )


def document_of(document: Map) -> str:
    """The text of a client's `openapi.json`."""
    return f"{written(document)}\n"


def described(document: Map) -> provenance.Document:
    info = document.get("info")
    known = info if isinstance(info, Map) else Map()
    return provenance.Document(
        str(known.get("title", "")), str(known.get("version", "")), document_hash(document)
    )
