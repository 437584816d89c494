"""Which findings make a comparison fail."""

from __future__ import annotations

from collections.abc import Collection

from venuekit.drift.findings import Finding

GATES = ("wire", "source", "any", "none")
USUAL = ("wire", "source")


def fails(findings: Collection[Finding], gates: Collection[str]) -> bool:
    """Whether a finding is breaking where the gates look; `any` looks at everything.

    A risk fails with `any` alone: it depends on what no document says.
    """
    if "any" in gates:
        return bool(findings)
    return any(
        ("wire" in gates and f.wire == "breaking") or ("source" in gates and f.source == "breaking")
        for f in findings
    )
