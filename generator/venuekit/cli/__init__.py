"""Arguments in, text and exit code out: the only package that prints."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code, whatever the input is."""
    # Modules and documents are many objects that stay: looking through them for cycles is a tenth
    # of a run, and a fifth of a small one at its end, when all of them go anyway.
    gc.set_threshold(200_000, 20, 100)
    atexit.register(gc.freeze)
    from venuekit.cli.running import run

    return run(arguments)
