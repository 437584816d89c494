"""What a rule is, and how severe a finding of it is in each direction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from venuekit.records import dataclass

Verdict: TypeAlias = Literal["breaking", "risk", "ok"]
Direction: TypeAlias = Literal["request", "response", "error", "header", "none"]
Verdicts: TypeAlias = tuple[Verdict, Verdict]
"""On the wire, and in the callers' source."""

VERDICTS: tuple[Verdict, ...] = ("breaking", "risk", "ok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of change, and whom it breaks."""

    id: str
    group: str
    title: str
    request: Verdicts
    response: Verdicts
    reason: str
    depends: str = ""  # when a finding of it is judged otherwise

    @property
    def has_direction(self) -> bool:
        return self.request != self.response

    def verdicts(self, direction: Direction) -> Verdicts:
        """What it does to clients and to callers where the data flows in this direction."""
        match direction:
            case "request":
                return self.request
            case "response":
                return self.response
            case "error":
                # An error is raised all the same when its body does not fit.
                wire, source = self.response
                return ("risk" if wire == "breaking" else wire), source
            case "header":
                # Headers of errors are handed over as they are, untyped.
                return ("risk" if self.response[0] == "breaking" else self.response[0]), "ok"
            case "none":
                return "ok", self.response[1]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The severest of some verdicts."""
    severity: Verdict = "ok"
    for verdict in verdicts:
        if VERDICTS.index(verdict) < VERDICTS.index(severity):
            severity = verdict
    return severity


_LETTERS: Mapping[str, Verdict] = {"B": "breaking", "R": "risk", "-": "ok"}


def rule(group: str, id: str, verdicts: str, title: str, reason: str, depends: str = "") -> Rule:
    """Make a rule; `verdicts` has a letter for wire and one for source, per direction.

    >>> rule("schemas", "type-widened", "-- BB", "t", "r").response
    ('breaking', 'breaking')
    """
    pairs: list[Verdicts] = [
        (_LETTERS[letters[0]], _LETTERS[letters[1]]) for letters in verdicts.split()
    ]
    return Rule(
        id=id,
        group=group,
        title=title,
        request=pairs[0],
        response=pairs[-1],
        reason=reason,
        depends=depends,
    )
