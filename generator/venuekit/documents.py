"""What a document is as a whole: its version, its hash, and whether a client can be made of it."""

from __future__ import annotations

import hashlib
import json
import re

from venuekit.grammar import METHODS
from venuekit.sources import JSON, Map

_VERSION = re.compile(r"3\.[012](?:\.[0-9A-Za-z.+-]*)?")
_STATUS = re.compile(r"[1-5]\d\d")
_PROSE = ("description", "summary")


def version_of(document: Map) -> str | None:
    """The version of OpenAPI that a document is of, as `3.1`; None where it is not read."""
    written = document.get("openapi")
    text = str(getattr(written, "text", written)).strip().removeprefix("v")
    return text[:3] if _VERSION.fullmatch(text) else None


def has_parts(document: Map) -> bool:
    """Whether there is anything that a client could be made of."""
    return any(isinstance(document.get(key), Map) for key in ("paths", "webhooks", "components"))


def is_possible(document: Map) -> bool:
    """Whether a client can be made of a document at all; `validate` says what is wrong with it."""
    return version_of(document) is not None and has_parts(document)


def document_hash(document: Map) -> str:
    """The SHA-256 of a document's canonical JSON."""
    return _hashed(document, is_sorted=True)


def wordless_hash(document: Map) -> str:
    """The SHA-256 of what validation judges of a document: all but some of its prose.

    That is what is said of the API and of its operations, where it can name no status of an answer.
    """
    rest: dict[str, object] = {**document, "info": _wordless(document.get("info"))}
    paths = document.get("paths")
    if isinstance(paths, Map):
        rest["paths"] = {url: _item(item) for url, item in paths.items()}
    return _hashed(rest, is_sorted=False)


def _item(item: JSON) -> object:
    if not isinstance(item, Map):
        return item
    return {key: _wordless(value) if key in METHODS else value for key, value in item.items()}


def _wordless(part: JSON) -> object:
    """A part without the texts of its own that no rule reads; that they are texts is kept."""
    if not isinstance(part, Map):
        return part
    silent = {key for key in _PROSE if isinstance(text := part.get(key), str) and _is_silent(text)}
    return {key: "" if key in silent else value for key, value in part.items()}


def _is_silent(text: str) -> bool:
    return not _STATUS.search(text)


def _hashed(value: object, *, is_sorted: bool) -> str:
    text = json.dumps(value, sort_keys=is_sorted, separators=(",", ":"), ensure_ascii=not is_sorted)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
