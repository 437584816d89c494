"""What is wrong with a request: its path, parameters, credentials and body, by the document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from typing import cast
from urllib.parse import unquote, unquote_plus

from venuekit.diagnostics import Place
from venuekit.ir import is_lines, is_text_sequence
from venuekit.mocking.shapes import Shapes
from venuekit.mocking.texts import Pair, Style, Texts
from venuekit.records import dataclass
from venuekit.sources import Map, Seq, locate, pointer
from venuekit.validation.parts import Part, Path, Plain
from venuekit.validation.rules import Endpoint

_UNPARAMETERS = ("accept", "content-type", "authorization")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, its path matched."""

    pairs: Sequence[Pair]
    headers: Sequence[tuple[str, str]]  # names in lower case
    body: bytes
    variables: Mapping[str, str]

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(found) if found else None

    @property
    def cookies(self) -> list[Pair]:
        listed = (self.header("cookie") or "").replace(", ", "; ").split("; ")
        return [(name, value) for name, _, value in (pair.partition("=") for pair in listed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where in the request, and by which place of the document."""

    status: int
    location: str  # path, query, header, cookie, body or credentials
    name: str
    pointer: str  # within the value
    detail: str
    place: Place


def query_pairs(query: str) -> list[Pair]:
    """The pairs of a query or a form, in order, their values as they were written."""
    return [
        (unquote_plus(name), value)
        for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)
    ]


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares requests with operations."""

    shapes: Shapes

    def faults(self, endpoint: Endpoint, request: Request) -> list[Fault]:
        """All that is wrong: credentials first, the parameters in order, the body last."""
        return [
            *self._credentials(endpoint, request),
            *self._parameters(endpoint, request),
            *self._body(endpoint, request),
        ]

    def _place(self, path: Path) -> Place:
        return locate(self.shapes.parts.document, path)

    # Parameters.

    def _parameters(self, endpoint: Endpoint, request: Request) -> Iterator[Fault]:
        found: dict[tuple[str, str], Part] = {}
        for holder in (endpoint.item, endpoint.operation):
            for _, part in self.shapes.parts.children(holder, "parameters"):
                name, location = part.node.get("name"), part.node.get("in")
                if isinstance(name, str) and isinstance(location, str):
                    found[location, name] = part
        for (location, name), part in found.items():
            if not (location == "header" and name.lower() in _UNPARAMETERS):
                yield from self._parameter(part, location, name, request)

    def _parameter(self, part: Part, location: str, name: str, request: Request) -> Iterator[Fault]:
        def fault(status: int, detail: str, where: str = "") -> Fault:
            return Fault(
                status=status,
                location=location,
                name=name,
                pointer=where,
                detail=detail,
                place=self._place(part.path),
            )

        if location == "path" and name not in request.variables:
            return  # the template has no place for it
        content = next((c for _, c in self.shapes.parts.children(part, "content")), None)
        schema = (*(content or part).path, "schema")
        try:
            value = self._value(part, content is not None, schema, request)
        except KeyError:
            if part.node.get("required") is True:
                yield fault(422, "is required, and missing")
            return
        except ValueError as error:
            yield fault(400, f"cannot be read: {error}")
            return
        if value == "" and part.node.get("allowEmptyValue") is True:
            return
        for misfit in self.shapes.misfits(schema, value, "request"):
            where = pointer(misfit.path)
            yield fault(422, f"{where or 'it'} {misfit.says}", where)

    def _value(self, part: Part, is_content: bool, schema: Path, request: Request) -> Plain:
        """The value of a parameter; raises KeyError where it is missing."""
        name, location = str(part.node.get("name")), str(part.node.get("in"))
        texts, style = Texts(self.shapes), Style.of(part.node, name, location)
        pairs = request.cookies if location == "cookie" else request.pairs
        if location == "querystring":
            return texts.fields(request.pairs, schema)
        if location in ("path", "header"):
            is_path = location == "path"
            text = request.variables[name] if is_path else request.header(name)
            if text is None:
                raise KeyError(name)
            if not is_content:
                return texts.from_text(text, style, schema, is_path=is_path)
            return _json(unquote(text) if is_path else text)
        if not is_content:
            return texts.from_query(pairs, style, schema)
        text = _last(pairs, name)
        if text is None:
            raise KeyError(name)
        return _json(text)

    # Credentials.

    def _credentials(self, endpoint: Endpoint, request: Request) -> Iterator[Fault]:
        holder = endpoint.operation if "security" in endpoint.operation.node else None
        path: Path = (*holder.path, "security") if holder else ("security",)
        listed = (holder.node if holder else self.shapes.parts.document).get("security")
        ways = [
            [name for name in way if not self._has(name, request)]
            for way in (listed if isinstance(listed, Seq) else ())
            if isinstance(way, Map)
        ]
        if ways and all(ways):
            missing = min(ways, key=len)
            yield Fault(
                status=401,
                location="credentials",
                name=missing[0],
                pointer="",
                detail=f"nothing is given for {', '.join(map(self._described, missing))}",
                place=self._place(path),
            )

    def _scheme(self, name: str) -> Map:
        part = self.shapes.parts.resolve(("components", "securitySchemes", name))
        return part.node if part else Map()

    def _described(self, name: str) -> str:
        scheme = self._scheme(name)
        if scheme.get("type") == "apiKey":
            return f"'{name}' ({scheme.get('in')} '{scheme.get('name')}')"
        kind = scheme.get("scheme") if scheme.get("type") == "http" else "Bearer"
        return f"'{name}' (Authorization: {kind})"

    def _has(self, name: str, request: Request) -> bool:
        """Whether a credential is there; its value is not looked at."""
        scheme = self._scheme(name)
        kind, wire = scheme.get("type"), str(scheme.get("name", ""))
        if kind == "apiKey":
            places = {
                "header": request.header(wire),
                "query": _last(request.pairs, wire),
                "cookie": _last(request.cookies, wire),
            }
            return bool(places.get(str(scheme.get("in")), "unknown"))
        if kind in ("http", "oauth2", "openIdConnect"):
            wanted = str(scheme.get("scheme", "bearer")) if kind == "http" else "bearer"
            given, _, rest = (request.header("authorization") or "").partition(" ")
            return given.lower() == wanted.lower() and bool(rest.strip())
        return True  # a certificate, or a scheme that nobody has defined

    # The body.

    def _body(self, endpoint: Endpoint, request: Request) -> Iterator[Fault]:
        path = (*endpoint.operation.path, "requestBody")
        part = self.shapes.parts.resolve(path)
        if part is None:
            return
        if not request.body:
            if part.node.get("required") is True:
                yield self._of_body(422, part.path, "", "a body is required, and missing")
            return
        given = request.header("content-type") or ""
        essence = given.partition(";")[0].strip().lower()
        known = dict(self.shapes.parts.children(part, "content"))
        media = known.get(chosen(list(known), essence) or "")
        if media is None:
            listed = ", ".join(known)
            says = f"'{essence}' is no media type of the body: {listed}"
            yield self._of_body(415, (*part.path, "content"), "", says)
            return
        try:
            yield from self._content(media, essence, given, request)
        except ValueError as error:
            yield self._of_body(400, media.path, "", f"the body cannot be read: {error}")

    def _of_body(self, status: int, path: Path, where: str, detail: str) -> Fault:
        return Fault(
            status=status,
            location="body",
            name="",
            pointer=where,
            detail=detail,
            place=self._place(path),
        )

    def _content(self, media: Part, essence: str, given: str, request: Request) -> Iterator[Fault]:
        schema = (*media.path, "schema")
        if is_lines(essence):
            yield from self._sequence(media, essence, request.body)
        elif essence == "application/json" or essence.endswith("+json"):
            yield from self._misfits(schema, _json(request.body.decode()))
        elif essence == _FORM:
            value = Texts(self.shapes).fields(query_pairs(request.body.decode()), schema)
            yield from self._misfits(schema, value)
        elif essence.startswith("multipart/"):
            if essence == "multipart/form-data":
                yield from self._misfits(schema, self._multipart(given, request.body, schema))
        elif essence.startswith("text/") and "string" in self.shapes.types(schema):
            yield from self._misfits(schema, request.body.decode())

    def _sequence(self, media: Part, essence: str, body: bytes) -> Iterator[Fault]:
        """The items of a sequence, one by one, and where they are documented so as an array."""
        schema, item_schema = ((*media.path, key) for key in ("schema", "itemSchema"))
        is_array, is_typed = "array" in self.shapes.types(schema), "itemSchema" in media.node
        texts = body.split(b"\x1e" if is_text_sequence(essence) else b"\n")
        items = [_json(t.decode()) for t in texts if t.strip() and (is_array or is_typed)]
        for number, item in enumerate(items if is_typed else ()):
            yield from self._misfits(item_schema, item, f"/{number}")
        if is_array:
            yield from self._misfits(schema, items)

    def _misfits(self, schema: Path, value: Plain, above: str = "") -> Iterator[Fault]:
        for misfit in self.shapes.misfits(schema, value, "request"):
            where = above + pointer(misfit.path)
            yield self._of_body(422, schema, where, f"{where or 'the body'} {misfit.says}")

    def _multipart(self, given: str, body: bytes, schema: Path) -> dict[str, Plain]:
        """The parts of a form as an object: JSON is read, a file is a string of its bytes."""
        head = f"Content-Type: {given}\r\n\r\n".encode("latin-1", "replace")
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        end = f"--{message.get_boundary('')}--".encode("latin-1", "replace")
        if not message.is_multipart():
            if message.get_boundary() and body.strip() == end:
                return {}  # a form without a field
            raise ValueError("it has no parts")
        texts, found = Texts(self.shapes), dict[str, Plain]()
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            path = self.shapes.property(schema, str(name))
            is_list = "array" in self.shapes.types(path)
            inner = self.shapes.items(path) if is_list else path
            kind = part.get_content_type()
            if kind == "application/json" and "content-type" in part:
                value = _json(data.decode())
            elif part.get_filename() is not None:
                value = data.decode("latin-1")
            else:
                value = texts.value(data.decode("utf-8", "replace"), inner)
            listed = found.setdefault(str(name), []) if is_list else None
            if isinstance(listed, list) and not isinstance(value, list):
                listed.append(value)
            else:
                found[str(name)] = value
        return found


def chosen(known: Sequence[str], essence: str) -> str | None:
    """The media type or range that an essence falls under, the nearest first."""
    listed = {media.partition(";")[0].strip().lower(): media for media in reversed(known)}
    for candidate in (essence, f"{essence.partition('/')[0]}/*", "*/*", "*"):
        if candidate in listed:
            return listed[candidate]
    return None


def _last(pairs: Sequence[Pair], name: str) -> str | None:
    found = [unquote_plus(value) for key, value in pairs if key == name]
    return found[-1] if found else None


def _json(text: str) -> Plain:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no JSON")

    try:
        return cast("Plain", json.loads(text, parse_constant=refuse))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
