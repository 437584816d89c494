"""Documents that are not as they should be: each gets a diagnostic at a place, and no traceback."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from venuekit.cli import main

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

# The validator refuses these for want of its own: it runs out of stack, and it takes the names in a
# path for words.
SOUND = {
    "suites/datamodel-code-generator/openapi/openapi_discriminated_oneof_allof_cycle.json",
    "suites/aiopenapi3/paths-parameter-name-invalid.yaml",
}


def refused() -> list[str]:
    """The documents that must get a diagnostic: the invalid, and what the validator refuses."""
    index = CORPUS / "INDEX.tsv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        row["local_path"]
        for row in rows
        if row["set"] == "invalid"
        or "/negative/" in row["local_path"]
        or (row["set"] == "suite" and row["valid"] != "yes")
    ]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
@pytest.mark.parametrize("name", refused())
def test_what_is_refused_gets_a_diagnostic_with_a_place(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["validate", "--spec", str(CORPUS / name), "--format", "json"])

    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert found or name in SOUND
    assert (code == 1) == any(one["severity"] == "error" for one in found)
    assert code in (0, 1)
    causes: set[tuple[str, ...]] = set()
    for one in found:
        assert one["code"] != "VK999", one["message"]
        assert one["file"].endswith((".yaml", ".yml", ".json"))
        assert one["line"] >= 1
        assert one["column"] >= 1
        assert one["help"] or one["code"] in ("VK102", "VK103"), one
        cause = (one["code"], one["message"], one["file"], str(one["line"]), str(one["column"]))
        assert cause not in causes
        causes.add(cause)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_strictness_makes_errors_of_what_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    name = next(name for name in refused() if name.startswith("invalid/") and "id_status" in name)

    lenient = main(["validate", "--spec", str(CORPUS / name)])
    strict = main(["validate", "--spec", str(CORPUS / name), "--strict"])

    assert (0, 1) == (lenient, strict)
    assert "warning[VK2" in capsys.readouterr().err
