"""What a page holds: documents, or the evidence of requests and answers."""

from __future__ import annotations

from typing import TypeAlias

from venuekit.diagnostics import Place
from venuekit.records import dataclass
from venuekit.sources import JSON, Map

Request: TypeAlias = tuple[str, str, Place]
"""Method, path and place of a request line."""

Example: TypeAlias = tuple[int | None, JSON, Place]
"""Status (None: a success), value and place of an answer."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One OpenAPI document of a page, whole or cut to an operation."""

    document: Map
    file: str
    kind: str  # readme, mintlify, gitbook, apidog, docusaurus, markdown, html, json, yaml


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page without a document tells: its request lines and its JSON examples."""

    requests: tuple[Request, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that a document refers to: its name for records, and the one for people."""

    file: str
    shown: str
    url: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Page:
    """One source: fragments, or evidence where it has none.

    `is_bundled` says that it refers to others, of which `references` are those that were found.
    """

    file: str
    sha256: str
    url: str | None
    scraped_at: str | None
    fragments: tuple[Fragment, ...]
    evidence: Evidence | None
    references: tuple[Reference, ...] = ()
    is_bundled: bool = False
