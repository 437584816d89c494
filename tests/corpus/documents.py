"""The documents of a corpus, what is expected of each, and the operations that it describes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from venuekit import sources
from venuekit.diagnostics import Report

ODD = Path(__file__).parent / "odd"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_LIMIT = 20  # path items that are references to references

# Real documents of which no client can be made, and why.
IMPOSSIBLE: dict[str, str] = {}
# Failures that are left, and why.
LEFT: dict[str, str] = {
    "real/zendesk/zendesk.yaml": "An example is a text where the schema lists properties without"
    " `type: object`; we read what is meant, an object, and such a value is a misfit.",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A row of the index."""

    name: str  # its path below the corpus, or below this repository's own odd documents
    set: str  # odd, real, suite, swagger2 or invalid
    group: str
    version: str
    size: int
    is_valid: bool

    @property
    def path(self) -> Path:
        """Where it is."""
        return (ODD if self.set == "odd" else CORPUS) / self.name

    @property
    def must_be_made(self) -> bool:
        """Whether a refusal is a failure: it is valid, or people use it as it is."""
        return self.is_valid or self.set in ("real", "swagger2", "odd")


def odd() -> list[Document]:
    """The documents of this repository: what the specifications allow and nobody expects."""
    return [
        Document(path.name, "odd", "odd", "", path.stat().st_size, True)
        for path in sorted(ODD.iterdir())
    ]


def documents() -> list[Document]:
    """Every document of the corpus, the real ones first."""
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    order = ("real", "swagger2", "suite", "invalid")
    found = [
        Document(
            name=row["local_path"],
            set=row["set"],
            group=row["group"],
            version=row["openapi_version"],
            size=int(row["bytes"]),
            is_valid=row["valid"] == "yes",
        )
        for row in rows
    ]
    return sorted(found, key=lambda d: (order.index(d.set), d.name))


def operations(path: Path) -> set[tuple[str, str]]:
    """Method and path of every operation of a document, in whatever files they are."""
    root = _read(path)
    paths = root.get("paths") if isinstance(root, dict) else None
    found: set[tuple[str, str]] = set()
    for template, item in (_resolved(paths, path) or {}).items():
        if str(template).startswith("/"):
            found.update((method, str(template)) for method in _methods(item, path, 0))
    return found


def _methods(item: Any, file: Path, depth: int) -> Iterator[str]:
    if not isinstance(item, dict) or depth > _LIMIT:
        return
    for key, value in item.items():
        if key in _METHODS and isinstance(value, dict):
            yield key.upper()
        elif key == "additionalOperations" and isinstance(value, dict):
            yield from (str(name) for name in value)
    if isinstance(reference := item.get("$ref"), str):
        target, home = _target(reference, file)
        yield from _methods(target, home, depth + 1)


def _resolved(value: Any, file: Path) -> Any:
    """What a mapping is, be it a reference to a file."""
    if isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
        return _target(reference, file)[0]
    return value


def _target(reference: str, file: Path) -> tuple[Any, Path]:
    parts = urlsplit(reference)
    home = file.parent / unquote(parts.path) if parts.path else file
    if parts.scheme or not home.is_file():
        return None, file
    value = _read(home)
    for token in filter(None, unquote(parts.fragment).split("/")):
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            value = value.get(token) if isinstance(value, dict) else None
    return value, home


_READ: dict[Path, Any] = {}


def _read(path: Path) -> Any:
    if path not in _READ:
        text = sources.decode(path.read_bytes(), path.name, Report())
        _READ[path] = sources.read(text or "", path.name, Report())
    return _READ[path]
