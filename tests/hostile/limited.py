"""A process of little memory that runs the commands on the documents of a folder, one by one."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from pathlib import Path

from venuekit import cli

MEMORY = 2 << 30


def main(folder: Path) -> None:
    """Print a line for each document: its name, and what each command has said of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for spec in sorted(folder.glob("*.yaml")):
        package = folder / f"client_{spec.stem}"
        said = {
            "generate": _run("generate", "--spec", spec, "--out", package, "--format", "json"),
            "validate": _run("validate", "--spec", spec, "--format", "json"),
            "diff": _run("diff", spec, spec, "--format", "json"),
        }
        modules = {str(p): p.read_text(encoding="utf-8") for p in package.glob("*.py")}
        for name, text in modules.items():
            compile(text, name, "exec")
        sys.stdout.write(json.dumps({"name": spec.stem, "made": bool(modules), **said}) + "\n")


def _run(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([str(argument) for argument in arguments])
    return status, out.getvalue()[:100_000], err.getvalue()[:100_000]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
