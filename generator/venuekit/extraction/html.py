"""Documents that HTML or a script embeds, as Redoc, Swagger UI, Scalar and ReadMe do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from venuekit.diagnostics import Report
from venuekit.extraction.recognition import What, holds_document, what_is
from venuekit.sources import Map, read, read_json, read_yaml
from venuekit.sources.tree import Origin

_HTML = re.compile(
    r"\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SCRIPTS = (".js", ".mjs", ".cjs")
_VERSION = re.compile(r'"(?:openapi|swagger)"\s*:\s*"[\d.]+"')
# The same inside of an attribute, and inside of a string.
_IN_ATTRIBUTE = re.compile(r"&(?:quot|#34);(?:openapi|swagger)&(?:quot|#34);\s*:")
_IN_STRING = re.compile(r'\\"(?:openapi|swagger)\\"\s*:')
_YAML = re.compile(
    r"""(?P<string>")(?:\\n|\s)*(?:openapi|swagger):[ ]"""
    r"""|(?P<quote>`)\s*(?:openapi|swagger):[ ]"""
    r"""|(?P<script><script\b[^>]*>)\s*(?:openapi|swagger):[ ]""",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r"<(pre|textarea)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENDS = {"quote": "`", "script": "</script"}
_REACH = 200  # braces before the version that are tried for the start of its document


def is_html(text: str) -> bool:
    return _HTML.match(text) is not None


def is_script(file: str) -> bool:
    """Whether a file is one that a page loads, such as `swagger-ui-init.js`."""
    return PurePosixPath(file).suffix.lower() in _SCRIPTS


def embedded_in(text: str, file: str, line: int, report: Report) -> list[Map]:
    """The documents of an HTML text or script that begins at a line of a file.

    What is escaped there, in an attribute or a string, has the place where that begins.
    """
    origin = Origin(file, text, line)
    documents = _objects(origin, report)
    for offset, inner in () if documents else (*_attributes(text), *_strings(text)):
        documents += _objects(Origin(file, inner, origin.place(offset).line), report)
    for offset, inner in () if documents else _yaml_texts(text):
        place = origin.place(offset)
        value = read_yaml(inner, file, report, line=place.line, column=place.column)
        if isinstance(value, Map) and what_is(value) is What.OPENAPI:
            documents.append(value)
    return documents or shown_in(text, file, line, report)


def shown_in(text: str, file: str, line: int, report: Report) -> list[Map]:
    """The documents that are shown to people: the texts of `<pre>` and `<textarea>`.

    They are placed by the line alone: what is escaped or coloured stands elsewhere in its line.
    """
    if not any(word in text.lower() for word in ("<pre", "<textarea")):
        return []
    from html import unescape

    origin = Origin(file, text, line)
    documents: list[Map] = []
    for found in _ELEMENT.finditer(text):
        inner = unescape(_TAG.sub("", _BREAK.sub("\n", found[2])))
        if not holds_document(inner):
            continue
        value = read(inner, file, report, line=origin.place(found.start(2)).line)
        if isinstance(value, Map) and what_is(value) is What.OPENAPI:
            documents.append(value)
    return documents


def _objects(origin: Origin, report: Report) -> list[Map]:
    """The documents that stand in a text as JSON."""
    text = origin.text
    documents: list[Map] = []
    position = 0
    while found := _VERSION.search(text, position):
        position = found.end()
        span = _around(text, found.start())
        if span is None:
            continue
        start, position = span
        place = origin.place(start)
        value = read_json(
            text[start:position], origin.file, report, line=place.line, column=place.column
        )
        if isinstance(value, Map) and what_is(value) is What.OPENAPI:
            documents.append(value)
    return documents


def _around(text: str, version: int) -> tuple[int, int] | None:
    """Where the JSON object that directly holds the version begins and ends."""
    decoder = json.JSONDecoder()
    start = version
    for _ in range(_REACH):
        start = text.rfind("{", 0, start)
        if start < 0:
            return None
        try:
            end = decoder.raw_decode(text, start)[1]
        except (RecursionError, ValueError):
            continue
        if end > version:
            return start, end
    return None


def _attributes(text: str) -> Iterator[tuple[int, str]]:
    """The attributes that hold a document as JSON, unescaped, with their offsets."""
    from html import unescape  # its names of letters take their time, and few pages need them

    position = 0
    while found := _IN_ATTRIBUTE.search(text, position):
        start = max(text.rfind('"', 0, found.start()), text.rfind("'", 0, found.start())) + 1
        end = text.find(text[start - 1], found.end()) if start else -1
        if end < 0:
            return
        position = end
        yield start, unescape(text[start:end])


def _strings(text: str) -> Iterator[tuple[int, str]]:
    """The strings that hold a document as JSON, unescaped, with their offsets."""
    position = 0
    while found := _IN_STRING.search(text, position):
        position = found.end()
        start = text.rfind('"', 0, found.start())
        while start > 0 and text[start - 1] == "\\":
            start = text.rfind('"', 0, start)
        value = _string(text, start) if start >= 0 else None
        if value is not None:
            position = max(position, value[1])
            yield start, value[0]


def _string(text: str, start: int) -> tuple[str, int] | None:
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except (RecursionError, ValueError):
        return None
    return (value, end) if isinstance(value, str) else None


def _yaml_texts(text: str) -> Iterator[tuple[int, str]]:
    """The YAML texts of scripts: a string, a template of JavaScript, or a whole element."""
    for found in _YAML.finditer(text):
        kind = found.lastgroup or ""
        start = found.end(kind)
        if kind == "string":
            value = _string(text, start - 1)
            if value is not None:
                yield start, value[0]
            continue
        end = text.lower().find(_ENDS[kind], start)
        if end >= 0:
            yield start, text[start:end]
