"""Samples of what a caller gives, and calls that show them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import cast

from venuekit import expressions
from venuekit.demands import Demands, mapped
from venuekit.ir import (
    ANY,
    NONE,
    Api,
    Body,
    Content,
    Field,
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    ModelClass,
    OpenEnum,
    Operation,
    Parameter,
    Scalar,
    Tagged,
    TupleOf,
    Type,
    UnionOf,
)
from venuekit.records import dataclass

_DEPTH = 4  # levels of lists and maps that are not empty
_DEEPEST = 12
_SCALARS: Mapping[str, object] = {
    "str": "text",
    "int": 1,
    "float": 1.5,
    "bool": True,
    "UUID": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "Decimal": "1.50",
    "DecimalNumber": "1.50",
    "Timestamp": "2026-01-31T09:30:00Z",
    "Date": "2026-01-31",
    "Time": "09:30:00",
    "Duration": "PT1H",
    "bytes": b"content",
    "FileLike": b"content",
    "Base64": "Y29udGVudA==",
    "Base64Url": "Y29udGVudA==",
}


@dataclass(frozen=True, slots=True)
class Samples:
    """Makes samples of the types of one document."""

    models: Mapping[str, ModelClass]
    enums: Mapping[str, Sequence[object]]
    aliases: Mapping[str, Type] = field(default_factory=dict[str, Type])
    demands: Demands = field(default_factory=Demands)

    @classmethod
    def of(cls, api: Api) -> Samples:
        return cls(
            {model.name: model for model in api.models},
            api.constants,
            dict(api.aliases),
            Demands(dict(api.rules)),
        )

    def call(self, operation: Operation, client: str = "client", before: str = "") -> str:
        """A call of an operation with all that it requires, and what stands before it."""
        arguments: list[tuple[str, object]] = []
        for parameter in operation.parameters:
            if parameter.constant is not None:
                continue
            if parameter.is_positional:
                arguments.append(("", self.parameter(parameter)))
            elif parameter.required:
                arguments.append((parameter.name, self.parameter(parameter)))
        if operation.body and operation.body.required:
            arguments.append(("body", self.body(operation.body)))
        return expressions.call(f"{client}.{operation.name}", arguments, before)

    def parameter(self, parameter: Parameter) -> object:
        """An argument: the document's example where it has one."""
        example = parameter.example
        is_empty = example == "" and parameter.location == "path"
        like = self.value(parameter.type) if example is None or is_empty else example
        value = self.demands.met(self._like(parameter.type, like), parameter.rules or {})
        return "text" if value is None else value

    def body(self, body: Body) -> object:
        """A body: the document's example where it has one."""
        content = body.contents[0]
        value: object = content.example
        if content.is_sequence:
            return self._items(content)
        if content.type is not None and value is not None:
            value = self._like(content.type, value)
        elif content.type is not None:
            value = self.value(content.type)
        if content.kind == "text":
            value = _text(value)
        elif content.kind == "binary":
            value = value.encode() if isinstance(value, str) else b"content"
        elif value is None:
            value = b"content"
        return self.demands.met(value, content.rules or {})

    def _items(self, content: Content) -> list[object]:
        """The items of a sequence; an example of it is a list of them, or one."""
        type_, example = content.type or ANY, content.example
        found = cast("list[object]", example) if isinstance(example, list) else [example]
        if example is None:
            found = [self.value(type_) if content.type else {"name": "text"}]
        met = self.demands.met([self._like(type_, i) for i in found], content.rules or {})
        return cast("list[object]", met)

    def _like(self, type_: Type, value: object, depth: int = 0) -> object:
        """An example, mended where it is not of its type: the document's need not be."""
        if depth > _DEEPEST:
            return value
        if not self._fits(type_, value):
            return self.value(type_, depth)
        match type_:
            case Model(name) if name in self.aliases:
                return self._like(self.aliases[name], value, depth + 1)
            case Model(name) if name in self.models:
                return self._like_object(name, mapped(value), depth)
            case ListOf(item) if isinstance(value, list):
                return [self._like(item, each, depth + 1) for each in cast("list[object]", value)]
            case MapOf(item):
                return {k: self._like(item, v, depth + 1) for k, v in mapped(value).items()}
            case UnionOf(members):
                fitting = (member for member in members if self._fits(member, value))
                return self._like(next(fitting), value, depth)
            case Tagged(_, wire, cases):
                case = dict(cases).get(str(mapped(value).get(wire)))
                return self._like(Model(case), value, depth) if case else value
            case _:
                return value

    def _like_object(self, name: str, value: Mapping[str, object], depth: int) -> object:
        fields = {f.wire: f for f in self._fields(name)}
        made = {
            wire: self._like(fields[wire].type, v, depth + 1) if wire in fields else v
            for wire, v in value.items()
        }
        missing = [f for f in fields.values() if f.is_asked and f.wire not in made]
        return {**made, **{f.wire: self.value(f.type, depth + 1) for f in missing}}

    def _fields(self, name: str) -> Iterator[Field]:
        """The fields of a class, with those that it inherits."""
        while name:
            yield from self.models[name].fields
            name = self.models[name].base

    def _fits(self, type_: Type, value: object, depth: int = 0) -> bool:
        """Whether an example is of a type, as far as can be seen at its surface."""
        match type_:
            case Scalar("str" | "UUID" | "Decimal" | "Timestamp" | "Date" | "Time" | "Duration"):
                return isinstance(value, str)
            case Scalar("int" | "float" | "DecimalNumber"):
                return isinstance(value, int | float) and not isinstance(value, bool)
            case Scalar("bool"):
                return isinstance(value, bool)
            case ListOf() | TupleOf():
                return isinstance(value, list)
            case OpenEnum(name):
                return value in self.enums.get(name, ())
            case LiteralOf(values):
                return value in values
            case UnionOf(members):
                return any(self._fits(member, value, depth) for member in members)
            case Model(name) if name in self.aliases and depth < _DEPTH:
                return self._fits(self.aliases[name], value, depth + 1)
            case Model() | Tagged() | MapOf():
                return isinstance(value, dict)
            case _:
                return True

    def value(self, type_: Type, depth: int = 0) -> object:
        """A value of a type, as JSON has it."""
        match type_:
            case Scalar(name):
                return _SCALARS.get(name)
            case ListOf(item):
                return [self.value(item, depth + 1)] if depth < _DEPTH else []
            case MapOf(value):
                return {"name": self.value(value, depth + 1)} if depth < _DEPTH else {}
            case TupleOf(items):
                return [self.value(item, depth + 1) for item in items]
            case OpenEnum(name):
                return next(iter(self.enums.get(name, ())), None)
            case LiteralOf(values):
                return values[0]
            case UnionOf(members):
                return self.value(next((m for m in members if m != NONE), NONE), depth)
            case Tagged(members, wire, cases):
                made = self.value(members[0], depth)
                named = {c: value for value, c in cases}
                tag = named.get(members[0].name) if isinstance(members[0], Model) else None
                return {**mapped(made), wire: tag} if tag else made
            case Model(name):
                return self._object(name, depth)

    def _object(self, name: str, depth: int) -> object:
        if name in self.aliases:
            return self.value(self.aliases[name], depth + 1) if depth < _DEEPEST else None
        model = self.models.get(name)
        if model is None or depth > _DEEPEST:
            return next(iter(self.enums.get(name, [dict[str, object]()])), None)
        inherited = mapped(self._object(model.base, depth)) if model.base else {}
        shown = [f for f in model.fields if f.is_asked] or ([] if depth else model.fields[:1])
        fields = {f.wire: self.value(f.type, depth + 1) for f in shown}
        return {**inherited, **fields}


def _text(example: object) -> object:
    """What a text is like, by an example that may be that of what it holds: YAML, XML."""
    if isinstance(example, dict | list):
        return json.dumps(example, ensure_ascii=False, default=bytes.decode)
    return "text" if example is None else example
