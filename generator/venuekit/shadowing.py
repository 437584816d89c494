"""Annotations of methods whose class has a method named like a type in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def unshadowed(text: str) -> str:
    """Give the types a private name of the module where a method hides their own.

    In the body of a class that has a method `list`, a checker takes `list[str]` for that method.
    """
    tree = ast.parse(text)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    found = {(n.lineno, n.col_offset, n.id) for node in classes for n in _hidden(node)}
    if not found:
        return text
    lines = [f"{line}\n" for line in text.split("\n")]
    for line, column, _ in sorted(found, reverse=True):
        data = lines[line - 1].encode()
        lines[line - 1] = (data[:column] + b"_" + data[column:]).decode()
    aliases = "".join(f"_{name} = {name}\n" for name in sorted({name for *_, name in found}))
    first = min((node.decorator_list or [node])[0].lineno for node in classes) - 1
    return "".join([*lines[:first], aliases, "\n\n", *lines[first:]])


def _hidden(node: ast.ClassDef) -> Iterator[ast.Name]:
    """The names in the annotations of a class that its own methods hide."""
    methods = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    names = {method.name for method in methods}
    for method in methods:
        every = (*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs)
        annotations = [argument.annotation for argument in every] + [method.returns]
        for annotation in annotations:
            for part in ast.walk(annotation) if annotation else ():
                if isinstance(part, ast.Name) and part.id in names:
                    yield part
