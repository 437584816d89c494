"""Which schemas are not the same when they are sent as when they come back."""

from __future__ import annotations

from dataclasses import field

from venuekit.normalisation.merging import parts
from venuekit.normalisation.reading import Document, Node, Pointer, schemas_in
from venuekit.normalisation.variants import Families
from venuekit.records import dataclass

_INNER = (
    "properties", "patternProperties", "allOf", "oneOf", "anyOf", "prefixItems", "items",
    "additionalProperties",
)  # fmt: skip


@dataclass(slots=True)
class Roles:
    """Finds the schemas that hold a read-only property, or a write-only one that is required."""

    document: Document
    families: Families
    _known: dict[Pointer, bool] = field(default_factory=dict[Pointer, bool])

    def differ(self, schema: Node) -> bool:
        """Whether requests and responses need classes of their own for a schema."""
        pointer = schema.pointer
        if pointer not in self._known:
            self._find(schema)
        return self._known[pointer]

    def _find(self, schema: Node) -> None:
        """Follow every reference from a schema, and mark all that lead to a difference."""
        edges: dict[Pointer, set[Pointer]] = {}
        differing: set[Pointer] = set()
        nodes = [schema]
        while nodes:
            node = nodes.pop()
            if node.pointer in edges:
                continue
            edges[node.pointer] = set()
            if self._known.get(node.pointer, _differs(self.document, node)):
                differing.add(node.pointer)
            if node.pointer in self._known:
                continue
            for inner in self._inner(node):
                edges[node.pointer].add(inner.pointer)
                nodes.append(inner)
        back: dict[Pointer, list[Pointer]] = {}
        for source, targets in edges.items():
            for target in targets:
                back.setdefault(target, []).append(source)
        queue = list(differing)
        while queue:
            for source in back.get(queue.pop(), []):
                if source not in differing:
                    differing.add(source)
                    queue.append(source)
        self._known.update((pointer, pointer in differing) for pointer in edges)

    def _inner(self, schema: Node) -> list[Node]:
        found: list[Node] = []
        target = self.document.target(schema)
        if target is not None:
            found.append(target)
        found.extend(schemas_in(schema, _INNER))
        variants = self.families.of_base(schema)
        if variants is not None:
            found.extend(node for _, node in variants.cases)
        return [node for node in found if node.map()]


def _differs(document: Document, schema: Node) -> bool:
    required = schema.get("required").strings()
    for wire, prop in schema.get("properties").entries():
        if is_marked(document, prop, "readOnly"):
            return True
        if wire in required and is_marked(document, prop, "writeOnly"):
            return True
    return False


def is_marked(document: Document, prop: Node, mark: str) -> bool:
    """Whether a property, or any schema that it is made of, is `readOnly` or `writeOnly`."""
    whole = document.resolve(prop)
    if prop.flag(mark) or whole.flag(mark):
        return True
    return "allOf" in whole.map() and any(part.flag(mark) for part in parts(document, whole))
