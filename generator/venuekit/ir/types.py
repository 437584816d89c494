"""The types of values: of fields, arguments and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from venuekit.records import dataclass


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type that needs no class of ours: its name as the generated code spells it."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A JSON array of one kind of item."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """A JSON object whose keys are data; of others than `names` match the values are unknown."""

    value: Type
    names: tuple[str, ...] = ()  # patterns in the dialect of Rust; any name where there are none


@dataclass(frozen=True, slots=True)
class Model:
    """A generated class, by its final name."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenEnum:
    """A generated enumeration whose unknown values stay what they are when they are read.

    Where the document has any value of its base beside it, a loose one, they may be sent as well.
    """

    name: str
    base: Type
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class LiteralOf:
    """One of a few constants; an open one may be read as another value of their kind."""

    values: tuple[str | int | bool, ...]
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A JSON array whose items differ by their place; one of another length is read as a list."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class UnionOf:
    """One of several types, whichever fits best."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several classes, told by the value of a property.

    An object of no known case is read as the class `otherwise`; where there is none as the first
    class where that is the base of the others, else as a model without fields.
    """

    members: tuple[Type, ...]
    wire: str
    cases: tuple[tuple[str, str], ...]  # value and class
    has_base: bool = False
    inner: tuple[tuple[str, Tagged], ...] = ()  # classes whose cases another property tells
    otherwise: str = ""


Type = Scalar | ListOf | MapOf | Model | OpenEnum | LiteralOf | TupleOf | UnionOf | Tagged


ANY = Scalar("Any")


NONE = Scalar("None")


STR = Scalar("str")


INT = Scalar("int")


BOOL = Scalar("bool")


BYTES = Scalar("bytes")


FILE = Scalar("FileLike")


NUMBER = UnionOf((INT, Scalar("float")))


def parts(type_: Type) -> Iterator[Type]:
    """Yield a type and all types that it is made of."""
    yield type_
    match type_:
        case ListOf(inner) | MapOf(inner, _):
            yield from parts(inner)
        case UnionOf(members) | Tagged(members) | TupleOf(members):
            for member in members:
                yield from parts(member)
        case _:
            pass


def class_names(types: Iterable[Type]) -> set[str]:
    """The names of all classes and aliases that types are made of."""
    return {part.name for type_ in types for part in parts(type_) if isinstance(part, Model)}


def renamed(type_: Type, name: Callable[[str], str]) -> Type:
    """The type with other names for the classes in it."""
    match type_:
        case Model(old):
            return Model(name(old))
        case OpenEnum(old, base, is_loose):
            return OpenEnum(name(old), base, is_loose)
        case ListOf(item):
            return ListOf(renamed(item, name))
        case MapOf(value, names):
            return MapOf(renamed(value, name), names)
        case TupleOf(items):
            return TupleOf(tuple(renamed(item, name) for item in items))
        case UnionOf(members):
            return UnionOf(tuple(renamed(member, name) for member in members))
        case Tagged(members, _, cases):
            return replace(
                type_,
                members=tuple(renamed(member, name) for member in members),
                cases=tuple((tag, name(class_)) for tag, class_ in cases),
                inner=tuple((name(old), renamed(told, name)) for old, told in type_.inner),
                otherwise=type_.otherwise and name(type_.otherwise),
            )
        case _:
            return type_


def members_of(type_: Type) -> tuple[Type, ...]:
    """What a union is made of; any other type is its own only member."""
    return type_.members if isinstance(type_, UnionOf) else (type_,)


def alternatives_of(type_: Type) -> tuple[Type, ...]:
    """The same, where a discriminator may tell the members apart."""
    return type_.members if isinstance(type_, Tagged) else members_of(type_)


def nullable(type_: Type) -> Type:
    """The type, or null."""
    if type_ in (ANY, NONE):
        return type_
    members = members_of(type_)
    return type_ if NONE in members else UnionOf((*members, NONE))


def is_nullable(type_: Type) -> bool:
    """Whether null is a value of the type."""
    return type_ in (ANY, NONE) or (isinstance(type_, UnionOf) and NONE in type_.members)
