"""The operations of both documents, and which old one is which new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from venuekit.drift.reading import Node, Side
from venuekit.drift.servers import base
from venuekit.grammar import METHODS
from venuekit.records import dataclass
from venuekit.sources import Map

VARIABLE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation where it stands."""

    method: str
    path: str
    item: Node
    node: Node
    base: str = ""  # what the URL of the server has before the path, where that counts
    name: str = ""  # the method of the client

    @property
    def id(self) -> str:
        return self.node.text("operationId") or self.route

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def shape(self) -> str:
        """The route without the names of its parameters, behind the base."""
        return f"{self.method} {VARIABLE.sub('{}', self.base + self.path)}"


def endpoints(side: Side, group: str = "paths") -> list[Endpoint]:
    """Every operation of a document; of its webhooks, with the name as the path."""
    found: list[Endpoint] = []
    for path, entry in side.node.get(group).entries():
        item = side.follow(entry)
        for key, node in item.entries():
            if key in METHODS and isinstance(node.value, Map):
                found.append(Endpoint(key.upper(), path, item, node))
        for method, node in item.get("additionalOperations").entries():
            if isinstance(node.value, Map):
                found.append(Endpoint(method, path, item, node))
    return found


def aligned(old: Side, new: Side) -> tuple[list[Endpoint], list[Endpoint], tuple[str, str]]:
    """The operations of both sides, and what the URLs of the servers have before their paths.

    Where what the paths began with has moved into the URL of the server, or out of it, more of
    them meet behind it; elsewhere it counts for nothing, and is empty.
    """
    before, after = endpoints(old), endpoints(new)
    bases = base(old), base(new)
    if bases[0] == bases[1]:
        return before, after, ("", "")
    whole = [
        [replace(endpoint, base=path) for endpoint in found]
        for found, path in zip((before, after), bases, strict=True)
    ]
    if _shared(*whole) <= _shared(before, after):
        return before, after, ("", "")
    return whole[0], whole[1], bases


def _shared(old: Sequence[Endpoint], new: Sequence[Endpoint]) -> int:
    """How many operations have the same shape on both sides."""
    return len({e.shape for e in old} & {e.shape for e in new})


def named(found: Sequence[Endpoint], methods: Mapping[str, str]) -> list[Endpoint]:
    """The operations with their methods, which are given by `METHOD path`."""
    return [replace(endpoint, name=methods.get(endpoint.route, "")) for endpoint in found]


def matched(old: list[Endpoint], new: list[Endpoint]) -> list[tuple[Endpoint, Endpoint]]:
    """The operations that are on both sides.

    They are known by their route, then by its shape, by operationId, and last by their method,
    which is the same where the paths differ in nothing but signs and capitals.
    """
    pairs: list[tuple[Endpoint, Endpoint]] = []
    left, right = list(old), list(new)
    for key in (_route, _shape, _operation_id, _name):
        index = {key(other): other for other in reversed(right) if key(other)}
        for one in left:
            other = index.pop(key(one), None) if key(one) else None
            if other is not None:
                pairs.append((one, other))
        done = {e.node.pointer for e, _ in pairs}
        taken = {e.node.pointer for _, e in pairs}
        left = [e for e in left if e.node.pointer not in done]
        right = [e for e in right if e.node.pointer not in taken]
    order = {e.node.pointer: index for index, e in enumerate(new)}
    return sorted(pairs, key=lambda pair: order[pair[1].node.pointer])


def _route(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.base}{endpoint.path}"


def _shape(endpoint: Endpoint) -> str:
    return endpoint.shape


def _operation_id(endpoint: Endpoint) -> str:
    return endpoint.node.text("operationId")


def _name(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.name}" if endpoint.name else ""
