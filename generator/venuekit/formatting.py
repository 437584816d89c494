"""Text of Python modules, formatted as black does; the only use of ruff."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import cast

from venuekit.caching import Cache, code, key_of
from venuekit.docstrings import Parted, joined, parted
from venuekit.installed import version
from venuekit.layout import WIDTH, width

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
# A signature whose parameters have one line, without a comma, and whose result has several.
_RESULT = re.compile(
    r"^(?P<margin> *)(?P<head>(?:async )?def \w+\()\n"
    r"(?P=margin)    (?P<parameters>.+(?<!,))\n"
    r"(?P=margin)(?P<arrow>\) -> .*\[)\n"
    r"(?P<body>(?:(?P=margin) +.*\n)+)(?=(?P=margin)\]:)",
    re.MULTILINE,
)
# A name for a result that leaves its line.
_NAMED_RESULT = re.compile(r"^(?P<margin> *)\) -> (?P<name>[\w.]+):$", re.MULTILINE)
# A dotted name that leaves its line as the type of a field, or as what another one stands for.
_LONG_NAME = re.compile(
    r"^(?P<margin> *)(?P<head>\w+(?:: | = ))(?P<name>\w+(?:\.\w+)+)$", re.MULTILINE
)
_LAST_COMMA = re.compile(r",\n(?: *\]|\Z)")
_MODULE = re.compile(r"\bm\d+\.py\b")  # as ruff sees it
_DOCSTRING = re.compile(r'^ *"""(?=.)|"""$', re.MULTILINE)  # where one begins or ends


class FormattingError(Exception):
    """What was generated is no Python: says in which modules, and where in them."""


def format_tree(tree: Tree, cache: Cache | None = None) -> dict[PurePosixPath, str]:
    """Format the Python modules of a tree, and drop the imports that they do not use.

    `cache` knows the modules of earlier runs, whatever their docstrings said.
    """
    modules = {path: text for path, text in tree.items() if path.suffix == ".py"}
    apart = {path: parted(text) for path, text in modules.items()}
    keys = {path: (_key(text), _key(apart[path].code)) for path, text in modules.items()}
    known = cache.get(key for pair in keys.values() for key in pair) if cache else {}
    ready: dict[PurePosixPath, str] = {}
    for path, (whole, code_alone) in keys.items():
        if whole in known:
            ready[path] = known[whole]
        elif code_alone in known:
            ready[path] = joined(known[code_alone], apart[path].texts)
    fresh = {path: text for path, text in modules.items() if path not in ready}
    made = _formatted(fresh) if fresh else {}
    if cache:
        cache.put(dict(_kept(keys[path], apart[path], text) for path, text in made.items()))
    return {**tree, **ready, **made}


def _key(text: str) -> str:
    return key_of("module", code(), version("ruff"), text)


def _kept(keys: tuple[str, str], apart: Parted, formatted: str) -> tuple[str, str]:
    """What is remembered of a module: its code alone, where all docstrings are as they were."""
    found = parted(formatted)
    return (keys[1], found.code) if found.texts == apart.texts else (keys[0], formatted)


def _formatted(modules: Tree) -> dict[PurePosixPath, str]:
    import tempfile  # mostly, all modules are known

    formatted: dict[PurePosixPath, str] = {}
    with tempfile.TemporaryDirectory(prefix="venuekit-") as folder:
        names = {path: Path(folder, f"m{index}.py") for index, path in enumerate(sorted(modules))}
        for path, name in names.items():
            name.write_text(modules[path], encoding="utf-8", newline="\n")
        _ruff(folder, "check", *_IMPORTS, "--fix", "--exit-zero", *_COMMON, ".")
        try:
            _ruff(folder, "format", *_COMMON, ".")
        except FormattingError as failed:
            known = {name.name: str(path) for path, name in names.items()}
            told = str(failed).replace("error: ", "")
            lines = sorted(_MODULE.sub(lambda m: known[m[0]], told).splitlines())
            raise FormattingError("; ".join(lines)) from None
        mended = [name.name for name in names.values() if _parenthesise(name)]
        if mended:
            _ruff(folder, "format", *_COMMON, *mended)
        for path, name in names.items():
            text = name.read_bytes().decode("utf-8")
            # Black parts a quote that ends a docstring from those that close it.
            text = text.replace('\\""""\n', '\\" """\n')
            text = _replaced(_RESULT, text, _joined)
            text = _replaced(_NAMED_RESULT, text, _enclosed)
            formatted[path] = _replaced(_LONG_NAME, text, _lifted)
    return formatted


def _parenthesise(path: Path) -> bool:
    """Put the unions that were folded in signatures in parentheses, as black does."""
    text = path.read_bytes().decode("utf-8")
    if not _FOLDED.search(text):
        return False
    mended = _replaced(_SIGNATURE, text, _parenthesised)
    if mended != text:
        path.write_text(mended, encoding="utf-8", newline="\n")
    return mended != text


def _replaced(pattern: re.Pattern[str], text: str, mend: Callable[[re.Match[str]], str]) -> str:
    """Replace what a pattern finds in the code of a module: not what its docstrings show."""
    parts: list[str] = []
    end = limits = 0
    for found in pattern.finditer(text):
        before = text[end : found.start()]
        limits += len(_DOCSTRING.findall(before))
        is_code = limits % 2 == 0
        parts += before, mend(found) if is_code else found[0]
        end = found.end()
    return "".join((*parts, text[end:]))


def _joined(found: re.Match[str]) -> str:
    """The signature with its parameters beside its name, where black folds the result alone.

    It does where a comma ends the result's own lines and the first line has room.
    """
    margin, first = found["margin"], "".join(found.group("head", "parameters", "arrow"))
    if not _LAST_COMMA.search(found["body"]):
        return found[0]
    fits = width(f"{margin}{first}") <= WIDTH
    return f"{margin}{first}\n{found['body']}" if fits else found[0]


def _enclosed(found: re.Match[str]) -> str:
    """The end of a signature, with a result that is too long for its line in parentheses."""
    margin, name = found["margin"], found["name"]
    if width(found[0]) <= WIDTH:
        return found[0]
    return f"{margin}) -> (\n{margin}    {name}\n{margin}):"


def _lifted(found: re.Match[str]) -> str:
    """The name in parentheses, where it is too long for its line and for one of its own."""
    margin, head, name = found.group("margin", "head", "name")
    if width(found[0]) <= WIDTH:
        return found[0]
    return f"{margin}{head}(\n{margin}    {name}\n{margin})"


def _parenthesised(found: re.Match[str]) -> str:
    margin, signature = found.group(1, 2)
    if not _FOLDED.search(signature):
        return found[0]
    lines = signature.encode().splitlines(keepends=True)
    [function] = ast.parse(f"{signature}): pass").body
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    bare = [union for union in _annotations(function.args) if _is_bare(union, lines)]
    for union in sorted(bare, key=lambda union: union.lineno, reverse=True):
        last, end = cast(int, union.end_lineno) - 1, cast(int, union.end_col_offset)
        lines[last] = lines[last][:end] + b")" + lines[last][end:]
        first, start = union.lineno - 1, union.col_offset
        lines[first] = lines[first][:start] + b"(" + lines[first][start:]
    return margin + b"".join(lines).decode()


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


@lru_cache(maxsize=1)
def _ruff_bin() -> str:
    from ruff import find_ruff_bin

    return find_ruff_bin()


def _ruff(folder: str, *arguments: str) -> None:
    import subprocess

    environment = {k: v for k, v in os.environ.items() if not k.startswith("RUFF_")}
    done = subprocess.run(  # noqa: S603 - our own pinned binary, fixed arguments
        [_ruff_bin(), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FormattingError(done.stderr.strip() or done.stdout.strip())
