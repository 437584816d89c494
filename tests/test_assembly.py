"""Fragments of one API become one document, and contradictions show both places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from venuekit.assembly import assemble
from venuekit.diagnostics import Diagnostic, Report
from venuekit.extraction import Fragment, Page, extract
from venuekit.sources import JSON, Map, locate, read

SPECS = Path(__file__).parents[1] / "specs"
CASES = Path(__file__).parent / "cases" / "assembly"


def read_map(text: str, file: str) -> Map:
    report = Report()
    node = read(text, file, report)
    assert [] == list(report)
    assert isinstance(node, Map)
    return node


def page(text: str, file: str) -> Page:
    """A page of the kind that its name says (`1.readme.yaml`); text is evidence."""
    fragments: tuple[Fragment, ...] = ()
    if not file.endswith(".txt"):
        fragments = (Fragment(read_map(text, file), file, file.split(".")[1]),)
    return Page(file, "", None, None, fragments, None)


def shown(diagnostic: Diagnostic) -> str:
    place = diagnostic.place
    text = f"{place}: {diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}\n"
    text += f"  pointer: {place.pointer if place else ''}\n"
    return text + (f"  help: {diagnostic.help}\n" if diagnostic.help else "")


def order(node: JSON) -> str:
    """The text of a value, in which the order of keys counts too."""
    return json.dumps(node, indent=1)


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_case(folder: Path, update: bool) -> None:
    files = sorted((folder / "pages").iterdir())
    pages = [page(file.read_text(), file.name) for file in files]
    overlay = folder / "overlay.yaml"
    overlays = [read_map(overlay.read_text(), "overlay.yaml")] if overlay.exists() else []
    before = [order(fragment.document) for page in pages for fragment in page.fragments]
    report = Report()

    result = assemble(pages, overlays, report)

    assert before == [order(fragment.document) for page in pages for fragment in page.fragments]
    diagnostics = folder / "diagnostics.txt"
    found = "".join(shown(diagnostic) for diagnostic in report)
    if update and (found or diagnostics.exists()):
        diagnostics.write_text(found)
    assert (diagnostics.read_text() if diagnostics.exists() else "") == found
    expected = folder / "expected.yaml"
    if expected.exists():
        assert order(read_map(expected.read_text(), "expected.yaml")) == order(result)
    else:
        assert result is None
        assert report.has_errors


ONE = """\
openapi: 3.1.0
info: {title: API, version: '1'}
paths:
  /orders:
    get:
      responses: {'200': {description: OK}}
components:
  schemas:
    Order: {type: object}
"""
OTHER = """\
openapi: 3.1.0
info: {title: API, version: '1'}
security: [{key: []}]
tags:
  - name: Trade
paths:
  /orders:
    parameters:
      - {name: account, in: query}
    delete:
      responses: {'200': {description: OK}}
components:
  schemas:
    Error: {type: object}
"""
OVERLAY = """\
overlay: 1.1.0
info: {title: Corrections, version: '1'}
actions:
  - target: $.components.schemas.Error
    description: the page lacks it
    update: {title: Error}
"""


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/openapi", "1.readme.yaml:1:1"),
        ("/paths/~1orders", "1.readme.yaml:4:3"),
        ("/paths/~1orders/get", "1.readme.yaml:5:5"),
        ("/paths/~1orders/get/security", "1.readme.yaml:5:5"),
        ("/paths/~1orders/delete", "2.readme.yaml:10:5"),
        ("/paths/~1orders/delete/parameters", "2.readme.yaml:8:5"),
        ("/paths/~1orders/delete/parameters/0/in", "2.readme.yaml:9:25"),
        ("/paths/~1orders/delete/responses/200", "2.readme.yaml:11:19"),
        ("/components/schemas/Order", "1.readme.yaml:9:5"),
        ("/components/schemas/Error", "2.readme.yaml:14:5"),
        ("/components/schemas/Error/title", "overlay.yaml:6:14"),
        ("/security", "2.readme.yaml:3:1"),
        ("/tags/0", "2.readme.yaml:5:5"),
    ],
)
def test_every_part_keeps_the_place_in_its_page(pointer: str, expected: str) -> None:
    report = Report()
    pages = [page(ONE, "1.readme.yaml"), page(OTHER, "2.readme.yaml")]

    result = assemble(pages, [read_map(OVERLAY, "overlay.yaml")], report)

    assert [] == list(report)
    assert result is not None
    assert expected == str(locate(result, pointer))


def test_a_hoisted_schema_keeps_the_place_where_it_stood() -> None:
    text = """\
{
  "openapi": "3.0.0",
  "info": {"title": "API", "version": "1"},
  "paths": {"/a": {"get": {"responses": {"400": {"content": {"application/json": {
    "schema": {
      "type": "object",
      "properties": {"code": {"type": "number"}},
      "x-readme-ref-name": "Error"
    }}}}}}}}
}
"""
    report = Report()

    result = assemble([page(text, "1.readme.json")], [], report)

    assert [] == list(report)
    assert result is not None
    found = {
        "/components/schemas/Error": "1.readme.json:5:5",
        "/components/schemas/Error/properties/code": "1.readme.json:7:22",
        "/paths/~1a/get/responses/400/content/application~1json/schema": "1.readme.json:5:5",
        "/paths/~1a/get/responses/400/content/application~1json/schema/$ref": "1.readme.json:8:7",
    }
    assert found == {pointer: str(locate(result, pointer)) for pointer in found}


def broker_pages(change: tuple[str, str], report: Report) -> list[Page]:
    """The page of Alpaca's Broker API, and one of another operation of it, changed once more."""
    text = (SPECS / "alpaca_broker/pages/deleteorderforaccount.md").read_text()
    other = text.replace("/orders/{order_id}", "/positions/{order_id}")
    other = other.replace("deleteOrderForAccount", "closePosition").replace(*change)
    pages = [extract("a.md", text.encode(), report), extract("b.md", other.encode(), report)]
    return [page for page in pages if page is not None]


def test_a_second_page_of_an_api_adds_its_operation() -> None:
    report = Report()

    result = assemble(broker_pages(("", ""), report), [], report)

    assert [] == list(report)
    assert result is not None
    paths, components = result["paths"], result["components"]
    assert isinstance(paths, Map)
    assert isinstance(components, Map)
    prefix = "/v1/trading/accounts/{account_id}"
    assert [f"{prefix}/orders/{{order_id}}", f"{prefix}/positions/{{order_id}}"] == list(paths)
    assert {
        "Error": {
            "title": "Error",
            "type": "object",
            "properties": {"code": {"type": "number"}, "message": {"type": "string"}},
            "required": ["code", "message"],
            "x-stoplight": {"id": "xu9mkrgjdtotd"},
        }
    } == components["schemas"]
    assert "b.md" == locate(result, ("paths", f"{prefix}/positions/{{order_id}}")).file


def test_a_second_page_that_contradicts_shows_both_places() -> None:
    report = Report()

    result = assemble(broker_pages(('"scheme": "basic"', '"scheme": "bearer"'), report), [], report)

    assert result is None
    text = (SPECS / "alpaca_broker/pages/deleteorderforaccount.md").read_text()
    line = 1 + text[: text.index('"scheme"')].count("\n")
    assert [
        f"b.md:{line}:9: error[VK131]: the component BasicAuth contradicts a.md:{line}:9 in /scheme"
    ] == [shown(diagnostic).split("\n")[0] for diagnostic in report]


def test_a_strict_report_does_not_lose_the_document() -> None:
    other = OTHER.replace("version: '1'", "version: '2'")
    report = Report(strict=True)

    result = assemble([page(ONE, "1.readme.yaml"), page(other, "2.readme.yaml")], [], report)

    assert ["VK133"] == [diagnostic.code for diagnostic in report]
    assert result is not None


def test_pages_that_could_not_be_read_are_reported_once() -> None:
    report = Report()
    report.error("VK102", "broken JSON")

    assert assemble([], [], report) is None
    assert 1 == len(report)
