"""The desk as it is vendored: beside its clients, so that it imports them relatively."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

DESK, CLIENTS = "venue_desk", "venue_clients"
# The demo runs on simulated venues, which are not vendored.
LEFT_OUT = frozenset({PurePosixPath("demo.py")})


def needs(files: Mapping[PurePosixPath, bytes]) -> tuple[str, ...]:
    """Name the clients that the modules of the desk import."""
    found: set[str] = set()
    for path, data in files.items():
        if path.suffix == ".py":
            for node in _imports(data):
                _, _, inside = (node.module or "").partition(".")
                found.update([inside.split(".")[0]] if inside else (a.name for a in node.names))
    return tuple(sorted(found))


def relative(path: PurePosixPath, data: bytes) -> bytes:
    """Write the imports of clients relatively in a module at `path` below the desk's folder."""
    dots = b"." * (len(path.parts) + 1)
    lines = data.splitlines(keepends=True)
    for node in _imports(data):
        line = lines[node.lineno - 1]
        begin, end = line[: node.col_offset], line[node.col_offset :]
        keyword, _, rest = end.partition(CLIENTS.encode())
        # `from venue_clients import a` and `from venue_clients.a import b`
        rest = rest.removeprefix(b".") if rest.startswith(b".") else rest
        lines[node.lineno - 1] = begin + keyword + dots + rest
    return b"".join(lines)


def _imports(data: bytes) -> Iterator[ast.ImportFrom]:
    for node in ast.walk(ast.parse(data)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            if (node.module or "").split(".")[0] == CLIENTS:
                yield node
        elif isinstance(node, ast.Import):
            _refuse(alias.name for alias in node.names)


def _refuse(names: Iterable[str]) -> None:
    """An `import venue_clients.x` has no relative form."""
    for name in names:
        if name.split(".")[0] == CLIENTS:
            raise ValueError(f"the desk has `import {name}`, which has no relative form")
