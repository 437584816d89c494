"""Exceptions of five clients in the words of one desk: what is worth another try, and when."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, cast

_AGAIN = frozenset({408, 425, 429})
_UNSENT = ("MissingCredentials", "InvalidRequest")
_LONGEST = 30.0  # seconds between two tries, whatever a venue asks for


@dataclass(frozen=True)
class Failure:
    """Why a request did not do what it was for."""

    reason: str
    status: int | None = None
    is_temporary: bool = False
    wait: float | None = None
    """Seconds that the venue asks to wait."""
    raw: bytes = b""

    def __str__(self) -> str:
        return self.reason


def failure(error: Exception) -> Failure:
    """Read an exception of a generated client, by the shape that all clients share."""
    response = cast(Any, getattr(error, "response", None))
    if response is None:
        is_unsent = type(error).__name__ in _UNSENT
        return Failure(_text(error), is_temporary=not is_unsent and _is_transport(error))
    status = int(response.status_code)
    asked = cast("float | None", getattr(error, "retry_after", None))
    if asked is None:
        asked = _reset(response)
    return Failure(
        _text(error) + _said(getattr(error, "body", None)),
        status,
        is_temporary=status in _AGAIN or status >= 500 or type(error).__name__ == "InvalidBody",
        wait=None if asked is None else min(max(asked, 0.0), _LONGEST),
        raw=bytes(response.content),
    )


def _is_transport(error: Exception) -> bool:
    return hasattr(error, "may_have_taken_effect") or isinstance(error, TimeoutError | OSError)


def _text(error: Exception) -> str:
    first = str(error).partition("\n")[0]
    return first or type(error).__name__


def _said(body: object) -> str:
    """The venue's own words, from any of the shapes that its errors have."""
    for holder in (body, getattr(body, "error", None)):
        for name in ("message", "error"):
            text = getattr(holder, name, None)
            if isinstance(text, str) and text:
                return f": {text[:200]}"
    return ""


def _reset(response: Any) -> float | None:
    """Seconds until a rate limit resets (Alpaca's and Polymarket's headers, seconds since 1970)."""
    if int(response.status_code) != 429:
        return None
    for name in ("x-ratelimit-reset", "poly-ratelimit-reset"):
        text = str(response.headers.get(name, ""))
        if text.isdecimal() and len(text) < 12:
            return max(0.0, int(text) - time.time())
    return None
