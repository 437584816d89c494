"""Schemas that are known by names of their own: anchors, and places inside of others."""

# ruff: noqa: E501 - schemas read best on a line each

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
