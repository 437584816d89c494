"""How large a client is: its runtime holds what its document needs, and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..making import write_client

ROOT = Path(__file__).parents[2]
SMALL = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths: {}
components:
  schemas: {%s}
"""


def test_a_client_without_operations_imports_no_models(tmp_path: Path) -> None:
    models = ", ".join(
        f"M{n}: {{type: object, properties: {{a: {{type: string}}}}}}" for n in range(40)
    )
    client = write_client(SMALL % models, tmp_path) / "client.py"

    assert "models" not in client.read_text(encoding="utf-8")


def test_a_small_client_stays_small(tmp_path: Path) -> None:
    """All its Python, with models, docstrings and what black makes of them: under 800 lines."""
    [page] = (ROOT / "specs" / "alpaca_trading" / "pages").iterdir()
    command = [sys.executable, "-m", "venuekit", "generate", "-q", "--spec", str(page)]
    subprocess.run([*command, "--out", str(tmp_path / "paper")], check=True)
    texts = [p.read_text(encoding="utf-8") for p in (tmp_path / "paper").glob("*.py")]

    assert sum(text.count("\n") for text in texts) < 800
