"""Examples of another kind than a schema without a type is about: valid, so they are read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from venuekit.diagnostics import Report
from venuekit.normalisation.shown import with_shown_kinds
from venuekit.sources import Map, read_yaml

from .making import exchange

RECORDS = exchange(
    """
    properties:
      count:
        type: object
        additionalProperties:
          properties:
            value: {type: integer}
      rows:
        items: {type: integer}
      named: {type: object, properties: {value: {type: integer}}}
    example:
      count: {at: noon, total: 7, deep: {value: 7}, none: null}
      rows: [1]
      named: {value: 1}
    examples: [{rows: ""}]
    """
)
EXAMPLES = [
    {"count": {"at": "noon", "total": 7, "deep": {"value": 7}, "none": None}, "rows": [1]},
    {"rows": "", "named": {"value": 1}},
]

BASE = """{
    A: {allOf: [{$ref: '#/components/schemas/B'}], example: {b: 1}},
    B: {type: object, properties: {b: {items: {}}}}
}"""
CIRCLE = """{
    A: {properties: {a: {$ref: '#/components/schemas/A'}}, example: {a: {a: {a: {a: {}}}}},
        allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}
}"""


def shown(schema: str) -> list[str]:
    report = Report()
    document = read_yaml(f"components: {{schemas: {schema}}}", "a.yaml", report)
    assert isinstance(document, Map)
    with_shown_kinds(document, report)
    return [one.message.rpartition("shows ")[2] for one in report]


@pytest.mark.parametrize("example", EXAMPLES, ids=["object", "list"])
def test_what_an_example_shows_is_read_and_written_back(make: Any, example: Any) -> None:
    report = Report()
    model = make(RECORDS, report=report).A

    read = model.model_validate_json(json.dumps(example))

    assert example == json.loads(read.model_dump_json(by_alias=True, exclude_unset=True))
    assert ["VK353", "VK353"] == [one.code for one in report if one.code == "VK353"]


def test_what_no_example_shows_is_a_misfit(make: Any) -> None:
    model = make(RECORDS).A

    assert "deep" in model.model_validate({"count": {"deep": {"value": 7}}}).count
    with pytest.raises(ValueError, match="count"):
        model.model_validate({"count": {"deep": [1]}})
    with pytest.raises(ValueError, match="named"):
        model.model_validate({"named": "a text"})


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ("{A: {properties: {a: {}}, example: a text}}", ["string"]),
        ("{A: {properties: {a: {}}, example: '{\"a\": 1}'}}", []),  # JSON, written as a text
        ("{A: {properties: {a: {}}, nullable: true, example: [1]}}", ["array"]),
        ("{A: {type: object, properties: {a: {}}, example: a text}}", []),
        ("{A: {oneOf: [{properties: {a: {}}}], example: a text}}", []),
        ("{A: {properties: {example: {properties: {a: {}}}, items: {}}}}", []),  # a name
        (BASE, ["integer"]),
        (CIRCLE, []),
    ],
    ids=["text", "written", "nullable", "named", "union", "property", "base", "circle"],
)
def test_which_examples_show_something(schema: str, wanted: list[str]) -> None:
    assert wanted == shown(schema)
