"""The use case `add`: a new client from what its sources lead to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from venuekit import comparison, config, output
from venuekit.config import ClientSettings, Names, Project, SourceFile, shown
from venuekit.diagnostics import Place, Report, Severity
from venuekit.fetching import Fetcher
from venuekit.gathering import Gathered, Gathering, named_apart
from venuekit.output import Change, Found
from venuekit.records import dataclass
from venuekit.sources import unescape
from venuekit.workflow import Progress, job_of, look, make

_DOCUMENT = "openapi.yaml"
_OVERLAY = "overlay.yaml"
# What is said of names that several things want, and what each of them becomes.
_COLLISIONS = {
    "VK301": re.compile(r"; this one becomes (?P<name>\w+)$"),
    "VK302": re.compile(r"; (?P<route>[A-Z]+ \S+) becomes (?P<name>\w+)$"),
    "VK303": re.compile(r"[;,] '(?P<wire>[^']+)' in (?P<where>\w+) becomes (?P<name>\w+)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was written, and what people should know of how it was found."""

    sources: tuple[Path, ...]
    package: Path
    files: int
    notes: tuple[str, ...]


def add(
    folder: Path | None, name: str, sources: Sequence[str], report: Report, progress: Progress
) -> Added | None:
    """Make a client of a project from addresses and files, and generate it.

    Nothing is written unless all of it can be generated.
    """
    project = config.load_project(folder, report, is_begun=False)
    if project is None or not _is_free(project, name, report):
        return None
    report.strict = report.strict or project.strict
    gathering = Gathering(Fetcher(), report, progress)
    for source in sources:
        gathering.gather(source)
    if report.has_errors:
        return None
    settings = _settings(project, name, gathering.found)
    job = job_of(project, [settings])
    found = Report(strict=report.strict)
    wanted = make(job, found, progress)
    if names := _settled(found):
        settings = replace(settings, names=names)
        job = job_of(project, [settings])
        found = Report(strict=report.strict)
        wanted = make(job, found, progress)
    report.extend(found)
    if not report.has_errors:
        comparison.plan(wanted, look(job), report)
    if report.has_errors:
        _explain(name, report)
        return None
    progress("writing")
    writes = _files(project, settings)
    if output.update(project.specs, lambda: Found({}), lambda _: Change(writes), report) is None:
        return None
    change = output.update(
        job.root, lambda: look(job), lambda found: comparison.plan(wanted, found, report), report
    )
    return Added(
        sources=tuple(project.specs / path for path in writes),
        package=job.root / name,
        files=len(change.writes) if change else 0,
        notes=tuple(gathering.notes),
    )


def _is_free(project: Project, name: str, report: Report) -> bool:
    """Tell whether a client can be called so, and nothing is there yet."""
    if not config.is_package_name(name):
        help = "choose a name of letters, digits and underscores that is no keyword"
        report.error("VK007", f"'{name}' is no name for a package", None, help)
        return False
    there = project.specs.iterdir() if project.specs.is_dir() else ()
    taken = {path.name.casefold(): path for path in there}
    if found := taken.get(name.casefold()):
        report.error(
            "VK020",
            f"there is a '{found.name}' already",
            Place(shown(found)),
            "choose another name; `venuekit drift --update` renews the sources that it has",
        )
        return False
    return True


def _settings(project: Project, name: str, found: Sequence[Gathered]) -> ClientSettings:
    """The settings of a client as they will be read from its folder."""
    folder = project.specs / name
    entries = named_apart([entry for entry in found if entry.page])
    overlays = named_apart([entry for entry in found if not entry.page])
    sources = [_source(folder, entry, len(entries)) for entry in entries]
    if not any(source.url for source in sources):
        # As they are found where client.toml does not list them.
        sources.sort(key=lambda source: (source.ours, source.file))
    return ClientSettings(
        name=name,
        sources=tuple(sources),
        overlays=_overlays(folder, overlays),
        references=config.references_of(project, name),
    )


def _source(folder: Path, entry: Gathered, count: int) -> SourceFile:
    """Where a source belongs: a document beside pages is one that was written by hand."""
    by_hand = entry.name == _DOCUMENT and entry.url is None and entry.is_whole and count > 1
    file = _DOCUMENT if by_hand else f"pages/{entry.name}"
    known = entry.page.url if entry.page else None
    url = entry.url if entry.url != known else None
    return SourceFile(path=folder / file, file=file, url=url, ours=by_hand, data=entry.data)


def _overlays(folder: Path, found: Sequence[Gathered]) -> tuple[SourceFile, ...]:
    names = [_OVERLAY] if len(found) == 1 else [entry.name for entry in found]
    return tuple(
        SourceFile(path=folder / name, file=name, data=entry.data)
        for name, entry in zip(names, found, strict=True)
    )


def _settled(found: Report) -> Names | None:
    """The names that a project wants to be given, where it is strict and nothing else is wrong."""
    errors = [d for d in found if d.severity is Severity.ERROR]
    if not errors or any(d.code not in _COLLISIONS for d in errors):
        return None
    given: dict[str, dict[str, str]] = {code: {} for code in _COLLISIONS}
    for error in errors:
        pointer = error.place.pointer if error.place else ""
        matches = list(_COLLISIONS[error.code].finditer(error.message))
        wires = [match.groupdict().get("wire") for match in matches]
        for match in matches:
            said = {"component": unescape(pointer.rpartition("/")[2]), **match.groupdict()}
            if "wire" in said:
                key = f"{error.message.partition(' has several')[0]}.{said['wire']}"
                key += f" in {said['where']}" if wires.count(said["wire"]) > 1 else ""
            else:
                key = said.get("route") or said["component"]
            given[error.code][key] = said["name"]
    models, operations, parameters = given.values()
    return Names(models=models, operations=operations, parameters=parameters)


def _files(project: Project, settings: ClientSettings) -> dict[PurePosixPath, bytes]:
    """What is to be below `specs`: the settings, then the sources byte for byte."""
    files = {settings.name + "/client.toml": settings_text(settings).encode()}
    for source in (*settings.sources, *settings.overlays):
        files[f"{settings.name}/{source.file}"] = source.data or b""
    return {PurePosixPath(path): data for path, data in files.items()}


def settings_text(settings: ClientSettings) -> str:
    """A client.toml that says what the folder does not say by itself."""
    lines: list[str] = []
    if any(source.url for source in settings.sources):
        entries = [_entry(source) for source in settings.sources]
        if len(entries) == 1:
            lines.append(f"sources = [{entries[0]}]")
        else:
            lines += ["sources = [", *(f"    {entry}," for entry in entries), "]"]
    if [overlay.file for overlay in settings.overlays] not in ([], [_OVERLAY]):
        files = ", ".join(_quoted(overlay.file) for overlay in settings.overlays)
        lines.append(f"overlays = [{files}]")
    for kind in ("operations", "models", "parameters"):
        names: Mapping[str, str] = getattr(settings.names, kind)
        if names:
            lines += ([""] if lines else []) + [f"[names.{kind}]"]
            lines += [f"{_key(key)} = {_quoted(names[key])}" for key in sorted(names)]
    return "".join(f"{line}\n" for line in lines)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _entry(source: SourceFile) -> str:
    if source.url is None:
        return _quoted(source.file)
    return f"{{ file = {_quoted(source.file)}, url = {_quoted(source.url)} }}"


def _explain(name: str, report: Report) -> None:
    report.error(
        "VK532",
        f"'{name}' was not added: no client can be made of its sources as they are",
        None,
        "add it together with an overlay that mends them, or with an openapi.yaml beside the pages",
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
