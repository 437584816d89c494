"""Exceptions of five clients in the words of one desk: what is worth another try, and when."""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

_AGAIN = frozenset({408, 425, 429})
_LONGEST = 30.0  # seconds between two tries, whatever a venue asks for
_RESETS = ("x-ratelimit-reset", "poly-ratelimit-reset")  # seconds since 1970


@dataclass(frozen=True)
class Failure:
    """Why a request did not do what it was for."""

    reason: str
    status: int | None = None
    is_temporary: bool = False
    wait: float | None = None
    """Seconds that the venue asks to wait."""
    raw: bytes = b""


class VenueError(Exception):
    """A venue answered, and the answer cannot be what is so."""


def failure(error: Exception) -> Failure:
    """Read an exception of a generated client, by the shape that all clients share."""
    reason = str(error).partition("\n")[0] or type(error).__name__
    response = cast(Any, getattr(error, "response", None))
    status = cast("int | None", getattr(error, "status", None))
    if response is None:  # no answer, or none from the service that tokens come from
        is_lost = hasattr(error, "may_have_taken_effect") or isinstance(error, VenueError | OSError)
        is_token = hasattr(error, "reason") and (status is None or _is_temporary(status))
        return Failure(reason, status, is_lost or is_token)
    raw, status = bytes(response.content), int(response.status_code)
    body = _mapping(raw)
    for said in (body.get("message"), body.get("error"), _items(body.get("error")).get("message")):
        if isinstance(said, str) and said:
            reason += f": {said[:200]}"
            break
    is_temporary = _is_temporary(status) or type(error).__name__ == "InvalidBody"
    wait = _asked(status, response.headers, body)
    return Failure(reason, status, is_temporary, wait, raw)


def _is_temporary(status: int) -> bool:
    return status in _AGAIN or status >= 500


def _mapping(raw: bytes) -> Mapping[str, object]:
    try:
        return _items(json.loads(raw))
    except ValueError:
        return {}


def _items(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _asked(status: int, headers: Mapping[str, str], body: Mapping[str, object]) -> float | None:
    """Seconds that a venue asks to wait, as it says first; not more than the longest."""
    text, wait = headers.get("retry-after", "").strip(), body.get("retry_after_seconds")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        wait = float(text)
    elif moment := email.utils.parsedate_tz(text):
        wait = email.utils.mktime_tz(moment) - time.time()
    elif not isinstance(wait, int | float) or isinstance(wait, bool):
        resets = [headers.get(name, "") for name in _RESETS if status == 429]
        known = [int(text) for text in resets if re.fullmatch("[0-9]{1,11}", text)]
        wait = known[0] - time.time() if known else None
    return None if wait is None else min(max(float(wait), 0.0), _LONGEST)
