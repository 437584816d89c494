"""Drift: every rule in both directions, meaning against spelling, and one finding a cause."""

from __future__ import annotations

from pathlib import Path

from venuekit.drift import RULES, rules_page

ROOT = Path(__file__).parents[1]


def test_the_page_explains_the_rules() -> None:
    assert rules_page() == (ROOT / "docs" / "drift-rules.md").read_text()


def test_ids_are_readable() -> None:
    assert all(id.replace("-", "").isalpha() and id.islower() for id in RULES)
