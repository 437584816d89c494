"""Documents that want everything get a diagnostic with a place, or a client, and little memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .bombs import BOMBS

ROOT = Path(__file__).parents[2]
PATIENCE = 1200  # a bound for what never ends; nothing is measured

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="memory has no limit there")

# Bombs after which there is a client all the same.
HARMLESS = frozenset(
    """anchors nested_schemas doubling_allOf doubling_anyOf doubling_oneOf doubling_prefixItems
    doubling_properties chain_of_references chain_of_allOf chain_of_items chain_of_properties
    chain_of_bases anyOf_of_itself oneOf_in_a_circle not_itself items_of_itself
    additionalProperties_of_itself evil_pattern evil_alternatives evil_look_behind evil_repetition
    evil_nesting evil_class long_fraction small_exponent great_limits many_enum_values
    one_enum_value_often many_names_alike many_required many_properties long_strings long_lines
    long_name many_templates braces_in_a_path server_of_variables byte_order_mark
    byte_order_marks""".split()
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the commands say of each, all in one process whose memory is limited."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, make in BOMBS.items():
        (folder / f"{_stem(name)}.yaml").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.limited", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    return {a["name"]: a for a in map(json.loads, done.stdout.splitlines())}


def _stem(name: str) -> str:
    return re.sub(r"\W+", "_", name)


@pytest.mark.parametrize("name", [*map(_stem, BOMBS)])
def test_a_bomb_does_not_go_off(name: str, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[name]
    for command in ("generate", "validate", "diff"):
        status, out, err = answer[command]
        assert status in (0, 1, 2), command
        assert "Traceback" not in err, command
        assert "VK999" not in out + err, command

    assert answer["made"] == (answer["generate"][0] == 0)
    assert answer["made"] or name not in HARMLESS, answer["generate"][1][:500]
    if not answer["made"]:
        errors = [d for d in _diagnostics(answer["generate"][1]) if d["severity"] == "error"]
        assert any(d["file"] and (d["line"] or d["code"] == "VK110") for d in errors), errors


def _diagnostics(text: str) -> list[dict[str, Any]]:
    """What was printed; the first of them where there was too much to keep."""
    try:
        return json.loads(text)["diagnostics"]
    except ValueError:
        return json.loads(text[: text.rindex("    },")] + "    }]}")["diagnostics"]


def test_a_document_of_a_hundred_megabytes_is_read(tmp_path: Path, long: bool) -> None:
    """Work and memory in proportion: 100 MB of descriptions, or a tenth of it when sampled."""
    count = 1_000 if long else 100
    schemas = {f"S{n}": {"type": "string", "description": "x" * 100_000} for n in range(count)}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "servers": [{"url": "https://large.test"}],
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "A"}}}}},
        "components": {"schemas": schemas},
    }
    (tmp_path / "large.yaml").write_text(json.dumps(document), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.limited", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert 0 == done.returncode, done.stderr[-2000:]
    assert json.loads(done.stdout)["made"]
