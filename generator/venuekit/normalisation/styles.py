"""Which kinds of value a schema allows: primitive, array or object, and whether they nest."""

from __future__ import annotations

from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.reading import Document, Node, branches_of
from venuekit.records import dataclass

_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of the values of a schema; `outer` is empty where nothing is."""

    outer: frozenset[str]
    is_nested: bool


@dataclass(frozen=True, slots=True)
class Kinds:
    """Reads kinds of values."""

    document: Document

    def of(self, schema: Node) -> Kind:
        """The kinds of a parameter's value, and whether it holds arrays or objects certainly."""
        outer = self._outer(schema, 0)
        if not outer:
            return Kind(frozenset(), False)
        return Kind(outer, self._nests(self.document.resolve(schema)))

    def _outer(self, schema: Node, depth: int) -> frozenset[str]:
        whole = whole_schema(self.document, schema)
        keywords = whole.map()
        kinds = keywords.get("type")
        named = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
        found = {_KINDS.get(str(kind), "primitive") for kind in named if kind != "null"}
        if not found and "properties" in keywords:
            found.add("object")
        if not found and "items" in keywords:
            found.add("array")
        if not found and ("enum" in keywords or "const" in keywords):
            found.add("primitive")
        if not found and depth < _DEPTH:
            branches = branches_of(whole)
            each = [self._outer(branch, depth + 1) for branch in branches]
            found = set[str]().union(*each) if all(each) else set[str]()
        return frozenset(found)

    def _nests(self, schema: Node) -> bool:
        whole = whole_schema(self.document, schema)
        inner = [node for _, node in whole.get("properties").entries()]
        inner += [n for n in (whole.get("items"), whole.get("additionalProperties")) if n.map()]
        outers = [self._outer(node, 1) for node in inner]
        return any(outer and "primitive" not in outer for outer in outers)


_KINDS = {"array": "array", "object": "object"}
