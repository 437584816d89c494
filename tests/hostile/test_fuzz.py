"""Documents that somebody broke at random: a client that imports, or a diagnostic with a place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from . import pipeline, places
from .mutations import broken, values

_SEED = places.substituted({})
_QUIET = list(HealthCheck)
_FEW = settings(max_examples=15, deadline=None, suppress_health_check=_QUIET)
_MANY = settings(max_examples=250, deadline=None, suppress_health_check=_QUIET)


def _holds(text: str, folder: Path) -> None:
    spec, package = folder / "openapi.json", folder / "client"
    spec.write_text(text, encoding="utf-8", errors="surrogatepass")
    shutil.rmtree(package, ignore_errors=True)
    pipeline.generate(spec, folder, package.name)


def test_broken_documents(share: int, tmp_path: Path, long: bool) -> None:
    @given(broken(_SEED))
    def check(document: object) -> None:
        _holds(json.dumps(document), tmp_path)

    _run(check, share, long)


@pytest.mark.parametrize("kind", ["values", "text"])
def test_what_is_no_document(kind: str, share: int, tmp_path: Path, long: bool) -> None:
    texts = values().map(json.dumps) if kind == "values" else st.text(st.characters(codec="utf-8"))

    @given(texts)
    def check(text: str) -> None:
        _holds(text, tmp_path)

    _run(check, share, long)


def _run(check: Callable[[], None], share: int, long: bool) -> None:
    """A part of a long run, which has its own end and its own report; or the same few each time."""
    (_MANY(check) if long else _FEW(seed(share)(check)))()
