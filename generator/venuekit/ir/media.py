"""Media types whose bodies are items, one after the other (OpenAPI 3.2, Sequential Media Types)."""

from __future__ import annotations

import re

EVENTS = "text/event-stream"
_LINES = re.compile(
    r"application/(x-)?(ndjson|json-?l(ines)?|json-stream|json-seq)|application/stream\+json"
    r"|.+\+(ndjson|jsonl|json-seq)"
)


def essence_of(media: str) -> str:
    """A media type without its parameters, in small letters."""
    return media.partition(";")[0].strip().lower()


def is_json(media: str) -> bool:
    """Whether a media type is of JSON texts (RFC 6839, section 3.1, for the suffix)."""
    return essence_of(media).endswith(("/json", "+json"))


def is_lines(essence: str) -> bool:
    """Whether it is of JSON texts: JSON lines, or a JSON text sequence (RFC 7464)."""
    return _LINES.fullmatch(essence) is not None


def is_text_sequence(essence: str) -> bool:
    """Whether its texts each begin with a record separator (RFC 7464; RFC 8091 for suffixes)."""
    return essence.endswith("json-seq")
