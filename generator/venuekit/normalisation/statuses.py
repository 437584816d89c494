"""The keys of responses: which of them are statuses, and which a call may return."""

from __future__ import annotations

import re

from venuekit.normalisation.reading import Node

_STATUS = re.compile(r"[1-5]\d\d|[1-5][Xx][Xx]|default")


def is_status(key: str) -> bool:
    """Whether a key is a status, a range of them, or `default`; others are left out."""
    return _STATUS.fullmatch(key) is not None


def successes(operation: Node) -> frozenset[str]:
    """The keys of the responses that a call may return."""
    keys = [key for key, _ in operation.get("responses").entries() if is_status(key)]
    for found in (
        [key for key in keys if key[0] == "2"],
        [key for key in keys if key[0] == "3" and key != "304"],
    ):
        if found:
            return frozenset(found)
    return frozenset({"default"} & set(keys))
