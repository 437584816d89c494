"""Types as the generated code spells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from venuekit.ir import (
    NONE,
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    OpenEnum,
    Scalar,
    Tagged,
    TupleOf,
    Type,
    UnionOf,
    parts,
)

Where = Literal["models", "types", "client", "plan"]

# Where a scalar is spelled otherwise than it is called: in a model, for a caller, for a validator.
_KEPT = {
    "Date": "DateText",
    "Time": "TimeText",
    "Duration": "DurationText",
    "UUID": "UuidText",
    "Decimal": "DecimalText",
    "Base64": "Base64Text",
    "Base64Url": "Base64UrlText",
}
_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "models": _KEPT,
    "types": {**_KEPT, "DecimalNumber": "DecimalNumber"},
    "client": {
        "Timestamp": "datetime",
        "Date": "date",
        "Time": "time_",
        "Duration": "timedelta",
        "DecimalNumber": "Decimal",
        "Base64": "bytes",
        "Base64Url": "bytes",
    },
    "plan": _KEPT,
}
_PLAIN = frozenset(map(Scalar, ("None", "str", "int", "float", "bool", "bytes", "Any")))
_DATES = frozenset({Scalar("Date"), Scalar("Timestamp")})
_DATE_OR_TIMESTAMP = Scalar("DateOrTimestamp")
_FORMATTED = frozenset(
    {_DATE_OR_TIMESTAMP, *map(Scalar, ("Timestamp", "Date", "Time", "Duration", "UUID", "Decimal"))}
)
# What a caller may give in place of a type, besides the type itself.
_GIVEN = {
    "Timestamp": "datetime | str",  # whose nanoseconds no datetime holds
    "Date": "date | str",
    "Time": "time_ | str",
    "Duration": "timedelta | str",
    "UUID": "UUID | str",
    "Decimal": "Decimal | str",
    "DecimalNumber": "Decimal | int | float",
    "Base64": "bytes | str",
    "Base64Url": "bytes | str",
}


def annotation(type_: Type, where: Where = "client") -> str:
    """Spell a type for readers (`client`; `types` in models) or validators (`plan`; `models`)."""
    prefix = "" if where in ("models", "types") else "models."
    match type_:
        case Scalar(name):
            return _SPELLINGS[where].get(name, name)
        case ListOf(item):
            return f"list[{annotation(item, where)}]"
        case MapOf(value, names):
            spelled = f"dict[str, {annotation(value, where)}]"
            if not names or where in ("client", "types"):
                return spelled
            return f"Annotated[{spelled}, {named(names)}]"
        case Model(name):
            return f"{prefix}{name}"
        case OpenEnum(name, base):
            return _open(f"{prefix}{name}", base, where)
        case LiteralOf(values, is_open):
            kinds = dict.fromkeys(type(value).__name__ for value in values if is_open)
            return " | ".join([f"Literal[{', '.join(map(repr, values))}]", *kinds])
        case TupleOf(items):
            joined = f"tuple[{', '.join(annotation(item, where) for item in items)}] | list[Any]"
            return joined if where in ("client", "types") else f"Annotated[{joined}, OPEN]"
        case UnionOf(members):
            told = members if where == "client" else _told(members)
            return _union(told, _members(told, where), where)
        case Tagged(members):
            joined = _joined(annotation(member, where) for member in members)
            if where in ("client", "types"):
                return joined
            return f"Annotated[{joined}, {_telling(type_, prefix)}]"


def named(patterns: Sequence[str]) -> str:
    """What tells a validator of the names that the document knows."""
    return f"Named[Literal[{', '.join(map(repr, patterns))}]]"


def is_plain(type_: Type) -> bool:
    """Whether its values are written as they are, whatever type they are written by."""
    containers = ListOf | MapOf | UnionOf
    return all(part in _PLAIN or isinstance(part, containers) for part in parts(type_))


def has_dates(members: Sequence[Type]) -> bool:
    """Whether a union has moments beside dates, of which pydantic reads either as the other."""
    return _DATES <= set(members)


def _told(members: Sequence[Type]) -> Sequence[Type]:
    """The members of a union, with one type for what tells a date from a moment."""
    if not has_dates(members):
        return members
    return [*dict.fromkeys(_DATE_OR_TIMESTAMP if m in _DATES else m for m in members)]


def beside_text(members: Sequence[Type]) -> Type | None:
    """The text of a format that a union has beside any text.

    What pydantic would choose depends on the format, and on whether the text comes from JSON.
    """
    others = [member for member in _told(members) if member not in (NONE, Scalar("str"))]
    is_pair = len(others) == 1 and Scalar("str") in members
    return others[0] if is_pair and others[0] in _FORMATTED else None


def later(type_: Type) -> str:
    """Spell the type of a model's field that is built when the first value comes."""
    if isinstance(type_, UnionOf) and NONE in type_.members:
        others = tuple(member for member in type_.members if member != NONE)
        return f"{later(others[0] if len(others) == 1 else UnionOf(others))} | None"
    spelled = annotation(type_, "models")
    if isinstance(type_, Tagged | TupleOf):  # whose own mark is needed to build it
        return f"{spelled[:-1]}, {_telling(type_) if isinstance(type_, Tagged) else 'OPEN'}_LATER]"
    if isinstance(type_, MapOf) and type_.names:
        return f"Annotated[{annotation(MapOf(type_.value), 'models')}, LATER, {named(type_.names)}]"
    return f"Annotated[{spelled}, LATER]"


def _telling(type_: Tagged, prefix: str = "") -> str:
    return f"{prefix}{cases_of(type_)}" if type_.has_base else by_tag(type_)


def by_tag(type_: Tagged) -> str:
    """What tells a validator of the cases of a union or a base class."""
    inner = ", ".join(f"{name!r}: {by_tag(told)}" for name, told in dict(type_.inner).items())
    told = f"{type_.wire!r}, {dict(type_.cases)!r}{inner and f', {{{inner}}}'}"
    return f"ByTag({told}{type_.otherwise and f', otherwise={type_.otherwise!r}'})"


def cases_of(type_: Tagged) -> str:
    """The name in `models` for the cases of a base class."""
    base = type_.members[0]
    return f"{base.name if isinstance(base, Model) else ''}_CASES"


def _members(members: Sequence[Type], where: Where) -> list[str]:
    """Spell the members of a union: classes of constants of one kind before all of its values."""
    if where in ("models", "plan") and (formatted := beside_text(members)):
        both = _union((formatted, Scalar("str")), (annotation(formatted, where), "str"), where)
        return [f"Annotated[{both}, OPEN]", *(["None"] if NONE in members else [])]
    prefix = "" if where in ("models", "types") else "models."
    names: dict[Type, list[str]] = {}
    for member in members:
        if isinstance(member, OpenEnum):
            names.setdefault(member.base, []).append(f"{prefix}{member.name}")
    return [
        _open(" | ".join(names[member.base]), member.base, where)
        if isinstance(member, OpenEnum)
        else annotation(member, where)
        for member in members
    ]


def _open(name: str, base: Type, where: Where) -> str:
    """A class of constants, or several, beside the type of all other values."""
    joined = annotation(base, where)
    if where in ("client", "types"):
        return f"{name} | {joined}"
    if isinstance(base, UnionOf):  # whose members must not be tried from left to right
        joined = f"Annotated[{joined}, SMART]"
    return f"Annotated[{name} | {joined}, OPEN]"


def _union(members: Iterable[Type], spelled: Iterable[str], where: Where) -> str:
    return _evaluated(members, spelled) if where == "plan" else _joined(spelled)


def _evaluated(members: Iterable[Type], spelled: Iterable[str]) -> str:
    """A union in an expression, where checkers know no `|` of what may be `Annotated`."""
    plain = (isinstance(m, ListOf) or (isinstance(m, MapOf) and not m.names) for m in members)
    if all(is_plain or m in _PLAIN for is_plain, m in zip(plain, members, strict=True)):
        return _joined(spelled)
    return f"Union[{', '.join(dict.fromkeys(spelled))}]"


def _joined(spelled: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(spelled))


def given(type_: Type, values: Mapping[str, tuple[object, ...]]) -> str:
    """Spell what a caller may give for a type; `values` has those of each enumeration."""
    return _joined(given_kinds(type_, values))


def given_or_none(type_: Type, values: Mapping[str, tuple[object, ...]]) -> str:
    """Spell what a caller may give for an argument that None leaves out."""
    return _joined([*(a for a in given_kinds(type_, values) if a != "None"), "None"])


def given_kinds(type_: Type, values: Mapping[str, tuple[object, ...]]) -> list[str]:
    """Spell each kind of value that a caller may give for a type."""
    match type_:
        case Scalar(name):
            return (_GIVEN.get(name) or annotation(type_)).split(" | ")
        case ListOf(item):
            return [f"Sequence[{given(item, values)}]"]
        case MapOf(value):
            return [f"Mapping[str, {given(value, values)}]"]
        case Model(name):
            return [f"models.{name}", "Mapping[str, Any]"]
        case OpenEnum(name, base, is_loose):
            constants = ", ".join(repr(v) for v in values[name] if not isinstance(v, float))
            if is_loose or not constants:
                return [f"models.{name}", *(given_kinds(base, values) if is_loose else ())]
            return [f"models.{name}", f"Literal[{constants}]"]
        case UnionOf(members):
            return [text for member in members for text in given_kinds(member, values)]
        case Tagged(members):
            found = [text for member in members for text in given_kinds(member, values)]
            return [*found, "Mapping[str, Any]"]
        case TupleOf():
            return ["Sequence[Any]"]
        case LiteralOf(constants):
            return [annotation(LiteralOf(constants, is_open=False))]


def checked(type_: Type) -> str:
    """Spell what an argument is validated as: what is sent is closed to unknown values."""
    match type_:
        case OpenEnum(name, base, is_loose):
            return f"models.{name} | {checked(base)}" if is_loose else f"models.{name}"
        case LiteralOf(values):
            return annotation(LiteralOf(values, is_open=False), "plan")
        case ListOf(item):
            return f"list[{checked(item)}]"
        case MapOf(value):
            return f"dict[str, {checked(value)}]"
        case UnionOf(members):
            return _evaluated(members, map(checked, members))
        case _:
            return annotation(type_, "plan")
