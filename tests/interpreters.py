"""Other Pythons of this machine, and environments of theirs with what clients stand on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

OLDEST = (3, 10)
_PROBE = "import sys; print(*sys.version_info[:2])"


@cache
def found() -> dict[tuple[int, int], str]:
    """The Pythons of the search path and of pyenv by version, this one among them."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [shutil.which(f"python3.{minor}") for minor in range(10, 20)]
    candidates += map(str, sorted(root.glob("versions/3.*/bin/python")))
    pythons = {(sys.version_info[0], sys.version_info[1]): sys.executable}
    for candidate in filter(None, candidates):
        done = subprocess.run([candidate, "-c", _PROBE], capture_output=True, text=True)
        if done.returncode == 0:
            major, minor = map(int, done.stdout.split())
            pythons.setdefault((major, minor), candidate)
    return pythons


def environment(folder: Path, version: tuple[int, int]) -> str:
    """A Python with httpx and pydantic alone; skips where it cannot be had."""
    python = found().get(version)
    if python is None:
        pytest.skip(f"no Python {version[0]}.{version[1]} on this machine")
    subprocess.run([python, "-m", "venv", str(folder)], check=True, env=_plain())
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    install = [str(scripts / "python"), "-m", "pip", "install", "-q", "httpx", "pydantic"]
    done = subprocess.run(install, capture_output=True, text=True, env=_plain())
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr.strip().splitlines()[-1]}")
    return str(scripts / "python")


def run(python: str, code: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run code in a folder, where nothing of this checkout can be imported."""
    return subprocess.run(
        [python, "-c", code],
        cwd=folder,
        env={**_plain(), **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


def _plain() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
