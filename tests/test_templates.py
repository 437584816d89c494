"""Templates of a project that are faulty: told at their place, and never as a bug of the tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from venuekit.cli import main

DOCUMENT = """
openapi: 3.1.0
info: {title: Orders, version: "1"}
servers: [{url: "http://127.0.0.1:1"}]
paths:
  /orders:
    get: {operationId: list_orders, responses: {"200": {description: Orders}}}
"""
FAULTS = [
    ("\n{% if %}", "own/errors.py.jinja:2:1: error[VK014]: Expected an expression"),
    ("\n\n{{ api.nothing }}", "own/errors.py.jinja:3:1: error[VK014]: UndefinedError: "),
    ("{{ 1 / 0 }}", "own/errors.py.jinja:1:1: error[VK014]: ZeroDivisionError: "),
    (
        "\n{% include 'parts/none.jinja' %}",
        "own/errors.py.jinja:2:1: error[VK014]: there is no template 'parts/none.jinja'",
    ),
    (b"\xff", "own/errors.py.jinja: error[VK014]: is not UTF-8"),
    ("x = (", "own: error[VK014]: what is made with them is no Python: Failed to parse paper/"),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENUEKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.venuekit]\ntemplates = "own"\n')
    (tmp_path / "specs" / "paper").mkdir(parents=True)
    (tmp_path / "specs" / "paper" / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "own").mkdir()
    return tmp_path


@pytest.mark.parametrize(("template", "told"), FAULTS, ids=[told[-20:] for _, told in FAULTS])
def test_a_fault_is_told_at_its_place(
    template: str | bytes, told: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = template if isinstance(template, bytes) else template.encode()
    (project / "own" / "errors.py.jinja").write_bytes(data)

    codes = [main(["generate"]), main(["generate"])]  # the second knows what the first compiled

    assert codes == [2, 2]
    found = [line for line in capsys.readouterr().err.splitlines() if "error[" in line]
    assert len(found) == 2
    assert found[0] == found[1]
    assert found[0].startswith(told)
    assert not (project / "generated").exists()


def test_a_fault_of_the_models_is_told_too(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "own" / "models.py.jinja").write_text("{{ shelf.nothing }}")

    assert main(["generate"]) == 2

    assert capsys.readouterr().err.startswith("own/models.py.jinja:1:1: error[VK014]: ")


def test_what_is_no_fault_of_theirs_is_a_bug(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise KeyError("ours")

    (project / "own" / "API.md.jinja").write_text("# Ours\n")
    monkeypatch.setattr("venuekit.rendering.client_text", broken)

    assert main(["generate"]) == 1

    assert "error[VK999]: internal error: KeyError: 'ours'" in capsys.readouterr().err
