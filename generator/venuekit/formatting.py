"""Text of Python modules, formatted as black does; the only use of ruff."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from ruff import find_ruff_bin

from venuekit.caching import Cache, code, key_of
from venuekit.installed import version

Tree = Mapping[PurePosixPath, str]

# Black's own style; nothing from a pyproject.toml around the output may change it.
_COMMON = ("--isolated", "--no-cache", "--target-version", "py310")
_IMPORTS = (
    "--select", "F401,I001",
    "--config", "lint.isort.combine-as-imports=true",
    "--config", "lint.isort.split-on-trailing-comma=false",
)  # fmt: skip

# A folded union whose first line, or the last of its first part, is not indented by parentheses.
_FOLDED = re.compile(r"^( +)(?:\*{0,2}\w+: .*|[\])}].*)\n\1\| ", re.MULTILINE)


class FormattingError(Exception):
    """What was generated is no Python."""


def format_tree(tree: Tree, cache: Cache | None = None) -> dict[PurePosixPath, str]:
    """Format the Python modules of a tree, and drop the imports that they do not use.

    `cache` knows the modules of earlier runs.
    """
    modules = {path: text for path, text in tree.items() if path.suffix == ".py"}
    keys = {path: key_of("module", code(), version("ruff"), text) for path, text in modules.items()}
    known = cache.get(keys.values()) if cache else {}
    fresh = {path: text for path, text in modules.items() if keys[path] not in known}
    made = _formatted(fresh) if fresh else {}
    if cache:
        cache.put({keys[path]: text for path, text in made.items()})
    return {**tree, **{path: known[key] for path, key in keys.items() if key in known}, **made}


def _formatted(modules: Tree) -> dict[PurePosixPath, str]:
    formatted: dict[PurePosixPath, str] = {}
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
            text = name.read_bytes().decode("utf-8")
            # Black parts a quote that ends a docstring from those that close it.
            formatted[path] = text.replace('\\""""\n', '\\" """\n')
    return formatted


def _parenthesise(path: Path) -> bool:
    """Put the unions that were folded in a signature in parentheses, as black does."""
    text = path.read_bytes()
    if not _FOLDED.search(text.decode("utf-8")):
        return False
    lines = text.splitlines(keepends=True)
    bare = [union for union in _annotations(ast.parse(text)) if _is_bare(union, lines)]
    for union in sorted(bare, key=lambda union: union.lineno, reverse=True):
        last, end = cast(int, union.end_lineno) - 1, cast(int, union.end_col_offset)
        lines[last] = lines[last][:end] + b")" + lines[last][end:]
        first, start = union.lineno - 1, union.col_offset
        lines[first] = lines[first][:start] + b"(" + lines[first][start:]
    path.write_bytes(b"".join(lines))
    return bool(bare)


def _annotations(module: ast.Module) -> Iterator[ast.BinOp]:
    """The unions that annotate parameters; of a module, its statements alone are looked at."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        for block in ("body", "orelse", "handlers", "finalbody", "cases"):
            waiting += getattr(node, block, ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args
            more = filter(None, (given.vararg, given.kwarg))
            for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs, *more):
                if isinstance(parameter.annotation, ast.BinOp):
                    yield parameter.annotation


def _is_bare(union: ast.BinOp, lines: list[bytes]) -> bool:
    """Whether a union takes several lines and stands in no parentheses of its own."""
    before = lines[union.lineno - 1][: union.col_offset]
    return union.end_lineno != union.lineno and before.rstrip().endswith(b":")


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
