"""The classes that schemas need: asked for one by one, named together at the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field, replace

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import (
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
    UnionOf,
    parts,
    renamed,
)
from venuekit.normalisation.grounding import grounded
from venuekit.normalisation.hints import STRUCTURE, Hint, title_of
from venuekit.normalisation.reading import Document, Node, Pointer
from venuekit.normalisation.sameness import same_enums
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq


@dataclass(slots=True)
class Classes:
    """Keeps the classes under keys that do not depend on the order of the document."""

    document: Document
    report: Report
    models: dict[str, ModelClass] = field(default_factory=dict[str, ModelClass])
    enums: dict[str, EnumClass] = field(default_factory=dict[str, EnumClass])
    aliases: dict[str, Type] = field(default_factory=dict[str, Type])
    heirs: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """Classes, the base of each, and the property that tells them apart."""
    second_names: dict[str, str] = field(default_factory=dict[str, str])
    """Components whose type is, or may be, a class: most often their own, else another's."""
    same: dict[str, str] = field(default_factory=dict[str, str])
    """The final names of enumerations that say what another class says, with its name."""
    _claims: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    _components: dict[str, str] = field(default_factory=dict[str, str])
    _places: dict[str, Node] = field(default_factory=dict[str, Node])
    _inlined: dict[Pointer, dict[str, None]] = field(default_factory=dict[Pointer, dict[str, None]])

    def claim(self, schema: Node, hint: Hint, *, sent: bool) -> str:
        """Ask for a class; equal schemas of one name are one class.

        `sent` asks for the class of requests, where that is not the same as that of responses.
        """
        if schema.is_component:
            key = key_of(schema.pointer, sent=sent)
            names = hint.names
            if sent:
                names = tuple(naming.class_(f"{n}{word}") for word in _SENT for n in names)
            else:
                self._components[key] = schema.pointer[2]
        else:
            key, names = self._inline(schema, hint, sent)
            self._inlined.setdefault(schema.pointer, {})[key] = None
        held = self._places.get(key)
        if held is None or schema.pointer < held.pointer:
            self._claims[key] = names
            self._places[key] = schema
        return key

    def _inline(self, schema: Node, hint: Hint, sent: bool) -> tuple[str, tuple[str, ...]]:
        names = hint.names
        title = title_of(schema, hint)
        is_titled = bool(title)
        if is_titled:
            names = (naming.class_(title), *names)
        names = tuple(naming.class_(name) for name in names)
        if sent and (is_titled or schema.pointer[0] == "components"):
            names = tuple(n if n.endswith(_SENT[0]) else f"{n}{_SENT[0]}" for n in names)
        key = f"{names[0]} {_digest(schema)}{' sent' if sent else ''}"
        longer = naming.class_("-".join(t for t in schema.pointer if t not in STRUCTURE))
        return key, (*names, longer)

    # Names.

    def settled(
        self, overrides: Mapping[str, str]
    ) -> tuple[tuple[ModelClass, ...], tuple[EnumClass, ...], Renaming]:
        """Name every class; `overrides` maps names of components, or of classes, to better ones."""
        first = {k: c for k, c in self._components.items() if self._claims[k][0] == c}
        used: set[str] = set()
        if overrides:
            # By what a class is called without them: so those of one name are told apart.
            usual = naming.settle(self._claims, first, separator="")
            for key, name in usual.items():
                for known in (self._components.get(key), name):
                    if known is not None and known in overrides:
                        first[key] = overrides[known]
                        used.add(known)
        names = naming.settle(self._claims, first, separator="")
        self._report_collisions(names, first)
        self._inherit()
        self._close_constants()
        renaming = Renaming(names, frozenset(used), {c: b for c, b, _ in self.heirs})
        models = [renaming.model(key, model) for key, model in self.models.items()]
        enums = [replace(enum, name=names[key]) for key, enum in self.enums.items()]
        nameless = {names[k]: p for k, p in self._places.items() if not self._is_named(k)}
        self.same = same_enums(enums, nameless, self.document)
        # Settings may call several the same: where they are, that is one.
        enums = dict.fromkeys(enum for enum in enums if enum.name not in self.same)
        return (
            tuple(sorted(models, key=lambda m: m.name)),
            tuple(sorted(enums, key=lambda e: e.name)),
            renaming,
        )

    def _is_named(self, key: str) -> bool:
        """Whether the document itself names a class, as a component or by a title."""
        place = self._places[key]
        return place.is_component or self._claims[key][0] == naming.class_(place.text("title"))

    def by_place(self, renaming: Renaming) -> dict[Pointer, tuple[str, ...]]:
        """The classes of every schema that is written where it is used."""
        return {
            at: tuple(renaming.names[key] for key in keys) for at, keys in self._inlined.items()
        }

    def alias_names(self, renaming: Renaming) -> list[str]:
        """What the types that are no classes are called."""
        return [renaming.names[key] for key in self.aliases]

    def named_aliases(self, renaming: Renaming) -> tuple[tuple[str, Type], ...]:
        """The types that are no classes and have names: unions, and what is made of itself."""
        types = grounded(self.aliases)
        return tuple(sorted((renaming.names[key], renaming.type(t)) for key, t in types.items()))

    def named_twins(self, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The names that are another's class, with that; `names` are all by key.

        They are those of components, and those of enumerations that say the same.
        """
        taken, found = set(names.values()), dict(self.same)
        for component, key in sorted(self.second_names.items()):
            name = naming.class_(component)
            if name not in taken and key in {*self.models, *self.enums}:
                found.setdefault(name, self.same.get(names[key], names[key]))
        return tuple(sorted(found.items()))

    def _report_collisions(self, names: Mapping[str, str], first: Mapping[str, str]) -> None:
        for key, name in sorted(names.items()):
            wanted = self._claims[key][0]
            if key in first or name == wanted:
                continue
            self.report.warning(
                "VK301",
                f"another schema is called {wanted} too; this one becomes {name}",
                self.document.place(self._places[key]),
                "name it in client.toml under [names.models]",
            )

    def _inherit(self) -> None:
        """Make classes extend the base that a discriminator names, where their fields agree."""
        parents: dict[str, tuple[str, str]] = {}
        for child, base, wire in sorted(self.heirs):
            if child in self.models and base in self.models and self._agree(child, base, wire):
                parents[child] = (base, wire)
        self.heirs = {(child, base, wire) for child, (base, wire) in parents.items()}
        full = {key: model.fields for key, model in self.models.items()}
        for child, (base, _) in parents.items():
            inherited = {f.wire for f in full[base]}
            own = tuple(f for f in full[child] if f.wire not in inherited)
            self.models[child] = replace(self.models[child], fields=own, base=base)

    def _agree(self, child: str, base: str, wire: str) -> bool:
        own = {f.wire: f for f in self.models[child].fields}
        for field_ in self.models[base].fields:
            other = own.get(field_.wire)
            if other is None or other.name != field_.name:
                return False
            if field_.wire != wire and (other.type, other.required) != (
                field_.type,
                field_.required,
            ):
                return False
        own_names = {f.name for f in self.models[child].fields}
        parent, model = self.models[base], self.models[child]
        same = (parent.extras, parent.extras_named) == (model.extras, model.extras_named)
        return same and len(own_names) == len(own)

    def _close_constants(self) -> None:
        """Let constants tell the members of a union apart where nothing else does."""
        types = [*self.aliases.values(), *(f.type for m in self.models.values() for f in m.fields)]
        inside: set[str] = set()
        for type_ in (part for whole in types for part in parts(whole)):
            if isinstance(type_, UnionOf):
                found = {part.name for part in type_.members if isinstance(part, Model)}
                inside |= found if len(found) > 1 else set()
        for key in inside & set(self.models):
            model = self.models[key]
            fields = tuple(replace(f, type=_closed(f.type)) for f in model.fields)
            self.models[key] = replace(model, fields=fields)


@dataclass(frozen=True, slots=True)
class Renaming:
    """Puts final names where keys stood."""

    names: Mapping[str, str]
    used: frozenset[str] = frozenset()
    bases: Mapping[str, str] = field(default_factory=dict[str, str])

    def type(self, type_: Type) -> Type:
        return renamed(_with_strangers(type_, self.bases), self.names.__getitem__)

    def model(self, key: str, model: ModelClass) -> ModelClass:
        fields = tuple(replace(f, type=self.type(f.type)) for f in model.fields)
        return replace(
            model,
            name=self.names[key],
            fields=fields,
            base=self.names[model.base] if model.base else "",
            extras=None if model.extras is None else self.type(model.extras),
        )

    def field(self, field_: Field) -> Field:
        return replace(field_, type=self.type(field_.type))


_SENT = ("Request", "RequestBody", "AsSent")
_SINGLE = (Scalar, Model, OpenEnum, LiteralOf)  # made of no other types


def key_of(pointer: Pointer, *, sent: bool = False) -> str:
    """The key of a component's class."""
    tokens = (token.replace("~", "~0").replace("/", "~1") for token in pointer)
    return "/" + "/".join(tokens) + (" sent" if sent else "")


def _with_strangers(type_: Type, bases: Mapping[str, str]) -> Type:
    """Name the cases of a base class that do not extend it; all others are of its type."""
    if isinstance(type_, _SINGLE):
        return type_
    match type_:
        case Tagged(members, _, cases, has_base=True):
            base = members[0]
            assert isinstance(base, Model)
            strangers = sorted({c for _, c in cases if not _extends(c, base.name, bases)})
            return replace(type_, members=(base, *map(Model, strangers)))
        case UnionOf(members):
            return UnionOf(tuple(_with_strangers(member, bases) for member in members))
        case _:
            return _rebuilt(type_, bases)


def _rebuilt(type_: Type, bases: Mapping[str, str]) -> Type:
    match type_:
        case ListOf(item):
            return ListOf(_with_strangers(item, bases))
        case MapOf(value, names):
            return MapOf(_with_strangers(value, bases), names)
        case TupleOf(items):
            return TupleOf(tuple(_with_strangers(item, bases) for item in items))
        case _:
            return type_


def _extends(child: str, base: str, bases: Mapping[str, str]) -> bool:
    while child != base:
        if child not in bases:
            return False
        child = bases[child]
    return True


def _closed(type_: Type) -> Type:
    match type_:
        case LiteralOf(values):
            return LiteralOf(values, is_open=False)
        case UnionOf(members):
            return UnionOf(tuple(map(_closed, members)))
        case _:
            return type_


def _digest(schema: Node) -> str:
    text = json.dumps(_bare(schema.value), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _bare(value: JSON) -> JSON:
    """The value without what makes no difference to a class."""
    if isinstance(value, Map):
        kept = (k for k in value if not k.startswith("x-") and k not in ("example", "examples"))
        return Map({k: _bare(value[k]) for k in kept})
    return Seq(map(_bare, value)) if isinstance(value, Seq) else value
