"""Other generators, each installed into an environment of its own, below a cache folder."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from measuring import MeasurementError, run


def installed(name: str, version: str, cache: Path) -> Path:
    """Return the folder of a peer's commands; it is installed where it is not yet."""
    home = cache / f"{name}-{version}-py{sys.version_info.major}{sys.version_info.minor}"
    commands = home / ("Scripts" if os.name == "nt" else "bin")
    complete = home / "complete"
    if not complete.exists():
        shutil.rmtree(home, ignore_errors=True)
        cache.mkdir(parents=True, exist_ok=True)
        try:
            run([sys.executable, "-m", "venv", home], cache)
            run([commands / "python", "-m", "pip", "install", "-q", f"{name}=={version}"], cache)
        except (MeasurementError, OSError) as error:
            last = str(error).splitlines()[-1]
            raise PeerMissing(f"{name} {version} cannot be installed: {last}") from error
        complete.touch()
    return commands


class PeerMissing(Exception):
    """A peer that is not there and cannot be installed."""
