"""Fields of requests that can have one value only, which callers need not give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from venuekit.ir import (
    Api,
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
    class_names,
    parts,
)
from venuekit.records import dataclass


def with_constants(api: Api) -> Api:
    """The API, where the required constants of what is only sent need not be given.

    What is read must have them still, and so must the members of a union that nothing else tells
    apart.
    """
    events = [t for o in api.operations for c in o.items for _, t in c.events]
    headers = [o.headers for o in api.operations if o.headers]
    leads = _leads(api)
    sent = _reached(leads, api.sent) - _reached(leads, (*api.answered, *events, *headers))
    sent -= _alike(api, leads)
    types = [*api.sent, *api.inner]
    constants = Constants(
        {name: values for name, values in api.constants.items() if len(values) == 1},
        dict(_tags(types)),
        {model.name: model for model in api.models},
        frozenset(p.wire for t in types for p in parts(t) if isinstance(p, Tagged)),
    )
    models = (constants.of(model) if model.name in sent else model for model in api.models)
    return replace(api, models=tuple(models))


@dataclass(frozen=True, slots=True)
class Constants:
    """Knows the only value of a field: a constant, or the tag of a class in a union."""

    enums: Mapping[str, Sequence[object]]  # those of one value
    tags: Mapping[str, tuple[str, str]]  # of a class: property and value
    models: Mapping[str, ModelClass]
    wires: frozenset[str]  # the properties that tell classes apart

    def of(self, model: ModelClass) -> ModelClass:
        """A class with its constants; the tag of one that extends another is a field of its own."""
        fields = [self._with_constant(model.name, field) for field in model.fields]
        own = {field.wire for field in fields}
        for wire in sorted(self.wires - own if model.base else ()):
            field, inherited = self._told(model, wire), self._told(self.models[model.base], wire)
            if field and inherited and field.constant != inherited.constant:
                fields.append(field)
        return replace(model, fields=tuple(fields))

    def _told(self, model: ModelClass, wire: str) -> Field | None:
        """The field of a class that tells it from others, with the value that tells it."""
        for field in model.fields:
            if field.wire == wire:
                return self._with_constant(model.name, field)
        inherited = self._told(self.models[model.base], wire) if model.base else None
        if inherited is None:
            return None
        tagged = self._with_constant(model.name, replace(inherited, constant=None))
        return tagged if model.name in self.tags else replace(inherited, constant=None)

    def _with_constant(self, name: str, field: Field) -> Field:
        wire, tag = self.tags.get(name, ("", ""))
        match field:
            case Field(required=False) | Field(deprecated=True) | Field(is_late=True):
                return field
            case Field(type=OpenEnum() | Scalar("str")) if wire == field.wire:
                return replace(field, constant=tag)
            case Field(type=LiteralOf((value,))):
                return replace(field, constant=value)
            case Field(type=OpenEnum(enum, is_loose=False)) if enum in self.enums:
                value = self.enums[enum][0]
                return replace(field, constant=value) if isinstance(value, str | int) else field
            case _:
                return field


def _tags(types: Sequence[Type]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The tag of each class that has one, wherever it is sent, besides its own name."""
    tagged = [p for type_ in types for p in parts(type_) if isinstance(p, Tagged)]
    known: dict[str, set[tuple[str, str]]] = {}
    for union in tagged:
        for tag, name in union.cases:
            known.setdefault(name, set()).add((union.wire, tag))
    bare = {name for type_ in types for name in _bare(type_)}
    for name, found in known.items():
        given = {told for told in found if told[1] != name} or found
        if len(given) == 1 and name not in bare:
            yield name, given.pop()


def _bare(type_: Type) -> Iterator[str]:
    """The classes in a type that no tag tells."""
    match type_:
        case Tagged():
            return
        case Model(name):
            yield name
        case ListOf(inner) | MapOf(inner):
            yield from _bare(inner)
        case UnionOf(members) | TupleOf(members):
            for member in members:
                yield from _bare(member)
        case _:
            return


def _leads(api: Api) -> dict[str, set[str]]:
    """The classes that each class and alias is made of, its base, and those that extend it."""
    leads: dict[str, set[str]] = {name: _named([type_]) for name, type_ in api.aliases}
    for model in api.models:
        inner = [field.type for field in model.fields]
        extras = [model.extras] if model.extras else []
        leads[model.name] = _named([*inner, *extras]) | ({model.base} - {""})
    for model in api.models:
        if model.base:
            leads.setdefault(model.base, set()).add(model.name)
    return leads


def _reached(leads: Mapping[str, set[str]], types: Iterable[Type]) -> set[str]:
    """The classes that values of some types are made of."""
    found, waiting = set[str](), [*_named(types)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += leads.get(name, ())
    return found


def _named(types: Iterable[Type]) -> set[str]:
    """The classes in types, also those that only a tag leads to."""
    every = list(types)
    cases = (p.cases for type_ in every for p in parts(type_) if isinstance(p, Tagged))
    return class_names(every) | {name for case in cases for _, name in case}


def _alike(api: Api, leads: Mapping[str, set[str]]) -> set[str]:
    """The classes that are members of a union without a tag."""
    found: set[str] = set()
    every = {*api.sent, *api.inner}
    aliases = {name for name, _ in api.aliases}
    for union in {p for type_ in every for p in parts(type_) if isinstance(p, UnionOf)}:
        members = [m for m in union.members if isinstance(m, Model | Tagged)]
        for member in members if len(members) > 1 else ():
            is_class = isinstance(member, Model) and member.name not in aliases
            found |= _named([member]) if is_class else _reached(leads, [member])
    return found
