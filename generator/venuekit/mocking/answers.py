"""What is answered: a documented status, by an example or, lacking one, by a sample."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from venuekit.ir import essence_of, is_json, is_lines, is_text_sequence
from venuekit.mocking.requests import chosen
from venuekit.mocking.samples import Sampler
from venuekit.mocking.shapes import Shapes
from venuekit.records import dataclass
from venuekit.sources import JSON
from venuekit.validation.parts import Part, Path, Plain, plain_copy
from venuekit.validation.rules import Endpoint

_BODILESS = (204, 205, 304)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over the wire; `remark` is for whoever reads the log."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    body: bytes = b""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller prefers (RFC 7240): `Prefer: code=404, example=name`."""

    code: str = ""
    example: str = ""

    @classmethod
    def of(cls, header: str | None) -> Wish:
        parts = (part.partition("=") for part in re.split("[,;]", header or ""))
        given = {name.strip().lower(): value.strip().strip('"') for name, _, value in parts}
        return cls(given.get("code", ""), given.get("example", ""))


class Unanswerable(Exception):
    """What was preferred, or can be accepted, is not in the document."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers from the responses of operations."""

    shapes: Shapes

    def answer(self, endpoint: Endpoint, wish: Wish, accept: str | None) -> Answer:
        """The answer of an operation; raises Unanswerable."""
        status, part = self._response(endpoint, wish.code)
        headers = dict(self._headers(part)) if part else {}
        media = dict(self.shapes.parts.children(part, "content")) if part else {}
        if status in _BODILESS or not media:
            if wish.example:
                raise Unanswerable(
                    400, f"there is no example '{wish.example}': {status} has no body"
                )
            return Answer(status=status, headers=headers)
        name = _accepted(list(media), accept)
        if name is None:
            raise Unanswerable(406, f"{status} is answered with {', '.join(media)}")
        value, is_example = self._value(media[name], wish.example)
        body = _written(name, value)
        remark = ""
        schema = (*media[name].path, "schema")
        if _is_json(name) and (misfits := self.shapes.misfits(schema, value, "response")):
            what = "example" if is_example else "sample"
            where = "".join(f"/{key}" for key in misfits[0].path) or "it"
            remark = f"the {what} does not fit its schema: {where} {misfits[0].says}"
        headers["Content-Type"] = _concrete(name, value)
        return Answer(status=status, headers=headers, body=body, remark=remark)

    def _response(self, endpoint: Endpoint, code: str) -> tuple[int, Part | None]:
        known = dict(self.shapes.parts.children(endpoint.operation, "responses"))
        if not code:
            usual = _usual(list(known))
            return (200, None) if usual is None else (usual[1], known[usual[0]])
        if re.fullmatch("[2-5][0-9][0-9]", code):
            for key in (code, f"{code[0]}XX", f"{code[0]}xx", "default"):
                if key in known:
                    return int(code), known[key]
        listed = ", ".join(known) or "none"
        raise Unanswerable(
            400, f"the document has no response '{code}' of this operation: {listed}"
        )

    def _headers(self, response: Part) -> Iterator[tuple[str, str]]:
        for name, part in self.shapes.parts.children(response, "headers"):
            if name.lower() in ("content-type", "content-length", "transfer-encoding"):
                continue
            value, _ = self._value(part, "")
            text = ",".join(map(_text, value)) if isinstance(value, list) else _text(value)
            if re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
                yield name, re.sub(r"[^\x20-\x7e]", "?", text).strip()

    def _value(self, part: Part, name: str) -> tuple[Plain, bool]:
        """The example of a media type or header, by its name or the first; else a sample."""
        named = {
            str(key): example.node[field]
            for key, example in self.shapes.parts.children(part, "examples")
            for field in ("dataValue", "value", "serializedValue")
            if field in example.node
        }
        if name and name not in named:
            listed = ", ".join(named) or "none is named"
            raise Unanswerable(400, f"there is no example '{name}': {listed}")
        if name:
            return plain_copy(named[name]), True
        given: list[JSON] = [part.node["example"]] if "example" in part.node else []
        given += named.values()
        schema = (*part.path, self._schema_of(part))
        values = [plain_copy(value) for value in given]
        if values:
            fitting = (v for v in values if not self.shapes.misfits(schema, v, "response"))
            return next(fitting, values[0]), True
        return self._sample(schema), False

    def _schema_of(self, part: Part) -> str:
        return "itemSchema" if "schema" not in part.node and "itemSchema" in part.node else "schema"

    def _sample(self, path: Path) -> Plain:
        """A sample that fits: with all that it may have, or else with what it needs."""
        for full in (True, False):
            value = Sampler(self.shapes, full).value(path)
            if not self.shapes.misfits(path, value, "response"):
                return value
        return Sampler(self.shapes).value(path)


def _usual(known: Sequence[str]) -> tuple[str, int] | None:
    """The response that a success has: its key and its status."""
    for key in sorted(known, key=lambda key: (key == "default", key)):
        if re.fullmatch(r"2(\d\d|XX|xx)", key):
            return key, int(key[0] + key[1:].upper().replace("XX", "00"))
    if "default" in known:
        return "default", 200
    for key in sorted(known):
        if re.fullmatch(r"[345](\d\d|XX|xx)", key):
            return key, int(key[0] + key[1:].upper().replace("XX", "00"))
    return None


def _accepted(known: Sequence[str], accept: str | None) -> str | None:
    """The media type of the answer that a caller accepts most; the first where all are alike."""
    wanted: list[tuple[float, int, str]] = []
    for index, part in enumerate((accept or "*/*").split(",")):
        media, _, rest = part.partition(";")
        quality = re.search(r"(?:^|;)\s*q=(\d(?:\.\d{1,3})?)\s*(?:;|$)", rest)
        wanted.append((-float(quality[1]) if quality else -1.0, index, media.strip().lower()))
    for quality, _, media in sorted(wanted):
        if not quality:
            continue
        for name in known:
            essence = name.partition(";")[0].strip().lower()
            ranges = (essence, f"{essence.partition('/')[0]}/*", "*/*")
            if media in ranges or chosen([essence], media) is not None:
                return name
    return None


def _is_json(media: str) -> bool:
    return is_json(media) or "*" in essence_of(media)


def _concrete(media: str, value: Plain) -> str:
    """The media type of an answer; a range stands for JSON or text."""
    if "*" not in media:
        return re.sub(r"[^\x20-\x7e]", "", media)
    return (
        "text/plain" if isinstance(value, str) and media.startswith("text/") else "application/json"
    )


def _written(media: str, value: Plain) -> bytes:
    essence = media.partition(";")[0].strip().lower()
    if essence == "text/event-stream":
        text = value if isinstance(value, str) else json.dumps(value)
        return value.encode() if isinstance(value, str) and "data:" in value else _event(text)
    if is_lines(essence):
        items = value if isinstance(value, list) else [value]
        begin = "\x1e" if is_text_sequence(essence) else ""
        return "".join(f"{begin}{json.dumps(item)}\n" for item in items).encode()
    if _is_json(media):
        return json.dumps(value).encode()
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


def _event(text: str) -> bytes:
    return "".join(f"data: {line}\n" for line in text.splitlines() or [""]).encode() + b"\n"


def _text(value: Plain) -> str:
    return value if isinstance(value, str) else json.dumps(value)
