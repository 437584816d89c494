"""The classes of models and enumerations."""

from __future__ import annotations

from venuekit.ir.types import Type
from venuekit.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property of a model."""

    name: str  # ours, final
    wire: str  # theirs, as written
    type: Type
    required: bool
    description: str = ""
    deprecated: bool = False
    is_secret: bool = False  # of format password, or write only: no repr shows it
    constant: str | int | bool | None = None  # what is sent unless the caller gives it
    is_late: bool = False  # whether its type is built when the first value comes

    @property
    def is_asked(self) -> bool:
        """Whether an object must be given it."""
        return self.required and self.constant is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelClass:
    """A JSON object with declared properties."""

    name: str
    fields: tuple[Field, ...]  # without those of the base
    description: str = ""
    base: str = ""  # the class that it extends
    extras: Type | None = None  # what the values of undeclared properties are
    extras_named: tuple[str, ...] = ()  # patterns of their names; others are unknown, and kept
    extras_name: str = "extras"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumClass:
    """An enumeration: member names are ours, values theirs."""

    name: str
    members: tuple[tuple[str, str | int | float | bool], ...]
    description: str = ""
