"""Black is the judge of what is generated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from venuekit.formatting import format_tree

from .making import write_client

ROOT = Path(__file__).resolve().parent.parent

CASES = [*sorted((ROOT / "tests/cases/black").iterdir()), ROOT.parent / "shared/probe/venue.yaml"]


def judge(folder: Path) -> str:
    """What black would change in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "black", "--check", "--diff", "-q", "--config", "/dev/null", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


def test_black_would_leave_the_generated_clients_as_they_are() -> None:
    assert "" == judge(ROOT / "generated")


@pytest.mark.parametrize("document", CASES, ids=lambda path: path.name)
def test_black_would_leave_other_clients_as_they_are(document: Path, tmp_path: Path) -> None:
    if not document.is_file():
        pytest.skip(f"{document.name} is not there")

    assert "" == judge(write_client(document.read_text(encoding="utf-8"), tmp_path))


def test_signatures_in_texts_are_no_code() -> None:
    """Neither what a docstring shows nor quotes in a value mislead the parentheses of unions."""
    long = "A" * 40
    signature = f"def call(\n    one: {long}\n    | {long}\n    | {long},\n) -> None:"
    shown = "\n".join(f"    {line}" for line in signature.split("\n"))
    module = f'QUOTES = \'"""\'\n\n\n{signature}\n    """As here.\n\n{shown}\n    """\n'

    [formatted] = format_tree({PurePosixPath("client.py"): module}).values()

    code, text = formatted.split("As here.")
    assert f"    one: ({long}\n" not in text
    assert f"    one: (\n        {long}\n        | {long}\n        | {long}\n    ),\n" in code
    assert shown in text


TALKATIVE = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths: {}
components:
  schemas:
    Order:
      description: DESCRIPTION
      type: object
      properties:
        side: {description: DESCRIPTION, type: string, enum: [buy, sell]}
        quantity: {description: "DESCRIPTION\\n\\n- a list\\n- of two", type: number}
"""


def test_descriptions_are_folded_as_everywhere_else(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    package = write_client(TALKATIVE.replace("DESCRIPTION", text), tmp_path)
    lines = (package / "models.py").read_text(encoding="utf-8").splitlines()

    assert all(len(line) <= 88 for line in lines)
    assert " ".join(lines[lines.index("class Order(Model):") :]).split().count("word59") == 3
    assert ["    - a list", "    - of two"] == [line for line in lines if line.startswith("    - ")]


@pytest.mark.parametrize("length", range(70, 90))
def test_long_names_are_as_black_leaves_them(length: int, tmp_path: Path) -> None:
    name = "A" * length
    fields = "".join(f"    {field}: {value}\n" for field, value in (
        ("one", name), ("two", f"part.{name}"), ("three", f"a.part.{name}"),
        ("four", f"part.{name} | None = None"),
    ))  # fmt: skip
    module = f"class Holder:\n{fields}\n\nplain = {name}\ndotted = part.{name}\n"
    [formatted] = format_tree({PurePosixPath("models.py"): module}).values()

    (tmp_path / "models.py").write_text(formatted)

    assert "" == judge(tmp_path)


MANUAL = """
openapi: 3.1.0
info:
  title: T
  version: '1'
  description: |
    # Introduction

    The interface of *T*,
    in short.

    It has limits.

    ## Tokens

    <table><tr><td>Secret</td></tr></table>

    After signing up
servers: [{url: 'https://t.example'}]
paths: {}
"""


def test_a_manual_is_no_docstring(tmp_path: Path) -> None:
    """Of what a document tells of itself, its first paragraphs are told again."""
    package = write_client(MANUAL, tmp_path)
    client = (package / "client.py").read_text(encoding="utf-8")
    index = (package / "API.md").read_text(encoding="utf-8")

    assert (
        '"""T 1.\n\n    The interface of *T*, in short.\n\n    It has limits.\n\n    Args:'
        in client
    )
    assert "The interface of \\*T\\*,\nin short.\n\nIt has limits.\n\n```python" in index
    assert "signing up" not in client + index
