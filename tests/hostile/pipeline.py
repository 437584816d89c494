"""The commands run on a document in this process, and what must hold of every run."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from venuekit import cli

_NUMBERS = itertools.count()
_WHOLE = ("VK0", "VK100", "VK110", "VK4")  # about a file as a whole
_DIAGNOSTIC = frozenset(
    {"code", "severity", "message", "help", "file", "line", "column", "pointer"}
)


@dataclass(frozen=True)
class Run:
    """What a command has said of a document."""

    status: int
    diagnostics: list[dict[str, Any]]
    stderr: str

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [d for d in self.diagnostics if d["severity"] == "error"]


def run(*arguments: str | Path) -> Run:
    """Run a command; whatever its input is, it ends in order."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([*map(str, arguments), "--format", "json"])
    printed = json.loads(out.getvalue() or "{}")
    done = Run(status, printed.get("diagnostics", []), err.getvalue())
    _judge(done, arguments)
    return done


def _judge(done: Run, arguments: tuple[str | Path, ...]) -> None:
    shown = f"{arguments}: {done.status}\n{done.stderr}\n{done.diagnostics}"
    assert done.status in (0, 1, 2), shown
    assert "Traceback" not in done.stderr, shown
    for diagnostic in done.diagnostics:
        assert _DIAGNOSTIC == diagnostic.keys(), shown
        assert diagnostic["code"] != "VK999", shown
    if arguments[0] != "diff" and done.status == 1:
        assert any(
            d["file"] and (d["line"] or d["code"].startswith(_WHOLE)) for d in done.errors
        ), shown


def generate(spec: Path, folder: Path, name: str = "") -> tuple[Run, Path]:
    """Generate a client below a folder; where the run is fine, it is Python that imports."""
    package = folder / (name or f"client_{next(_NUMBERS)}")
    done = run("generate", "--spec", spec, "--out", package)
    assert (done.status == 0) == package.exists(), done
    if done.status == 0:
        for module in package.rglob("*.py"):
            ast.parse(module.read_bytes())
        use(package)
    return done, package


def use(package: Path) -> None:
    """Import a client with all that it exports, make it, and forget it."""
    sys.path.insert(0, str(package.parent))
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(package.name)
        for name in dir(module):
            getattr(module, name)
        models = getattr(module, "models", None)
        for value in list(vars(models).values()) if models else []:
            if isinstance(value, type) and hasattr(value, "model_json_schema"):
                value.model_rebuild()  # type: ignore[attr-defined]
        with contextlib.closing(module.Client("https://venue.test")):
            pass
    finally:
        sys.path.remove(str(package.parent))
        for name in [n for n in sys.modules if n.partition(".")[0] == package.name]:
            del sys.modules[name]
