"""Our classes of values against those of the standard library."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import asdict, field, fields, replace
from typing import Any

import pytest

from venuekit.records import dataclass

Decorator = Callable[..., Any]


def value(decorator: Decorator) -> Any:
    @decorator(frozen=True, slots=True, order=True)
    class Value:
        """A value."""

        name: str
        number: int = 3
        words: tuple[str, ...] = ()
        notes: dict[str, str] = field(default_factory=dict[str, str], hash=False)
        memory: list[int] = field(default_factory=list[int], compare=False, repr=False)

        @property
        def double(self) -> int:
            return 2 * self.number

    return Value


def named(decorator: Decorator) -> Any:
    @decorator(slots=True, kw_only=True)
    class Named:
        first: str
        last: str = "last"
        log: list[str] = field(default_factory=list[str])

        def __post_init__(self) -> None:
            self.log.append(self.first)

        def __repr__(self) -> str:
            return "ours"

    return Named


def raised(action: Callable[[], object]) -> str:
    with pytest.raises((TypeError, AttributeError)) as caught:
        action()
    return caught.type.__name__


@pytest.mark.parametrize("make", [value, named], ids=["value", "named"])
def test_a_class_has_the_surface_of_the_standard_one(make: Callable[[Decorator], Any]) -> None:
    ours, theirs = make(dataclass), make(dataclasses.dataclass)

    assert theirs.__slots__ == ours.__slots__
    assert theirs.__match_args__ == ours.__match_args__
    assert theirs.__qualname__ == ours.__qualname__
    assert (theirs.__hash__ is None) == (ours.__hash__ is None)
    assert [f.name for f in fields(theirs)] == [f.name for f in fields(ours)]


def test_values_are_made_compared_and_shown_as_the_standard_ones() -> None:
    def told(class_: Any) -> list[object]:
        one, same = class_("a", words=("x",)), class_("a", 3, ("x",), {}, [5])
        other = replace(one, number=4)
        return [
            repr(one),
            asdict(other),
            one == same,
            hash(one) == hash(same),
            one == other,
            one != other,
            hash(class_("a", notes={"b": "c"})) == hash(class_("a")),
            one < other,
            other <= one,
            other > one,
            one >= same,
            one == ("a", 3),
            sorted([other, one]) == [one, other],
            other.double,
            one.memory is not class_("a").memory,
        ]

    assert told(value(dataclasses.dataclass)) == told(value(dataclass))


def test_a_method_of_the_class_and_what_follows_its_making_are_kept() -> None:
    def told(class_: Any) -> list[object]:
        one = class_(first="a")
        one.last = "b"
        return [one.log, one.last, repr(one), one == class_(first="a", last="b")]

    assert told(named(dataclasses.dataclass)) == told(named(dataclass))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda class_: class_(),
        lambda class_: class_("a", 1, (), {}, [], 1),
        lambda class_: class_("a", unknown=1),
        lambda class_: setattr(class_("a"), "name", "b"),
        lambda class_: delattr(class_("a"), "name"),
        lambda class_: class_("a") < 1,
    ],
)
def test_what_the_standard_one_refuses_is_refused(wrong: Callable[[Any], object]) -> None:
    theirs = raised(lambda: wrong(value(dataclasses.dataclass)))

    assert theirs == raised(lambda: wrong(value(dataclass)))


def test_what_is_positional_elsewhere_is_a_keyword_here() -> None:
    assert "TypeError" == raised(lambda: named(dataclass)("a"))


def test_a_class_takes_the_fields_of_its_base() -> None:
    @dataclass(frozen=True, slots=True)
    class Base:
        a: int

    @dataclass(frozen=True, slots=True)
    class Derived(Base):
        b: int = 2

    assert Derived(1) == Derived(a=1, b=2)
    assert Base(1) != Derived(1)
    assert "2" == repr(Derived(1).b)
