"""Text of Python modules, formatted as black does; the only use of ruff."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ruff import find_ruff_bin

Tree = Mapping[PurePosixPath, str]

# Black's own style; nothing from a pyproject.toml around the output may change it.
_COMMON = ("--isolated", "--no-cache", "--target-version", "py310")
_IMPORTS = (
    "--select", "F401,I001",
    "--config", "lint.isort.combine-as-imports=true",
    "--config", "lint.isort.split-on-trailing-comma=false",
)  # fmt: skip

# A parameter with a default whose union has a line for each member: ruff leaves it bare.
_FOLDED = re.compile(
    r"^( +)(\w+): (.+)\n((?:\1(?: {4}|\]).*\n)*\1\| (?:.*\n\1(?:\| | {4}|\]))*?.*?) = ([^=\n]+,)$",
    re.MULTILINE,
)


class FormattingError(Exception):
    """What was generated is no Python."""


def format_tree(tree: Tree) -> dict[PurePosixPath, str]:
    """Format the Python modules of a tree, and drop the imports that they do not use."""
    modules = {path: text for path, text in tree.items() if path.suffix == ".py"}
    formatted = dict(tree)
    if not modules:
        return formatted
    with tempfile.TemporaryDirectory(prefix="venuekit-") as folder:
        names = {path: Path(folder, f"m{index}.py") for index, path in enumerate(sorted(modules))}
        for path, name in names.items():
            name.write_text(modules[path], encoding="utf-8", newline="\n")
        _ruff(folder, "check", *_IMPORTS, "--fix", "--exit-zero", *_COMMON)
        _ruff(folder, "format", *_COMMON)
        mended = [_parenthesise(name) for name in names.values()]
        if any(mended):
            _ruff(folder, "format", *_COMMON)
        for path, name in names.items():
            formatted[path] = name.read_bytes().decode("utf-8")
    return formatted


def _parenthesise(path: Path) -> bool:
    """Put the unions that were folded in a signature in parentheses, as black does."""
    text = path.read_bytes().decode("utf-8")
    mended = _FOLDED.sub(r"\1\2: (\3\n\4) = \5", text)
    if mended != text:
        path.write_text(mended, encoding="utf-8", newline="\n")
    return mended != text


def _ruff(folder: str, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RUFF_")}
    done = subprocess.run(  # noqa: S603 - our own pinned binary, fixed arguments
        [find_ruff_bin(), *arguments, "."],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FormattingError(done.stderr.strip() or done.stdout.strip())
