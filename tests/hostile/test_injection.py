"""Text of a document stays text: thousands of payloads, in every string that a document has."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from . import pipeline, places
from .injection import Modules, is_plain, shapes, strays, vocabulary
from .payloads import BARE, CANARY, CODE
from .places import POSITIONS, TEXTS

# Where no media type is what it was, no text is read, and a client is written in other words.
_JSON_ALONE = {
    "openapi": "3.1.0",
    "info": {"title": "Innocent", "version": "1"},
    "servers": [{"url": "https://venue.test"}],
    "paths": {
        "/a": {
            "get": {
                "operationId": "a",
                "responses": {
                    "200": {
                        "description": "Yes.",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            }
        }
    },
}
_TURNS = 6  # frames come in one, two and three


def _texts(positions: Sequence[str], payloads: Sequence[str], turn: int) -> dict[str, str]:
    """A payload for each position, in the frame of the turn."""
    found: dict[str, str] = {}
    for number, position in enumerate(positions):
        frames = places.frames(position)
        payload = payloads[(number + turn) % len(payloads)]
        named = payload.replace(CANARY, f"{CANARY}{number}", 1)
        found[position] = frames[(number + turn) % len(frames)](named)
    return found


def _innocent(positions: Sequence[str], turn: int) -> dict[str, str]:
    return _texts(positions, [f"Innocent{CANARY}x"], turn)


def _generate(texts: dict[str, str], folder: Path) -> tuple[pipeline.Run, Modules]:
    return _generate_from(places.substituted(texts), folder)


def _generate_from(document: Any, folder: Path) -> tuple[pipeline.Run, Modules]:
    spec = folder / "openapi.json"
    spec.write_text(json.dumps(document), encoding="utf-8")
    done, package = pipeline.generate(spec, folder)
    modules: Modules = {}
    if done.status == 0:
        modules = {
            PurePosixPath(path.relative_to(package)): path.read_text(encoding="utf-8")
            for path in package.rglob("*.*")
            if path.suffix in (".py", ".md", ".json")
        }
        shutil.rmtree(package)
    return done, modules


def _with_any_body() -> Any:
    """The document with a body of any media type, which is what a text that is none means."""
    document = places.substituted({})
    body = document["components"]["requestBodies"]["Shared-body"]
    body["content"] = {"*/*": next(iter(body["content"].values()))}
    return document


def _turns(every: int, long: bool) -> list[int]:
    """All turns, or a few that differ from run to run of the code, not of the machine."""
    return list(range(every)) if long else sorted(random.Random(every).sample(range(every), 8))


def test_names_and_texts_change_nothing_but_names_and_texts(tmp_path: Path, long: bool) -> None:
    """A hostile client is its innocent twin with other names and other constants."""
    _, twin = _generate(_innocent(TEXTS, 0), tmp_path)
    expected = shapes(twin)
    for turn in _turns(len(CODE), long):
        done, modules = _generate(_texts(TEXTS, CODE, turn), tmp_path)

        assert 0 == done.status, done.errors
        assert expected == shapes(modules), turn
        assert [] == _strays(modules), turn
        assert _headings(twin) == _headings(modules), turn


def test_no_string_makes_a_client_do_what_others_do_not(tmp_path: Path, long: bool) -> None:
    """Also where strings have a meaning: addresses, media types, headers, patterns, templates."""
    known = vocabulary(_generate({}, tmp_path)[1])
    for turn in range(_TURNS):
        known |= vocabulary(_generate(_innocent(POSITIONS, turn), tmp_path)[1])
    known |= vocabulary(_generate_from(_with_any_body(), tmp_path)[1])
    known |= vocabulary(_generate_from(_JSON_ALONE, tmp_path)[1])
    for turn in _turns(len(CODE), long):
        done, modules = _generate(_texts(POSITIONS, CODE, turn), tmp_path)

        assert 0 == done.status, done.errors
        assert set() == vocabulary(modules) - known, turn
        assert [] == _strays(modules), turn


def test_what_generated_code_has_names_for_is_renamed(tmp_path: Path, long: bool) -> None:
    for turn in _turns(len(BARE), long):
        done, modules = _generate(_texts(POSITIONS, BARE, turn), tmp_path)

        assert 0 == done.status, done.errors
        assert [] == _strays(modules), turn


@pytest.mark.parametrize("position", places.STRICT)
def test_our_own_extension_refuses_what_it_does_not_know(
    position: str, tmp_path: Path, long: bool
) -> None:
    for turn in _turns(len(CODE), long):
        done, modules = _generate(_texts([position], CODE, turn), tmp_path)

        assert ["VK330"] == [d["code"] for d in done.errors] or [] == _strays(modules)


def test_words_of_the_standard_are_not_trusted(tmp_path: Path, long: bool) -> None:
    """A `type`, an `in`, a status, a method: refused with a place, or made something harmless."""
    words = list(places.words())
    step = 1 if long else 11
    for number, path in list(enumerate(words))[::step]:
        payload = CODE[number % len(CODE)]
        done, modules = _generate_from(places.replaced(path, payload), tmp_path)

        assert done.status in (0, 1)
        assert [] == _strays(modules), path


def _strays(modules: Modules) -> list[str]:
    found = [
        f"{path}: {stray}"
        for path, text in modules.items()
        if path.suffix == ".py"
        for stray in strays(text)
    ]
    found += [f"API.md: {token}" for token in _markup(modules) if token in _ALIVE]
    return found


_ALIVE = {"html_block", "html_inline", "link_open", "image"}


def _headings(modules: Modules) -> int:
    return _markup(modules).count("heading_open")


def _markup(modules: Modules) -> list[str]:
    """The kinds of what stands in the page of a client, as a reader of Markdown sees it."""
    page = modules.get(PurePosixPath("API.md"), "")
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(page)
    return [token.type for token in _inside(tokens)]


def _inside(tokens: Sequence[Token]) -> list[Token]:
    return [t for token in tokens for t in (token, *_inside(token.children or []))]


def test_names_are_what_they_look_like() -> None:
    assert is_plain("order_id")
    assert is_plain("日本語")
    assert not is_plain("ﬁx")
