"""The five clients and small callers of them, under both strict checkers, as Python 3.10.

A wrong use has an ignore on its line; an ignore that nothing needs is an error of the checkers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CALLERS = ROOT / "tests" / "typing"
CLIENTS = ROOT / "generated" / "venue_clients"


def test_every_client_has_a_caller() -> None:
    clients = {path.parent.name for path in CLIENTS.glob("*/__init__.py")}
    callers = {path.stem.removesuffix("_caller") for path in CALLERS.glob("*_caller.py")}

    assert clients == callers


def test_pyright() -> None:
    done = _run("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", CALLERS)
    report = json.loads(done.stdout)
    files = [*CALLERS.glob("*.py"), *CLIENTS.glob("**/*.py")]

    assert [] == report["generalDiagnostics"]
    assert len(files) == report["summary"]["filesAnalyzed"]


def test_mypy(tmp_path: Path) -> None:
    options = ("--config-file", CALLERS / "mypy.ini", "--cache-dir", tmp_path)
    done = _run("mypy", *options, CALLERS, CLIENTS)

    assert 0 == done.returncode, done.stdout + done.stderr


def test_the_desk_is_strict_on_the_clients_python(tmp_path: Path) -> None:
    options = ("--pythonpath", sys.executable, "--pythonversion", "3.10", "--outputjson")
    report = json.loads(_run("pyright", *options, "facade").stdout)
    config = ("--config-file", CALLERS / "mypy.ini", "--cache-dir", tmp_path)
    done = _run("mypy", *config, "facade/venue_desk")

    assert [] == report["generalDiagnostics"]
    assert len([*(ROOT / "facade").rglob("*.py")]) == report["summary"]["filesAnalyzed"]
    assert 0 == done.returncode, done.stdout + done.stderr


def _run(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
