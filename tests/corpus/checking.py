"""One document: its client made by the command, imported, counted, and its examples read back."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import typing_extensions
from pydantic import BaseModel, TypeAdapter

from venuekit import cli, sources
from venuekit.diagnostics import Report

from ..round_trips import outcomes_of
from .children import in_child
from .documents import Document, operations
from .results import Result

_SHOWN = 5  # of many failures of one kind


def slug(document: Document) -> str:
    """A name for a package of the document."""
    return "p_" + "".join(c if c.isalnum() and c.isascii() else "_" for c in document.name)


def check(document: Document, folder: Path, seconds: float = 900.0) -> Result:
    """Make the client of a document below a folder, and use it; its types are checked elsewhere."""
    result = Result(name=document.name)
    package = folder / slug(document)
    shutil.rmtree(package, ignore_errors=True)
    making = in_child(lambda: _make(document.path, package), seconds)
    result.seconds, result.megabytes = round(making.seconds, 2), making.megabytes
    if making.said:
        result.crashed = making.said
        return result
    code, found = making.value
    for one in found:
        text = f"{one['file']}:{one['line']}:{one['column']} {one['code']} {one['message']}"
        if one["severity"] == "warning":
            result.warnings += 1
        elif one["code"] == "VK999":
            result.crashed = text
        else:
            (result.refusals if one["line"] else result.unplaced).append(text[:400])
    result.made = code == 0 and (package / "client.py").exists()
    if not result.made:
        return result
    using = in_child(lambda: _use(document.path, package), seconds)
    if using.said:
        result.imported = using.said
        return result
    for name, value in using.value.items():
        setattr(result, name, value)
    return result


def _make(path: Path, package: Path) -> tuple[int, list[Any]]:
    """Run the command; its exit code and its diagnostics."""
    said = io.StringIO()
    arguments = ["generate", "--spec", str(path), "--out", str(package), "--format", "json"]
    arguments.append("--allow-outside")  # of some suites, a document and its parts lie side by side
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = cli.main(arguments)
    return code, json.loads(said.getvalue())["diagnostics"]


def _use(path: Path, package: Path) -> dict[str, Any]:
    """Import a client; what it lacks, and which examples it changes."""
    warnings.simplefilter("error")
    sys.path.insert(0, str(package.parent))
    module = importlib.import_module(package.name)
    _build(module)
    wanted = operations(path)
    text = (package / "openapi.json").read_text(encoding="utf-8")
    assembled = sources.read(text, "openapi.json", Report())
    assert isinstance(assembled, sources.Map)
    found = list(outcomes_of(assembled, module))
    changed = [f"{one.pointer}: {one.said}"[:400] for one in found if one.said]
    return {
        "operations": len(wanted),
        "missing": _missing(module, package, wanted)[:_SHOWN],
        "examples": len(found),
        "changed": changed[:_SHOWN],
    }


def _build(module: Any) -> None:
    """Make the validator of everything that a client exports and that has one."""
    for name in dir(module):
        exported = getattr(module, name)
        if isinstance(exported, type) and issubclass(exported, BaseModel):
            exported.model_rebuild()
        elif isinstance(exported, typing_extensions.TypeAliasType):
            TypeAdapter[Any](exported)


def _missing(module: Any, package: Path, wanted: set[tuple[str, str]]) -> list[str]:
    """The operations that are no method of both clients."""
    listed = json.loads((package / "provenance.json").read_text(encoding="utf-8"))["operations"]
    names = {(one["method"], one["path"]): one["name"] for one in listed}
    lacking: list[str] = []
    for method, path in sorted(wanted):
        name = names.get((method, path), "")
        halves = [getattr(client, name, None) for client in (module.Client, module.AsyncClient)]
        if not name or not all(map(inspect.isfunction, halves)):
            lacking.append(f"{method} {path}")
    if len(set(names.values())) < len(names):
        lacking.append("two operations are one method")
    return lacking
