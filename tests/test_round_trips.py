"""Valid examples of documents come back from their clients unchanged."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from venuekit import sources
from venuekit.diagnostics import Report

from .round_trips import outcomes, outcomes_of

ROOT = Path(__file__).parents[1]
CLIENTS = ("alpaca_broker", "alpaca_trading", "clear_street", "deltadefi", "polymarket")
REAL = ROOT.parent / "shared" / "corpus" / "real"
SAMPLE = (
    "clearstreet/clear-street-orders-3.2.yml",
    "clearstreet/clear-street-accounts-3.2.yml",
    "hyperliquid/hyperliquid.yaml",
    "nowpayments/nowpayments.yaml",
    "openbanking-uk/ob-account-info.yaml",
    "swiss-ng/swiss-ng-api.yaml",
)


@pytest.mark.parametrize("name", CLIENTS)
def test_the_examples_of_our_documents(name: str) -> None:
    package = importlib.import_module(f"venue_clients.{name}")
    text = (ROOT / "generated" / "venue_clients" / name / "openapi.json").read_text()
    document = sources.read(text, "openapi.json", Report())
    assert isinstance(document, sources.Map)

    assert [] == [o for o in outcomes_of(document, package) if o.said]


@pytest.mark.skipif(not REAL.exists(), reason="the corpus is not beside this repository")
@pytest.mark.parametrize("name", SAMPLE)
def test_the_examples_of_real_documents(name: str, tmp_path: Path) -> None:
    found = list(outcomes(REAL / name, tmp_path))

    assert found
    assert [] == [o for o in found if o.said]
