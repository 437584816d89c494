"""Paths into operations: parameters, bodies and responses, each with its final name and type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from venuekit import naming
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.grammar import METHODS
from venuekit.ir import (
    Body,
    Content,
    Operation,
    Parameter,
    essence_of,
    is_lines,
    nullable,
)
from venuekit.normalisation.bodies import encodings, example, report_nested
from venuekit.normalisation.constraints import Constraints
from venuekit.normalisation.hints import Hint, operation_hint, shared_hint
from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.parameters import Parameters
from venuekit.normalisation.reading import Document, Node
from venuekit.normalisation.responses import Responses
from venuekit.normalisation.schemas import Schemas
from venuekit.normalisation.sequences import item_schema
from venuekit.records import dataclass
from venuekit.sources import Map

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, section 5.6.2


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation where it stands in the document."""

    method: str
    path: str
    item: Node
    node: Node

    @property
    def id(self) -> str:
        return self.node.text("operationId") or self.route

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def tags(self) -> tuple[str, ...]:
        return self.node.get("tags").strings()


def endpoints(document: Document, report: Report) -> list[Endpoint]:
    """Every operation of the document, in its order."""
    found: list[Endpoint] = []
    for path, item in document.node.get("paths").entries():
        if not path.startswith("/"):
            continue
        whole = document.resolve(item)
        for key, node in whole.entries():
            if key in METHODS and isinstance(node.value, Map):
                found.append(Endpoint(key.upper(), path, whole, node))
        for method, node in whole.get("additionalOperations").entries():
            if not isinstance(node.value, Map):
                continue
            if _TOKEN.fullmatch(method) and method.lower() not in METHODS:
                found.append(Endpoint(method, path, whole, node))
            else:
                report.warning(
                    "VK314",
                    f"'{method}' is no method for additionalOperations; it is left out",
                    document.place(node),
                    f"write it as '{method.lower()}:' beside additionalOperations"
                    if method.lower() in METHODS
                    else "a method is a token (RFC 9110, section 9.1)",
                )
    return found


def method_names(
    document: Document, found: Sequence[Endpoint], overrides: Mapping[str, str], report: Report
) -> tuple[dict[str, str], set[str]]:
    """The name of each operation by its route, and the overrides that were used."""
    claims: dict[str, tuple[str, ...]] = {}
    first: dict[str, str] = {}
    used: set[str] = set()
    for endpoint in found:
        wordy = naming.method(endpoint.route)
        wanted = naming.method(endpoint.node.text("operationId") or endpoint.route)
        with_tag = [naming.method(f"{tag}_{wanted}") for tag in endpoint.tags[:1]]
        claims[endpoint.route] = (wanted, *with_tag, wordy, naming.method(_spelled(endpoint)))
        for key in (endpoint.route, endpoint.node.text("operationId")):
            if key in overrides:
                first[endpoint.route] = overrides[key]
                used.add(key)
    names = naming.settle(claims, first)
    ids = Counter(endpoint.node.text("operationId") for endpoint in found)
    for endpoint in found:
        name, wanted = names[endpoint.route], claims[endpoint.route][0]
        id_ = endpoint.node.text("operationId")
        is_told = bool(id_) and ids[id_] > 1  # that it is another's too
        if name != wanted and endpoint.route not in first and not is_told:
            report.warning(
                "VK302",
                f"another operation is called {wanted} too; {endpoint.route} becomes {name}",
                document.place(endpoint.node),
                "name it in client.toml under [names.operations]",
            )
    return names, used


def _spelled(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {naming.spelled(endpoint.path)}"


@dataclass(slots=True)
class Operations:
    """Reads operations one by one."""

    document: Document
    schemas: Schemas
    constraints: Constraints
    names: Mapping[str, str]
    settings: ClientSettings
    report: Report
    used: set[str]

    def read(self, endpoint: Endpoint) -> Operation:
        node = endpoint.node
        hint = operation_hint(node, endpoint.method, endpoint.path)
        responses = Responses(
            self.document, self.schemas, self.report, endpoint.id, endpoint.method
        )
        body = self._body(endpoint, hint)
        return Operation(
            id=endpoint.id,
            name=self.names[endpoint.route],
            method=endpoint.method,
            path=endpoint.path,
            summary=node.text("summary") or endpoint.item.text("summary"),
            description=node.text("description") or endpoint.item.text("description"),
            deprecated=node.flag("deprecated"),
            tags=endpoint.tags,
            parameters=self._parameters(endpoint, body, hint),
            body=body,
            responses=responses.read(endpoint.node, hint),
            headers=responses.headers(endpoint.node, hint),
            json_headers=responses.json_headers(endpoint.node),
        )

    def _parameters(
        self, endpoint: Endpoint, body: Body | None, hint: Hint
    ) -> tuple[Parameter, ...]:
        reader = Parameters(
            self.document,
            self.schemas,
            self.constraints,
            self.settings,
            self.report,
            self.used,
        )
        owners = (endpoint.item, endpoint.node)
        taken = {"content_type", "chosen"} if body and body.is_choice else set[str]()
        return reader.read(endpoint.node, endpoint.id, endpoint.path, owners, hint, taken)

    # Bodies and responses.

    def _body(self, endpoint: Endpoint, hint: Hint) -> Body | None:
        node = self.document.resolve(endpoint.node.get("requestBody"))
        names = shared_hint(node, hint.then("Request"))
        contents = tuple(
            self._content(media.strip(), self.document.resolve(content), names)
            for media, content in node.get("content").entries()
        )
        if not contents:
            return None
        for _, content in node.get("content").entries():
            report_nested(self.document, self.document.resolve(content), endpoint.id, self.report)
        return Body(
            contents=contents,
            required=node.flag("required"),
            description=node.text("description"),
        )

    def _content(self, media: str, content: Node, hint: Hint) -> Content:
        """What is sent as a media type: a value, or the items of a sequence."""
        item, schema = item_schema(self.document, content), content.get("schema")
        is_item = bool(content.get("itemSchema")) or item.pointer != schema.pointer
        is_sequence = is_lines(essence_of(media)) and (is_item or not self._is_text(schema))
        if is_sequence:
            hint, schema = hint.then("Item"), item
        elif item and not schema and media.lower().startswith("multipart/"):
            schema = Node(Map({"type": "array", "items": item.value}), item.pointer)
        named, rest = encodings(self.document, content, media)
        return Content(
            media=re.sub(
                r"\s*;\s*boundary=[^;]*", "", media, flags=re.IGNORECASE
            ),  # each has its own
            type=self.schemas.read(schema, hint, sending=True) if schema else None,
            is_sequence=is_sequence,
            rules=self._sequence(content, schema) if is_sequence else self.constraints.of(schema),
            encodings=named,
            items=rest,
            example=example(self.document, content, schema),
        )

    def _sequence(self, content: Node, item: Node) -> dict[str, object]:
        """The rules of a sequence: how many items it may have, and those of each."""
        whole = self.constraints.of(whole_schema(self.document, content.get("schema")))
        rules = {"items": self.constraints.of(item)}
        return {**{key: whole[key] for key in _COUNTS if key in whole}, **rules}

    def _is_text(self, schema: Node) -> bool:
        """Whether the lines of a body are documented as one text, as in older documents."""
        return whole_schema(self.document, schema).map().get("type") == "string"


_COUNTS = ("minItems", "maxItems", "uniqueItems")  # what a schema of a list says of all of it
__all__ = ["Endpoint", "Operations", "endpoints", "method_names", "nullable"]
