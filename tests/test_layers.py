"""Who imports whom, who prints and who writes: the rules of the house, read from the code."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from venuekit import naming

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator" / "venuekit"

# From the lowest; the sides of one floor do not know each other.
LAYERS: list[set[str]] = [
    {
        "layout",
        "records",
    },
    {
        "diagnostics",
        "docstrings",
        "naming",
        "assets",
        "grammar",
        "prose",
        "expressions",
        "shadowing",
        "caching",
        "installed",
        "patterned",
        "qualification",
    },
    {"sources", "ir", "paths", "tables", "reports", "fetching", "remembering", "locking"},
    {"config", "extraction", "likeness", "annotations", "credentials", "demands", "documents"},
    {
        "overlays",
        "provenance",
        "plans",
        "samples",
        "upgrading",
        "renewing",
        "gathering",
        "bundling",
        "grouping",
        "flavours",
    },
    {"assembly", "output", "features", "wording"},
    {"shelving"},
    {"validation", "normalisation", "modelling", "rendering", "formatting", "comparison"},
    {"building", "drift", "mocking"},
    {"vendoring"},
    {"workflow"},
    {"cli"},
    {"__main__"},
]
HOMES = {
    "datamodel_code_generator": "modelling",
    "httpx": "fetching",
    "jinja2": "rendering",
    "pydantic_core": "normalisation",
    "ruff": "formatting",
    "uvicorn": "mocking",
    "markdown_it": "extraction",
    "yaml": "sources",
    "jsonpath_rfc9535": "overlays",
    "openapi_spec_validator": "validation",
    "jsonschema_rs": "validation",
}
FRONT, BACK = {"validation", "normalisation"}, {"modelling", "rendering", "formatting"}
PRINTERS, WRITERS = {"cli"}, {"output", "formatting", "caching"}
WRITING = {"write_text", "write_bytes", "mkdir", "unlink", "rmdir", "rmtree", "touch", "rename"}


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the names that a file imports, those inside of functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from names if node.module == "venuekit" else (node.module,)


FILES = [p for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_from_below(path: Path) -> None:
    here = module_of(path)
    floor = next(level for level, names in enumerate(LAYERS) if here in names)
    below = set[str]().union(*LAYERS[:floor], {here, "__version__"})
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "venuekit":
            assert rest.split(".")[0] in below, f"{here} imports {name}"
        else:
            assert top in sys.stdlib_module_names or HOMES.get(top) == here, name


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_who_prints_and_who_writes(path: Path) -> None:
    here = module_of(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print" or here in PRINTERS
            assert node.func.id != "open", f"{here} opens a file"
        if isinstance(node, ast.Attribute):
            assert node.attr not in WRITING or here in WRITERS, f"{here}: {node.attr}"
            # Some read what a subprocess printed.
            readers = {*PRINTERS, "formatting", "drift", "vendoring", "modelling"}
            assert node.attr not in ("stdout", "stderr") or here in readers


def test_the_sides_meet_in_the_model_alone() -> None:
    floor = next(names for names in LAYERS if "validation" in names)

    assert floor >= FRONT | BACK, "one floor, so that none of them imports another"


def test_a_client_stands_alone() -> None:
    allowed = {*sys.stdlib_module_names, "httpx", "httpx2", "pydantic", "pydantic_core"}
    found = {
        name.split(".")[0] for path in (ROOT / "generated").rglob("*.py") for name in imports(path)
    }

    assert found <= {*allowed, "typing_extensions"}


def test_the_desk_imports_the_clients_alone() -> None:
    """The demo has the sandbox besides, and the plan an HTTP client that sends nothing."""
    besides = {"demo.py": {"venue_sandbox"}, "plans.py": {"httpx"}}
    for path in (ROOT / "facade").rglob("*.py"):
        found = {name.split(".")[0] for name in imports(path)} - {*sys.stdlib_module_names}
        assert found <= {"venue_clients", *besides.get(path.name, set[str]())}, path


def test_templates_are_templates() -> None:
    files = [p for p in (ROOT / "templates").rglob("*") if p.is_file()]

    assert files
    assert all(path.suffix == ".jinja" for path in files)


def test_functions_of_the_runtime_have_names_of_their_own() -> None:
    """A client's runtime is put together of the parts that it needs: a later one would win."""
    parts = sorted((ROOT / "templates" / "parts").glob("*.jinja"))
    names = [
        name for p in parts for name in re.findall(r"(?m)^(?:async )?def (\w+)", p.read_text())
    ]

    assert names
    assert set() == {name for name in names if names.count(name) > 1}


def test_no_class_is_called_as_what_its_module_imports() -> None:
    template = (ROOT / "templates" / "parts" / "classes.jinja").read_text()
    lines = re.findall(r"(?m)^from .+ import ((?:[^(\n].*)|\((?:\n    \w+,)+)", template)
    names = [name for line in lines for name in re.findall(r"(?:\w+ as )?(\w+)", line)]

    assert {"Annotated", "Field", "TypeAlias", "LazyModule"} <= {*names}
    assert [] == [name for name in names if naming.class_(name) == name]
