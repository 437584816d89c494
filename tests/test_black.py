"""Black is the judge of what is generated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .making import write_client

ROOT = Path(__file__).resolve().parent.parent

CASES = [ROOT / "tests/cases/black/folded.yaml", ROOT.parent / "shared/probe/venue.yaml"]


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
