"""Overlays change documents as their specification says, and say so where they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from venuekit.diagnostics import Diagnostic, Report
from venuekit.overlays import apply
from venuekit.sources import JSON, Map, Seq, clone, locate, read

CASES = Path(__file__).parent / "cases" / "overlays"


def read_map(text: str, file: str) -> Map:
    report = Report()
    node = read(text, file, report)
    assert [] == list(report)
    assert isinstance(node, Map)
    return node


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
    document = read_map((folder / "document.yaml").read_text(), "document.yaml")
    overlay = read_map((folder / "overlay.yaml").read_text(), "overlay.yaml")
    before = order(document)
    report = Report()

    result = apply(document, overlay, report)

    assert before == order(document)
    diagnostics = folder / "diagnostics.txt"
    found = "".join(shown(diagnostic) for diagnostic in report)
    if update and (found or diagnostics.exists()):
        diagnostics.write_text(found)
    assert (diagnostics.read_text() if diagnostics.exists() else "") == found
    if (expected := folder / "expected.yaml").exists():
        assert order(read_map(expected.read_text(), "expected.yaml")) == order(result)


OVERLAY = """\
overlay: 1.1.0
info: {title: Places, version: 1.0.0}
actions:
  - target: $.info
    description: adds
    update:
      license:
        name: MIT
  - target: $.tags[0]
    description: the others keep their places
    remove: true
  - target: $.tags
    description: appended
    update: [d]
  - target: $.info.title
    description: replaced
    update: New
  - target: $.copied
    description: copied
    copy: $.info.contact
"""
DOCUMENT = """\
info:
  title: Old
  contact:
    name: we
tags:
  - a
  - b
copied: {}
"""


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/info", "document.yaml:1:1"),
        ("/info/license", "overlay.yaml:7:7"),
        ("/info/license/name", "overlay.yaml:8:9"),
        ("/info/title", "overlay.yaml:17:5"),
        ("/info/contact/name", "document.yaml:4:5"),
        ("/tags/0", "document.yaml:7:5"),
        ("/tags/1", "overlay.yaml:14:14"),
        ("/copied/name", "document.yaml:4:5"),
    ],
)
def test_what_an_overlay_adds_has_its_place_there(pointer: str, expected: str) -> None:
    report = Report()
    result = apply(read_map(DOCUMENT, "document.yaml"), read_map(OVERLAY, "overlay.yaml"), report)

    assert [] == list(report)
    assert expected == str(locate(result, pointer))


def test_a_filter_reaches_every_one_of_many_nodes() -> None:
    schema = {"title": "Error", "type": "object", "properties": {"code": {"type": "number"}}}
    document = read_map(
        json.dumps({"schemas": {f"S{index}": schema for index in range(30_000)}}), "document.json"
    )
    overlay = read_map(
        json.dumps(
            {
                "overlay": "1.1.0",
                "info": {"title": "Many", "version": "1"},
                "actions": [
                    {
                        "target": "$..[?@.title=='Error'].properties.code",
                        "description": "codes are whole numbers",
                        "update": {"type": "integer"},
                    }
                ],
            }
        ),
        "overlay.json",
    )
    report = Report()

    result = apply(document, overlay, report)

    assert [] == list(report)
    schemas = result["schemas"]
    assert isinstance(schemas, Map)
    expected = {**schema, "properties": {"code": {"type": "integer"}}}
    assert all(expected == found for found in schemas.values())


def test_many_items_are_removed_at_once() -> None:
    document = read_map(json.dumps({"list": list(range(20_000))}), "document.json")
    overlay = read_map(
        "overlay: 1.1.0\ninfo: {title: T, version: '1'}\n"
        "actions: [{target: '$.list[?@ >= 10]', description: d, remove: true}]",
        "overlay.yaml",
    )
    report = Report()

    result = apply(document, overlay, report)

    assert [] == list(report)
    assert {"list": list(range(10))} == result


def nested(depth: int) -> Map:
    node = Map()
    for _ in range(depth):
        node = Map({"a": node})
    return node


@pytest.mark.parametrize("depth", [300, 900, 5000])
def test_a_document_without_end_is_refused(depth: int) -> None:
    overlay = read_map(
        "overlay: 1.1.0\ninfo: {title: T, version: '1'}\n"
        "actions: [{target: '$..b', description: d, remove: true}]",
        "overlay.yaml",
    )
    report = Report()

    apply(nested(depth), overlay, report)

    assert ["VK149"] == [diagnostic.code for diagnostic in report]


def test_a_deep_document_is_searched_to_its_end() -> None:
    document = nested(200)
    deepest = document
    while deepest:
        below = deepest["a"]
        assert isinstance(below, Map)
        deepest = below
    deepest["b"] = Seq([1])
    overlay = read_map(
        "overlay: 1.1.0\ninfo: {title: T, version: '1'}\n"
        "actions: [{target: '$..b', description: d, update: 2}]",
        "overlay.yaml",
    )
    report = Report()

    result = apply(clone(document), overlay, report)

    assert [] == list(report)
    assert '"b": [1, 2]' in json.dumps(result)


def test_copies_cannot_make_a_document_without_end() -> None:
    actions = ", ".join(
        f"{{target: '${'.x' * 2**step}', description: step {step}, copy: $}}" for step in range(9)
    )
    overlay = read_map(
        f"overlay: 1.1.0\ninfo: {{title: T, version: '1'}}\nactions: [{actions}]",
        "overlay.yaml",
    )
    report = Report()

    apply(read_map("x: {}\na: {b: {c: {}}}\n", "document.yaml"), overlay, report)

    assert "VK149" in {diagnostic.code for diagnostic in report}
