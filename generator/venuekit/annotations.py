"""Types as the generated code spells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from venuekit.ir import (
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    OpenEnum,
    Scalar,
    Type,
    UnionOf,
)

Where = Literal["models", "client", "plan"]

# Where a scalar is spelled otherwise than it is called: in a model, for a caller, for a validator.
_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "models": {"Decimal": "DecimalText"},
    "client": {"Timestamp": "datetime", "Date": "date"},
    "plan": {"Date": "date", "Decimal": "DecimalText"},
}
# What a caller may give in place of a type, besides the type itself.
_GIVEN = {"UUID": "UUID | str", "Decimal": "Decimal | int | str"}


def annotation(type_: Type, where: Where = "client") -> str:
    """Spell a type: in `models`, in a signature of the `client`, or in a `plan` for a validator."""
    prefix = "" if where == "models" else "models."
    match type_:
        case Scalar(name):
            return _SPELLINGS[where].get(name, name)
        case ListOf(item):
            return f"list[{annotation(item, where)}]"
        case MapOf(value):
            return f"dict[str, {annotation(value, where)}]"
        case Model(name):
            return f"{prefix}{name}"
        case OpenEnum(name, base):
            joined = f"{prefix}{name} | {annotation(base, where)}"
            return joined if where == "client" else f"Annotated[{joined}, OPEN]"
        case LiteralOf(values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case UnionOf(members):
            return " | ".join(dict.fromkeys(annotation(member, where) for member in members))


def given(type_: Type, values: Mapping[str, tuple[object, ...]]) -> str:
    """Spell what a caller may give for a type; `values` has those of each enumeration."""
    match type_:
        case Scalar(name):
            return _GIVEN.get(name) or annotation(type_)
        case ListOf(item):
            return f"Sequence[{given(item, values)}]"
        case MapOf(value):
            return f"Mapping[str, {given(value, values)}]"
        case Model(name):
            return f"models.{name} | Mapping[str, Any]"
        case OpenEnum(name):
            constants = ", ".join(repr(value) for value in values[name])
            return f"models.{name} | Literal[{constants}]"
        case UnionOf(members):
            return " | ".join(dict.fromkeys(given(member, values) for member in members))
        case LiteralOf():
            return annotation(type_)


def checked(type_: Type) -> str:
    """Spell what an argument is validated as: what is sent is closed to unknown values."""
    match type_:
        case OpenEnum(name):
            return f"models.{name}"
        case ListOf(item):
            return f"list[{checked(item)}]"
        case MapOf(value):
            return f"dict[str, {checked(value)}]"
        case UnionOf(members):
            return " | ".join(dict.fromkeys(checked(member) for member in members))
        case _:
            return annotation(type_, "plan")
