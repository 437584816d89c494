"""Which of several schemas an object is of, told by the value of one of its properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field

from venuekit.normalisation.kinds import (
    Constant,
    constants,
    is_object_class,
    kinds_of,
    lists_null,
)
from venuekit.normalisation.merging import merged, whole_schema
from venuekit.normalisation.reading import Document, Node, Pointer, branches_of
from venuekit.records import dataclass
from venuekit.sources import Map


@dataclass(frozen=True, slots=True)
class Variants:
    """The property that tells, and the schema for each of its values."""

    wire: str
    cases: tuple[tuple[str, Node], ...]
    base: Node | None = None  # what an object of no known case is
    within: tuple[Node, ...] = ()  # the alternatives of unions within the union
    otherwise: Node | None = None  # what an object of no known case is by `defaultMapping`

    def of(self, branches: Sequence[Node]) -> tuple[Node, ...]:
        """The alternatives of a union, and those of unions within it."""
        return (*branches, *self.within)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A schema that a property may tell, by the discriminator of its owner."""

    owner: Node
    schema: Node
    whole: Node


@dataclass(slots=True)
class Families:
    """Finds the variants of unions and of base classes."""

    document: Document
    _children: dict[Pointer, list[Node]] | None = field(default=None)
    _known: dict[Pointer, Variants | None] = field(default_factory=dict[Pointer, "Variants | None"])

    def of_union(self, schema: Node, branches: Sequence[Node]) -> Variants | None:
        """The variants of a union; found by constants where it has no discriminator."""
        return self._of_union(schema, branches, frozenset({schema.pointer}))

    def _of_union(
        self, schema: Node, branches: Sequence[Node], outer: frozenset[Pointer]
    ) -> Variants | None:
        resolved = [self.document.resolve(branch) for branch in branches]
        resolved = [branch for branch in resolved if kinds_of(branch) != ("null",)]
        wire = schema.get("discriminator").text("propertyName")
        leaves = [*self._leaves(schema, resolved, wire, {schema.pointer})]
        wholes = [leaf.whole for leaf in leaves]
        if len(leaves) < 2 or not all(self._is_told(leaf, wire, outer) for leaf in leaves):
            return None
        if not wire:
            return self._inferred(resolved, wholes)
        own = {branch.pointer for branch in resolved}
        within = tuple(leaf.schema for leaf in leaves if leaf.schema.pointer not in own)
        return Variants(wire, self._cases(leaves, wire), None, within, self._otherwise(leaves))

    def _is_told(self, leaf: _Leaf, wire: str, outer: frozenset[Pointer]) -> bool:
        """Whether it is a class, or beside a discriminator a union of classes with another."""
        if is_object_class(leaf.whole):
            return True
        inner = branches_of(leaf.whole)
        has_null = lists_null(self.document, inner)
        if not wire or not inner or has_null or leaf.schema.pointer in outer:
            return False
        return self._of_union(leaf.whole, inner, outer | {leaf.schema.pointer}) is not None

    def _leaves(
        self, owner: Node, branches: Sequence[Node], wire: str, seen: set[Pointer]
    ) -> Iterator[_Leaf]:
        """The alternatives of a union; of one within it that the same property tells, its own."""
        for branch in branches:
            whole = whole_schema(self.document, branch)
            inner = list(map(self.document.resolve, branches_of(whole)))
            is_told = bool(wire) and wire == whole.get("discriminator").text("propertyName")
            has_null = lists_null(self.document, inner)
            if is_told and not has_null and inner and branch.pointer not in seen:
                yield from self._leaves(whole, inner, wire, seen | {branch.pointer})
            else:
                yield _Leaf(owner, branch, whole)

    def of_base(self, schema: Node) -> Variants | None:
        """The variants of a component that others extend by `allOf`, with a discriminator."""
        pointer = schema.pointer
        if pointer not in self._known:
            self._known[pointer] = self._of_base(schema)
        return self._known[pointer]

    def _of_base(self, schema: Node) -> Variants | None:
        keywords = schema.map()
        if "oneOf" in keywords or "anyOf" in keywords or "$ref" in keywords:
            return None
        owner = self._owner(schema)
        descendants = list(self._descendants(schema.pointer)) if owner else []
        if owner is None or not descendants:
            return None
        if not is_object_class(merged(self.document, schema)):
            return None
        wire = owner.get("discriminator").text("propertyName")
        found = [_Leaf(owner, child, merged(self.document, child)) for child in descendants]
        leaves = [leaf for leaf in found if is_object_class(leaf.whole)]
        cases = self._cases(leaves, wire)
        return Variants(wire, cases, schema, (), self._otherwise(leaves)) if cases else None

    def _owner(self, schema: Node) -> Node | None:
        """The schema whose discriminator holds for a schema: itself, or what it extends."""
        seen: set[Pointer] = set()
        waiting = [schema]
        while waiting:
            node = waiting.pop()
            if node.pointer in seen:
                continue
            if node.get("discriminator").text("propertyName"):
                return node
            seen.add(node.pointer)
            bases = [self.document.resolve(member) for member in node.get("allOf").items()]
            waiting += reversed(bases)
        return None

    def parent(self, schema: Node) -> Node | None:
        """The nearest component with variants that a schema extends."""
        targets = [self.document.target(member) for member in schema.get("allOf").items()]
        return next((node for node in targets if node and self.of_base(node)), None)

    def _descendants(self, pointer: Pointer) -> Iterator[Node]:
        if self._children is None:
            self._children = {}
            for _, child in self.document.node.get("components", "schemas").entries():
                for member in child.get("allOf").items():
                    target = self.document.target(member)
                    if target is not None:
                        self._children.setdefault(target.pointer, []).append(child)
        queue, seen = [pointer], {pointer}
        while queue:
            for child in self._children.get(queue.pop(), []):
                if child.pointer not in seen:
                    seen.add(child.pointer)
                    queue.append(child.pointer)
                    yield child

    def _cases(self, leaves: Sequence[_Leaf], wire: str) -> tuple[tuple[str, Node], ...]:
        """The schema for each value.

        The name of a schema is a value of it beside those of the mapping ("an implicit or explicit
        mapping": OpenAPI 3.1, Discriminator Object), unless that has it for another; so is each
        constant that it alone has, and has not from the base class.
        """
        cases: dict[str, Node] = {}
        own = [self._constants(leaf.whole, wire) for leaf in leaves]
        for leaf, tags in zip(leaves, own, strict=True):
            for tag in self._tags(leaf, tags):
                cases.setdefault(tag, leaf.schema)
        owners = {leaf.owner.pointer: leaf.owner for leaf in leaves}
        of_owners = {
            pointer: set(self._constants(merged(self.document, owner), wire))
            for pointer, owner in owners.items()
        }
        counted = Counter(tag for tags in own for tag in set(tags))
        for leaf, tags in zip(leaves, own, strict=True):
            inherited = of_owners[leaf.owner.pointer]
            for tag in tags if set(tags) != inherited else ():
                if isinstance(tag, str) and counted[tag] == 1:
                    cases.setdefault(tag, leaf.schema)
            if leaf.schema.is_component and not tags:
                cases.setdefault(leaf.schema.pointer[-1], leaf.schema)
        return tuple(sorted(cases.items(), key=lambda case: case[0]))

    def _constants(self, whole: Node, wire: str) -> Sequence[Constant]:
        """The values that a property of a class has; of a union, that of all its classes."""
        inner = [] if is_object_class(whole) else branches_of(whole)
        wholes = [whole_schema(self.document, node) for node in inner] or [whole]
        listed = [whole_schema(self.document, each.get("properties", wire)) for each in wholes]
        return [value for schema in listed for value in constants(schema)]

    def _tags(self, leaf: _Leaf, own: Sequence[Constant]) -> list[str]:
        """The values for a schema: those of the mapping, its own constant, or its name."""
        owner, schema = leaf.owner, leaf.schema
        found: list[str] = []
        for tag, target in owner.get("discriminator", "mapping").entries():
            if self._target(owner, target).pointer == schema.pointer:
                found.append(tag)
        if not found and len(own) <= 1:
            found.extend(value for value in own if isinstance(value, str))
        return found or [schema.pointer[-1]]

    def _target(self, owner: Node, named: Node) -> Node:
        """The schema that a discriminator names, by reference or as a component."""
        name = named.value if isinstance(named.value, str) else ""
        if name.startswith("#"):
            return self.document.resolve(Node(Map({"$ref": name}), owner.pointer))
        return self.document.node.get("components", "schemas", name)

    def _otherwise(self, leaves: Sequence[_Leaf]) -> Node | None:
        """The case of an object without the property, or with a value that announces nothing.

        OpenAPI 3.2, Discriminator Object, `defaultMapping`.
        """
        for leaf in leaves:
            named = leaf.owner.get("discriminator", "defaultMapping")
            if named.value and self._target(leaf.owner, named).pointer == leaf.schema.pointer:
                return leaf.schema
        return None

    def _inferred(self, resolved: Sequence[Node], wholes: Sequence[Node]) -> Variants | None:
        shared = set(wholes[0].get("required").strings())
        for whole in wholes[1:]:
            shared &= set(whole.get("required").strings())
        for wire in sorted(shared):
            cases: dict[str, Node] = {}
            count = 0
            for branch, whole in zip(resolved, wholes, strict=True):
                prop = self.document.resolve(whole.get("properties", wire))
                own = constants(whole_schema(self.document, prop)) if prop.map() else []
                texts = [value for value in own if isinstance(value, str)]
                if not texts or len(texts) < len(own) or "x-extensible-enum" in prop.map():
                    break
                count += len(texts)
                cases.update(dict.fromkeys(texts, branch))
            else:
                if len(cases) == count:
                    return Variants(wire, tuple(sorted(cases.items(), key=lambda c: c[0])))
        return None
