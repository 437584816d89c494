"""Texts of a request as the values that schemas speak of: every style of a parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, unquote_plus

from venuekit.mocking.shapes import Shapes
from venuekit.records import dataclass
from venuekit.sources import Map
from venuekit.validation.parts import Path, Plain

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?")
_DELIMITERS = {"spaceDelimited": (" ", "%20", "+"), "pipeDelimited": ("|", "%7C", "%7c")}
_PAIRED = ("form", "cookie")  # where the fields of an object may be pairs of their own
Pair = tuple[str, str]
"""A name, decoded, and a value as it was written."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a parameter is written."""

    name: str
    style: str
    explode: bool

    @classmethod
    def of(cls, node: Map, name: str, location: str) -> Style:
        usual = "form" if location in ("query", "cookie") else "simple"
        style = node.get("style")
        style = str(style) if isinstance(style, str) else usual
        explode = node.get("explode")
        return cls(name, style, explode if isinstance(explode, bool) else style in _PAIRED)


@dataclass(frozen=True, slots=True)
class Texts:
    """Reads texts by schemas, which are named by their paths."""

    shapes: Shapes

    def value(self, text: str, schema: Path | None) -> Plain:
        """A text as the first of its readings that fits: number, boolean, null, JSON, string."""
        types = self.shapes.types(schema)
        readings = list(_readings(text, types))
        if not readings or "string" in types:
            readings.append(text)
        for reading in readings:
            if schema is None or not self.shapes.misfits(schema, reading, "request"):
                return reading
        return readings[0]

    def from_query(self, pairs: Sequence[Pair], style: Style, schema: Path | None) -> Plain:
        """A parameter of a query or a form; raises KeyError where it is not there."""
        types, mine = self.shapes.types(schema), [v for name, v in pairs if name == style.name]
        if style.style == "deepObject":
            return self._deep(pairs, style.name, schema)
        if "object" in types and style.explode and style.style in _PAIRED and not mine:
            names = set(self.shapes.properties(schema))
            fields = [(name, text) for name, text in pairs if name in names]
            if not fields:
                raise KeyError(style.name)
            return self.fields(fields, schema)
        if not mine:
            raise KeyError(style.name)
        if "array" in types and not _is_json(mine):
            texts = mine if style.explode else _parted(mine[-1], style.style)
            return self._list(map(unquote_plus, texts), schema)
        if "object" in types and not style.explode and not _is_json(mine):
            return self._object(_couples(_parted(mine[-1], style.style)), schema, plus=True)
        return self.value(unquote_plus(mine[-1]), schema)

    def fields(self, pairs: Sequence[Pair], schema: Path | None) -> dict[str, Plain]:
        """The fields of a form as an object."""
        found: dict[str, Plain] = {}
        for name in dict.fromkeys(name for name, _ in pairs):
            style = Style(name, "form", True)
            found[name] = self.from_query(pairs, style, self.shapes.property(schema, name))
        return found

    def from_text(self, text: str, style: Style, schema: Path | None, *, is_path: bool) -> Plain:
        """A parameter of a path, or of a header, which is not percent-encoded."""
        decode = unquote if is_path else str.strip
        types, mark = self.shapes.types(schema), ","
        if style.style == "label":
            text, mark = text.removeprefix("."), "." if style.explode else ","
        elif style.style == "matrix":
            text, mark = text.removeprefix(";"), ";" if style.explode else ","
            if not (style.explode and "object" in types):
                text = text.replace(f"{style.name}=", "", 1 if mark == "," else -1)
        if "array" in types:
            return self._list((decode(part) for part in text.split(mark)), schema)
        if "object" in types:
            listed = text.split(mark)
            couples = (
                [(name, value) for name, _, value in (part.partition("=") for part in listed)]
                if style.explode
                else _couples(listed)
            )
            return self._object([(decode(n), decode(v)) for n, v in couples], schema)
        return self.value(decode(text), schema)

    def _list(self, texts: Iterable[str], schema: Path | None) -> list[Plain]:
        items = self.shapes.items(schema)
        return [self.value(text, items) for text in texts]

    def _object(
        self, couples: Iterable[Pair], schema: Path | None, *, plus: bool = False
    ) -> dict[str, Plain]:
        decode = unquote_plus if plus else str
        return {
            decode(name): self.value(decode(text), self.shapes.property(schema, decode(name)))
            for name, text in couples
        }

    def _deep(self, pairs: Sequence[Pair], name: str, schema: Path | None) -> dict[str, Plain]:
        """An object written as `name[key]=value`, also deeper; an array by its key repeated."""
        found: dict[str, Plain] = {}
        for key, text in pairs:
            if not (key.startswith(f"{name}[") and key.endswith("]")):
                continue
            steps = key[len(name) + 1 : -1].split("][")
            here, path = found, schema
            for step in steps[:-1]:
                path = self.shapes.property(path, step)
                inner = here.setdefault(step, {})
                here = inner if isinstance(inner, dict) else {}
            path = self.shapes.property(path, steps[-1])
            if "array" in self.shapes.types(path):
                value = self.value(unquote_plus(text), self.shapes.items(path))
                listed = here.setdefault(steps[-1], [])
                if isinstance(listed, list):
                    listed.append(value)
            else:
                here[steps[-1]] = self.value(unquote_plus(text), path)
        if not found:
            raise KeyError(name)
        return found


def _readings(text: str, types: frozenset[str]) -> Iterable[Plain]:
    if types & {"integer", "number"} and _NUMBER.fullmatch(text):
        yield json.loads(text)
    if "boolean" in types and text in ("true", "false"):
        yield text == "true"
    if "null" in types and text in ("", "null"):
        yield None
    if types & {"object", "array"} and text[:1] in ("{", "["):
        try:
            yield json.loads(text)
        except (ValueError, RecursionError):
            return


def _is_json(texts: Sequence[str]) -> bool:
    """Whether a structure was written as JSON: the document does not say how to write it."""
    return len(texts) == 1 and unquote_plus(texts[0])[:1] in ("{", "[")


def _parted(text: str, style: str) -> list[str]:
    """Part a text at its delimiter; where that was encoded as well, at the encoded one."""
    for mark in _DELIMITERS.get(style, (",", "%2C", "%2c")):
        if mark in text:
            return text.split(mark)
    return [text]


def _couples(listed: Sequence[str]) -> list[Pair]:
    """Names and values in turn."""
    return [
        (listed[index], listed[index + 1] if index + 1 < len(listed) else "")
        for index in range(0, len(listed), 2)
    ]
