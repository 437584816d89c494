"""Request lines and JSON examples of a page that has no document."""

from __future__ import annotations

import json
import re

from venuekit.diagnostics import Report
from venuekit.extraction.page import Evidence, Example, Request
from venuekit.sources import JSON, Map, Seq, read_json
from venuekit.sources.tree import Origin

_REQUEST = re.compile(
    r"^[ \t>#*`_-]*(?P<method>GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|TRACE)[ \t`*]*"
    r"(?P<path>/[^\s`*?]*)(?:\?[^\s`*]*)?(?:[ \t]+HTTP/[\d.]+)?[ \t`*]*$",
    re.MULTILINE,
)
_BRACKET = re.compile(r"[{\[]")


def evidence_of(text: str, file: str, line: int) -> Evidence:
    """What a text that begins at a line of a file tells of requests and answers."""
    origin = Origin(file, text, line)
    requests: list[Request] = [
        (found["method"], found["path"], origin.place(found.start("method")))
        for found in _REQUEST.finditer(text)
    ]
    return Evidence(tuple(requests), tuple(_examples(origin)))


def _examples(origin: Origin) -> list[Example]:
    """The JSON values of a text, each once; they may run together, and prose stands between."""
    text, decoder = origin.text, json.JSONDecoder()
    examples: dict[str, Example] = {}
    position = 0
    while found := _BRACKET.search(text, position):
        start = found.start()
        try:
            position = decoder.raw_decode(text, start)[1]
        except json.JSONDecodeError as broken:
            position = max(start + 1, broken.pos)
            continue
        except (RecursionError, ValueError):
            break
        if _is_argument(text, start, position):
            continue
        place = origin.place(start)
        value = read_json(
            text[start:position], origin.file, Report(), line=place.line, column=place.column
        )
        if _is_answer(value) and (known := _status(value)) is not False:
            key = json.dumps(value, sort_keys=True)
            examples.setdefault(key, (known, value, place))
    return list(examples.values())


def _is_argument(text: str, start: int, end: int) -> bool:
    """Whether a value stands in quotes, as the body of a curl command does."""
    return text[start - 1 : start] == "'" == text[end : end + 1]


def _is_answer(value: JSON) -> bool:
    """Whether a value is an object or a list of objects; brackets of prose are neither."""
    if isinstance(value, Map):
        return bool(value)
    return isinstance(value, Seq) and any(isinstance(item, Map) for item in value)


def _status(value: JSON) -> int | None | bool:
    """The status that `error.code` names, None for a success, False for an unnamed error."""
    error = value.get("error") if isinstance(value, Map) else None
    if not isinstance(error, Map):
        return None
    code = error.get("code")
    if isinstance(code, str) and code.isdecimal():
        code = int(code)
    return code if type(code) is int and 100 <= code <= 599 else False
