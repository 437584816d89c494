"""The lock of vendored packages, and what is copied, compared and verified by it."""

from __future__ import annotations

from venuekit.vendoring.checking import check_copies, check_strangers
from venuekit.vendoring.copying import Copy, Renewal, copy
from venuekit.vendoring.lock import NAME as LOCK
from venuekit.vendoring.lock import Entry
from venuekit.vendoring.originals import Origin, find_origin, read_originals
from venuekit.vendoring.target import find_target, is_client, lock_of, look

__all__ = [
    "LOCK",
    "Copy",
    "Entry",
    "Origin",
    "Renewal",
    "check_copies",
    "check_strangers",
    "copy",
    "find_origin",
    "find_target",
    "is_client",
    "lock_of",
    "look",
    "read_originals",
]
