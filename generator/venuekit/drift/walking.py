"""A walk over pairs of parts, each once, that knows which operations reach what it found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import NamedTuple, TypeAlias

from venuekit.drift.findings import Finding, brief, fingerprint, shown_direction
from venuekit.drift.flattening import Flattener
from venuekit.drift.labels import label
from venuekit.drift.reading import Pointer, Sameness, Side, dumped
from venuekit.drift.rules import Direction, Verdict, worst
from venuekit.drift.table import RULES
from venuekit.records import dataclass
from venuekit.sources import JSON, pointer

Pair: TypeAlias = tuple[object, ...]
_MODULE_KINDS = ("schemas", "parameters", "responses", "requestBodies", "headers", "pathItems",
                 "securitySchemes", "callbacks")  # fmt: skip


class Use(NamedTuple):
    """How a schema is used: where the data flow, and what around it matters for a verdict."""

    direction: Direction
    is_text: bool = False  # a parameter, whose values are text on the wire
    was_optional: bool = False  # a property or an argument that could be left out
    is_optional: bool = False  # and one that may be now
    is_argument: bool = False  # what a method takes by itself, or a list of it
    is_body: bool = False  # a whole body that is sent: a model, or a mapping of its keys
    was_null: bool = False  # a shape of what could be null anyway
    is_null: bool = False  # and of what may be now

    @property
    def inner(self) -> Use:
        """The use of what is inside, wherever that is."""
        return Use(self.direction)

    @property
    def item(self) -> Use:
        """The use of what a list holds."""
        return Use(self.direction, is_argument=self.is_argument)


@dataclass(slots=True)
class _Record:
    """A finding in the making."""

    rule: str
    old_at: Pointer
    new_at: Pointer
    old: JSON
    new: JSON
    message: str
    is_gone: bool
    wires: list[Verdict] = field(default_factory=list[Verdict])
    sources: list[Verdict] = field(default_factory=list[Verdict])
    directions: set[Direction] = field(default_factory=set[Direction])
    pairs: set[int] = field(default_factory=set[int])


class Walk:
    """Two documents under comparison, and what was found so far."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new
        self.same = Sameness(old, new)
        self.old_schemas = Flattener(old)
        self.new_schemas = Flattener(new)
        self.reached: dict[tuple[Pointer, Pointer], set[int]] = {}
        self.classes: dict[tuple[Pointer, Pointer], None] = {}
        self._numbers: dict[Pair, int] = {}
        self._parents: dict[int, set[int]] = {}
        self._roots: dict[int, int] = {}
        self._operations: list[str] = []
        self._open: list[tuple[int, Callable[[], None]]] = []
        self._current = -1
        self._records: dict[tuple[str, ...], _Record] = {}

    # Pairs.

    def root(self, operation: str | None, pair: Pair, compare: Callable[[], None]) -> None:
        """Compare a pair that belongs to an operation, or to the document."""
        if pair in self._numbers:
            return
        number = self._numbers[pair] = len(self._numbers)
        if operation is not None:
            self._roots[number] = 1 << len(self._operations)
            self._operations.append(operation)
        self._open.append((number, compare))
        self._drain()

    def visit(self, pair: Pair, compare: Callable[[], None]) -> None:
        """Compare a pair, once, when what is at hand is done; note who has come to it."""
        number = self._numbers.get(pair)
        if number is None:
            number = self._numbers[pair] = len(self._numbers)
            self._open.append((number, compare))
        self._parents.setdefault(number, set()).add(self._current)

    def _drain(self) -> None:
        while self._open:
            self._current, compare = self._open.pop()
            compare()
        self._current = -1

    def meet(self, old: Pointer, new: Pointer) -> None:
        """Note that the schemas of two places stand for each other."""
        self.reached.setdefault((old, new), set()).add(self._current)

    # Findings.

    def noted(self, rule: str) -> list[Pointer]:
        """Where in the old document something was found by a rule so far."""
        return [held.old_at for held in self._records.values() if held.rule == rule]

    def add(
        self,
        rule: str,
        direction: Direction,
        at: tuple[Pointer, Pointer],
        message: str,
        *,
        old: JSON = None,
        new: JSON = None,
        gone: bool = False,
        wire: Verdict | None = None,
        source: Verdict | None = None,
    ) -> None:
        """Note a finding at a pair of pointers; `gone` is one whose subject only the old has."""
        # What the other side has in its place may be met in several ways; the cause is one.
        key = (rule, pointer(at[0] if gone else at[1]), dumped(old), dumped(new))
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record(
                rule, at[0], at[1], brief(old), brief(new), message, gone
            )
        usual = RULES[rule].verdicts(direction)
        record.wires.append(_wire(wire, direction) if wire else usual[0])
        record.sources.append("ok" if direction == "header" else source or usual[1])
        record.directions.add(direction)
        record.pairs.add(self._current)
        record.pairs.update(self.reached.get(at, ()))

    def findings(self) -> list[Finding]:
        """Everything found, the worst first, then in the order of the new document."""
        reach = self._reach()
        found = [self._finding(record, reach) for record in self._records.values()]
        order = ("breaking", "risk", "ok")
        return sorted(
            found,
            key=lambda f: (order.index(f.severity), _line(f), f.pointer, f.rule, f.fingerprint),
        )

    def _finding(self, record: _Record, reach: dict[int, int]) -> Finding:
        subject_at = record.old_at if record.is_gone else record.new_at
        component = _component(subject_at) or _component(record.old_at)
        bits = 0
        for number in record.pairs:
            bits |= reach.get(number, 0)
        operations = tuple(name for index, name in enumerate(self._operations) if bits >> index & 1)
        where = pointer(subject_at)
        return Finding(
            rule=record.rule,
            wire=worst(record.wires),
            source=worst(record.sources),
            direction=shown_direction(record.directions),
            operations=operations,
            component=component,
            pointer=where,
            old=record.old,
            new=record.new,
            old_place=self.old.place(record.old_at),
            new_place=self.new.place(record.new_at),
            message=self._message(record, subject_at),
            fingerprint=fingerprint(record.rule, component or "", where, record.old, record.new),
        )

    def _message(self, record: _Record, at: Pointer) -> str:
        """What happened, and to what in its component or operation, unless that is said already."""
        last = at[-1] if at else ""
        said = record.message.casefold().replace("'", " ").split()
        if last == "additionalProperties" and record.rule.startswith("additional-properties"):
            at = at[:-1]
        elif last.casefold() in said and at[-2:-1] in (("properties",), ("headers",)):
            at = at[:-2]
        where = label(self.old if record.is_gone else self.new, at)
        if not where or where.casefold() in said:
            return record.message
        return f"{where}: {record.message}"

    def _reach(self) -> dict[int, int]:
        """The operations that reach each pair, as bits: those of all pairs that lead to it."""
        children: dict[int, list[int]] = {}
        for number, parents in self._parents.items():
            for parent in parents:
                children.setdefault(parent, []).append(number)
        reach = dict(self._roots)
        open_ = list(reach)
        while open_:
            number = open_.pop()
            bits = reach[number]
            for kid in children.get(number, ()):
                held = reach.get(kid, 0)
                if held | bits != held:
                    reach[kid] = held | bits
                    open_.append(kid)
        return reach


def is_elsewhere(old: Pointer, new: Pointer) -> bool:
    """Whether what is written at two places is called by other names there, as its class is.

    The path and the method make no difference: an operation has a name. Nor do numbers.
    """
    kept = [at[3:] if at[0] in ("paths", "webhooks") else at for at in (old, new) if at]
    return len({tuple(t for t in at if not t.isdigit()) for at in kept}) > 1


def _wire(wire: Verdict, direction: Direction) -> Verdict:
    """What is judged breaking in the body of an error is a risk; what nobody exchanges is none."""
    if direction == "none":
        return "ok"
    return "risk" if direction in ("error", "header") and wire == "breaking" else wire


def _component(where: Pointer) -> str | None:
    if len(where) > 2 and where[0] == "components" and where[1] in _MODULE_KINDS:
        return where[2]
    return None


def _line(finding: Finding) -> tuple[str, int, int]:
    place = finding.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def names(found: Sequence[str]) -> str:
    """A few names as words: `a, b and 3 more`."""
    shown = list(found[:4])
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
