"""Schemas into types: which become classes, what these are called, and what their fields hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import (
    ANY,
    BOOL,
    BYTES,
    INT,
    NONE,
    NUMBER,
    STR,
    EnumClass,
    Field,
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    ModelClass,
    OpenEnum,
    Scalar,
    Type,
    UnionOf,
    is_nullable,
    nullable,
    renamed,
)
from venuekit.normalisation.merging import merged
from venuekit.normalisation.reading import Document, Node, Pointer, scalar
from venuekit.sources import JSON, Map, Seq

_FORMATS = {
    "date-time": Scalar("Timestamp"),
    "date": Scalar("Date"),
    "uuid": Scalar("UUID"),
    "decimal": Scalar("Decimal"),
    "binary": BYTES,
}
_TITLE_WORDS = 5
_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Hint:
    """What an inline schema may be called, the shortest name first."""

    names: tuple[str, ...]

    def then(self, word: str) -> Hint:
        """The hint for something inside: each name with one more word."""
        return Hint(tuple(f"{name}{naming.pascal(word)}" for name in self.names))


@dataclass(slots=True)
class Schemas:
    """Reads schemas, keeps the classes that they need, and names these at the end."""

    document: Document
    report: Report
    _claims: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    _components: dict[str, str] = field(default_factory=dict[str, str])
    _places: dict[str, Node] = field(default_factory=dict[str, Node])
    _models: dict[str, ModelClass] = field(default_factory=dict[str, ModelClass])
    _enums: dict[str, EnumClass] = field(default_factory=dict[str, EnumClass])
    _aliases: dict[str, Type] = field(default_factory=dict[str, Type])
    _types: dict[Pointer, Type] = field(default_factory=dict[Pointer, Type])
    _open: set[Pointer] = field(default_factory=set[Pointer])
    _depth: int = 0

    # Reading.

    def read_components(self) -> None:
        """Read every schema below `components.schemas`, used or not."""
        for _, schema in self.document.node.get("components", "schemas").entries():
            self._named(schema)

    def read(self, schema: Node, hint: Hint) -> Type:
        """The type of a schema wherever it stands."""
        if self._depth > _DEPTH:
            self.report.warning(
                "VK320",
                f"schemas nested deeper than {_DEPTH} are typed as Any",
                self.document.place(schema),
            )
            return ANY
        self._depth += 1
        try:
            return self._read(schema, hint)
        finally:
            self._depth -= 1

    def _read(self, schema: Node, hint: Hint) -> Type:
        keywords = schema.map()
        if "$ref" not in keywords:
            return self._inline(schema, hint)
        target = self.document.target(schema)
        if target is None:
            return ANY
        siblings = {k for k in keywords if k != "$ref" and k not in _ANNOTATIONS}
        if siblings and not self.document.is_legacy:
            return self._inline(schema, hint)
        type_ = self._named(target)
        return nullable(type_) if schema.flag("nullable") else type_

    def _named(self, schema: Node) -> Type:
        """The type of a schema that others refer to."""
        pointer = schema.pointer
        if pointer in self._types:
            return self._types[pointer]
        if pointer in self._open:  # recursive, and not through a class: it gets a name itself
            key = self._claim(schema, self._own_hint(schema))
            self._aliases.setdefault(key, ANY)
            return Model(key)
        self._open.add(pointer)
        self._types_in_progress(schema)
        type_ = self.read(schema, self._own_hint(schema))
        self._open.discard(pointer)
        key = _key(pointer)
        if key in self._aliases:
            self._aliases[key] = type_
            type_ = Model(key)
        self._types[pointer] = type_
        return type_

    def _types_in_progress(self, schema: Node) -> None:
        """Let what refers back to a schema that becomes a class find it before it is finished."""
        if "$ref" in schema.map():
            return
        whole = merged(self.document, schema)
        if _is_object_class(whole):
            key = self._claim(schema, self._own_hint(schema))
            type_: Type = Model(key)
            self._types[schema.pointer] = nullable(type_) if _allows_null(whole) else type_

    def _own_hint(self, schema: Node) -> Hint:
        pointer = schema.pointer
        last = next((t for t in reversed(pointer) if not t.isdecimal()), "Schema")
        if pointer[:2] == ("components", "schemas") and len(pointer) == 3:
            return Hint((naming.class_(last), naming.class_(naming.spelled(last))))
        words = [t for t in pointer if t not in _STRUCTURE]
        return Hint((naming.class_(last), naming.class_("-".join(words))))

    def _inline(self, schema: Node, hint: Hint) -> Type:
        if isinstance(schema.value, bool) or not schema.map():
            return ANY
        whole = merged(self.document, schema)
        type_ = self._without_null(whole, hint)
        if _allows_null(whole) and not (
            isinstance(type_, LiteralOf | OpenEnum) and _no_null(whole)
        ):
            return nullable(type_)
        return type_

    def _without_null(self, schema: Node, hint: Hint) -> Type:
        keywords = schema.map()
        if "$ref" in keywords:  # what merging left: a reference with nothing but annotations
            return self._read(Node(_only_ref(schema), schema.pointer), hint)
        if "enum" in keywords or "const" in keywords:
            return self._enum(schema, hint)
        if isinstance(keywords.get("x-extensible-enum"), list):
            return self._enum(schema, hint)
        branches = [*schema.get("oneOf").items(), *schema.get("anyOf").items()]
        if branches and not _is_object_class(schema):
            return self._union(schema, branches, hint)
        kinds = [kind for kind in _kinds(schema) if kind != "null"]
        if not kinds and _kinds(schema):
            return NONE
        if len(kinds) > 1:
            return _union(self._of_kind(kind, schema, hint) for kind in kinds)
        return self._of_kind(kinds[0] if kinds else "", schema, hint)

    def _of_kind(self, kind: str, schema: Node, hint: Hint) -> Type:
        match kind:
            case "object":
                return self._object(schema, hint)
            case "array":
                return self._array(schema, hint)
            case "string":
                return _FORMATS.get(schema.text("format"), STR)
            case "integer":
                return INT
            case "number":
                return NUMBER
            case "boolean":
                return BOOL
            case "null":
                return NONE
            case _:
                return ANY

    def _array(self, schema: Node, hint: Hint) -> Type:
        if isinstance(schema.map().get("prefixItems"), list):
            return ListOf(ANY)
        return ListOf(self.read(schema.get("items"), hint.then("Item")))

    def _union(self, schema: Node, branches: Sequence[Node], hint: Hint) -> Type:
        members: list[Type] = []
        for index, branch in enumerate(branches):
            word = self._branch_word(branch, index)
            members.append(self.read(branch, hint.then(word)))
        return _union(members)

    def _branch_word(self, branch: Node, index: int) -> str:
        """Tell the branches of a union apart by what they hold rather than by their order."""
        whole = merged(self.document, branch)
        required = whole.get("required").strings()
        for _, prop in whole.get("properties").entries():
            constant = prop.map().get("const")
            if isinstance(constant, str):
                return constant
        return f"With{naming.pascal(required[0])}" if required else f"Option{index + 1}"

    # Classes.

    def _object(self, schema: Node, hint: Hint) -> Type:
        if not _is_object_class(schema):
            extra = schema.get("additionalProperties")
            if isinstance(extra.value, Map) and extra.value:
                return MapOf(self.read(extra, hint.then("Value")))
            return MapOf(ANY)
        key = self._claim(schema, hint)
        if key not in self._models:
            self._models[key] = ModelClass(name=key, fields=())  # found by what refers back
            self._models[key] = self._model(key, schema, hint)
        return Model(key)

    def _model(self, key: str, schema: Node, hint: Hint) -> ModelClass:
        required = set(schema.get("required").strings())
        properties = list(schema.get("properties").entries())
        names = _field_names([wire for wire, _ in properties])
        fields: list[Field] = []
        for wire, prop in properties:
            whole = self.document.resolve(prop)
            fields.append(
                Field(
                    name=names[wire],
                    wire=wire,
                    type=self.read(prop, hint.then(wire)),
                    required=wire in required,
                    description=prop.text("description") or whole.text("description"),
                    deprecated=prop.flag("deprecated"),
                )
            )
        return ModelClass(name=key, fields=tuple(fields), description=_prose(schema))

    def _enum(self, schema: Node, hint: Hint) -> Type:
        values = _enum_values(schema)
        if "const" in schema.map() and values and all(isinstance(v, str | int) for v in values):
            return LiteralOf(tuple(v for v in values if isinstance(v, str | int)))
        if not values:
            return NONE if "enum" in schema.map() else ANY
        if all(isinstance(value, bool) for value in values):
            return BOOL
        key = self._claim(schema, hint)
        if key not in self._enums:
            self._enums[key] = EnumClass(
                name=key, members=_members(schema, values), description=_prose(schema)
            )
        return OpenEnum(key, _union(dict.fromkeys(_base(value) for value in values)))

    def _claim(self, schema: Node, hint: Hint) -> str:
        """Ask for a class; equal schemas of one name are one class."""
        key = _key(schema.pointer)
        if key in self._claims:
            return key
        is_component = schema.pointer[:2] == ("components", "schemas") and len(schema.pointer) == 3
        names = hint.names
        if not is_component:
            title = schema.text("title") or schema.text("x-readme-ref-name")
            if title and len(naming.words(title)) <= _TITLE_WORDS:
                names = (naming.class_(title), *names)
            names = tuple(naming.class_(name) for name in names)
            key = f"{names[0]} {_digest(schema)}"
            longer = naming.class_("-".join(t for t in schema.pointer if t not in _STRUCTURE))
            names = (*names, longer)
        else:
            self._components[key] = schema.pointer[2]
        if key not in self._claims:
            self._claims[key] = names
            self._places[key] = schema
        return key

    # Names.

    def classes(
        self, overrides: Mapping[str, str]
    ) -> tuple[tuple[ModelClass, ...], tuple[EnumClass, ...], Renaming]:
        """Name every class; `overrides` maps names of components, or of classes, to better ones."""
        first: dict[str, str] = {}
        used: set[str] = set()
        for key in self._claims:
            for name in (self._components.get(key), self._claims[key][0]):
                if name is not None and name in overrides:
                    first[key] = overrides[name]
                    used.add(name)
        for key, component in self._components.items():
            if key not in first and self._claims[key][0] == component:
                first.setdefault(key, component)
        names = naming.settle(self._claims, first)
        self._report_collisions(names, first)
        renaming = Renaming(names, frozenset(used))
        models = [
            replace(model, name=names[key], fields=tuple(map(renaming.field, model.fields)))
            for key, model in self._models.items()
        ]
        enums = [replace(enum, name=names[key]) for key, enum in self._enums.items()]
        return (
            tuple(sorted(models, key=lambda m: m.name)),
            tuple(sorted(enums, key=lambda e: e.name)),
            renaming,
        )

    def aliases(self, renaming: Renaming) -> tuple[tuple[str, Type], ...]:
        """The recursive types that no class breaks."""
        return tuple(
            sorted(
                (renaming.names[key], renaming.type(type_)) for key, type_ in self._aliases.items()
            )
        )

    def _report_collisions(self, names: Mapping[str, str], first: Mapping[str, str]) -> None:
        for key, name in names.items():
            wanted = self._claims[key][0]
            if key in first or name == wanted:
                continue
            self.report.warning(
                "VK301",
                f"another schema is called {wanted} too; this one becomes {name}",
                self.document.place(self._places[key]),
                "name it in client.toml under [names.models]",
            )


@dataclass(frozen=True, slots=True)
class Renaming:
    """Puts final names where keys stood."""

    names: Mapping[str, str]
    used: frozenset[str] = frozenset()

    def type(self, type_: Type) -> Type:
        return renamed(type_, self.names.__getitem__)

    def field(self, field_: Field) -> Field:
        return replace(field_, type=self.type(field_.type))


_ANNOTATIONS = frozenset(
    """title description default example examples deprecated readOnly writeOnly nullable
    externalDocs xml $comment summary""".split()
)
_STRUCTURE = frozenset(
    """paths components schemas properties items content schema responses requestBody parameters
    oneOf anyOf allOf additionalProperties application/json""".split()
)


def _key(pointer: Pointer) -> str:
    return "/" + "/".join(token.replace("~", "~0").replace("/", "~1") for token in pointer)


def _digest(schema: Node) -> str:
    text = json.dumps(_bare(schema.value), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _bare(value: JSON) -> JSON:
    """The value without what makes no difference to a class."""
    if isinstance(value, Map):
        kept = (k for k in value if not k.startswith("x-") and k not in ("example", "examples"))
        return Map({k: _bare(value[k]) for k in kept})
    return Seq(map(_bare, value)) if isinstance(value, Seq) else value


def _only_ref(schema: Node) -> Map:
    return Map({"$ref": schema.map()["$ref"]})


def _kinds(schema: Node) -> tuple[str, ...]:
    kind = schema.map().get("type")
    if isinstance(kind, str):
        return (kind,)
    if isinstance(kind, list):
        return tuple(str(k) for k in kind)
    keywords = schema.map()
    if "properties" in keywords or isinstance(keywords.get("additionalProperties"), Map):
        return ("object",)
    return ("array",) if "items" in keywords or "prefixItems" in keywords else ()


def _is_object_class(schema: Node) -> bool:
    properties = schema.map().get("properties")
    return isinstance(properties, Map) and bool(properties) and "object" in (
        *_kinds(schema), "" if _kinds(schema) else "object"
    )  # fmt: skip


def _allows_null(schema: Node) -> bool:
    values = schema.map().get("enum")
    return (
        schema.flag("nullable")
        or ("null" in _kinds(schema) and _kinds(schema) != ("null",))
        or (isinstance(values, list) and None in values)
    )


def _no_null(schema: Node) -> bool:
    """Whether an enum spells out its values without null; then null is no value of it."""
    values = schema.map().get("enum")
    return isinstance(values, list) and None not in values and not schema.flag("nullable")


def _enum_values(schema: Node) -> list[str | int | float | bool]:
    keywords = schema.map()
    if "const" in keywords:
        found = [keywords["const"]]
    else:
        listed = keywords.get("enum", keywords.get("x-extensible-enum"))
        found = list(listed) if isinstance(listed, list) else []
    values: list[str | int | float | bool] = []
    for item in found:
        value = scalar(item)
        if value is not None and not any(value == v and type(value) is type(v) for v in values):
            values.append(value)
    return values


def _members(
    schema: Node, values: Sequence[str | int | float | bool]
) -> tuple[tuple[str, str | int | float | bool], ...]:
    given = schema.map().get("x-enum-varnames") or schema.map().get("x-enumNames")
    labels = (
        [str(v) for v in given] if isinstance(given, list) and len(given) == len(values) else []
    )
    claims: dict[str, tuple[str, ...]] = {}
    for index, value in enumerate(values):
        label = naming.member(labels[index]) if labels else naming.member(value)
        claims[f"{index}"] = (label, naming.constant(naming.spelled(str(value))))
    names = naming.settle(claims)
    return tuple((names[str(index)], value) for index, value in enumerate(values))


def _base(value: str | int | float | bool) -> Type:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT
    return Scalar("float") if isinstance(value, float) else STR


def _field_names(wires: Sequence[str]) -> dict[str, str]:
    claims = {wire: (naming.field(wire), naming.field(naming.spelled(wire))) for wire in wires}
    exact = {wire: wire for wire in wires if naming.field(wire) == wire}
    return naming.settle(claims, exact)


def _prose(schema: Node) -> str:
    return schema.text("description")


def _union(members: Iterable[Type]) -> Type:
    """Join types: a plain string beside an open enumeration of strings adds nothing."""
    flat: dict[Type, None] = {}
    for member in members:
        for part in member.members if isinstance(member, UnionOf) and not member.tag else (member,):
            flat[part] = None
    if not flat or ANY in flat:
        return ANY
    bases = {part.base for part in flat if isinstance(part, OpenEnum)}
    kept = [part for part in flat if part not in bases or isinstance(part, OpenEnum)]
    ordered = [p for p in kept if p != NONE] + [p for p in kept if p == NONE]
    return ordered[0] if len(ordered) == 1 else UnionOf(tuple(ordered))


__all__ = ["Hint", "Renaming", "Schemas", "is_nullable"]
