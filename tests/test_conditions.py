"""Conditions of JSON Schema on what is sent: judged by an implementation of the specification."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit import sources
from venuekit.diagnostics import Report
from venuekit.normalisation.conditions import Conditions
from venuekit.normalisation.reading import Document, Node

from .making import make_client
from .test_schemas import document, refusal

ORDER = """
Got: {type: object}
Sent:
  type: object
  properties:
    kind: {type: string}
    price: {type: [number, 'null']}
    qty: {type: number}
    notional: {type: number}
    id: {type: string, readOnly: true}
    tags: {type: array, items: {type: string}, contains: {const: a}, maxContains: 2}
  oneOf: [{required: [qty]}, {required: [notional]}]
  allOf:
  - if: {properties: {kind: {const: limit}}, required: [kind]}
    then: {required: [price], properties: {price: {type: number}}}
    else: {not: {required: [price]}}
  - not: {properties: {kind: {const: bad}}, required: [kind]}
  dependentRequired: {notional: [kind]}
  dependentSchemas: {tags: {required: [kind]}, qty: {required: [id]}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(ORDER), tmp_path_factory.mktemp("conditions"))


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"qty": 1}, ""),  # id is only received: nobody can send it
        ({}, "Fits none of the alternatives"),
        ({"qty": 1, "notional": 2, "kind": "x"}, "Fits more than one of the alternatives"),
        ({"qty": 1, "kind": "limit", "price": 2}, ""),
        ({"qty": 1, "kind": "limit"}, "Lacks price"),
        ({"qty": 1, "kind": "limit", "price": None}, "/price: Must not be null"),
        ({"qty": 1, "kind": "market", "price": 2}, "Has a form that is excluded"),
        ({"qty": 1, "kind": "bad"}, "Has a form that is excluded"),
        ({"notional": 1}, "Lacks kind"),
        ({"qty": 1, "tags": ["a"]}, "Lacks kind"),
        ({"qty": 1, "kind": "x", "tags": ["a"]}, ""),
        ({"qty": 1, "kind": "x", "tags": ["b"]}, "/tags: Holds too few or too many"),
        ({"qty": 1, "kind": "x", "tags": ["a", "a", "a"]}, "/tags: Holds too few or too many"),
    ],
)
def test_a_body_meets_the_conditions(made: Any, body: dict[str, Any], refused: str) -> None:
    said = refusal(made, body)

    assert refused in said
    assert bool(refused) == bool(said)


def test_shared_and_inline_conditions_hold_both(make: Callable[..., Any]) -> None:
    made = make(
        document("""
Got: {type: object}
Base: {type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}
Sent: {anyOf: [{$ref: '#/components/schemas/Base'}], not: {required: [c]}}
""")  # noqa: E501 - schemas read best on a line each
    )

    assert refusal(made, {"a": "x", "b": "x"}) == ""
    assert "Lacks b" in refusal(made, {"a": "x"})
    assert "excluded" in refusal(made, {"c": 1})


def test_the_dialect_of_openapi_3_0_has_only_not(make: Callable[..., Any]) -> None:
    schemas = """
Got: {type: object}
Sent:
  type: object
  properties: {a: {type: string}, b: {type: string}}
  if: {required: [a]}
  then: {required: [b]}
  not: {required: [a], properties: {a: {type: string, nullable: true, enum: [x, null]}}}
"""
    made = make(document(schemas, "3.0.3"))

    assert refusal(made, {"a": "y"}) == ""
    assert "excluded" in refusal(made, {"a": "x"})


def test_references_in_conditions_are_followed_to_an_end(make: Callable[..., Any]) -> None:
    schemas = """
Got: {type: object}
Twice: {allOf: [{$ref: '#/components/schemas/Twice'}, {$ref: '#/components/schemas/Twice'}]}
Word: {type: string, maxLength: 1}
Sent:
  type: object
  properties: {a: {type: string}}
  allOf:
  - not: {$ref: '#/components/schemas/Twice'}
  - not: {required: [a], properties: {a: {$ref: '#/components/schemas/Word', minLength: 1}}}
"""
    made = make(document(schemas))

    assert refusal(made, {"a": "xy"}) == ""
    assert refusal(made, {"a": ""}) == ""
    assert "excluded" in refusal(made, {"a": "x"})


_SCALARS: list[Any] = [None, True, False, 0, 1, 2.5, "", "a", "ab"]
_TYPES = "string number integer boolean null object array".split()
_LIMITS = """minLength maxLength minItems maxItems minProperties maxProperties minimum maximum
    exclusiveMinimum exclusiveMaximum minContains maxContains""".split()


@st.composite
def _values(draw: st.DrawFn, depth: int = 2) -> Any:
    kind = draw(st.sampled_from(["scalar", "array", "object"] if depth else ["scalar"]))
    if kind == "scalar":
        return draw(st.sampled_from(_SCALARS))
    items = [draw(_values(depth - 1)) for _ in range(draw(st.integers(0, 3)))]
    return items if kind == "array" else dict(zip("abc", items, strict=False))


@st.composite
def _schemas(draw: st.DrawFn, depth: int = 3) -> Any:
    def inner() -> Any:
        return draw(_schemas(depth - 1))

    def several() -> list[Any]:
        return [inner() for _ in range(draw(st.integers(1, 2)))]

    def some(values: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique_by=repr))

    plain: dict[str, Callable[[], Any]] = {
        "type": lambda: draw(st.sampled_from(_TYPES)),
        "const": lambda: draw(_values(1)),
        "enum": lambda: [draw(_values(1))],
        "required": lambda: some(["a", "b", "c"]),
        "pattern": lambda: "^a",
        "uniqueItems": lambda: True,
        "propertyNames": lambda: {"pattern": "a|b"},
        "dependentRequired": lambda: {"a": ["b"]},
        **{key: lambda: draw(st.integers(0, 2)) for key in _LIMITS},
    }
    nested: dict[str, Callable[[], Any]] = {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), several),
        **dict.fromkeys(("not", "if", "then", "else", "contains", "items"), inner),
        "additionalProperties": inner,
        **dict.fromkeys(
            ("properties", "patternProperties", "dependentSchemas"),
            lambda: {name: inner() for name in some(["a", "b"])},
        ),
    }
    if not depth:
        key = draw(st.sampled_from([*plain, ""]))
        return {key: plain[key]()} if key else draw(st.booleans())
    keys = draw(st.lists(st.sampled_from([*plain, *nested]), min_size=1, max_size=4, unique=True))
    return {key: ({**plain, **nested})[key]() for key in keys}


@settings(max_examples=400)
@given(schema=_schemas(), values=st.lists(_values(), min_size=1, max_size=8))
def test_conditions_mean_what_json_schema_says(made: Any, schema: Any, values: list[Any]) -> None:
    text = json.dumps({"openapi": "3.1.0", "schema": {"not": schema}})
    root = sources.read(text, "openapi.json", Report())
    assert isinstance(root, sources.Map)
    node = Node(root, ()).get("schema")
    found, untold = Conditions(Document(root)).of(node)
    assert not untold
    judge = jsonschema_rs.Draft202012Validator({"not": schema})
    for value in values:
        problems = [p for rule in found for p in made._runtime._unmet(rule, value, "")]
        assert (not problems) == judge.is_valid(value), (schema, value)
