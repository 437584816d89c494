"""Texts that match patterns."""

from __future__ import annotations

import re

import pytest

from venuekit.patterned import matching


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("^0x[a-fA-F0-9]{40}$", 0),
        ("^[A-Z]{3,5}(?:-(USD|EUR))?$", 0),
        (r"^\d{4}-\d{2}(-\d{2})?$", 0),
        ("^(|buy|sell)$", 0),
        (r"^[^\s@]+@[^\s@]+\.[a-z]{2,}$", 20),
        (r"^[\w\-.]{1,64}$", 10),
        (r"^[]a]+?$", 3),
        (r"^(?P<a>x)\.\x41[A]$", 0),
        ("[a-z]*", 7),
        ("", 0),
    ],
)
def test_a_text_matches(pattern: str, least: int) -> None:
    text = matching(pattern, least)

    assert text is not None
    assert len(text) >= least
    assert re.search(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    ["(", "[", "a{99999}", "(?!x)a", r"(a)\1", r"\p{L}", "((a{40}){40}){40}", r"[^\s\S]", "^.{3}$"],
)
def test_what_is_not_understood_has_none(pattern: str) -> None:
    assert matching(pattern, 4) is None
