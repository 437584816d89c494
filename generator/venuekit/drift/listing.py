"""Findings as text for people, and as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from venuekit.diagnostics import Place
from venuekit.drift.comparing import Drift
from venuekit.drift.findings import Finding
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import names
from venuekit.reports import plain

_COLOURS: dict[Verdict, str] = {"breaking": "\x1b[1;31m", "risk": "\x1b[1;33m", "ok": "\x1b[32m"}
_BOLD, _DIM, _END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_HEADINGS: tuple[tuple[Verdict, str], ...] = (
    ("breaking", "Breaking"),
    ("risk", "Risks"),
    ("ok", "Harmless"),
)


def groups(findings: Iterable[Finding]) -> list[tuple[Verdict, str, list[Finding]]]:
    """The findings by severity, those of one component or operation beside each other."""
    listed = list(findings)
    found: list[tuple[Verdict, str, list[Finding]]] = []
    for severity, heading in _HEADINGS:
        members = [f for f in listed if f.severity == severity]
        subjects = {f.subject: index for index, f in reversed(list(enumerate(members)))}
        if members:
            members.sort(key=lambda f: subjects[f.subject])
            found.append((severity, heading, members))
    return found


def as_text(drift: Drift, *, colour: bool = False) -> str:
    """List all findings, the worst first; nothing where there are none."""
    lines: list[str] = []
    for severity, heading, members in groups(drift.findings):
        title = f"{heading} ({len(members)})"
        lines += [f"{_COLOURS[severity]}{title}{_END}" if colour else title, ""]
        subject = None
        for finding in members:
            if finding.subject != subject:
                subject = finding.subject
                lines.append(_strong(f"  {plain(_subject(finding))}", colour))
            lines += _entry(finding, colour=colour)
        lines.append("")
    return "\n".join(lines)


def _subject(finding: Finding) -> str:
    return finding.subject


def _strong(text: str, colour: bool) -> str:
    return f"{_BOLD}{text}{_END}" if colour else text


def _entry(finding: Finding, *, colour: bool) -> list[str]:
    judged: tuple[tuple[str, Verdict], ...] = (("wire", finding.wire), ("source", finding.source))
    verdicts = "  ".join(
        f"{name} {_COLOURS[verdict]}{verdict}{_END}" if colour else f"{name} {verdict}"
        for name, verdict in judged
    )
    dim, end = (_DIM, _END) if colour else ("", "")
    lines = [
        f"    {plain(finding.message)}",
        f"      {verdicts}  {dim}[{finding.rule}] {finding.fingerprint}{end}",
        f"      {dim}{plain(places(finding))}{end}",
    ]
    if finding.component and finding.operations:
        word = {"request": "sent by", "response": "read by", "both": "sent and read by"}
        lines.append(
            f"      {dim}{word.get(finding.direction, 'used by')}"
            f" {plain(names(finding.operations))}{end}"
        )
    return lines


def places(finding: Finding) -> str:
    """Where it was and where it is."""
    old, new = (_short(place) for place in (finding.old_place, finding.new_place))
    return f"{old} → {new}"


def _short(place: Place | None) -> str:
    return str(place) if place else "nowhere"


def summary(drift: Drift) -> dict[str, object]:
    """The counts of a comparison."""
    wire, source = (Counter(getattr(f, key) for f in drift.findings) for key in ("wire", "source"))
    worst = Counter(f.severity for f in drift.findings)
    verdicts = [severity for severity, _ in _HEADINGS]
    return {
        "total": len(drift.findings),
        **{v: worst[v] for v in verdicts},
        "wire": {v: wire[v] for v in verdicts},
        "source": {v: source[v] for v in verdicts},
        "accepted": len(drift.accepted),
        "hints": list(drift.hints),
    }


def sentence(drift: Drift) -> str:
    """The counts in a line."""
    if not drift.findings:
        return "no changes" + _accepted(drift)
    counts = [
        f"{len(members)} {word}"
        for severity, word in (("breaking", "breaking"), ("risk", "risky"), ("ok", "harmless"))
        if (members := [f for f in drift.findings if f.severity == severity])
    ]
    wire = sum(f.wire == "breaking" for f in drift.findings)
    source = sum(f.source == "breaking" for f in drift.findings)
    broken = f" (wire {wire}, source {source})" if wire or source else ""
    total = len(drift.findings)
    return (
        f"{total} change{'' if total == 1 else 's'}: {', '.join(counts)}{broken}{_accepted(drift)}"
    )


def _accepted(drift: Drift) -> str:
    return f", {len(drift.accepted)} accepted" if drift.accepted else ""


def as_markdown(drift: Drift) -> str:
    """A report for a pull request or a page."""
    lines = [f"## {_escaped(drift.old_title)} → {_escaped(drift.new_title)}", ""]
    lines += [f"**{sentence(drift)}**", ""]
    lines += [line for hint in drift.hints for line in (f"> {_escaped(hint)}", "")]
    for _, heading, members in groups(drift.findings):
        lines += [f"### {heading}", "", "| | change | wire | source | rule |",
                  "| --- | --- | --- | --- | --- |"]  # fmt: skip
        lines += map(_row, members)
        lines.append("")
    return "\n".join(lines)


def _row(finding: Finding) -> str:
    reach = ""
    if finding.component and finding.operations:
        reach = f"<br>reaches {_escaped(names(finding.operations))}"
    cells: Sequence[str] = (
        f"**{_escaped(finding.subject)}**",
        f"{_escaped(finding.message)}{reach}<br>{_escaped(places(finding))}",
        finding.wire,
        finding.source,
        f"`{finding.rule}`<br>`{finding.fingerprint}`",
    )
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Spell out what Markdown or HTML would take for its own: findings quote strangers."""
    text = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+!|~@" else c for c in text)
