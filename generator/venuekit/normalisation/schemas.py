"""Schemas into types: which become classes, and what their fields hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from itertools import chain, islice, repeat

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import (
    ANY,
    NONE,
    EnumClass,
    Field,
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    ModelClass,
    OpenEnum,
    Scalar,
    Tagged,
    TupleOf,
    Type,
    members_of,
    nullable,
    parts,
)
from venuekit.normalisation.alternatives import (
    constant_type,
    is_spread,
    joined_types,
    names_of_undeclared,
    scalar_type,
    spread,
    tagged,
    undeclared,
    without_null,
)
from venuekit.normalisation.branches import branch_hints, only_class
from venuekit.normalisation.classes import Classes, key_of
from venuekit.normalisation.enumerations import enumerated
from venuekit.normalisation.hints import Hint, base_hint, inside, own_hint
from venuekit.normalisation.kinds import (
    allows_null,
    constants,
    is_constant,
    is_object_class,
    kinds_of,
    lists_null,
    members,
    no_null,
)
from venuekit.normalisation.merging import ANNOTATIONS, inherited, merged, remarks
from venuekit.normalisation.reading import Document, Node, Pointer, branches_of
from venuekit.normalisation.roles import Roles, is_marked
from venuekit.normalisation.secrets import Secrets
from venuekit.normalisation.variants import Families, Variants
from venuekit.records import dataclass
from venuekit.sources import Map, Seq

_DEPTH = 60
_DEEP = 30  # classes that are referred to from further inside are read after what refers to them
_PARTS = 2_000  # types that one is written with

_Key = tuple[Pointer, bool]


@dataclass(slots=True)
class Schemas:
    """Reads schemas into types, and keeps the classes that they need."""

    document: Document
    report: Report
    families: Families
    roles: Roles
    classes: Classes
    _types: dict[_Key, Type] = field(default_factory=dict[_Key, Type])
    _open: set[_Key] = field(default_factory=set[_Key])
    _recursive: dict[_Key, str] = field(default_factory=dict[_Key, str])
    _later: list[tuple[Node, bool]] = field(default_factory=list[tuple[Node, bool]])
    _sending: bool = False
    _depth: int = 0

    @classmethod
    def of(cls, document: Document, report: Report) -> Schemas:
        families = Families(document)
        roles = Roles(document, families)
        return cls(document, report, families, roles, Classes(document, report))

    def read_components(self) -> None:
        """Read every schema below `components.schemas`, used or not."""
        for _, schema in sorted(self.document.node.get("components", "schemas").entries()):
            type_ = self._named(schema)
            self._read_later()
            match [member for member in members_of(type_) if member != NONE]:
                case [Model(key) | OpenEnum(key) | Tagged((Model(key), *_), has_base=True)]:
                    self.classes.second_names[schema.pointer[2]] = key
                case _:
                    pass

    def read(self, schema: Node, hint: Hint, *, sending: bool = False) -> Type:
        """The type of a schema wherever it stands; `sending` where it is of a request."""
        self._sending = sending
        type_ = self._nested(schema, hint)
        self._read_later()
        self._sending = False
        return type_

    def _read_later(self) -> None:
        while self._later:
            schema, self._sending = self._later.pop()
            self._nested(schema, own_hint(self.document, schema))
            variants = self.families.of_base(schema)
            for _, case in variants.cases if variants else ():
                self._named(case)
        self._sending = False

    def _nested(self, schema: Node, hint: Hint) -> Type:
        if self._depth > _DEPTH:
            self.report.warning(
                "VK320",
                f"schemas nested deeper than {_DEPTH} are typed as Any",
                self.document.place(schema),
                "let the inner ones be components",
            )
            return ANY
        self._depth += 1
        try:
            type_ = self._read(schema, hint)
        finally:
            self._depth -= 1
        if isinstance(type_, Scalar | Model):
            return type_
        if sum(1 for _ in islice(parts(type_), _PARTS + 1)) <= _PARTS:
            return type_
        self.report.warning(
            "VK320",
            f"a schema that is made of more than {_PARTS} others is typed as Any",
            self.document.place(schema),
            "let the inner ones be objects with properties",
        )
        return ANY

    def _read(self, schema: Node, hint: Hint) -> Type:
        keywords = schema.map()
        if "$ref" not in keywords and "$dynamicRef" not in keywords:
            return self._inline(schema, hint)
        target = self.document.target(schema)
        if target is None:
            return ANY
        siblings = {k for k in keywords if k[:1] != "$" and k not in ANNOTATIONS}
        if siblings and not self.document.is_legacy and "$ref" in keywords:
            return self._inline(schema, hint)
        *_, type_ = [self._named(link) for link in reversed([*self.document.chain(target)])]
        return nullable(type_) if schema.flag("nullable") else type_

    # Schemas that others refer to.

    def _named(self, schema: Node) -> Type:
        place = (schema.pointer, self._sending)
        if place in self._types:
            return self._types[place]
        if place in self._open:  # recursive, and not through a class: it gets a name itself
            key = self._claim(schema, own_hint(self.document, schema))
            self._recursive[place] = key
            return Model(key)
        self._open.add(place)
        variants = self._types_in_progress(schema)
        if place in self._types and self._depth > _DEEP and self._is_class(schema):
            self._open.discard(place)
            self._later.append((schema, self._sending))
            return self._types[place]
        type_ = self._nested(schema, own_hint(self.document, schema))
        self._open.discard(place)
        if variants is not None:
            for _, case in variants.cases:
                self._named(case)
            type_ = self._types[place]
        self._types[place] = type_ = self._aliased(schema, type_)
        return type_

    def _types_in_progress(self, schema: Node) -> Variants | None:
        """Let what refers back to a schema find its type before it is finished."""
        whole = merged(self.document, schema)
        if "$ref" in whole.map():
            return None
        variants = None
        if is_object_class(whole) and not is_spread(self.document, whole):
            key = self._claim(whole, own_hint(self.document, schema))
            type_: Type = Model(key)
            variants = self.families.of_base(schema)
            if variants is not None:
                type_ = self._based(key, variants)
        else:
            branches, hint = branches_of(whole), own_hint(self.document, schema)
            if self.families.of_union(whole, branches) is not None:
                type_ = Model(self._claim(whole, hint))
            elif only := only_class(self.document, whole, branches, inside(whole, hint)):
                type_ = nullable(Model(self._claim(*only)))
            else:
                return None
        self._types[schema.pointer, self._sending] = (
            nullable(type_) if allows_null(whole) else type_
        )
        return variants

    def _based(self, key: str, variants: Variants) -> Tagged:
        """A class that others extend: an object is read as that of its case."""
        cases, inner = list[tuple[str, str]](), list[tuple[str, Tagged]]()
        for tag, node in variants.cases:
            child = key_of(node.pointer, sent=self._is_sent(node))
            cases.append((tag, child))
            parent = self.families.parent(node)
            nearest = key_of(parent.pointer, sent=self._is_sent(parent)) if parent else key
            self.classes.heirs.add((child, nearest, variants.wire))
            if (own := self.families.of_base(node)) and own.wire != variants.wire:
                inner.append((child, self._based(child, own)))
        node = variants.otherwise
        otherwise = key_of(node.pointer, sent=self._is_sent(node)) if node else ""
        return Tagged((Model(key),), variants.wire, tuple(cases), True, tuple(inner), otherwise)

    def _aliased(self, schema: Node, type_: Type) -> Type:
        """Give a name to a recursive type, and to a component that is a union of classes."""
        recursive = self._recursive.get((schema.pointer, self._sending))
        key = recursive or key_of(schema.pointer, sent=self._is_sent(schema))
        bare = without_null(type_)
        if bare == Model(key) and not recursive:
            return type_
        classes = sum(isinstance(member, Model) for member in members_of(bare))
        if recursive or (schema.is_component and classes > 1):
            key = self._claim(schema, own_hint(self.document, schema))
            if key not in self.classes.aliases:
                self.classes.aliases[key] = type_ if recursive else bare
            return Model(key) if recursive or bare == type_ else nullable(Model(key))
        return type_

    def _is_sent(self, schema: Node) -> bool:
        return self._sending and self.roles.differ(schema)

    def _is_class(self, schema: Node) -> bool:
        """Whether a schema is a class and no union, however many schemas it is made of."""
        whole = merged(self.document, schema)
        return is_object_class(whole) and not branches_of(whole)

    def _claim(self, schema: Node, hint: Hint) -> str:
        return self.classes.claim(schema, hint, sent=self._is_sent(schema))

    # Schemas of every kind.

    def _inline(self, schema: Node, hint: Hint) -> Type:
        if isinstance(schema.value, bool) or not schema.map():
            return ANY
        whole = enumerated(merged(self.document, schema))
        type_ = self._without_null(whole, hint)
        if allows_null(whole) and not (isinstance(type_, LiteralOf | OpenEnum) and no_null(whole)):
            return nullable(type_)
        return type_

    def _without_null(self, schema: Node, hint: Hint) -> Type:
        keywords = schema.map()
        if "$ref" in keywords:  # what merging left: a reference with nothing but annotations
            return self._read(Node(Map({"$ref": keywords["$ref"]}), schema.pointer), hint)
        if "enum" in keywords or "const" in keywords:
            return self._enum(schema, hint)
        if isinstance(keywords.get("x-extensible-enum"), list):
            return self._enum(schema, hint)
        branches, is_mixed = branches_of(schema), is_spread(self.document, schema)
        if branches and (is_mixed or not is_object_class(schema)):
            hints = branch_hints(self.document, schema, branches, inside(schema, hint))
            branches = spread(self.document, schema, branches) if is_mixed else branches
            return self._union(schema, branches, hint, hints)
        kinds = [kind for kind in kinds_of(schema) if kind != "null"]
        if not kinds and kinds_of(schema):
            return NONE
        if len(kinds) > 1:
            return joined_types(self._of_kind(kind, schema, hint) for kind in kinds)
        return self._of_kind(kinds[0] if kinds else "", schema, hint)

    def _of_kind(self, kind: str, schema: Node, hint: Hint) -> Type:
        match kind:
            case "object":
                return self._object(schema, hint)
            case "array":
                return self._array(schema, hint)
            case _:
                return scalar_type(kind, schema)

    def _array(self, schema: Node, hint: Hint) -> Type:
        first = list(schema.get("prefixItems").items())
        if first:
            return TupleOf(
                tuple(self._nested(item, hint.then(f"Item{n}")) for n, item in enumerate(first, 1))
            )
        return ListOf(self._nested(schema.get("items"), hint.then("Item")))

    def _union(
        self, schema: Node, branches: Sequence[Node], hint: Hint, hints: Sequence[Hint]
    ) -> Type:
        variants = self.families.of_union(schema, branches)
        if variants is None:
            return joined_types(map(self._nested, branches, hints))
        key = self._claim(schema, hint)
        if key not in (known := self.classes.aliases):
            known[key] = ANY  # found by what refers back
            types = list(map(self._nested, variants.of(branches), chain(hints, repeat(hint))))
            known[key] = tagged(self.document, variants, branches, types, known)
        return nullable(Model(key)) if lists_null(self.document, branches) else Model(key)

    # Classes.

    def _object(self, schema: Node, hint: Hint) -> Type:
        if not is_object_class(schema):
            extra = self._extras(schema, hint)
            return MapOf(ANY) if extra is None else MapOf(extra, names_of_undeclared(schema))
        key = self._claim(schema, hint)
        if key not in self.classes.models:
            # Found by what refers back.
            self.classes.models[key] = ModelClass(name=key, fields=())
            self.classes.models[key] = self._model(key, schema, inside(schema, hint))
        return Model(key)

    def _extras(self, schema: Node, hint: Hint) -> Type | None:
        """What undeclared properties hold, where the document types them."""
        found = undeclared(schema)
        if not found:
            return None
        words = ["Value"] if len(found) == 1 else [f"Value{n}" for n in range(1, len(found) + 1)]
        type_ = joined_types(map(self._nested, found, map(hint.then, words)))
        return None if type_ == ANY else type_

    def _model(self, key: str, schema: Node, hint: Hint) -> ModelClass:
        required = set(schema.get("required").strings())
        properties = [
            (wire, prop)
            for wire, prop in schema.get("properties").entries()
            if not (self._sending and is_marked(self.document, prop, "readOnly"))
        ]
        names = naming.fields([wire for wire, _ in properties])
        # In an order that is not the document's: who comes first may decide a name.
        declared = inherited(self.document, self.document.at(schema.pointer) or schema)
        types = {
            wire: self._nested(base, base_hint(self.document, base).then(wire))
            if (base := declared.get(id(prop.value))) is not None
            else self._nested(prop, hint.then(wire))
            for wire, prop in sorted(properties)
        }
        fields: list[Field] = []
        for wire, prop in properties:
            description, is_deprecated = remarks(self.document, prop)
            is_hidden = not self._sending and is_marked(self.document, prop, "writeOnly")
            fields.append(
                Field(
                    name=names[wire],
                    wire=wire,
                    type=types[wire],
                    required=wire in required and not is_hidden,
                    description=description,
                    deprecated=is_deprecated,
                    is_secret=Secrets(self.document).is_hidden(prop),
                )
            )
        return ModelClass(
            name=key,
            fields=tuple(fields),
            description=schema.text("description"),
            extras=self._extras(schema, hint),
            extras_named=names_of_undeclared(schema),
            extras_name="extras_" if "extras" in names.values() else "extras",
        )

    def _enum(self, schema: Node, hint: Hint) -> Type:
        values = constants(schema)
        keywords = schema.map()
        listed = keywords.get("const", keywords.get("enum"))
        is_mixed = isinstance(listed, list) and any(isinstance(v, Map | Seq) for v in listed)
        if is_mixed and values:
            return ANY
        if is_constant(schema, values):
            return LiteralOf(tuple(v for v in values if isinstance(v, str | int)))
        if not values:
            return NONE if listed is None or listed == [None] else self._loose(schema, hint)
        bases = joined_types(dict.fromkeys(constant_type(value) for value in values))
        if all(isinstance(value, bool) for value in values) or len(set(values)) < len(values):
            return bases
        key = self._claim(schema, hint)
        if key not in self.classes.enums:
            self.classes.enums[key] = EnumClass(
                name=key,
                members=members(schema, values),
                description=schema.text("description"),
            )
        return OpenEnum(key, bases)

    def _loose(self, schema: Node, hint: Hint) -> Type:
        """The type of a schema whose constants are containers: what it says besides."""
        rest = Map({k: v for k, v in schema.map().items() if k not in ("enum", "const")})
        return self._nested(Node(rest, schema.pointer), hint) if kinds_of(Node(rest, ())) else ANY
