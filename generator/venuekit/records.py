"""Classes of values: what `dataclasses` makes with slots, in a fifth of its time.

The standard decorator writes and compiles up to six functions for each class, which took a fifth
of a small run. Here all classes share them, and an initialiser is compiled when it is first called.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        *,
        slots: bool,
        frozen: bool = False,
        eq: bool = True,
        order: bool = False,
        kw_only: bool = False,
    ) -> Callable[[type], type]:
        """Make a class of values with slots; `fields`, `replace` and `asdict` know it as theirs.

        Not there: copies or pickles of frozen values.
        """
        assert slots
        bare = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)

        def made(class_: type) -> type:
            class_.__doc__ = class_.__doc__ or class_.__name__  # else a signature is made for it
            own = set(vars(class_))
            class_ = bare(class_)
            methods = {"__init__": _late_initialiser(class_), "__repr__": _representation(class_)}
            if eq:
                methods |= _comparisons(class_, is_hashable=frozen, is_ordered=order)
            if frozen:
                methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
            for name in methods.keys() - own:
                setattr(class_, name, methods[name])
            return class_

        return made


def _late_initialiser(class_: Any) -> Callable[..., None]:
    def initialise(self: object, *given: object, **named: object) -> None:
        class_.__init__ = made = _initialiser(class_)
        made(self, *given, **named)

    return initialise


def _initialiser(class_: Any) -> Callable[..., None]:
    """Compile what sets the slots of a class, by the ways that lead around what refuses it."""
    names: dict[str, Any] = {"factory": object()}
    positional, keywords, body = ["self"], list[str](), list[str]()
    for number, field in enumerate(dataclasses.fields(class_)):
        names[f"set{number}"] = getattr(class_, field.name).__set__
        parameter = value = field.name
        if field.default is not dataclasses.MISSING:
            names[f"usual{number}"] = field.default
            parameter = f"{field.name}=usual{number}"
        elif field.default_factory is not dataclasses.MISSING:
            names[f"usual{number}"] = field.default_factory
            parameter = f"{field.name}=factory"
            value = f"usual{number}() if {field.name} is factory else {field.name}"
        (keywords if field.kw_only else positional).append(parameter)
        body.append(f"    set{number}(self, {value})")
    if hasattr(class_, "__post_init__"):
        body.append("    self.__post_init__()")
    parameters = ", ".join([*positional, *(["*", *keywords] if keywords else [])])
    text = "\n".join((f"def __init__({parameters}):", *(body or ["    pass"])))
    exec(text, names)  # noqa: S102 - the names of fields in our own modules
    made = names["__init__"]
    made.__qualname__ = f"{class_.__qualname__}.__init__"
    return made


def _comparisons(class_: Any, *, is_hashable: bool, is_ordered: bool) -> dict[str, Any]:
    fields = dataclasses.fields(class_)
    compared = _values([field.name for field in fields if field.compare])
    hashed = _values(
        [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
    )

    def comparison(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
        def compares(self: object, other: object) -> bool:
            if other.__class__ is not self.__class__:
                return NotImplemented
            return compare(compared(self), compared(other))

        return compares

    def hash_of(self: object) -> int:
        return hash(hashed(self))

    kinds = (operator.eq, operator.lt, operator.le, operator.gt, operator.ge)
    found = {f"__{kind.__name__}__": comparison(kind) for kind in kinds[: 5 if is_ordered else 1]}
    return {**found, "__hash__": hash_of if is_hashable else None}


def _values(names: list[str]) -> Callable[[object], object]:
    """What tells values of these fields apart."""
    return operator.attrgetter(*names) if names else lambda _: ()


def _representation(class_: Any) -> Callable[[object], str]:
    names = [field.name for field in dataclasses.fields(class_) if field.repr]

    def shown(self: object) -> str:
        values = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
        return f"{self.__class__.__qualname__}({values})"

    return shown


def _refuse(_: object, name: str, *__: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")
