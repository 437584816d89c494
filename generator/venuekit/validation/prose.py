"""HTTP statuses that prose promises: `the server will respond with status 422`."""

from __future__ import annotations

import re
from functools import lru_cache

from venuekit.records import dataclass

_STATUS = r"[`'\"*]*[1-5]\d\d\b[`'\"*]*"
_SERIES = rf"({_STATUS}(?:\s*(?:,\s*(?:or|and)\s|,|/|or\s|and\s)\s*{_STATUS})*)"
# What may follow a status and not a number of something: `404 if`, `404 Not Found`, `404.`
_AFTER = (
    r"(?=\s*(?:$|[.,;:()\[\]\n]|-\s|(?-i:[A-Z])|"
    r"(?:if|when|where|for|in|on|with|and|or|as|to|because|unless|errors?|responses?|"
    r"status|code|is|means|instead)\b))"
)
_BEFORE = (
    r"(?:with|an?|the|http|response|returns?|returned|returning|gives?|get|receive|of|by|is|and|or|"
    r"responds?|error|its)"
)
_VERB = r"returns?|respond(?:s|ing)? with|fails? with|answers?(?: with)?|results? in"
_SURE = (
    # `status code 422`, `HTTP 422`, `HTTP status code 422`
    rf"\b(?:status[ -]code|HTTP(?: (?:status|error|response))?(?: code)?)s?:?\s+{_SERIES}",
    # `with status 422`; `order status 200` may be anything
    rf"\b{_BEFORE}\s+status\s+(?:of\s+)?{_SERIES}{_AFTER}",
)
_LIKELY = (
    # `returns 404 if`, `responds with a 404`; `returns 100 orders` is a number
    rf"\b(?:{_VERB})\s+(?:an?\s+|the\s+)?{_SERIES}{_AFTER}",
    # `a 422 error`, `the 429 status`
    rf"\b(?:an?|the)\s+{_SERIES}\s+(?:error|status|response)(?:\s+codes?)?\b",
)
_NUMBER = re.compile(r"[1-5]\d\d")
_DENIED = (
    r"\b(?:not|never|no longer|instead of|rather than|without|previously|formerly|used to|"
    r"unlike|other than|except|must|should)\b|n't\b"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n\s*[-*]\s")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What takes longer to compile than most documents to be searched for a number."""

    promises: tuple[tuple[re.Pattern[str], bool], ...]
    """Each with whether it is sure."""
    denied: re.Pattern[str]
    known: frozenset[int]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    from http import HTTPStatus

    return _Patterns(
        promises=tuple(
            (re.compile(pattern, re.IGNORECASE), pattern in _SURE) for pattern in (*_SURE, *_LIKELY)
        ),
        denied=re.compile(_DENIED, re.IGNORECASE),
        known=frozenset(int(status) for status in HTTPStatus),
    )


def promised_statuses(text: str) -> list[int]:
    """The statuses that a description says the server answers with, in the order of the text."""
    if not _NUMBER.search(text):
        return []
    patterns = _patterns()
    found: dict[int, int] = {}
    start = 0
    for end in (*(match.end() for match in _SENTENCE.finditer(text)), len(text)):
        sentence = text[start:end]
        for promise, sure in patterns.promises:
            for match in promise.finditer(sentence):
                if patterns.denied.search(sentence[: match.start(1)].rpartition(",")[2]):
                    continue
                for status in map(int, _NUMBER.findall(match[1])):
                    if sure or status in patterns.known:
                        found.setdefault(status, start + match.start(1))
        start = end
    return sorted(found, key=lambda status: found[status])
