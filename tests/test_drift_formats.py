"""Findings in every form: complete, valid, and safe whatever a document says."""

from __future__ import annotations

import json
import re
import subprocess
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from venuekit import cli
from venuekit.drift import FORMATS, RULES, Drift, as_text, compare

from .test_drift import CASES, SPELLED, document, parsed

SARIF = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"
HOSTILE = "</script><img src=x onerror=alert(1)>|\u001b[31m\n::error::x]]>&\u0001`*"
KEYS = [
    "rule", "wire", "source", "direction", "operations", "component", "pointer", "old", "new",
    "old_place", "new_place", "message", "fingerprint",
]  # fmt: skip


@pytest.fixture
def hostile() -> Drift:
    """Changes whose names, values and operations are made to break out."""
    text = json.dumps(parsed(SPELLED)).replace("replaceOrder", json.dumps(HOSTILE)[1:-1])
    old = parsed(text.replace('"legs"', json.dumps(HOSTILE)))
    new = parsed(text.replace('"buy"', json.dumps(HOSTILE)).replace("Paper", "</title><b>"))
    found = compare(old, new)
    assert len(found.findings) > 2
    return found


def test_json_has_what_the_design_says(hostile: Drift) -> None:
    report = json.loads(FORMATS["json"](hostile))

    assert ["findings", "summary"] == list(report)
    assert len(hostile.findings) == report["summary"]["total"]
    for finding in report["findings"]:
        assert list(finding) == KEYS
        assert ["file", "line", "column", "pointer"] == list(finding["new_place"])
        assert re.fullmatch(r"[0-9a-f]{16}", finding["fingerprint"])
    prints = [finding["fingerprint"] for finding in report["findings"]]
    assert len(prints) == len(set(prints))


def test_sarif_is_valid(hostile: Drift) -> None:
    log = json.loads(FORMATS["sarif"](hostile))

    jsonschema.Draft4Validator(json.loads(SARIF.read_text())).validate(log)
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in run["results"])
    assert {"error", "note"} <= {r["level"] for r in run["results"]}


def test_junit_is_xml(hostile: Drift) -> None:
    root = ElementTree.fromstring(FORMATS["junit"](hostile))
    suite = root[0]

    assert str(len(hostile.findings)) == suite.get("tests")
    assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure")) > 0


def test_github_has_a_line_for_each(hostile: Drift) -> None:
    lines = FORMATS["github"](hostile).splitlines()

    assert len(hostile.findings) == len(lines)
    assert all(re.match(r"::(error|warning|notice) file=", line) for line in lines)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)


def test_html_needs_nothing_and_runs_nothing_of_the_document(hostile: Drift) -> None:
    page = FORMATS["html"](hostile)
    tags = _Tags()
    tags.feed(page)

    assert 1 == tags.seen.count("script") == tags.seen.count("style")
    assert "img" not in tags.seen
    assert len(hostile.findings) == tags.seen.count("article")
    assert "http" not in page.replace("http-equiv", "")


def test_markdown_is_a_table_whatever_is_in_it(hostile: Drift) -> None:
    rows = [line for line in FORMATS["markdown"](hostile).splitlines() if line.startswith("| **")]

    assert len(hostile.findings) == len(rows)
    assert {6} == {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert not any("<img" in row or "</script" in row for row in rows)


def test_text_does_not_steer_terminals(hostile: Drift) -> None:
    assert "\x1b" not in as_text(hostile)
    assert "\x1b[31m" not in as_text(hostile, colour=True)


def test_no_change_is_said_in_every_form() -> None:
    nothing = compare(parsed(SPELLED), parsed(SPELLED))

    assert "" == as_text(nothing)
    assert [] == json.loads(FORMATS["json"](nothing))["findings"]
    assert "1" == ElementTree.fromstring(FORMATS["junit"](nothing)).get("tests")
    assert "Nothing changed" in FORMATS["html"](nothing)


@pytest.mark.parametrize(
    ("case", "gate", "code"),
    [
        ("operation-added", "any", 1),
        ("operation-added", "wire,source", 0),
        ("operation-renamed", "wire", 0),
        ("operation-renamed", "source", 1),
        ("operation-renamed", "none", 0),
        ("limit-tightened", "wire", 0),
        ("limit-tightened", "any", 1),
        ("security-added", "source", 0),
        ("security-added", "wire", 1),
        ("operation-added", "all", 2),
        ("operation-added", "any,none", 2),
    ],
)
def test_what_fails(case: str, gate: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(CASES / case / name) for name in ("old.yaml", "new.yaml")]

    assert code == cli.main(["diff", *files, "--fail-on", gate])
    capsys.readouterr()


def test_formats_are_printed_alone(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(CASES / "type-changed" / name) for name in ("old.yaml", "new.yaml")]
    for form in FORMATS:
        assert 1 == cli.main(["diff", *files, "--format", form])
        out, err = capsys.readouterr()
        assert out
        assert err == ""


def test_revisions_are_read_from_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A revision, a path from the root or from here, a client's folder; never an option."""
    monkeypatch.chdir(tmp_path)
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "openapi.json").write_text(json.dumps(parsed(SPELLED)))
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], check=True)
    changed = SPELLED.replace("replaceOrder", "putOrder")
    (tmp_path / "specs" / "openapi.json").write_text(json.dumps(parsed(changed)))

    for old in ("HEAD:specs/openapi.json", "HEAD:specs"):
        assert 1 == cli.main(["diff", old, "specs"])
        assert "is called put_order now" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path / "specs")
    assert 1 == cli.main(["diff", "HEAD:openapi.json", "openapi.json"])
    assert 2 == cli.main(["diff", "--", "--output=x:y", "openapi.json"])
    assert not (tmp_path / "specs" / "x").exists()


def test_the_page_says_why_a_finding_is_judged_otherwise() -> None:
    """A number in a query that becomes a text is sent as before: the usual reason is none."""
    old, new = (
        document(CASES / "argument_became_text" / f"{side}.yaml") for side in ("old", "new")
    )
    drift = compare(old, new)
    rule = RULES["type-changed"]

    assert [("ok", "breaking")] == [(f.wire, f.source) for f in drift.findings]
    assert escape(f"{rule.reason} But: {rule.depends}.") in FORMATS["html"](drift)
