"""What the rules of one run share: the parts of a document, its operations, and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from pathlib import PurePosixPath

from venuekit.diagnostics import Place, Report
from venuekit.grammar import METHODS
from venuekit.records import dataclass
from venuekit.sources import Map, locate
from venuekit.validation.parts import Part, Path
from venuekit.validation.references import Parts


@dataclass(slots=True)
class Rules:
    """What the rules of one run share; `settled` are the places that need no second word."""

    parts: Parts
    version: str
    report: Report
    settled: set[Path] = field(default_factory=set[Path])

    def place(self, *path: str | int) -> Place:
        return locate(self.parts.document, path)

    def into_overlay(self, *path: str | int) -> str:
        """` in .../overlay.yaml`, where the place is in a page of a project; else nothing."""
        folder = PurePosixPath(self.place(*path).file).parent
        return f" in {folder.parent / 'overlay.yaml'}" if folder.name == "pages" else ""

    def warn(self, code: str, message: str, path: Path, help: str = "") -> None:
        message = message if len(message) <= 280 else f"{message[:277]}..."
        self.report.warning(code, message, locate(self.parts.document, path), help)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation below `paths`, with its path item."""

    url: str
    method: str
    operation: Part
    item: Part

    @property
    def title(self) -> str:
        name = self.operation.node.get("operationId")
        return name if isinstance(name, str) and name else f"{self.method.upper()} {self.url}"


def endpoints_of(parts: Parts) -> Iterator[Endpoint]:
    """The operations of a document, through references to path items."""
    paths = parts.document.get("paths")
    for url in paths if isinstance(paths, Map) else ():
        item = parts.resolve(("paths", url))
        if item is None or not url.startswith("/"):
            continue
        for key in item.node:
            operation = parts.by_path.get((*item.path, key))
            if key in METHODS and operation is not None:
                yield Endpoint(url, key, operation, item)
        more = item.node.get("additionalOperations")
        for key in more if isinstance(more, Map) else ():
            operation = parts.by_path.get((*item.path, "additionalOperations", key))
            if operation is not None:
                yield Endpoint(url, key, operation, item)
