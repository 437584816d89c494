"""Every code is explained, in order, with a case that is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENTRIES = re.split(r"(?m)^## (?=VK)", (ROOT / "docs" / "diagnostics.md").read_text())[1:]
CODES = [entry[:5] for entry in ENTRIES]


def test_every_code_is_explained_once_and_in_order() -> None:
    sources = (ROOT / "generator").rglob("*.py")
    used = {code for path in sources for code in re.findall(r'"(VK\d{3})"', path.read_text())}

    assert sorted(set(CODES)) == CODES
    assert set() == used ^ set(CODES)


def test_every_code_has_an_example_and_a_case() -> None:
    for code, entry in zip(CODES, ENTRIES, strict=True):
        cases = re.findall(r"`((?:tests/)[\w./-]+)`", entry)
        assert f"[{code}]" in entry, code
        assert cases, code
        assert [] == [case for case in cases if not (ROOT / case).exists()], code
