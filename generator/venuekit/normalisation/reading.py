"""The document as normalisation reads it: references followed, kinds of nodes checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import takewhile

from venuekit.diagnostics import Place
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, locate

Pointer = tuple[str, ...]


_NOTHING = Map()  # never changed: who changes a part of the document copies it first


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document and where it stands."""

    value: JSON
    pointer: Pointer

    @property
    def is_component(self) -> bool:
        """Whether it stands where the schemas of the document have their names."""
        return len(self.pointer) == 3 and self.pointer[:2] == ("components", "schemas")

    def map(self) -> Map:
        """The value as an object; an empty one where it is something else."""
        return self.value if isinstance(self.value, Map) else _NOTHING

    def get(self, *keys: str) -> Node:
        value = self.value
        for key in keys:
            value = value.get(key) if isinstance(value, Map) else None
        return Node(value, (*self.pointer, *keys))

    def text(self, key: str) -> str:
        value = self.value.get(key) if isinstance(self.value, Map) else None
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        return isinstance(self.value, Map) and self.value.get(key) is True

    def entries(self) -> Iterator[tuple[str, Node]]:
        for key, value in self.map().items():
            yield key, Node(value, (*self.pointer, key))

    def items(self) -> Iterator[Node]:
        if isinstance(self.value, Seq):
            for index, value in enumerate(self.value):
                yield Node(value, (*self.pointer, str(index)))

    def strings(self) -> tuple[str, ...]:
        return tuple(str(n.value) for n in self.items() if isinstance(n.value, str))

    def __bool__(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Document:
    """An assembled OpenAPI document."""

    root: Map
    _anchors: dict[str, tuple[Pointer, ...]] = field(
        default_factory=dict[str, tuple[Pointer, ...]], compare=False, repr=False
    )
    _targets: dict[str, Node] = field(
        default_factory=dict[str, Node], compare=False, repr=False
    )  # of references from the root of the document

    @property
    def node(self) -> Node:
        return Node(self.root, ())

    @property
    def is_legacy(self) -> bool:
        """Whether its schemas are of OpenAPI 3.0: `nullable`, and `$ref` without siblings."""
        return str(self.root.get("openapi", "")).startswith("3.0")

    def place(self, node: Node) -> Place:
        return locate(self.root, node.pointer)

    def at(self, pointer: Pointer) -> Node | None:
        """Find a node by its pointer."""
        value: JSON = self.root
        for token in pointer:
            if isinstance(value, Map) and token in value:
                value = value[token]
            elif isinstance(value, Seq) and token.isdecimal() and int(token) < len(value):
                value = value[int(token)]
            else:
                return None
        return Node(value, pointer)

    def target(self, node: Node) -> Node | None:
        """Follow the `$ref` of a node one step; None where it leads to nothing."""
        reference = node.map().get("$ref", node.map().get("$dynamicRef"))
        if not isinstance(reference, str):
            return None
        if reference in self._targets:
            return self._targets[reference]
        fragment = reference.removeprefix("#")
        if fragment == reference or (fragment and fragment[0] != "/"):
            return self._by_anchor(fragment, node) if reference.startswith("#") else None
        tokens = tuple(_unescaped(token) for token in fragment.split("/")[1:])
        found = self.at(tokens)
        if found is not None:
            self._targets[reference] = found
            return found
        for end in range(len(node.pointer), 0, -1):
            # A schema with an `$id` is the root of the references in it.
            found = found or self.at((*node.pointer[:end], *tokens))
        return found

    def resolve(self, node: Node) -> Node:
        """Follow references to the end; an empty node where they have none."""
        if "$ref" not in node.map():
            return node
        *_, last = self.chain(node)
        return Node(None, node.pointer) if "$ref" in last.map() else last

    def chain(self, node: Node) -> Iterator[Node]:
        """Yield a node and what references lead to from it, one after another, each once."""
        seen: set[Pointer] = set()
        step: Node | None = node
        while step is not None and step.pointer not in seen:
            yield step
            seen.add(step.pointer)
            step = self.target(step) if "$ref" in step.map() else None

    def _by_anchor(self, name: str, node: Node) -> Node | None:
        """The schema with an anchor; of several, the one that is nearest to a node."""
        if not self._anchors:
            self._index()
        found = self._anchors.get(name, ())
        nearest = max(found, key=lambda at: _shared(at, node.pointer), default=None)
        return None if nearest is None else self.at(nearest)

    def _index(self) -> None:
        """Note where the anchors are: an empty name where there is none."""
        self._anchors[""] = ()
        waiting: list[Node] = [self.node]
        while waiting:
            node = waiting.pop()
            for key in ("$anchor", "$dynamicAnchor"):
                name = node.map().get(key)
                if isinstance(name, str):
                    self._anchors[name] = (*self._anchors.get(name, ()), node.pointer)
            inner = [*(n for _, n in node.entries()), *node.items()]
            waiting += [n for n in reversed(inner) if isinstance(n.value, Map | Seq)]


def _shared(one: Pointer, other: Pointer) -> int:
    """How many steps two places have in common."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def schemas_in(schema: Node, keywords: Iterable[str]) -> Iterator[Node]:
    """The schemas that some keywords of a schema hold: by their names, in a list, or alone."""
    known = schema.map()
    for key in keywords:
        if key in known:
            held = schema.get(key)
            named = (inner for _, inner in held.entries())
            yield from named if key in _NAMED else held.items() if key in _LISTED else (held,)


def branches_of(schema: Node) -> list[Node]:
    """The alternatives of a schema: those of `oneOf`, then those of `anyOf`."""
    return [*schema.get("oneOf").items(), *schema.get("anyOf").items()]


_NAMED = frozenset({"properties", "patternProperties"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})


def _unescaped(token: str) -> str:
    if "%" in token:
        token = re.sub(
            r"(?:%[0-9A-Fa-f]{2})+",
            lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"),
            token,
        )
    return token.replace("~1", "/").replace("~0", "~")


def scalar(value: JSON) -> str | int | float | bool | None:
    """The value where it is no container."""
    return None if isinstance(value, Map | Seq) else value
