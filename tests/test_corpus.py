"""A sample of the corpus, and documents of our own that hold what nobody expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from .corpus.checking import check, slug
from .corpus.documents import CORPUS, Document, documents, odd
from .corpus.results import Result
from .corpus.types import type_errors

SAMPLE = (
    "real/hubspot/hubspot-webhooks.yaml",
    "real/ibkr/ibkr-third-party-web.yaml",
    "real/nowpayments/nowpayments.yaml",
    "real/zenofm/zenofm.yaml",
    "suites/datamodel-code-generator/openapi/openapi_discriminated_oneof_allof_cycle.json",
    "invalid/ogen__invalid_status_code.json",
)


def failures(found: list[Document], folder: Path) -> dict[str, str]:
    """What is wrong with the clients of documents, by the names of the documents."""
    results: dict[Document, Result] = {document: check(document, folder) for document in found}
    made = {folder / slug(d): r for d, r in results.items() if r.made and not r.imported}
    for package, errors in type_errors(made).items():
        made[package].errors = errors
    said = {document.name: result.failure(document) for document, result in results.items()}
    return {name: failure for name, failure in said.items() if failure}


def test_odd_documents(tmp_path: Path) -> None:
    assert {} == failures(odd(), tmp_path)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this repository")
def test_a_sample(tmp_path: Path) -> None:
    chosen = [document for document in documents() if document.name in SAMPLE]

    assert len(SAMPLE) == len(chosen)
    assert {} == failures(chosen, tmp_path)


def test_a_failure_is_seen(tmp_path: Path) -> None:
    """A result that lacks something is a failure, whatever it lacks."""
    document = odd()[0]
    whole = {"name": document.name, "made": True, "operations": 1, "examples": 1}
    lacking = ({"missing": ["GET /"]}, {"errors": ["x"]}, {"changed": ["x"]}, {"imported": "x"})

    assert "" == Result(**whole).failure(document)
    assert all(Result(**whole, **one).failure(document) for one in lacking)
    assert Result(name="x", refusals=["a.yaml:1:1 VK200 x"]).failure(document)
