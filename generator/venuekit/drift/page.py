"""Findings as one HTML page that needs nothing else: light and dark, with filters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

from venuekit.diagnostics import Place
from venuekit.drift.comparing import Drift
from venuekit.drift.findings import Finding
from venuekit.drift.listing import groups, sentence
from venuekit.drift.table import RULES
from venuekit.sources import JSON

_SHOWN = 6  # operations that are listed before the rest is folded away

_STYLE = """\
:root { color-scheme: light dark; --ground: #f7f7f5; --card: #fff; --ink: #1c1e21; --soft: #666c75;
  --line: #e2e3e0; --breaking: #c0272d; --risk: #a86400; --ok: #2b7a3d; --code: #f0f0ec;
  --old: #fbe6e6; --new: #e3f3e6; }
@media (prefers-color-scheme: dark) { :root { --ground: #141619; --card: #1d2024; --ink: #e6e7e9;
  --soft: #969ca6; --line: #31353b; --breaking: #ff7b78; --risk: #f0b04a; --ok: #72cb86;
  --code: #272b30; --old: #3f2326; --new: #1e3727; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
code { font: 0.87em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  background: var(--code); border-radius: 4px; padding: 0.1em 0.35em; overflow-wrap: anywhere; }
header { position: sticky; top: 0; z-index: 1; background: var(--ground);
  border-bottom: 1px solid var(--line); }
header > div, main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header > div { padding-top: 0.9rem; padding-bottom: 0.8rem; }
h1 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
h1 span { color: var(--soft); font-weight: 400; }
header p { margin: 0.1rem 0 0.6rem; color: var(--soft); }
.bar { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; }
.bar label { display: inline-flex; align-items: center; gap: 0.4rem; cursor: pointer;
  border: 1px solid var(--line); border-radius: 99px; padding: 0.15rem 0.75rem;
  background: var(--card); user-select: none; }
.bar input[type=checkbox] { position: absolute; opacity: 0; }
.bar label:has(input:not(:checked)) { opacity: 0.45; text-decoration: line-through; }
.bar label:has(input:focus-visible) { outline: 2px solid currentColor; }
.bar input[type=search] { flex: 1; min-width: 10rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: 99px;
  padding: 0.15rem 0.9rem; }
.dot { width: 0.6rem; height: 0.6rem; border-radius: 50%; background: currentColor; }
.breaking { color: var(--breaking); } .risk { color: var(--risk); } .ok { color: var(--ok); }
h2 { font-size: 1rem; margin: 2rem 0 0.6rem; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid;
  border-radius: 8px; margin: 0 0 0.7rem; padding: 0.75rem 1rem; }
article > * { color: var(--ink); margin: 0; }
.top { display: flex; flex-wrap: wrap; gap: 0.2rem 0.8rem; justify-content: space-between;
  align-items: baseline; }
.top h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
.top h3 span { font-weight: 400; margin-left: 0.4rem; }
.verdicts { display: flex; gap: 0.8rem; font-size: 0.87rem; color: var(--soft); }
.verdicts b { font-weight: 600; }
.why, .meta { color: var(--soft); font-size: 0.87rem; margin-top: 0.3rem; }
.values { margin-top: 0.45rem; display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; }
.values code { padding: 0.15em 0.5em; }
.old { background: var(--old); } .new { background: var(--new); }
details summary { cursor: pointer; }
.hint { border: 1px solid var(--line); border-radius: 8px; padding: 0.5rem 1rem; }
[hidden] { display: none !important; }
footer { max-width: 62rem; margin: 2rem auto; padding: 0 1.25rem 2rem; color: var(--soft);
  font-size: 0.87rem; }
@media print { header { position: static; } .bar { display: none; }
  article { break-inside: avoid; } }
"""

_SCRIPT = """\
const boxes = [...document.querySelectorAll("input[data-verdict]")];
const search = document.querySelector("input[type=search]");
function show() {
  const wanted = new Set(boxes.filter(b => b.checked).map(b => b.dataset.verdict));
  const word = search.value.trim().toLowerCase();
  for (const section of document.querySelectorAll("main section")) {
    let any = false;
    for (const card of section.querySelectorAll("article")) {
      card.hidden = !wanted.has(card.dataset.verdict)
        || !card.textContent.toLowerCase().includes(word);
      any ||= !card.hidden;
    }
    section.hidden = !any;
  }
}
for (const box of boxes) box.addEventListener("change", show);
search.addEventListener("input", show);
show();
"""


def as_html(drift: Drift) -> str:
    """One page, with nothing from elsewhere; whatever a document holds is text."""
    old, new = escape(drift.old_title), escape(drift.new_title)
    found = groups(drift.findings)
    counts = {severity: len(members) for severity, _, members in found}
    boxes = "".join(
        f'<label class="{verdict}"><input type="checkbox" data-verdict="{verdict}" checked>'
        f'<span class="dot"></span>{counts.get(verdict, 0)} {word}</label>'
        for verdict, word in (("breaking", "breaking"), ("risk", "risky"), ("ok", "harmless"))
    )
    hints = "".join(f'<p class="hint">{escape(hint)}</p>' for hint in drift.hints)
    sections = "".join(
        f"<section><h2>{heading}</h2>{''.join(map(_card, members))}</section>"
        for _, heading, members in found
    )
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Drift: {new}</title>
<style>
{_STYLE}</style>
</head>
<body>
<header><div>
<h1>{old} <span>→</span> {new}</h1>
<p>{escape(sentence(drift))}</p>
<div class="bar">{boxes}
<input type="search" placeholder="Filter by any word" aria-label="Filter"></div>
</div></header>
<main>
{hints}{sections or "<h2>Nothing changed.</h2>"}
</main>
<footer><b>wire</b>: does the client that is deployed today work with the new server?
<b>source</b>: does the callers&#8217; code type-check with the new client?</footer>
<script>
{_SCRIPT}</script>
</body>
</html>"""


def _card(finding: Finding) -> str:
    parts = [
        f'<article class="{finding.severity}" data-verdict="{finding.severity}">',
        f'<div class="top"><h3>{escape(finding.subject)}',
        f"<span>{escape(finding.message)}</span></h3>",
        '<div class="verdicts">',
        _verdict("wire", finding.wire),
        _verdict("source", finding.source),
        "</div></div>",
        f'<p class="why">{escape(_why(finding))}</p>',
        _values(finding),
        _reach(finding),
        f'<p class="meta">{_places(finding)}</p>',
        f'<p class="meta">{_codes((finding.rule, finding.fingerprint, finding.pointer))}</p>',
        "</article>\n",
    ]
    return "\n".join(part for part in parts if part)


def _why(finding: Finding) -> str:
    """The reason of the rule, with what it depends on where the finding is judged otherwise."""
    rule = RULES[finding.rule]
    if finding.direction == "none":
        return rule.reason
    usual = {rule.verdicts(direction) for direction in ("request", "response", "error", "header")}
    if not rule.depends or (finding.wire, finding.source) in usual:
        return rule.reason
    return f"{rule.reason} But: {rule.depends}."


def _verdict(name: str, verdict: str) -> str:
    return f'<span>{name} <b class="{verdict}">{verdict}</b></span>'


def _values(finding: Finding) -> str:
    shown = [
        f'<code class="{side}">{escape(_spelled(value))}</code>'
        for side, value in (("old", finding.old), ("new", finding.new))
        if value is not None
    ]
    return f'<div class="values">{" → ".join(shown)}</div>' if shown else ""


def _spelled(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _reach(finding: Finding) -> str:
    count = len(finding.operations)
    if not finding.component or not count:
        return ""
    if count <= _SHOWN:
        return f'<p class="meta">reaches {_codes(finding.operations)}</p>'
    return (
        f'<details class="meta"><summary>reaches {count} operations</summary>'
        f"{_codes(finding.operations)}</details>"
    )


def _codes(texts: Iterable[str]) -> str:
    return " ".join(f"<code>{escape(text)}</code>" for text in texts)


def _places(finding: Finding) -> str:
    return " → ".join(_place(place) for place in (finding.old_place, finding.new_place))


def _place(place: Place | None) -> str:
    return escape(str(place)) if place else "nowhere"
