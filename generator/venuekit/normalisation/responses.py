"""What an operation answers: statuses, media types, headers, and items that arrive one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from venuekit.diagnostics import Report
from venuekit.ir import (
    ANY,
    BYTES,
    EVENTS,
    STR,
    Content,
    Response,
    Type,
    essence_of,
    is_lines,
    joined,
    members_of,
)
from venuekit.normalisation.events import Events
from venuekit.normalisation.hints import Hint, response_hint, shared_hint
from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.reading import Document, Node
from venuekit.normalisation.schemas import Schemas
from venuekit.normalisation.sequences import item_schema
from venuekit.normalisation.statuses import is_status, successes
from venuekit.records import dataclass
from venuekit.sources import Map

_MEDIA_RANGE = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+(\s*;[\x20-\x7e]*)?", re.ASCII)
_NOTATION = re.compile("[/+.-](xml|ya?ml|protobuf|cbor|msgpack|messagepack|bson|smile)")
_BODILESS = frozenset({"204", "205", "304"})


@dataclass(frozen=True, slots=True)
class Responses:
    """Reads the responses of one operation."""

    document: Document
    schemas: Schemas
    report: Report
    id: str
    method: str

    def read(self, operation: Node, hint: Hint) -> tuple[Response, ...]:
        """Every status, range and `default`, in the order in which they count."""
        wanted = successes(operation)
        found: list[Response] = []
        for status, entry in operation.get("responses").entries():
            if not is_status(status):
                continue
            node = self.document.resolve(entry)
            names = shared_hint(node, response_hint(hint, status, is_success=status in wanted))
            found.append(
                Response(
                    status=status.upper() if status != "default" else status,
                    description=node.text("description"),
                    contents=self._contents(status, node, names, status in wanted),
                )
            )
        return tuple(sorted(found, key=lambda r: (r.status == "default", r.status)))

    def headers(self, operation: Node, hint: Hint) -> Type | None:
        """The class of the headers that its successes document; each may be absent."""
        documented = self._headers(operation).items()
        found = {wire: self._header_schema(header) for wire, header in documented}
        if not found:
            return None
        schema = Map({"type": "object", "properties": Map(found)})
        pointer = (*operation.pointer, "responses", "headers")
        return self.schemas.read(Node(schema, pointer), hint.then("Headers"))

    def json_headers(self, operation: Node) -> tuple[str, ...]:
        """The headers of its successes whose `content` says that they are JSON."""
        return tuple(
            wire
            for wire, header in self._headers(operation).items()
            for media, _ in header.get("content").entries()
            if Content(media=media, type=None).kind == "json"
        )

    def _headers(self, operation: Node) -> dict[str, Node]:
        """The headers of its successes; of each name the first."""
        found: dict[str, Node] = {}
        known = {"content-type"}
        for status, entry in operation.get("responses").entries():
            if status not in successes(operation):
                continue
            for wire, header in self.document.resolve(entry).get("headers").entries():
                if wire.lower() not in known:
                    known.add(wire.lower())
                    found[wire] = self.document.resolve(header)
        return found

    def _header_schema(self, header: Node) -> Map:
        schema = header.get("schema")
        for _, content in header.get("content").entries():
            schema = content.get("schema")
        description = header.text("description") or schema.text("description")
        keywords = schema.map() or Map({"type": "string"})
        return Map({**keywords, **({"description": description} if description else {})})

    # Bodies.

    def _contents(
        self, status: str, response: Node, hint: Hint, is_success: bool
    ) -> tuple[Content, ...]:
        entries = list(response.get("content").entries())
        if self.method == "HEAD" or not entries:
            return ()
        if status in _BODILESS:
            self.report.warning(
                "VK351",
                f"a response {status} has no body; what {self.id} documents for it is left out",
                self.document.place(response.get("content")),
                "remove the content in an overlay, or correct the status",
            )
            return ()
        found: dict[str, Content] = {}
        for key, entry in entries:
            content = self._content(self._media(key, entry), entry, hint, is_success)
            found.setdefault(content.media, content)
            is_untyped = content.type is None and content.kind in ("json", "lines")
            if is_untyped and not self._leads_astray(entry):
                self._report_untyped(status, response)
        return tuple(content for content in found.values() if not _is_twin(content, found.values()))

    def _media(self, key: str, entry: Node) -> str:
        media = key.strip()
        if _MEDIA_RANGE.fullmatch(media):
            return media
        taken = "application/json" if "json" in media.lower() else "*/*"
        self.report.warning(
            "VK350",
            f"'{media[:60]}' is no media type; {self.id} asks for {taken}",
            self.document.place(entry),
            "write type/subtype",
        )
        return taken

    def _content(self, media: str, entry: Node, hint: Hint, is_success: bool) -> Content:
        node = self.document.resolve(entry)
        essence = essence_of(media)
        if is_success and (essence == EVENTS or is_lines(essence)):
            item = self._event(node, hint) if essence == EVENTS else self._line(node, hint)
            return replace(item, media=media)
        schema = node.get("schema")
        return Content(media=media, type=self.schemas.read(schema, hint) if schema else None)

    def _leads_astray(self, entry: Node) -> bool:
        """Whether it refers to what is no media type, or to nothing: which is said of that."""
        at = self.document.resolve(entry).pointer
        is_media_type = at[-2:-1] == ("content",) or at[:2] == ("components", "mediaTypes")
        return "$ref" in entry.map() and (at == entry.pointer or not is_media_type)

    def _report_untyped(self, status: str, response: Node) -> None:
        self.report.warning(
            "VK311",
            f"response {status} of {self.id} has no schema; its body is read as Any",
            self.document.place(response),
            "add one in the client's overlay.yaml",
        )

    # Items.

    def _line(self, content: Node, hint: Hint) -> Content:
        """One item of JSON lines; in older documents a text is that of all lines."""
        schema, is_item = item_schema(self.document, content), bool(content.get("itemSchema"))
        type_ = self.schemas.read(schema, hint.then("Item")) if schema else None
        is_text = type_ == BYTES or (type_ == STR and not is_item)
        return Content(media="", type=ANY if is_text else type_, is_sequence=True)

    def _event(self, content: Node, hint: Hint) -> Content:
        """The data of an event, and those of the events that are told apart by their names."""
        schema, is_item = item_schema(self.document, content), bool(content.get("itemSchema"))
        if not schema:
            return Content(media="", type=None, is_sequence=True)
        named: dict[str, tuple[Type, ...]] = {}
        every: list[Type] = []
        known = Events(self.document, self.schemas.families, is_item)
        for names, data in known.read(schema):
            every.append(self._data_type(data, hint.then("Event")))
            for name in names:
                named[name] = (*named.get(name, ()), every[-1])
        type_ = STR if BYTES in every else joined(tuple(every))
        members = set(members_of(type_))
        events = [(name, joined(types)) for name, types in named.items()]
        told = tuple(e for e in events if e[1] != type_ and set(members_of(e[1])) <= members)
        return Content(media="", type=type_, is_sequence=True, events=told)

    def _data_type(self, data: Node, hint: Hint) -> Type:
        if not data:
            return STR
        whole = whole_schema(self.document, data)
        if whole.get("contentSchema"):
            return self.schemas.read(whole.get("contentSchema"), hint)
        if "json" in whole.text("contentMediaType"):
            return ANY
        return self.schemas.read(data, hint)


def _is_twin(content: Content, others: Iterable[Content]) -> bool:
    """Whether a body is that of the JSON which is answered too, and need not be asked for.

    ASP.NET lists `text/plain` with every answer; of an object its text is JSON. Others list XML,
    YAML or protobuf: the same value in a notation that would have to be read by the caller.
    """
    if content.type is None or not may_be_twin(content):
        return False
    if {STR, ANY, BYTES} & set(members_of(content.type)):
        return False
    others = [other for other in others if other.essence != "text/plain"]
    return any(other.kind == "json" and other.type == content.type for other in others)


def may_be_twin(content: Content) -> bool:
    """Whether a media type may be another notation of what JSON says."""
    is_notation = _NOTATION.search(content.essence) is not None and content.kind != "json"
    return content.essence == "text/plain" or is_notation
