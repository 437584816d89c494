"""The use cases, and the only module that knows the order: texts to documents to clients."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from venuekit import comparison, config, output
from venuekit.assets import templates_folder
from venuekit.caching import Cache
from venuekit.comparison import HERE, Tree, Wanted
from venuekit.config import ClientSettings, Http, Project, SourceFile, shown
from venuekit.diagnostics import Place, Report
from venuekit.output import Change, Found
from venuekit.records import dataclass
from venuekit.workflow import recalling
from venuekit.workflow.bundles import (
    allowed,
    references_of,
    write_lock,
)

if TYPE_CHECKING:
    from venuekit.workflow import making

Progress = Callable[[str], None]

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
    data = None
    if not spec.is_file():  # a pipe, which can be read once
        from venuekit.sources import read_bytes

        data = read_bytes(spec, shown(spec), report)
        if data is None:
            return None
    source = SourceFile(path=spec, file=spec.name, data=data)
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
    from venuekit.workflow import making

    for folder in job.clients:
        making.start(job, folder, report, progress)


def look(job: Job) -> Found:
    """Read what is on the disk where the clients of a job belong."""
    return output.read(job.root, job.clients, [str(path) for path in job.beside])


def make(job: Job, report: Report, progress: Progress) -> Wanted:
    """Make what should be on the disk, without the clients that have errors."""
    cache = Cache()
    keys = recalling.keys(job.clients, job.templates, job.http)
    recalled = recalling.recall(job.clients, keys, cache)
    for known in recalled.values():
        report.extend(known.diagnostics)
    unknown = [folder for folder in job.clients if folder not in recalled]
    fresh = _fresh(job, unknown, report, progress, cache)
    cache.put(
        {
            keys[folder]: recalling.kept(made.client, made.diagnostics)
            for folder, made in fresh.items()
            if folder in keys and made.is_recallable
        }
    )
    clients = {folder: known.client for folder, known in recalled.items()}
    clients.update({folder: made.client for folder, made in fresh.items()})
    return Wanted(
        root=job.root,
        clients={folder: clients[folder] for folder in job.clients if folder in clients},
        beside=job.beside,
        complete=job.complete and len(clients) == len(job.clients),
        command=job.command,
    )


def _fresh(
    job: Job, folders: Sequence[PurePosixPath], report: Report, progress: Progress, cache: Cache
) -> Mapping[PurePosixPath, making.Made]:
    if not folders:  # most of the time of a run that has nothing to do would go into these imports
        return {}
    from venuekit.modelling.writers import writers

    with writers() as beside:
        if beside and not (cache.is_there and all(_is_made(job, folder) for folder in folders)):
            beside.hurry()
        from venuekit.workflow import making

        return making.fresh(job, folders, report, progress, cache, beside)


def _is_made(job: Job, folder: PurePosixPath) -> bool:
    """Whether a client is there already: then most of its classes are probably remembered."""
    return (job.root / folder / output.PROVENANCE).is_file()
