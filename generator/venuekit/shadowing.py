"""Annotations of methods where a method or an argument is named like a type in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def unshadowed(text: str) -> str:
    """Give the types a private name of the module where something hides their own.

    In the body of a class that has a method `list`, a checker takes `list[str]` for that method;
    in the body of a method that has an argument `list`, for that argument.
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
    """The names in the annotations of a class that its own methods and their arguments hide."""
    methods = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    names = {method.name for method in methods}
    for method in methods:
        every = (*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs)
        for annotation in (*(argument.annotation for argument in every), method.returns):
            yield from _named(annotation, names)
        arguments = {argument.arg for argument in every}
        for statement in method.body:
            if isinstance(statement, ast.AnnAssign):
                yield from _named(statement.annotation, arguments)


def _named(annotation: ast.expr | None, names: set[str]) -> Iterator[ast.Name]:
    for part in ast.walk(annotation) if annotation else ():
        if isinstance(part, ast.Name) and part.id in names:
            yield part
