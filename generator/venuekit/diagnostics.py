"""What went wrong, where, and what to do: diagnostics with codes and places."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import field

from venuekit.records import dataclass


class Severity(enum.Enum):
    """How much a diagnostic weighs: an error means that no client can be made."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text: line and column count from 1; 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One sentence about one cause, with its place and, where possible, what to do."""

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    help: str = ""


class Fault(Exception):
    """A fault of what a project gives, which ends a run where it is found."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


# What others at the same place say better: with what comes of it, or more exactly.
_TOLD_BY = {"VK203": {"VK310", "VK343"}, "VK211": {"VK348"}, "VK321": {"VK203"}}


@dataclass(slots=True)
class Report:
    """Collects the diagnostics of a run, each cause once."""

    strict: bool = False
    _found: dict[tuple[str, str, str], Diagnostic] = field(
        default_factory=dict[tuple[str, str, str], Diagnostic]
    )

    def error(self, code: str, message: str, place: Place | None = None, help: str = "") -> None:
        self.add(Diagnostic(code, Severity.ERROR, message, place, help))

    def warning(self, code: str, message: str, place: Place | None = None, help: str = "") -> None:
        """Report something that makes the client looser; an error where the report is strict."""
        self.add(Diagnostic(code, Severity.WARNING, message, place, help))

    def add(self, diagnostic: Diagnostic) -> None:
        if self.strict and diagnostic.severity is Severity.WARNING:
            diagnostic = Diagnostic(
                diagnostic.code,
                Severity.ERROR,
                diagnostic.message,
                diagnostic.place,
                diagnostic.help,
            )
        place = diagnostic.place
        # What stands once in a text may be in several parts of the document: it is one cause.
        where = str(place) if place and place.line else repr(place)
        key = (diagnostic.code, diagnostic.message, where)
        self._found.setdefault(key, diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._found.values())

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield in the order of places, then codes."""
        nowhere = Place("")
        codes: dict[str, set[str]] = {}
        for code, _, where in self._found:
            codes.setdefault(where, set()).add(code)
        shown = (
            found
            for (code, _, where), found in self._found.items()
            if code not in _TOLD_BY or _TOLD_BY[code].isdisjoint(codes[where])
        )
        return iter(sorted(shown, key=lambda d: (d.place or nowhere, d.code, d.message)))

    def __len__(self) -> int:
        return len(self._found)
