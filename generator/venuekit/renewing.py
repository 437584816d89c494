"""The sources of clients as they are now: fetched from their addresses, or read from a folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from venuekit.config import ClientSettings, SourceFile, shown
from venuekit.diagnostics import Report
from venuekit.extraction import Page, extract, renewed, split
from venuekit.extraction.beside import links_in
from venuekit.fetching import Answer, Fetcher, Wish
from venuekit.grammar import METHODS
from venuekit.records import dataclass
from venuekit.remembering import Memory
from venuekit.sources import Map, read_bytes

State = Literal["same", "changed", "new", "gone", "unreachable", "unreadable", "unasked"]

_FENCE = re.compile(rb"^[ \t>]*(?P<fence>`{3,}|~{3,})(?P<info>[^\r\n`]*)", re.MULTILINE)
_HOPS = 2  # from an address that names the document


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A source as it is committed: nothing where it was never fetched."""

    client: str
    source: SourceFile
    data: bytes | None
    page: Page | None

    @property
    def url(self) -> str | None:
        """Where it is to be had."""
        return self.source.url or (self.page.url if self.page else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What became of a source; `data` are the bytes that it should have, if they are others."""

    held: Held
    state: State
    reason: str = ""
    data: bytes | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it could not be had, which says nothing about what it describes."""
        return self.state in ("gone", "unreachable", "unreadable")

    @property
    def source(self) -> SourceFile:
        """The source as it is to be read now; what could not be had is as it was."""
        return replace(self.held.source, data=self.held.data if self.data is None else self.data)


def hold(settings: ClientSettings, report: Report) -> list[Held]:
    """Read the sources of a client as they are committed."""
    found: list[Held] = []
    for source in settings.sources:
        data = page = None
        if source.path.exists():
            file = shown(source.path)
            data = read_bytes(source.path, file, report)
            page = None if data is None else extract(file, data, report, hints=source.ours)
        found.append(Held(client=settings.name, source=source, data=data, page=page))
    return found


def fetch(
    sources: Sequence[Held],
    memory: Memory,
    fetcher: Fetcher,
    now: str,
    progress: Callable[[str], None],
) -> list[Renewal]:
    """Ask for each source at its address; `now` is the time for the headers of pages."""
    asked = [held for held in sources if held.url]
    answers = fetcher.fetch([_wish(held, memory) for held in asked], progress)
    found: dict[int, Renewal] = {}
    for held, answer in zip(asked, answers, strict=True):
        final = _followed(held, answer, fetcher)
        renewal = _answered(held, final, now)
        if answer is final and answer.state == "fetched" and not renewal.is_missing:
            memory.note(held.url or "", answer.etag, answer.modified, _digest(answer.data))
        found[id(held)] = renewal
    unasked = "no address of it is recorded"
    return [
        found.get(id(held)) or Renewal(held=held, state="unasked", reason=unasked)
        for held in sources
    ]


def _wish(held: Held, memory: Memory) -> Wish:
    """Ask only for what is newer, where what was fetched last is what is committed."""
    url = held.url or ""
    known = memory.recall(url)
    if held.data is None or known is None or known.sha256 != _digest(split(held.data)[1]):
        return Wish(url=url)
    return Wish(url=url, etag=known.etag, modified=known.modified)


def _followed(held: Held, answer: Answer, fetcher: Fetcher) -> Answer:
    """Go on to the one document that an answer names and does not hold, as `.stats.yml` does."""
    if held.data is not None and split(held.data)[1] == split(answer.data)[1]:
        return answer
    for _ in range(_HOPS):
        if answer.state != "fetched" or _page(held, answer.data, Report()):
            break
        named = links_in(answer.url, answer.data).documents
        if len(named) != 1:
            break
        [further] = fetcher.fetch([Wish.named(named[0], by=answer.url)])
        if further.state != "fetched":
            message = f"{answer.url} names {further.url}, and {further.reason}"
            return replace(further, state="unreachable", reason=message)
        answer = further
    return answer


def _answered(held: Held, answer: Answer, now: str) -> Renewal:
    match answer.state:
        case "fetched":
            return judged(held, answer.data, now)
        case "unchanged":
            return Renewal(held=held, state="same", reason=answer.reason)
        case _:
            return Renewal(held=held, state=answer.state, reason=answer.reason)


def judged(held: Held, data: bytes, now: str) -> Renewal:
    """Compare what was had with what is committed; what cannot be meant is missing."""
    header, old = split(held.data or b"")
    new = split(data)[1]
    if held.data is not None and old == new:
        return Renewal(held=held, state="same")
    reason = _objection(held, data, old, new)
    if reason:
        return Renewal(held=held, state="unreadable", reason=reason)
    whole = renewed(data, header, now)
    return Renewal(held=held, state="new" if held.data is None else "changed", data=whole)


def _objection(held: Held, data: bytes, old: bytes, new: bytes) -> str | None:
    """Why an answer cannot be the page that was asked for."""
    if _is_cut(old, new) or (_is_of_blocks(held.page) and _is_open(new) and not _is_open(old)):
        return "it breaks off in the middle"
    problems = Report()
    page = _page(held, data, problems)
    if page is None:
        said = next((d.message for d in problems), "it cannot be read")
        return f"what is there now cannot be read: {said}"
    before = held.page
    if before is None:
        return None
    if before.fragments and not page.fragments:
        return "what is there now holds no OpenAPI"
    if any(routes(before)) and not any(routes(page)):
        return "what is there now describes no operation"
    if _names_requests(before) and not page.fragments and not _names_requests(page):
        return "what is there now names no request"
    return None


def _names_requests(page: Page) -> bool:
    return page.evidence is not None and bool(page.evidence.requests)


def _page(held: Held, data: bytes, problems: Report) -> Page | None:
    return extract(shown(held.source.path), data, problems)


def _is_cut(old: bytes, new: bytes) -> bool:
    """Whether a text ends within a line of what it was."""
    if not new or len(new) >= len(old) or not old.startswith(new):
        return False
    return not {old[len(new) : len(new) + 1], new[-1:]} & {b"\r", b"\n"}


def _is_of_blocks(page: Page | None) -> bool:
    """Whether the documents of a page stand in fenced blocks."""
    return page is not None and any(
        fragment.kind not in ("json", "yaml", "html") for fragment in page.fragments
    )


def _is_open(text: bytes) -> bool:
    """Whether a block of a page is begun and not ended."""
    fence = b""
    for found in _FENCE.finditer(text):
        mark = found["fence"]
        if not fence:
            fence = mark
        elif mark[:1] == fence[:1] and len(mark) >= len(fence) and not found["info"].strip():
            fence = b""
    return bool(fence)


def _digest(data: bytes) -> str:
    return hashlib.sha256(split(data)[1]).hexdigest()


def routes(page: Page) -> Iterator[str]:
    """The operations that a page describes, as `GET /orders`."""
    for fragment in page.fragments:
        paths = fragment.document.get("paths")
        for path, item in paths.items() if isinstance(paths, Map) else ():
            for method in item if isinstance(item, Map) else ():
                if method in METHODS:
                    yield f"{method.upper()} {path}"


# A folder.


def read_folder(sources: Sequence[Held], folder: Path, now: str, report: Report) -> list[Renewal]:
    """Look for each source of one client in a folder: as `pages/a.md`, or as `a.md`.

    What was written by hand need not be there; pages that are not known yet are found too.
    """
    found: list[Renewal] = []
    for held in sources:
        path = next((p for p in _candidates(folder, held.source) if p.is_file()), None)
        if path is not None:
            data = read_bytes(path, shown(path), report)
            if data is not None:
                found.append(judged(held, data, now))
        elif held.source.ours:
            found.append(Renewal(held=held, state="unasked", reason="it is written by hand"))
        else:
            found.append(Renewal(held=held, state="gone", reason=f"{shown(folder)} has none"))
    return found


def _candidates(folder: Path, source: SourceFile) -> tuple[Path, ...]:
    return folder / source.file, folder / source.path.name


def new_pages(settings: ClientSettings, folder: Path, pages: Path) -> Iterator[SourceFile]:
    """The pages of a folder that the client does not have, as they would be in its `pages`."""
    known = {source.path.name for source in settings.sources}
    inside = folder / "pages"
    place = inside if inside.is_dir() else folder
    for path in sorted(place.iterdir()):
        if path.is_file() and path.name not in known and _is_page(path, inside=place == inside):
            yield SourceFile(
                path=pages / path.name, file=f"pages/{path.name}", data=path.read_bytes()
            )


def _is_page(path: Path, *, inside: bool) -> bool:
    """Tell pages from what else the folder of a client may hold."""
    if path.name.startswith("."):
        return False
    return inside or (path.suffix != ".toml" and not path.name.startswith("overlay"))
