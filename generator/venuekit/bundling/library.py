"""The documents that one document refers to: each read once, and only where that is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from pathlib import PurePosixPath
from typing import Protocol, TypeAlias
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from venuekit.diagnostics import Place, Report
from venuekit.extraction import Reference
from venuekit.records import dataclass
from venuekit.sources import (
    JSON,
    Map,
    Seq,
    child,
    decode,
    pointer,
    read,
    read_yaml,
    step,
    tokens_of,
)

Tokens: TypeAlias = tuple[str, ...]

_REMOTE = ("http", "https")
_PROSE = (".md", ".markdown", ".txt")
_LIMIT = 50  # references in a row


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: a code, one sentence that goes on from its name, and what to do.

    One that is `missing` can be done without; any other is an error.
    """

    code: str
    message: str
    help: str = ""
    is_missing: bool = False


class Shelf(Protocol):
    """Where files are: on the disk, or in a revision of a repository."""

    def locate(self, base: str, path: str) -> str | Refusal:
        """The location that a path leads to from the file at `base`: one name for each file."""
        ...

    def read(self, location: str) -> bytes | Refusal: ...

    def shown(self, location: str) -> str:
        """The name of a file for people."""
        ...

    def label(self, location: str) -> str:
        """The name of a file for records: no part of it is of this machine."""
        ...


class Fetch(Protocol):
    """Gets what an address holds, where that is allowed."""

    def __call__(self, url: str, by: str | None) -> bytes | Refusal:
        """What an address holds; `by` is the address of the document that names it."""
        ...


def refuse(url: str, by: str | None) -> Refusal:
    """Fetch nothing."""
    del url, by
    return Refusal(
        "VK121",
        "which is an address, and nothing is fetched unasked",
        "save it beside the document, or allow it with --allow-network-refs",
    )


@dataclass(slots=True, eq=False)
class Document:
    """One file with its value, which is never changed; `text` where it is prose."""

    location: str
    root: JSON
    text: str | None = None
    _ids: dict[str, Tokens] | None = None
    _anchors: dict[str, Tokens] = field(default_factory=dict[str, Tokens])

    @property
    def is_remote(self) -> bool:
        return is_remote(self.location)

    @property
    def ids(self) -> Mapping[str, Tokens]:
        """The schemas that have an `$id`, by it; the document by its `$self`."""
        if self._ids is None:
            self._ids = {}
            self._index()
        return self._ids

    @property
    def anchors(self) -> Mapping[str, Tokens]:
        assert self.ids is not None
        return self._anchors

    def base_at(self, tokens: Tokens) -> str:
        """The address that references at a place start from, as far as `$id` and `$self` say."""
        base, node = "", self.root
        for position, token in enumerate((*tokens, "")):
            if isinstance(node, Map) and isinstance(name := _name_of(node, position == 0), str):
                base = joined(base, name)
            key = step(node, token)
            if key is None:
                break
            node = child(node, key)
        return base

    def _index(self) -> None:
        assert self._ids is not None
        stack: list[tuple[JSON, Tokens, str]] = [(self.root, (), "")]
        while stack:
            node, path, base = stack.pop()
            if isinstance(node, Map):
                name = _name_of(node, not path)
                if isinstance(name, str):
                    base = joined(base, name)
                    for known in (name, base):
                        self._ids.setdefault(known.removesuffix("#"), path)
                for key in ("$anchor", "$dynamicAnchor"):
                    if isinstance(anchor := node.get(key), str):
                        self._anchors.setdefault(anchor, path)
                stack.extend((value, (*path, key), base) for key, value in node.items())
            elif isinstance(node, Seq):
                stack.extend((value, (*path, str(n)), base) for n, value in enumerate(node))


@dataclass(frozen=True, slots=True)
class Target:
    """A value in a document that a reference leads to."""

    document: Document
    tokens: Tokens
    value: JSON

    @property
    def key(self) -> tuple[str, Tokens]:
        return self.document.location, self.tokens


class Library:
    """Reads documents by their locations, and remembers them."""

    def __init__(self, shelf: Shelf, fetch: Fetch, *, hints: bool = False) -> None:
        self._shelf = shelf
        self._fetch = fetch
        self._hints = hints
        self._documents: dict[str, Document | Refusal | None] = {}
        self.used: dict[str, Reference] = {}

    def label(self, location: str) -> str:
        return location if is_remote(location) else self._shelf.label(location)

    def target(
        self, document: Document, reference: str, report: Report, depth: int = 0
    ) -> Target | Refusal | None:
        """What a reference in a document names; None where its file is broken, which is said."""
        try:
            base, fragment = urldefrag(reference)
            urlsplit(base)
        except ValueError:
            return Refusal("VK205", "which is no reference", is_missing=True)
        other: Document | Refusal | None = document
        start: Tokens = ()
        if base:
            identified = document.ids.get(base)
            if identified is None:
                other = self._other(document, base, report)
            else:
                start = identified
        if not isinstance(other, Document):
            return other
        return self._inside(other, start, unquote(fragment), report, depth)

    def _other(self, document: Document, uri: str, report: Report) -> Document | Refusal | None:
        """The document that an address without a fragment names from within another."""
        location = self._location(document, uri)
        if isinstance(location, Refusal):
            return location
        if location not in self._documents:
            by = document.location if document.is_remote else None
            self._documents[location] = self._read(location, by, report)
        return self._documents[location]

    def _location(self, document: Document, uri: str) -> str | Refusal:
        scheme = urlsplit(uri).scheme.lower()
        if scheme in _REMOTE:
            return uri
        if document.is_remote:
            if scheme:
                return Refusal("VK120", "which a page of elsewhere cannot read", "copy it here")
            return urljoin(document.location, uri)
        if scheme and scheme != "file" and len(scheme) > 1:
            return Refusal("VK205", f"whose scheme '{scheme}' is not read", is_missing=True)
        if scheme == "file" and urlsplit(uri).netloc not in ("", "localhost"):
            return Refusal("VK205", "which is on another machine", is_missing=True)
        if self._is_pointer(document, uri):
            help = f"write '#{uri}' for a part of this document"
            return Refusal("VK205", "which does not exist", help, is_missing=True)
        path = urlsplit(uri).path if scheme == "file" else uri.partition("?")[0]
        return self._shelf.locate(document.location, unquote(path))

    def _is_pointer(self, document: Document, uri: str) -> bool:
        """Whether a path of a file would be a pointer into the document, with a `#` before it."""
        if not uri.startswith("/"):
            return False
        return isinstance(self._inside(document, (), unquote(uri), Report(), 0), Target)

    def add(self, location: str, root: Map) -> Document:
        """Take a document that is read already."""
        document = Document(location, root)
        self._documents[location] = document
        return document

    def _read(self, location: str, by: str | None, report: Report) -> Document | Refusal | None:
        remote = is_remote(location)
        data = self._fetch(location, by) if remote else self._shelf.read(location)
        if isinstance(data, Refusal):
            return data
        shown = location if remote else self._shelf.shown(location)
        digest = hashlib.sha256(data).hexdigest()
        label = self.label(location)
        self.used[location] = Reference(label, shown, location if remote else None, digest)
        text = decode(data, shown, report)
        if text is None:
            return None
        if PurePosixPath(urlsplit(location).path).suffix.lower() in _PROSE:
            return Document(location, text, text)
        if not text.strip():
            report.error("VK110", "the file is empty", Place(shown))
            return None
        value = self._value(text, shown, report)
        return None if value is None else Document(location, value)

    def _value(self, text: str, shown: str, report: Report) -> JSON:
        """Read a text as JSON or YAML; some YAML begins as JSON does."""
        problems = Report()
        value = read(text, shown, problems, hints=self._hints)
        if value is None and shown.endswith((".yaml", ".yml")):
            value = read_yaml(text, shown, Report())
            problems = problems if value is None else Report()
        report.extend(problems)
        return value

    def _inside(
        self, document: Document, start: Tokens, fragment: str, report: Report, depth: int
    ) -> Target | Refusal | None:
        """The part of a document that a fragment names, through references on the way."""
        if fragment[:1] in ("", "/"):
            tokens = (*start, *tokens_of(fragment))
        elif fragment in document.anchors:
            tokens = document.anchors[fragment]
        else:
            return _NOTHING
        node, path = document.root, list[str]()
        for position, token in enumerate(tokens):
            key = step(node, token)
            if key is None and isinstance(node, Map) and isinstance(node.get("$ref"), str):
                if depth > _LIMIT:
                    return _NOTHING
                on = self.target(document, str(node["$ref"]), report, depth + 1)
                if not isinstance(on, Target):
                    return on
                rest = pointer((*on.tokens, *tokens[position:]))
                return self._inside(on.document, (), rest, report, depth + 1)
            if key is None:
                return _NOTHING
            node = child(node, key)
            path.append(str(key))
        return Target(document, tuple(path), node)


_NOTHING = Refusal("VK205", "which does not exist", is_missing=True)


def is_remote(location: str) -> bool:
    return location.startswith(("http://", "https://"))


def _name_of(node: Map, is_root: bool) -> JSON:
    """What a document or a schema is called by itself."""
    return node.get("$self" if is_root else "$id", node.get("$id"))


def joined(base: str, name: str) -> str:
    """The address that a relative one means where another is the base; itself where it is none."""
    try:
        return urljoin(base, name)
    except ValueError:
        return name
