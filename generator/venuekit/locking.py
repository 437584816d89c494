"""What addresses held that documents refer to: a file of hashes beside the document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

LOCK = "references.lock"
"""The name of the file; beside a document that belongs to no project it begins with its name."""


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(lock: Path) -> dict[str, str]:
    """The hashes by their addresses; none where there is no lock, or where it is not one."""
    try:
        entries = json.loads(lock.read_bytes())["references"]
        return {
            str(entry["url"]): str(entry["sha256"])
            for entry in cast("list[dict[str, object]]", entries)
        }
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def text_of(hashes: Mapping[str, str]) -> str:
    """The text of a lock, in the order of the addresses."""
    entries = [{"url": url, "sha256": hashes[url]} for url in sorted(hashes)]
    return json.dumps({"references": entries}, indent=2, ensure_ascii=False) + "\n"
