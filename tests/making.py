"""Clients made for a test: a document in, an imported package out."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path
from textwrap import dedent, indent
from types import ModuleType
from typing import Any

from venuekit import sources
from venuekit.assets import templates_folder
from venuekit.building import begin
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.formatting import format_tree

_NUMBERS = itertools.count()
_EXCHANGE = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  PATH:
    METHOD:
      operationId: a
REQUEST
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
components:
  schemas:
    A:
      type: object
"""


def exchange(schema: str, *, method: str = "get", path: str = "/a", request: str = "") -> str:
    """A document of one operation, `a`, that answers with the schema A.

    `schema` is what A has beside its type, and `request` what the operation has beside its id and
    responses: lines of YAML, indented as suits them.
    """
    whole = _EXCHANGE.replace("PATH", path).replace("METHOD", method)
    whole = whole.replace("REQUEST\n", indent(dedent(request), " " * 6))
    return whole + indent(dedent(schema), " " * 6)


def write_client(
    text: str, folder: Path, *, report: Report | None = None, http: str = "httpx", **settings: Any
) -> Path:
    """Write the client of a document into a new package below `folder`; return its path."""
    found = Report() if report is None else report
    package = folder / f"made_{next(_NUMBERS)}"
    document = sources.read(text, "openapi.yaml", found)
    assert isinstance(document, sources.Map), list(found)
    finish = begin(
        document,
        ClientSettings(name=package.name, sources=(), **settings),
        templates=[templates_folder()],
        http=http,
        report=found,
    )
    assert finish is not None, list(found)
    made = finish()
    for path, module in format_tree({**made.modules, **made.models()}).items():
        target = package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(module, encoding="utf-8")
    return package


def make_client(text: str, folder: Path, **settings: Any) -> Any:
    """Write and import the client of a document."""
    package = write_client(text, folder, **settings)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    module: ModuleType = importlib.import_module(package.name)
    return module
