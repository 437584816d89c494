"""Paths into operations: parameters, bodies and responses, each with its final name and type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import Body, Content, Operation, Parameter, nullable
from venuekit.normalisation.constraints import Constraints
from venuekit.normalisation.reading import Document, Node
from venuekit.normalisation.responses import Responses
from venuekit.normalisation.schemas import Hint, Schemas

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_ALLOWED_STYLES = {
    "path": {"simple", "label", "matrix"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form", "cookie"},
}
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_VARIABLE = re.compile(r"\{([^{}]*)\}")


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


def endpoints(document: Document) -> list[Endpoint]:
    """Every operation of the document, in its order."""
    found: list[Endpoint] = []
    for path, item in document.node.get("paths").entries():
        if not path.startswith("/"):
            continue
        whole = document.resolve(item)
        for key, node in whole.entries():
            if key in METHODS and node.map():
                found.append(Endpoint(key.upper(), path, whole, node))
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
    for endpoint in found:
        name, wanted = names[endpoint.route], claims[endpoint.route][0]
        if name != wanted and endpoint.route not in first:
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
    parameter_names: Mapping[str, str]
    report: Report
    used: set[str]

    def read(self, endpoint: Endpoint, security: tuple[tuple[str, ...], ...]) -> Operation:
        node = endpoint.node
        hint = Hint((naming.pascal(node.text("operationId") or endpoint.route),))
        responses = Responses(
            self.document, self.schemas, self.report, endpoint.id, endpoint.method
        )
        return Operation(
            id=endpoint.id,
            name=self.names[endpoint.route],
            method=endpoint.method,
            path=endpoint.path,
            summary=node.text("summary") or endpoint.item.text("summary"),
            description=node.text("description") or endpoint.item.text("description"),
            deprecated=node.flag("deprecated"),
            tags=endpoint.tags,
            parameters=self._parameters(endpoint, hint),
            body=self._body(endpoint, hint),
            responses=responses.read(endpoint.node, hint),
            headers=responses.headers(endpoint.node, hint),
            security=security,
        )

    # Parameters.

    def _parameters(self, endpoint: Endpoint, hint: Hint) -> tuple[Parameter, ...]:
        found: dict[tuple[str, str], Node] = {}
        for owner in (endpoint.item, endpoint.node):
            for entry in owner.get("parameters").items():
                parameter = self.document.resolve(entry)
                location, wire = parameter.text("in"), parameter.text("name")
                if location in _STYLES and wire and not _ignored(location, wire):
                    found[location, wire] = parameter
        template = _VARIABLE.findall(endpoint.path)
        for wire in template:
            if ("path", wire) not in found:
                found["path", wire] = Node(None, endpoint.node.pointer)
        for location, wire in [key for key in found if key[0] == "path" and key[1] not in template]:
            del found[location, wire]
        names = self._argument_names(endpoint, list(found))
        ordered = sorted(
            found,
            key=lambda k: (
                template.index(k[1]) if k[0] == "path" else len(template),
                not found[k].flag("required"),
            ),
        )
        return tuple(self._parameter(key, found[key], names[key], hint) for key in ordered)

    def _parameter(self, key: tuple[str, str], node: Node, name: str, hint: Hint) -> Parameter:
        location, wire = key
        media, schema = self._parameter_schema(node)
        style = node.text("style") or _STYLES[location]
        if style not in _ALLOWED_STYLES[location]:
            self.report.warning(
                "VK310",
                f"style '{style}' is not defined for a parameter in {location};"
                f" '{_STYLES[location]}' is used",
                self.document.place(node.get("style")),
            )
            style = _STYLES[location]
        explode = node.map().get("explode")
        return Parameter(
            name=name,
            wire=wire,
            location=location,
            type=self.schemas.read(schema, hint.then(wire), sending=True),
            rules=self.constraints.of(schema),
            required=location == "path" or node.flag("required"),
            style=style,
            explode=explode if isinstance(explode, bool) else style in ("form", "cookie"),
            allow_reserved=node.flag("allowReserved"),
            media=media,
            description=node.text("description"),
            deprecated=node.flag("deprecated"),
        )

    @staticmethod
    def _parameter_schema(node: Node) -> tuple[str | None, Node]:
        for media, content in node.get("content").entries():
            return media, content.get("schema")
        return None, node.get("schema")

    def _argument_names(
        self, endpoint: Endpoint, keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], str]:
        claims: dict[str, tuple[str, ...]] = {}
        first: dict[str, str] = {}
        for location, wire in keys:
            claim = f"{location} {wire}"
            claims[claim] = (
                naming.argument(wire),
                naming.argument(f"{location}_{wire}"),
                naming.argument(f"{location}_{naming.spelled(wire)}"),
            )
            override = f"{endpoint.id}.{wire}"
            if override in self.parameter_names:
                first[claim] = self.parameter_names[override]
                self.used.add(override)
            elif location == "path":
                first.setdefault(claim, claims[claim][0])
        if len(set(first.values())) < len(first):
            first = {k: v for k, v in first.items() if list(first.values()).count(v) == 1}
        names = naming.settle(claims, first)
        for claim, name in names.items():
            if name != claims[claim][0] and claim not in first:
                self.report.warning(
                    "VK303",
                    f"{endpoint.id} has several parameters called {claims[claim][0]};"
                    f" '{claim.partition(' ')[2]}' in {claim.partition(' ')[0]} becomes {name}",
                    self.document.place(endpoint.node),
                    "name it in client.toml under [names.parameters]",
                )
        return {(loc, wire): names[f"{loc} {wire}"] for loc, wire in keys}

    # Bodies and responses.

    def _body(self, endpoint: Endpoint, hint: Hint) -> Body | None:
        node = self.document.resolve(endpoint.node.get("requestBody"))
        names = Hint(tuple(f"{n}Request" for n in hint.names))
        contents = self._contents(node, names, sending=True)
        if not contents:
            return None
        return Body(
            contents=contents,
            required=node.flag("required"),
            description=node.text("description"),
        )

    def _contents(self, node: Node, hint: Hint, *, sending: bool = False) -> tuple[Content, ...]:
        found: list[Content] = []
        for media, content in node.get("content").entries():
            schema = self.document.resolve(content).get("schema")
            type_ = self.schemas.read(schema, hint, sending=sending) if schema else None
            rules = self.constraints.of(schema) if sending else None
            found.append(Content(media=media.strip(), type=type_, rules=rules))
        return tuple(found)


def _ignored(location: str, wire: str) -> bool:
    """Header parameters that the specification says to ignore (Parameter Object, `in`)."""
    return location == "header" and wire.lower() in _IGNORED_HEADERS


__all__ = ["METHODS", "Endpoint", "Operations", "endpoints", "method_names", "nullable"]
