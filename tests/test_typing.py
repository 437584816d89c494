"""Small callers of the five clients, under both strict checkers, right uses and wrong ones.

A wrong use has an ignore on its line; an ignore that nothing needs is an error of the checkers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "typing"
CLIENTS = FOLDER.parents[1] / "generated" / "venue_clients"


def test_every_client_has_a_caller() -> None:
    clients = {path.parent.name for path in CLIENTS.glob("*/__init__.py")}
    callers = {path.stem.removesuffix("_caller") for path in FOLDER.glob("*_caller.py")}

    assert clients == callers


def test_pyright() -> None:
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(
        [*command, "--project", str(FOLDER)], capture_output=True, text=True, check=False
    )
    report = json.loads(done.stdout)

    assert [] == report["generalDiagnostics"]
    assert len(list(FOLDER.glob("*.py"))) == report["summary"]["filesAnalyzed"]


def test_mypy(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--config-file", str(FOLDER / "mypy.ini")]
    done = subprocess.run(
        [*command, "--cache-dir", str(tmp_path), str(FOLDER)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
