"""Findings for programs: JSON, SARIF, JUnit and workflow commands."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

from venuekit import __version__
from venuekit.diagnostics import Place
from venuekit.drift.comparing import Drift
from venuekit.drift.findings import Finding
from venuekit.drift.listing import places, summary
from venuekit.drift.rules import Verdict
from venuekit.drift.table import RULES
from venuekit.drift.walking import names
from venuekit.reports import SARIF, sarif_location, workflow_command

_LEVELS: dict[Verdict, str] = {"breaking": "error", "risk": "warning", "ok": "note"}
_COMMANDS: dict[Verdict, str] = {"breaking": "error", "risk": "warning", "ok": "notice"}


def as_json(drift: Drift) -> str:
    """One object with all findings, and their counts."""
    found = [as_object(finding) for finding in drift.findings]
    return json.dumps({"findings": found, "summary": summary(drift)}, indent=2)


def as_object(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "wire": finding.wire,
        "source": finding.source,
        "direction": finding.direction,
        "operations": list(finding.operations),
        "component": finding.component,
        "pointer": finding.pointer,
        "old": finding.old,
        "new": finding.new,
        "old_place": _place(finding.old_place),
        "new_place": _place(finding.new_place),
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }


def _place(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    return {
        "file": place.file,
        "line": place.line or None,
        "column": place.column or None,
        "pointer": place.pointer,
    }


def _said(finding: Finding) -> str:
    return f"{finding.subject}: {finding.message} (wire {finding.wire}, source {finding.source})"


# SARIF.


def as_sarif(drift: Drift) -> str:
    """A SARIF 2.1.0 log of one run."""
    used = sorted({finding.rule for finding in drift.findings})
    run = {
        "tool": {
            "driver": {
                "name": "venuekit",
                "version": __version__,
                "rules": [_sarif_rule(rule) for rule in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, used.index(f.rule)) for f in drift.findings],
    }
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2)


def _sarif_rule(id: str) -> dict[str, object]:
    rule = RULES[id]
    return {
        "id": id,
        "shortDescription": {"text": f"{rule.title[:1].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.reason},
    }


def _result(finding: Finding, index: int) -> dict[str, object]:
    reach = f"\nIt reaches {names(finding.operations)}." if finding.operations else ""
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{_said(finding)}{reach}"},
        "partialFingerprints": {"venuekit/v1": finding.fingerprint},
        "properties": {
            "wire": finding.wire,
            "source": finding.source,
            "direction": finding.direction,
        },
    }
    if finding.new_place:
        result["locations"] = [sarif_location(finding.new_place)]
    if finding.old_place:
        related = {"id": 1, "message": {"text": "before"}, **sarif_location(finding.old_place)}
        result["relatedLocations"] = [related]
    return result


# Workflow commands.


def as_github(drift: Drift) -> str:
    """The workflow commands that annotate a pull request; what is harmless is a notice."""
    return "\n".join(map(_command, drift.findings))


def _command(finding: Finding) -> str:
    title = f"{finding.rule} ({finding.fingerprint})"
    return workflow_command(_COMMANDS[finding.severity], title, finding.place, _said(finding))


# JUnit.


def as_junit(drift: Drift) -> str:
    """A suite with a test for each finding: breaking ones fail, accepted ones are skipped."""
    failures = sum(f.severity == "breaking" for f in drift.findings)
    total = len(drift.findings) + len(drift.accepted)
    counts = f'tests="{max(total, 1)}" failures="{failures}" skipped="{len(drift.accepted)}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="venuekit diff" {counts}>',
        f"  <testsuite name={_attribute(f'{drift.old_title} to {drift.new_title}')} {counts}>",
    ]
    lines += map(_case, drift.findings)
    lines += [
        f'    {_opening(finding)}<skipped message="accepted"/></testcase>'
        for finding in drift.accepted
    ]
    if not total:
        lines.append('    <testcase classname="drift" name="no changes"/>')
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"])


def _opening(finding: Finding) -> str:
    name = f"{finding.subject}: {finding.message} [{finding.fingerprint}]"
    return f"<testcase classname={_attribute(finding.rule)} name={_attribute(name)}>"


def _case(finding: Finding) -> str:
    text = f"{_said(finding)}\n{places(finding)}\n{', '.join(finding.operations)}"
    inner = f"<system-out>{_text(text)}</system-out>"
    if finding.severity == "breaking":
        kind = " and ".join(
            name for name in ("wire", "source") if getattr(finding, name) == "breaking"
        )
        message = _attribute(f"breaking: {kind}")
        inner = (
            f"<failure message={message} type={_attribute(finding.rule)}>{_text(text)}</failure>"
        )
    return f"    {_opening(finding)}{inner}</testcase>"


def _attribute(value: str) -> str:
    return quoteattr(_legal(value))


def _text(value: str) -> str:
    return escape(_legal(value))


def _legal(value: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        c
        if c in "\t\n" or " " <= c < "\ud800" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
        else "�"
        for c in value
    )
