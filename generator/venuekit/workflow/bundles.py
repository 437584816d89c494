"""The pages of a client, each with what it refers to in other files and at addresses."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from venuekit import locking, output, provenance
from venuekit.config import ClientSettings, References, shown
from venuekit.diagnostics import Report

if TYPE_CHECKING:
    from venuekit.bundling import Fetch, Refusal
    from venuekit.extraction import Page


def bundled(pages: tuple[Page, ...], settings: ClientSettings, report: Report) -> tuple[Page, ...]:
    """Put what the pages refer to into their documents; each file is read once."""
    from venuekit.bundling import Folder, Library, bundle_page, refuse

    references = settings.references
    assert references is not None
    shelf = Folder(references.root, references.home, is_open=references.outside)
    fetch = fetch_locked(references.lock) if references.network else refuse
    libraries = {ours: Library(shelf, fetch, hints=ours) for ours in (False, True)}
    return tuple(
        bundle_page(page, location(source.path), libraries[source.ours], report)
        for source, page in zip(settings.sources, pages, strict=True)
    )


def location(path: Path) -> str:
    """Where a document is: a link is in its own folder, not in that of its target."""
    absolute = os.path.abspath(path)
    return os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))


def references_of(spec: Path) -> References:
    """What a document that belongs to no project may refer to: the files of its own folder."""
    folder = Path(os.path.abspath(spec)).parent
    return References(root=folder, home=folder, lock=folder / f"{spec.name}.{locking.LOCK}")


def fetch_locked(lock: Path | None = None) -> Fetch:
    """Fetch addresses, and refuse what is no longer what the lock remembers of them."""
    from venuekit.bundling import Refusal
    from venuekit.fetching import Fetcher, Wish  # httpx takes its time to import

    fetcher = Fetcher()
    known = locking.read(lock) if lock else {}

    def fetch(url: str, by: str | None) -> bytes | Refusal:
        answer = fetcher.fetch([Wish(url=url, by=by)])[0]
        if answer.state != "fetched":
            help = "correct the address, or try again later"
            return Refusal("VK125", f"which cannot be fetched: {answer.reason}", help)
        if lock and known.get(url) not in (None, locking.digest(answer.data)):
            return Refusal(
                "VK126",
                f"which has changed since {shown(lock)} was written",
                "see what it is now; remove its entry from the lock to take it as it is",
            )
        return answer.data

    return fetch


def allowed(settings: ClientSettings, *, outside: bool, network: bool) -> ClientSettings:
    """The settings with more that documents may refer to."""
    found = settings.references
    if found is None or not (outside or network):
        return settings
    both = replace(found, outside=found.outside or outside, network=found.network or network)
    return replace(settings, references=both)


def write_lock(
    settings: ClientSettings, sources: Iterable[provenance.Source], report: Report
) -> None:
    """Remember what the addresses held that a client was made of."""
    if settings.references is None:
        return
    hashes = {s.url: s.sha256 for s in sources if s.url is not None and s.url == s.file}
    lock = settings.references.lock
    if hashes and hashes != locking.read(lock):
        output.write_file(lock, locking.text_of(hashes).encode(), report)
