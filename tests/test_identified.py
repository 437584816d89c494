"""Schemas that are known by names of their own: anchors, and places inside of others."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any

from .test_schemas import document

ANCHORS = """
Sent: {type: object}
Got:
  type: object
  properties:
    word: {$ref: '#word'}
    deep: {$ref: '#deep'}
    near: {type: object, properties: {one: {$ref: '#twice'}, two: {$anchor: twice, type: integer}}}
Other:
  type: object
  properties:
    word: {$anchor: word, type: string, enum: [a, b]}
    list: {type: array, items: {$anchor: deep, type: object, properties: {n: {type: integer}}}}
    far: {$anchor: twice, type: string}
"""


def test_an_anchor_may_be_anywhere(make: Callable[..., Any]) -> None:
    """And of several with one name, the nearest is meant."""
    made = make(document(ANCHORS))
    got = made.Got.model_validate({"word": "a", "deep": {"n": 1}, "near": {"one": 2}})

    assert "A" == got.word.name
    assert 1 == got.deep.n
    assert int | None == typing.get_type_hints(type(got.near))["one"]


INSIDE = """
Sent: {type: object}
Got:
  type: object
  properties:
    status: {$ref: '#/components/schemas/Order/properties/status'}
    fee: {$ref: '#/components/schemas/Order/properties/fee'}
    side: {$ref: '#/components/schemas/Order/properties/legs/items/properties/side'}
    tag: {$ref: '#/components/schemas/Order/properties/tags/additionalProperties'}
    deep: {$ref: '#/components/schemas/Order/$defs/In/properties/p'}
Order:
  type: object
  properties:
    status: {type: string, enum: [open, done]}
    fee: {type: object, properties: {amount: {type: string}}}
    legs: {type: array, items: {type: object, title: Leg, properties: {side: {enum: [buy, sell]}}}}
    tags: {type: object, additionalProperties: {type: object, properties: {t: {type: string}}}}
    in: {$ref: '#/components/schemas/Order/$defs/In'}
  $defs:
    In: {type: object, properties: {p: {type: object, properties: {q: {type: integer}}}}}
"""


def test_what_stands_inside_of_a_component_is_one_class_for_all(make: Callable[..., Any]) -> None:
    made = make(document(INSIDE))
    inside = {"OrderStatus", "OrderFee", "LegSide", "OrderTagsValue", "InP"}
    value = {"status": "open", "fee": {}, "side": "buy", "tag": {}, "deep": {}}
    got = made.Got.model_validate(value)
    home = made.models.__name__
    own = {n for n, v in vars(made.models).items() if getattr(v, "__module__", "") == home}

    assert inside == {type(part).__name__ for _, part in got}
    assert inside | {"Got", "Order", "Leg", "In", "Model"} == own


EXTENDED = """
Sent: {type: object}
Got: {$ref: '#/components/schemas/Base', properties: {inner: {$ref: '#/components/schemas/Got'}}}
Base: {type: object, properties: {name: {type: string}}}
Tree:
  $dynamicAnchor: node
  type: object
  properties: {children: {type: array, items: {$dynamicRef: '#node'}}}
Strict: {$dynamicAnchor: node, $ref: '#/components/schemas/Tree', required: [children]}
"""


def test_a_schema_beside_a_reference_may_lead_to_itself(make: Callable[..., Any]) -> None:
    made = make(document(EXTENDED))
    got = made.Got.model_validate({"name": "a", "inner": {"name": "b", "inner": {}}})

    assert isinstance(got.inner.inner, made.Got)
    assert isinstance(made.Strict, type)
