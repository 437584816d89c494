"""The table of all rules, by their ids, and the page that explains them."""

from __future__ import annotations

from itertools import groupby

from venuekit.drift import exchange_rules, operation_rules, schema_rules
from venuekit.drift.rules import Rule, Verdicts

RULES: dict[str, Rule] = {
    r.id: r for r in (*operation_rules.RULES, *exchange_rules.RULES, *schema_rules.RULES)
}

_INTRODUCTION = """\
# Drift rules

What `venuekit diff` finds between two versions of a document, and whom it breaks. This page is
made from the rules; a test holds it to them.

A finding has two verdicts. **wire**: does the client that is vendored today work with the new
server? **source**: does the callers' Python type-check with the client of the new document?
`breaking` is no, `ok` is yes, `risk` depends on what the document cannot say. Where the verdict
depends on the direction, it is given for what is sent and for what is read; what is both has the
worse one. A finding in the body of an error is at most a `risk` on the wire: a body that does not
fit never hides the error.

The verdicts are those of clients that this tool makes: parameters are keywords, enumerations are
open, unknown fields are kept, what comes back is not held to limits, defaults are not sent. That
is why some are milder than a general tool's, and those about names are stricter.

`--fail-on` chooses what makes the command fail: `wire` and `source` (both by default) count what
is `breaking` there, `any` counts every finding, `none` counts nothing. A `risk` fails with `any`
alone.
"""


def rules_page() -> str:
    """The page of documentation about all rules."""
    parts = [_INTRODUCTION]
    for group, rules in groupby(RULES.values(), key=lambda rule: rule.group):
        parts.append(f"\n## {group.capitalize()}\n")
        parts.extend(_entry(rule) for rule in rules)
    return "".join(parts)


def _entry(rule: Rule) -> str:
    depends = f" *But:* {rule.depends}." if rule.depends else ""
    return (
        f"\n### {rule.id}\n\n{rule.title[:1].upper()}{rule.title[1:]}. {_judged(rule)}\n\n"
        f"{rule.reason}{depends}\n\nCase: `tests/cases/drift/{rule.id}`.\n"
    )


def _judged(rule: Rule) -> str:
    if not rule.has_direction:
        return _pair(rule.request) + "."
    return f"Sent: {_pair(rule.request)}; read: {_pair(rule.response)}."


def _pair(verdicts: Verdicts) -> str:
    wire, source = verdicts
    return f"wire **{wire}**, source **{source}**"
