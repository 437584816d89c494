"""Docstrings apart from code: what is put together is what a formatter makes of the whole."""

from __future__ import annotations

import tempfile
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit import formatting
from venuekit.caching import Cache
from venuekit.docstrings import joined, parted
from venuekit.formatting import format_tree
from venuekit.prose import docstring

PATH = PurePosixPath("models.py")
WORDS = ["order", '"quoted"', "\\", "`code`", "a" * 70, "\n", "\n\n", "- item", "  two", "日本語"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


def module(one: str, two: str, three: str) -> str:
    """A module with texts of a document in the three kinds of docstrings, not yet formatted."""
    return (
        f'"""A module."""\n\n\nclass Order:\n    {docstring(one, 4)}\n\n    side:   str\n'
        f"    {docstring(two, 4)}\n\n    def call(self,\n        one: int):\n"
        f"        {docstring(three, 8)}\n        return  one\n"
    )


@pytest.mark.parametrize("text", ["One.", "Two\n\nparagraphs.", 'Of "two" words.', "x" * 60])
def test_a_tidy_docstring_is_taken_out(text: str) -> None:
    whole = module(text, "Other.", text)
    found = parted(whole)

    assert 4 == len(found.texts)
    assert text.split("\n", maxsplit=1)[0] in found.texts[1]
    assert text.split("\n", maxsplit=1)[0] not in found.code
    assert whole == joined(found.code, found.texts)


@pytest.mark.parametrize(
    "text", ["", " a", "a ", '"a', 'a"', "a\\", "a\tb", "a\n  b", "a\n        b\n    ", "a" * 80]
)
def test_what_a_formatter_might_change_stays(text: str) -> None:
    assert () == parted(f'class Order:\n    """{text}"""\n').texts


@pytest.mark.parametrize("line", ["""x = '\"\"\"'""", 'x = f"""a"""', 'x = """a""" + y'])
def test_quotes_that_are_no_docstrings_part_nothing(line: str) -> None:
    text = f'"""A module."""\n{line}\n'

    assert (text, ()) == (parted(text).code, parted(text).texts)


def test_another_word_needs_no_formatter(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENUEKIT_CACHE", str(tmp_path))
    format_tree({PATH: module("One.", "Two.", "Three.")}, Cache())
    fresh = format_tree({PATH: module("Now one.", "Two.", "Four.")})
    monkeypatch.delattr(formatting, "_ruff")

    assert fresh == format_tree({PATH: module("Now one.", "Two.", "Four.")}, Cache())


@settings(max_examples=60, deadline=None)
@given(st.tuples(TEXTS, TEXTS, TEXTS), st.tuples(TEXTS, TEXTS, TEXTS))
def test_a_cache_that_knows_other_words_changes_nothing(
    known: tuple[str, str, str], now: tuple[str, str, str]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("VENUEKIT_CACHE", folder)
        format_tree({PATH: module(*known)}, Cache())

        assert format_tree({PATH: module(*now)}) == format_tree({PATH: module(*now)}, Cache())
