"""Python expressions as people read them."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from venuekit import expressions

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def test_a_short_call_is_one_line() -> None:
    written = expressions.call("cancel", [("", "it's"), ("body", {"a": ['"', b"b"]})], "x = ")

    assert """x = cancel("it's", body={"a": ['"', b"b"]})""" == written


def test_a_long_call_has_an_argument_a_line() -> None:
    ids = ["0f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf"] * 2
    written = expressions.call("client.cancel_orders", [("body", {"ids": ids, "dry": True})])

    assert (
        """client.cancel_orders(
    body={
        "ids": [
            "0f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf",
            "0f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf",
        ],
        "dry": True,
    },
)"""
        == written
    )


@given(VALUES)
def test_what_is_written_is_the_value(value: object) -> None:
    written = expressions.call("dict", [("value", value)])

    (argument,) = ast.parse(written, mode="eval").body.keywords  # type: ignore[attr-defined]
    assert value == ast.literal_eval(argument.value)
