"""Where the files are that come with the tool."""

from __future__ import annotations

from pathlib import Path


def templates_folder() -> Path:
    """Find our templates: beside this module in a wheel, at the repository's root in a checkout."""
    here = Path(__file__).resolve().parent
    candidates = (here / "templates", here.parents[1] / "templates")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"no templates in {' or '.join(map(str, candidates))}")
