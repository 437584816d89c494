"""What became of a document, and what is said about it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .documents import IMPOSSIBLE, Document


@dataclass(slots=True, kw_only=True)
class Result:
    """What became of one document."""

    name: str
    made: bool = False
    crashed: str = ""  # a traceback, an internal error, a time-out
    refusals: list[str] = field(default_factory=list[str])  # errors, with their places
    unplaced: list[str] = field(default_factory=list[str])  # errors without a place
    warnings: int = 0
    imported: str = ""  # what the import says; empty where it works
    operations: int = 0  # of the document
    missing: list[str] = field(default_factory=list[str])  # of them, those that are no methods
    is_typed: bool = False  # whether the type checker has looked at it
    errors: list[str] = field(default_factory=list[str])  # of the type checker
    examples: int = 0
    changed: list[str] = field(default_factory=list[str])  # examples that did not come back
    seconds: float = 0.0
    megabytes: int = 0

    def write(self, path: Path) -> None:
        """Keep it for the next run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Result:
        """Take up what an earlier run found."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def failure(self, document: Document) -> str:
        """What is not as it must be; empty where all is."""
        if self.crashed:
            return f"crashed: {self.crashed}"
        if self.unplaced:
            return f"no place: {self.unplaced[0]}"
        if not self.made:
            refused = self.refusals[0] if self.refusals else "not made, without a word"
            if not self.refusals or document.must_be_made and document.name not in IMPOSSIBLE:
                return f"refused: {refused}"
            return ""
        if document.set == "invalid" and not self.warnings:
            return "nothing is said about what is wrong"
        found = {
            "import": [self.imported] if self.imported else [],
            "operations": self.missing,
            "types": self.errors,
            "round trip": self.changed,
        }
        return "; ".join(f"{what} ({len(said)}): {said[0]}" for what, said in found.items() if said)
