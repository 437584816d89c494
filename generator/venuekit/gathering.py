"""What the sources of a new client lead to: addresses and files in, pages and documents out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from venuekit.diagnostics import Place, Report
from venuekit.extraction import Page, extract
from venuekit.extraction.beside import linked_file, links_in
from venuekit.extraction.links import LOOKED_FOR, Links, is_list
from venuekit.fetching import Answer, Fetcher, Wish, is_address, objection, same_site
from venuekit.likeness import difference
from venuekit.records import dataclass
from venuekit.sources import read_bytes

_DEPTH = 3  # from an address to what it names, and on
_CANDIDATES = 8  # documents and scripts of one page that are tried
_PAGES = 400  # of one list that are fetched
_KNOWN = (".md", ".mdx", ".txt", ".json", ".yaml", ".yml", ".html", ".htm", ".js")
_SUFFIXES = {"json": ".json", "yaml": ".yaml", "html": ".html"}
_MEDIA = (("html", ".html"), ("javascript", ".js"), ("json", ".json"), ("yaml", ".yaml"))
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_OVERLAY = re.compile(r"""^\s*(?:\{\s*)?["']?overlay["']?\s*:\s*["']?1\.""", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A page, document or overlay: its name, what it holds, and where it came from."""

    name: str
    data: bytes
    page: Page | None  # None for an overlay
    url: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is a document by itself, and no page."""
        fragments = self.page.fragments if self.page else ()
        return any(fragment.kind in ("json", "yaml") for fragment in fragments)


@dataclass(slots=True)
class Gathering:
    """What was found so far, and what people should know of how it was."""

    fetcher: Fetcher
    report: Report
    progress: Callable[[str], None]
    found: list[Gathered] = field(default_factory=list[Gathered])
    notes: list[str] = field(default_factory=list[str])
    _asked: set[str] = field(default_factory=set[str])

    def gather(self, source: str) -> None:
        """Find what a source leads to; where that is nothing, it is reported."""
        if is_address(source):
            self._from_address(source)
        else:
            self._from_file(Path(source))

    # Addresses.

    def _from_address(self, url: str) -> None:
        reason = objection(url)
        if reason:
            help = "give an address of http or https, or a file"
            self.report.error("VK023", f"'{url}' is not fetched: {reason}", None, help)
            return
        tried: list[str] = []
        [found] = self.fetcher.fetch([Wish(url=url)], self.progress)
        self._take(self._reached(found, tried, 0), url, tried)

    def _take(self, reached: Sequence[Gathered], source: str, tried: Sequence[str]) -> None:
        """Keep what a source has led to, if that is one API."""
        several = _titles(reached)
        if len(several) > 1:
            self.report.error(
                "VK531",
                f"{source} leads to several APIs: {', '.join(several)}",
                None,
                "add a client of each, by its own address: "
                + ", ".join(r.url or r.name for r in reached[:_CANDIDATES]),
            )
        elif reached:
            self.found += reached
        else:
            seen = f"; {'; '.join(tried[:_CANDIDATES])}" if tried else ""
            message = f"no document is at {source}{seen}"
            self.report.error("VK530", message, None, f"looked for {LOOKED_FOR}")

    def _reached(
        self, answer: Answer, tried: list[str], depth: int, base: str | None = None
    ) -> list[Gathered]:
        """What an answer holds, or else leads to; `base` is the page that relative links are of."""
        if answer.state != "fetched":
            tried.append(f"{answer.url}: {answer.reason}")
            return []
        name = _name(answer.url, answer.media)
        problems = Report()
        page = extract(name, answer.data, problems)
        if page and page.fragments:
            kind = page.fragments[0].kind
            named = _name(answer.url, answer.media, kind)
            return [Gathered(name=named, data=answer.data, page=page, url=answer.url)]
        links = links_in(name, answer.data)
        # A script is of the page that loads it; a list of pages is of itself.
        origin = answer.url if base is None or is_list(answer.url) else base
        found = self._linked(links, origin, answer.url, tried, depth)
        if found or links.documents:
            return found
        if page and page.evidence:
            return [Gathered(name=name, data=answer.data, page=page, url=answer.url)]
        tried += [f"{answer.url}: {d.message}" for d in list(problems)[:1]]
        return []

    def _linked(
        self, links: Links, base: str, by: str, tried: list[str], depth: int
    ) -> list[Gathered]:
        """Follow what a page names: its document, then its scripts, then the pages of a list."""
        if depth >= _DEPTH:
            return []
        documents = [Wish.named(url, by=base) for url in links.documents[:_CANDIDATES]]
        found = self._all(documents, tried, depth + 1, None)
        if found:
            self.notes += [
                f"{by} names {entry.url}" for entry in found if not same_site(base, entry.url or "")
            ]
            # What a Stainless file names has another address with every state.
            is_stats = urlsplit(by).path.endswith(".stats.yml")
            return [replace(e, url=by) for e in found] if is_stats else _distinct(found)
        scripts = [Wish.named(url, by=base) for url in links.scripts[:_CANDIDATES]]
        found = self._all(_of_site(scripts, base), tried, depth + 1, base)
        if found:
            return _distinct(found)
        pages = [Wish.named(url, by=base) for url in links.pages]
        inside = list(_of_site(pages, base))
        if len(inside) > _PAGES:
            self.notes.append(f"{by} lists {len(inside)} pages; the first {_PAGES} were fetched")
        held = self._all(inside[:_PAGES], [], _DEPTH, None)
        return [entry for entry in held if entry.page and entry.page.fragments]

    def _all(
        self,
        wishes: Sequence[Wish] | Iterator[Wish],
        tried: list[str],
        depth: int,
        base: str | None,
    ) -> list[Gathered]:
        wanted = [wish for wish in wishes if wish.url not in self._asked]
        self._asked.update(wish.url for wish in wanted)
        answers = self.fetcher.fetch(wanted, self.progress)
        return [entry for answer in answers for entry in self._reached(answer, tried, depth, base)]

    # Files.

    def _from_file(self, path: Path) -> None:
        file = path.as_posix()
        if not path.exists():
            help = "give an address, as https://…, or a file"
            self.report.error("VK012", "there is no such file", Place(file), help)
            return
        data = read_bytes(path, file, self.report)
        if data is None:
            return
        problems = Report()
        page = extract(file, data, problems)
        if page is None and _OVERLAY.search(data.decode("utf-8", "replace")):
            self.found.append(Gathered(name=path.name, data=data, page=None))
        elif page is None and (beside := linked_file(path, data)) and file not in self._asked:
            self._asked.add(file)
            self._from_file(beside)
        elif page is None and (named := _addresses(path, data)):
            tried: list[str] = []
            found = self._all([Wish(url=url) for url in named], tried, 1, None)
            self._take(found, file, tried)
        elif page is None:
            self.report.extend(problems)
        else:
            self.found.append(Gathered(name=_safe(path.name), data=data, page=page))


def _addresses(path: Path, data: bytes) -> list[str]:
    """The whole addresses of documents that a file names."""
    return [url for url in links_in(path.name, data).documents if is_address(url)][:_CANDIDATES]


def _of_site(wishes: Sequence[Wish], base: str) -> Iterator[Wish]:
    return (wish for wish in wishes if same_site(base, wish.url))


def _titles(found: Sequence[Gathered]) -> list[str]:
    """The names of the APIs of some documents."""
    titles: dict[str, None] = {}
    for entry in found:
        for fragment in entry.page.fragments if entry.page else ():
            info = fragment.document.get("info")
            titles[str(info.get("title", "") if isinstance(info, dict) else "")] = None
    return list(titles)


def _distinct(found: Sequence[Gathered]) -> list[Gathered]:
    """Documents without those that say the same as an earlier one: often one is JSON, one YAML."""
    kept: list[Gathered] = []
    for entry in found:
        if not any(_are_equal(entry, other) for other in kept):
            kept.append(entry)
    return kept


def _are_equal(one: Gathered, other: Gathered) -> bool:
    mine, theirs = (e.page.fragments if e.page else () for e in (one, other))
    return len(mine) == len(theirs) and all(
        difference(a.document, b.document) is None for a, b in zip(mine, theirs, strict=True)
    )


def named_apart(found: Sequence[Gathered]) -> list[Gathered]:
    """Give each a name of its own, whatever a file system makes of case: by its folders."""
    taken: set[str] = set()
    named: list[Gathered] = []
    for entry in found:
        name = next(n for n in _names(entry) if n.casefold() not in taken)
        taken.add(name.casefold())
        named.append(replace(entry, name=name))
    return named


def _names(entry: Gathered) -> Iterator[str]:
    yield entry.name
    parts = [_safe(part) for part in urlsplit(entry.url or "").path.split("/")[:-1] if part]
    name = entry.name
    for part in reversed(parts):
        name = f"{part}-{name}"
        yield name
    stem, dot, suffix = entry.name.rpartition(".")
    for number in range(2, 10_000):
        yield f"{stem}-{number}{dot}{suffix}" if dot else f"{suffix}-{number}"


def _name(url: str, media: str, kind: str = "") -> str:
    """The name for the file of what an address has given."""
    last = _safe(unquote(urlsplit(url).path).rpartition("/")[2]) or "index"
    suffix = Path(last).suffix.lower()
    if suffix in _KNOWN and (kind not in _SUFFIXES or not _contradicts(suffix, kind)):
        return last
    if kind in _SUFFIXES:
        return last + _SUFFIXES[kind]
    known = (suffix for word, suffix in _MEDIA if word in media)
    return last + next(known, ".md")


def _contradicts(suffix: str, kind: str) -> bool:
    """Whether a name would have its contents read as something else than they are."""
    data = (".json", ".yaml", ".yml")
    return (kind == "html") != (suffix in (".html", ".htm", ".js")) or (
        kind in ("json", "yaml") and suffix not in data
    )


def _safe(name: str) -> str:
    """A name that every file system takes."""
    return _UNSAFE.sub("-", name).strip(".-")[:100]
