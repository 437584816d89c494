"""Python expressions that show what a caller gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from venuekit.ir import (
    NONE,
    Api,
    Body,
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

_DEPTH = 4
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
    "Base64": "Y29udGVudA==",
}


@dataclass(frozen=True, slots=True)
class Samples:
    """Makes samples of the types of one document."""

    models: Mapping[str, ModelClass]
    enums: Mapping[str, object]
    aliases: Mapping[str, Type] = field(default_factory=dict[str, Type])

    @classmethod
    def of(cls, api: Api) -> Samples:
        return cls(
            {model.name: model for model in api.models},
            {enum.name: enum.members[0][1] for enum in api.enums if enum.members},
            dict(api.aliases),
        )

    def call(self, operation: Operation, client: str = "client") -> str:
        """A call of an operation with all that it requires."""
        arguments: list[str] = []
        for parameter in operation.parameters:
            if parameter.is_positional:
                arguments.append(self.parameter(parameter))
            elif parameter.required:
                arguments.append(f"{parameter.name}={self.parameter(parameter)}")
        if operation.body and operation.body.required:
            arguments.append(f"body={self.body(operation.body)}")
        return f"{client}.{operation.name}({', '.join(arguments)})"

    def parameter(self, parameter: Parameter) -> str:
        """An argument: the document's example where it has one."""
        if parameter.example is not None:
            return repr(parameter.example)
        return repr(self.value(parameter.type))

    def body(self, body: Body) -> str:
        """A body: the document's example where it has one."""
        content = body.contents[0]
        if content.example is not None:
            return repr(content.example)
        if content.kind == "text":
            return repr("text")
        return repr(b"content" if content.type is None else self.value(content.type))

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
                return self.enums.get(name)
            case LiteralOf(values):
                return values[0]
            case UnionOf(members):
                return self.value(next((m for m in members if m != NONE), NONE), depth)
            case Tagged(members, wire, cases):
                made = self.value(members[0], depth)
                named = {c: value for value, c in cases}
                tag = named.get(members[0].name) if isinstance(members[0], Model) else None
                return {**_fields(made), wire: tag} if tag else made
            case Model(name):
                return self._object(name, depth)

    def _object(self, name: str, depth: int) -> object:
        if name in self.aliases:
            return self.value(self.aliases[name], depth + 1) if depth < _DEPTH else None
        model = self.models.get(name)
        if model is None or depth > _DEPTH:
            return self.enums.get(name, {})
        inherited = _fields(self._object(model.base, depth)) if model.base else {}
        shown = [f for f in model.fields if f.required] or ([] if depth else model.fields[:1])
        fields = {f.wire: self.value(f.type, depth + 1) for f in shown}
        return {**inherited, **fields}


def _fields(value: object) -> dict[str, object]:
    return cast(dict[str, object], value) if isinstance(value, dict) else {}
