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

# The parameters of a folded signature, one a line or more, and a line of a union among them.
_SIGNATURE = re.compile(r"^( *)((?:async )?def \w+\(\n(?:(?!\1\)).*\n)+)(?=\1\))", re.MULTILINE)
_FOLDED = re.compile(r"\n +\| ")
_DOCSTRING = re.compile(r'^ *"""(?=.)|"""$', re.MULTILINE)  # where one begins or ends


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
    """Put the unions that were folded in signatures in parentheses, as black does."""
    text = path.read_bytes().decode("utf-8")
    if not _FOLDED.search(text):
        return False
    parts: list[str] = []
    end = limits = 0
    for found in _SIGNATURE.finditer(text):
        before, signature = text[end : found.start(2)], found[2]
        limits += len(_DOCSTRING.findall(before))
        is_code = limits % 2 == 0
        parts += before, _parenthesised(signature) if is_code else signature
        end = found.end(2)
    mended = "".join((*parts, text[end:]))
    if mended != text:
        path.write_text(mended, encoding="utf-8", newline="\n")
    return mended != text


def _parenthesised(signature: str) -> str:
    if not _FOLDED.search(signature):
        return signature
    lines = signature.encode().splitlines(keepends=True)
    [function] = ast.parse(f"{signature}): pass").body
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    bare = [union for union in _annotations(function.args) if _is_bare(union, lines)]
    for union in sorted(bare, key=lambda union: union.lineno, reverse=True):
        last, end = cast(int, union.end_lineno) - 1, cast(int, union.end_col_offset)
        lines[last] = lines[last][:end] + b")" + lines[last][end:]
        first, start = union.lineno - 1, union.col_offset
        lines[first] = lines[first][:start] + b"(" + lines[first][start:]
    return b"".join(lines).decode()


def _annotations(given: ast.arguments) -> Iterator[ast.BinOp]:
    """The unions that annotate parameters."""
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
