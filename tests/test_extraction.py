"""Pages of every kind give fragments or evidence, or a diagnostic that says why not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from venuekit.diagnostics import Diagnostic, Place, Report
from venuekit.extraction import Page, extract, split
from venuekit.sources import Map, Seq, locate, place_of, pointer, read_bytes

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases" / "extraction"


def extracted(data: str | bytes, file: str = "page.md") -> Page:
    report = Report()
    page = extract(file, data.encode() if isinstance(data, str) else data, report)
    assert [] == list(report)
    assert page is not None
    return page


def at(place: Place) -> str:
    return f"{place.line}:{place.column}"


def places(node: Map | Seq, *path: str | int) -> dict[str, str]:
    """The place of every key and item below a node, by pointer."""
    found: dict[str, str] = {}
    for key, child in node.items() if isinstance(node, Map) else enumerate(node):
        found[pointer((*path, key))] = at(place_of(node, key))
        if isinstance(child, Map | Seq):
            found |= places(child, *path, key)
    return found


def shown(page: Page) -> object:
    """What is expected of a page, as JSON."""
    evidence = page.evidence
    return {
        "url": page.url,
        "scraped_at": page.scraped_at,
        "fragments": [
            {"kind": f.kind, "document": f.document, "places": places(f.document)}
            for f in page.fragments
        ],
        "evidence": evidence
        and {
            "requests": [[method, path, at(place)] for method, path, place in evidence.requests],
            "examples": [[status, value, at(place)] for status, value, place in evidence.examples],
        },
    }


def told(diagnostic: Diagnostic) -> str:
    place, severity = diagnostic.place, diagnostic.severity.value
    text = f"{place}: {severity}[{diagnostic.code}]: {diagnostic.message}\n"
    return text + (f"  help: {diagnostic.help}\n" if diagnostic.help else "")


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_case(folder: Path, update: bool) -> None:
    file = next(path for path in folder.iterdir() if path.stem in ("page", "openapi"))
    report = Report()

    data = read_bytes(file, file.name, report)
    page = None if data is None else extract(file.name, data, report, hints=file.stem == "openapi")

    found = {
        "expected.json": json.dumps(shown(page), indent=1) + "\n" if page else "",
        "diagnostics.txt": "".join(told(diagnostic) for diagnostic in report),
    }
    for name, text in found.items():
        expected = folder / name
        if update and text:
            expected.write_text(text)
        elif update:
            expected.unlink(missing_ok=True)
        assert (expected.read_text() if expected.exists() else "") == text
    assert report.has_errors == (page is None)


@pytest.mark.parametrize(
    ("page", "kind", "path", "place"),
    [
        ("alpaca_trading/pages/deleteallorders-1.md", "readme", "/paths/~1v2~1orders", "42:5"),
        (
            "alpaca_broker/pages/deleteorderforaccount.md",
            "readme",
            "/security/0/BasicAuth",
            "148:7",
        ),
        ("deltadefi/pages/cancel-all-orders.md", "gitbook", "/security/0/ApiKeyAuth", "6:88"),
        ("polymarket/pages/cancel-all-orders.md", "mintlify", "/info/license/name", "20:5"),
    ],
)
def test_the_pages_of_this_repository_keep_their_places(
    page: str, kind: str, path: str, place: str
) -> None:
    data = (ROOT / "specs" / page).read_bytes()
    (fragment,) = extracted(data, page).fragments
    assert (kind, place) == (fragment.kind, at(locate(fragment.document, path)))


def test_the_digest_of_a_page_is_that_of_its_bytes() -> None:
    data = b'\xef\xbb\xbf{"openapi": "3.0.0", "paths": {}}\r\n'
    assert hashlib.sha256(data).hexdigest() == extracted(data).sha256


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    page = "---\nurl: https://a.test\n---\n\n```yaml\nopenapi: 3.0.0\npaths:\n  /a: {}\n```\n"
    (fragment,) = extracted(page.replace("\n", end)).fragments
    assert "8:3" == at(locate(fragment.document, "/paths/~1a"))


@pytest.mark.parametrize("name", ["source_view", "source_url", "url", "source"])
def test_the_address_of_the_page_counts_where_that_of_its_markdown_is_missing(name: str) -> None:
    page = extracted(f"---\n{name}: https://a.test/x\n---\nGET /x\n")
    assert "https://a.test/x" == page.url


def test_what_stands_between_rules_is_no_front_matter_if_it_is_a_document() -> None:
    page = extracted("---\nopenapi: 3.0.0\npaths: {}\n---\n")
    assert ["yaml"] == [fragment.kind for fragment in page.fragments]


@pytest.mark.parametrize(
    "line",
    [
        "DELETE/v1/orders",
        "DELETE /v1/orders",
        "## `DELETE /v1/orders`",
        "**DELETE** /v1/orders",
        "DELETE /v1/orders?symbol=AAPL HTTP/1.1",
    ],
)
def test_a_request_line_is_found_in_its_usual_dress(line: str) -> None:
    evidence = extracted(f"Cancel\n{line}\n").evidence
    assert evidence is not None
    (request,) = evidence.requests
    column = line.index("DELETE") + 1
    assert ("DELETE", "/v1/orders", Place("page.md", 2, column)) == request


def test_prose_about_a_request_is_no_request_line() -> None:
    evidence = extracted('GET /v1/orders lists them.\n{"a": 1}\n').evidence
    assert evidence is not None
    assert () == evidence.requests


def test_a_status_may_be_written_as_a_string() -> None:
    evidence = extracted('{"error": {"code": "429"}} and more').evidence
    assert evidence is not None
    assert [429] == [status for status, _, _ in evidence.examples]


def test_an_example_with_a_comment_beside_a_request_line_is_passed_over() -> None:
    evidence = extracted('GET /a\n```json\n{"a": 1, ...}\n```\n```json\n{"b": 2}\n```\n').evidence
    assert evidence is not None
    assert [{"b": 2}] == [value for _, value, _ in evidence.examples]


def test_a_page_with_a_document_gives_no_evidence() -> None:
    page = extracted('GET /a\n```json\n{"openapi": "3.0.0", "paths": {}}\n```\n')
    assert page.evidence is None


def test_comments_above_html_do_not_hide_it() -> None:
    report = Report()
    assert extract("page.html", b"<!-- a -->\n" * 5000 + b"<html></html>", report) is None
    assert ["VK116"] == [diagnostic.code for diagnostic in report]


@pytest.mark.parametrize("text", ["[" * 100_000, "x " + '{"a":' * 100_000, ">" * 100_000])
def test_nesting_without_end_is_a_diagnostic(text: str) -> None:
    report = Report()
    assert extract("page.md", text.encode(), report) is None
    assert report.has_errors


def test_front_matter_that_holds_an_operation_is_no_header() -> None:
    """What a venue changes there is a change of the page."""
    data = (CASES / "docusaurus" / "page.md").read_bytes()

    assert (b"", data) == split(data)
