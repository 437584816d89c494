"""The use case `drift`: the sources as they are now against what is committed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path, PurePosixPath

from venuekit import config, drift, output, remembering, renewing
from venuekit.config import ClientSettings, Project, shown
from venuekit.diagnostics import Place, Report
from venuekit.drift import Drift, Missing
from venuekit.fetching import Fetcher
from venuekit.output import Change, Found
from venuekit.records import dataclass
from venuekit.renewing import Held, Renewal
from venuekit.sources import Map, locate
from venuekit.workflow import Progress, check, project_job
from venuekit.workflow.making import assembled, document_of

_STALE = ("VK401", "VK402", "VK403", "VK404", "VK405", "VK406")
_ACCEPTED = "accepted.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDrift:
    """What became of the sources of one client; no drift where it could not be compared."""

    client: str
    renewals: tuple[Renewal, ...]
    drift: Drift | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of all of them, what was written, and what generating would change."""

    clients: tuple[ClientDrift, ...]
    written: Change | None = None
    diffs: tuple[str, ...] = ()

    @property
    def whole(self) -> Drift:
        """The drift of all clients together."""
        found = [(entry.client, entry.drift) for entry in self.clients if entry.drift]
        many = len(self.clients) > 1
        return Drift(
            findings=tuple(f for _, drift in found for f in drift.findings),
            hints=tuple(
                f"{client}: {hint}" if many else hint for client, d in found for hint in d.hints
            ),
            old_title=", ".join(drift.old_title for _, drift in found),
            new_title=", ".join(drift.new_title for _, drift in found),
            accepted=tuple(f for _, drift in found for f in drift.accepted),
        )


@dataclass(slots=True)
class _Work:
    """One client under comparison."""

    project: Project
    settings: ClientSettings
    held: Sequence[Held]
    renewals: list[Renewal] = field(default_factory=list[Renewal])
    is_sound: bool = True  # what came can be put in the place of what is committed

    @property
    def folder(self) -> Path:
        return self.project.specs / self.settings.name


def drift_of(
    folder: Path | None,
    names: Iterable[str],
    report: Report,
    progress: Progress,
    *,
    source: Path | None = None,
    update: bool = False,
) -> Outcome | None:
    """Fetch the sources of clients, or read them from the folder `source`, and compare.

    With `update`, what came is written. None where the settings are wrong.
    """
    project = config.load_project(folder, report)
    if project is None:
        return None
    report.strict = report.strict or project.strict
    works = _works(project, tuple(dict.fromkeys(names)), report)
    if report.has_errors:
        return None
    _renew(works, source, report, progress)
    if report.has_errors:
        return None
    clients = tuple(_compared(work, report, progress) for work in works)
    if not update:
        return Outcome(clients=clients)
    return _updated(project, works, Outcome(clients=clients), report, progress)


def _works(project: Project, names: tuple[str, ...], report: Report) -> list[_Work]:
    chosen = names or project.clients
    if not chosen:
        help = "make one with `venuekit add NAME SOURCE`"
        report.error("VK011", "the project has no client", Place(shown(project.specs)), help)
    works: list[_Work] = []
    for name in chosen:
        settings = config.load_client(project, name, report, fetching=True)
        if settings:
            works.append(_Work(project, settings, renewing.hold(settings, report)))
    return works


def _renew(works: Sequence[_Work], source: Path | None, report: Report, tell: Progress) -> None:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if source is not None:
        for work in works:
            _read(work, source, now, len(works) == 1, report)
        return
    sources = [held for work in works for held in work.held]
    if not any(held.url for held in sources):
        report.error(
            "VK021",
            "no source has an address to fetch it from",
            Place(shown(works[0].folder)),
            "write `sources = [{ file = ..., url = ... }]` into client.toml, or use --from DIR",
        )
        return
    place = remembering.place()
    memory = remembering.read(place)
    found = renewing.fetch(sources, memory, Fetcher(), now, tell)
    if place:
        output.keep(place, memory.text())
    for work in works:
        work.renewals = [r for r in found if r.held.client == work.settings.name]


def _read(work: _Work, source: Path, now: str, is_alone: bool, report: Report) -> None:
    """Take the sources of a client from `source/<client>`, or from `source` where it is alone."""
    name = work.settings.name
    own = source / name
    if not own.is_dir() and not (is_alone and source.is_dir()):
        report.error(
            "VK022",
            f"the folder holds nothing of client '{name}'",
            Place(shown(source)),
            f"put its pages into {shown(own)}, or name the clients that it has",
        )
        return
    place = own if own.is_dir() else source
    work.renewals = renewing.read_folder(work.held, place, now, report)
    if "sources" in (work.settings.settings.values if work.settings.settings else {}):
        return
    for new in renewing.new_pages(work.settings, place, work.folder / "pages"):
        held = Held(client=name, source=replace(new, data=None), data=None, page=None)
        work.renewals.append(renewing.judged(held, new.data or b"", now))


def _compared(work: _Work, report: Report, progress: Progress) -> ClientDrift:
    progress(f"{work.settings.name}: comparing")
    entry = ClientDrift(client=work.settings.name, renewals=tuple(work.renewals))
    if all(renewal.state == "unasked" for renewal in work.renewals):
        return entry
    _report_outage(work, report)
    if not any(renewal.held.data for renewal in work.renewals):
        return entry  # all of it is new: there is nothing to compare with
    before = Report(strict=report.strict)
    old = _assembled(work, [r.held.source for r in work.renewals if r.held.data], before)
    if old is None:
        report.extend(before)
        work.is_sound = False
        return entry
    now = Report(strict=report.strict)
    sources = [r.source for r in work.renewals if r.source.data is not None]
    new = _assembled(work, sources, now)
    report.extend(d for d in now if d not in set(before))
    base = _base(work, old, report)
    if new is None or base is None or not _are_of_one_api(base, new, report):
        work.is_sound = False
        return entry
    found = drift.compare(base, new, missing=_missing(work))
    return replace(entry, drift=_accepted(work, _hinted(work, found, base is not old), report))


def _assembled(work: _Work, sources: Sequence[config.SourceFile], report: Report) -> Map | None:
    parts = assembled(replace(work.settings, sources=tuple(sources)), report)
    return parts[0] if parts else None


def _base(work: _Work, document: Map, report: Report) -> Map | None:
    """What the committed client was made from; with places of pages where it is not stale."""
    path = work.project.output / work.settings.name / "openapi.json"
    if not path.is_file() or path.read_bytes() == document_of(document).encode():
        return document
    return drift.read_input(str(path), report)


def _hinted(work: _Work, found: Drift, is_stale: bool) -> Drift:
    if not is_stale:
        return found
    hint = f"the client is stale: `venuekit generate {work.settings.name}` brings it up to date"
    return replace(found, hints=(*found.hints, hint))


def _are_of_one_api(old: Map, new: Map, report: Report) -> bool:
    if drift.are_of_one_api(old, new):
        return True
    titles = " and ".join(f"'{_title(document)}'" for document in (old, new))
    report.error(
        "VK522",
        f"this is another API: {titles} share neither title nor server",
        locate(new, ("info", "title")),
        "see what is at the address of the source",
    )
    return False


def _title(document: Map) -> str:
    info = document.get("info")
    return str(info.get("title", "")) if isinstance(info, Map) else ""


def _missing(work: _Work) -> list[Missing]:
    """The sources that could not be had, with the operations that no other one describes."""
    had = {
        route
        for renewal in work.renewals
        if renewal.state in ("same", "changed") and renewal.held.page
        for route in renewing.routes(renewal.held.page)
    }
    return [
        Missing(
            source=renewal.held.source.file,
            reason=renewal.reason,
            routes=frozenset(renewing.routes(renewal.held.page)) - had
            if renewal.held.page
            else frozenset(),
        )
        for renewal in work.renewals
        if renewal.is_missing
    ]


def _report_outage(work: _Work, report: Report) -> None:
    """Say where nothing could be compared: that is no reason to be content."""
    asked = [renewal for renewal in work.renewals if renewal.state != "unasked"]
    if asked and all(renewal.is_missing for renewal in asked):
        report.error(
            "VK521",
            f"no source of '{work.settings.name}' could be had: {asked[0].reason}",
            Place(shown(asked[0].held.source.path)),
            "see whether the address still is the right one, and try again",
        )


def _accepted(work: _Work, found: Drift, report: Report) -> Drift:
    path = work.folder / _ACCEPTED
    entries = drift.read_accepted(path, shown(path), report) if path.is_file() else ()
    complete = not any(renewal.is_missing for renewal in work.renewals)
    today = datetime.date.today()
    standing, known = drift.sort_out(found.findings, entries, today, report, complete=complete)
    return replace(found, findings=standing, accepted=known)


def _updated(
    project: Project, works: Sequence[_Work], outcome: Outcome, report: Report, tell: Progress
) -> Outcome:
    """Write what came, all in one move, and tell what generating would change."""
    writes: dict[PurePosixPath, bytes] = {
        PurePosixPath(renewal.held.source.path.relative_to(project.specs).as_posix()): renewal.data
        for work in works
        if work.is_sound
        for renewal in work.renewals
        if renewal.data is not None
    }
    if not writes:
        return outcome
    tell("writing")
    change = output.update(project.specs, lambda: Found({}), lambda _: Change(writes), report)
    if change is None:
        return outcome
    touched = {path.parts[0] for path in writes}
    names = [work.settings.name for work in works if work.settings.name in touched]
    found = Report(strict=report.strict)
    job = project_job(project.root, names, found)
    diffs = check(job, found, tell) if job else []
    report.extend(d for d in found if d.code not in _STALE)
    return replace(outcome, written=change, diffs=tuple(diffs))


def as_json(outcome: Outcome, diagnostics: Sequence[Mapping[str, object]]) -> str:
    """The findings of all clients as of `diff`, with what became of each source."""
    findings = [
        {**drift.as_object(finding), "client": entry.client}
        for entry in outcome.clients
        for finding in (entry.drift.findings if entry.drift else ())
    ]
    whole: dict[str, object] = {"findings": findings, "summary": drift.summary(outcome.whole)}
    whole["sources"] = [
        {
            "client": entry.client,
            "file": shown(renewal.held.source.path),
            "url": renewal.held.url,
            "state": renewal.state,
            "reason": renewal.reason,
        }
        for entry in outcome.clients
        for renewal in entry.renewals
    ]
    whole["diagnostics"] = list(diagnostics)
    return json.dumps(whole, indent=2)
