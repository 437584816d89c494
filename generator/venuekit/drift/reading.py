"""One of two documents: references followed, and what is the same on both sides known early."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote

from venuekit.diagnostics import Place
from venuekit.sources import JSON, Map, Seq, child, locate, step, unescape

Pointer: TypeAlias = tuple[str, ...]

_REFERENCE = re.compile(r'"\$ref": "((?:[^"\\]|\\.)*)"')


class Node(NamedTuple):
    """A value and where it stands."""

    value: JSON
    pointer: Pointer

    @property
    def map(self) -> Map:
        return self.value if isinstance(self.value, Map) else _EMPTY

    def get(self, key: str) -> Node:
        return Node(self.map.get(key), (*self.pointer, key))

    def text(self, key: str) -> str:
        value = self.map.get(key)
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        return self.map.get(key) is True

    def entries(self) -> Iterator[tuple[str, Node]]:
        for key, value in self.map.items():
            yield key, Node(value, (*self.pointer, key))

    def items(self) -> Iterator[Node]:
        if isinstance(self.value, Seq):
            for index, value in enumerate(self.value):
                yield Node(value, (*self.pointer, str(index)))


_EMPTY = Map()


class Side:
    """The old document or the new one."""

    def __init__(self, root: Map) -> None:
        self.root = root
        self.node = Node(root, ())
        self.is_legacy = str(root.get("openapi", "")).startswith("3.0")
        self._targets: dict[str, Node | None] = {}
        self._anchors: dict[str, Node] | None = None

    def follow(self, node: Node) -> Node:
        """Follow the references of a node to the end; where one leads to nothing, stop there."""
        seen: set[str] = set()
        while isinstance(reference := node.map.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            target = self.target(reference)
            if target is None:
                return node
            node = target
        return node

    def target(self, reference: str) -> Node | None:
        if reference not in self._targets:
            self._targets[reference] = self._find(reference)
        return self._targets[reference]

    def place(self, pointer: Pointer) -> Place:
        return locate(self.root, pointer)

    def references(self, value: JSON) -> set[str]:
        return set(_REFERENCE.findall(dumped(value)))

    def _find(self, reference: str) -> Node | None:
        if not reference.startswith("#"):
            return None
        fragment = unquote(reference[1:])
        if fragment and not fragment.startswith("/"):
            return self._anchored().get(fragment)
        value: JSON = self.root
        tokens = tuple(unescape(token) for token in fragment.split("/")[1:])
        for token in tokens:
            key = step(value, token)
            if key is None:
                return None
            value = child(value, key)
        return Node(value, tokens)

    def _anchored(self) -> dict[str, Node]:
        if self._anchors is None:
            self._anchors = {}
            for _, schema in self.node.get("components").get("schemas").entries():
                for node in (schema, *(n for _, n in schema.get("$defs").entries())):
                    for key in ("$anchor", "$dynamicAnchor"):
                        if node.text(key):
                            self._anchors.setdefault(node.text(key), node)
        return self._anchors


def dumped(value: JSON) -> str:
    """The canonical text of a value: equal texts are equal values."""
    return json.dumps(value, sort_keys=True)


class Sameness:
    """Knows parts that are written alike on both sides, with all that they refer to."""

    def __init__(self, old: Side, new: Side) -> None:
        self._comparable = old.is_legacy == new.is_legacy
        self._texts: dict[int, str] = {}
        self._changed = self._changed_targets(old, new) if self._comparable else set[str]()

    def __call__(self, old: JSON, new: JSON) -> bool:
        if not self._comparable:
            return False
        text = dumped(old)
        if text != dumped(new):
            return False
        return not self._changed or self._changed.isdisjoint(_REFERENCE.findall(text))

    @staticmethod
    def _changed_targets(old: Side, new: Side) -> set[str]:
        """The references whose targets differ, or lead to ones that do."""
        shared = old.references(old.root) & new.references(new.root)
        changed: set[str] = set()
        users: dict[str, list[str]] = {}
        for reference in shared:
            one, other = old.target(reference), new.target(reference)
            if one is None or other is None:
                if one is not other:
                    changed.add(reference)
                continue
            text = dumped(one.value)
            if text != dumped(other.value):
                changed.add(reference)
            for used in set(_REFERENCE.findall(text)):
                users.setdefault(used, []).append(reference)
        open_ = list(changed)
        while open_:
            for user in users.get(open_.pop(), ()):
                if user not in changed:
                    changed.add(user)
                    open_.append(user)
        return changed
