"""Documents that somebody broke at random: a client that imports, or a diagnostic with a place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from . import pipeline, places
from .mutations import broken, values

_SEED = places.substituted({})
_FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
_MANY = settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck))


def _holds(text: str, folder: Path) -> None:
    spec = folder / "openapi.json"
    spec.write_text(text, encoding="utf-8", errors="surrogatepass")
    _, package = pipeline.generate(spec, folder)
    shutil.rmtree(package, ignore_errors=True)


def test_broken_documents(tmp_path: Path, long: bool) -> None:
    @given(broken(_SEED))
    def check(document: object) -> None:
        _holds(json.dumps(document), tmp_path)

    (_MANY if long else _FEW)(check)()


@pytest.mark.parametrize("kind", ["values", "text"])
def test_what_is_no_document(kind: str, tmp_path: Path, long: bool) -> None:
    texts = values().map(json.dumps) if kind == "values" else st.text(st.characters(codec="utf-8"))

    @given(texts)
    def check(text: str) -> None:
        _holds(text, tmp_path)

    (_MANY if long else _FEW)(check)()
