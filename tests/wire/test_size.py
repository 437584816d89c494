"""How large a client is: its runtime holds what its document needs, and no more."""

from __future__ import annotations

from pathlib import Path

from ..making import write_client

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
