"""Names of other modules in annotations, with the modules that they come from."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping


def qualified_class(source: str, homes: Mapping[str, str]) -> str:
    """The source of a class whose annotations say where the names in `homes` come from."""
    nodes = [node for part in _annotations(ast.parse(source)) for node in ast.walk(part)]
    return _qualified(source, nodes, homes)


def qualified(annotation: str, homes: Mapping[str, str]) -> str:
    """An annotation that says where the names in `homes` come from."""
    return _qualified(annotation, ast.walk(ast.parse(annotation, mode="eval")), homes)


def _annotations(module: ast.Module) -> Iterator[ast.expr]:
    """The annotations in the statements of a class; nothing else in them names a model."""
    waiting: list[ast.stmt] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.AnnAssign):
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns
        waiting += getattr(node, "body", ())


def _qualified(text: str, nodes: Iterable[ast.AST], homes: Mapping[str, str]) -> str:
    found = {
        (node.lineno, node.col_offset, homes[node.id])
        for node in nodes
        if isinstance(node, ast.Name) and node.id in homes
    }
    lines = text.split("\n")
    for line, column, home in sorted(found, reverse=True):
        data = lines[line - 1].encode()
        lines[line - 1] = (data[:column] + f"{home}.".encode() + data[column:]).decode()
    return "\n".join(lines)
