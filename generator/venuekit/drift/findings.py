"""Findings: what changed, where on both sides, whom it breaks, and a fingerprint to know it by."""

from __future__ import annotations

import hashlib
import json

from venuekit.diagnostics import Place
from venuekit.drift.rules import Direction, Verdict
from venuekit.records import dataclass
from venuekit.sources import JSON

_BRIEF = 300  # characters of a value that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One change, with all operations that it reaches."""

    rule: str
    wire: Verdict
    source: Verdict
    direction: str  # request, response, both or none
    operations: tuple[str, ...]
    component: str | None
    pointer: str
    old: JSON
    new: JSON
    old_place: Place | None
    new_place: Place | None
    message: str
    fingerprint: str

    @property
    def severity(self) -> Verdict:
        """The worse of the two verdicts."""
        pair = (self.wire, self.source)
        return "breaking" if "breaking" in pair else "risk" if "risk" in pair else "ok"

    @property
    def place(self) -> Place | None:
        """Where to look: in the new document, if it is there."""
        return self.new_place or self.old_place

    @property
    def subject(self) -> str:
        """The component or the operation that it belongs to."""
        if self.component:
            return self.component
        return self.operations[0] if self.operations else "the document"


def fingerprint(rule: str, subject: str, pointer: str, old: JSON, new: JSON) -> str:
    """Know a finding again, however its message is worded and whatever else changed."""
    text = json.dumps([rule, subject, pointer, old, new], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def brief(value: JSON) -> JSON:
    """A value to be shown: itself, or None where it is long."""
    if isinstance(value, str):
        return value if len(value) <= _BRIEF else f"{value[: _BRIEF - 1]}…"
    if isinstance(value, list | dict) and len(json.dumps(value)) > _BRIEF:
        return None
    return value


def shown_direction(directions: set[Direction]) -> str:
    """The direction of a finding that was met in several."""
    known = {"response" if d in ("error", "header") else d for d in directions} - {"none"}
    return "both" if len(known) > 1 else next(iter(known), "none")
