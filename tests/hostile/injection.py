"""What a hostile document's client may be: that of an innocent twin, with other names and texts."""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from .payloads import CANARY

Modules = Mapping[PurePosixPath, str]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEMPLATES = Path(__file__).parents[2] / "templates"
_TEMPLATES_TEXT = "".join(path.read_text("utf-8") for path in sorted(_TEMPLATES.rglob("*.jinja")))
_OURS = frozenset(re.findall(r"\w+", _TEMPLATES_TEXT))


def shapes(modules: Modules) -> dict[str, list[str]]:
    """The statements of each module without names that come from the document, and its texts."""
    return {
        str(path): sorted(ast.dump(_Bare().visit(node)) for node in ast.parse(text).body)
        for path, text in modules.items()
        if path.suffix == ".py"
    }


class _Bare(ast.NodeTransformer):
    """Replaces what a document may decide: its names and the values of its constants."""

    def visit(self, node: ast.AST) -> ast.AST:
        for field, value in ast.iter_fields(node):
            if isinstance(value, str) and not isinstance(node, ast.Constant):
                setattr(node, field, _bare(value))
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
        self.generic_visit(node)
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            ordered = sorted(pairs, key=lambda pair: [ast.dump(n) if n else "" for n in pair])
            node.keys, node.values = [k for k, _ in ordered], [v for _, v in ordered]
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [n for n in body if not _is_text(n)]  # type: ignore[attr-defined]
        return node


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bare(name: str) -> str:
    """A name that the generator has, or the document could only misuse; else a placeholder."""
    is_known = name in _OURS or hasattr(builtins, name) or name.startswith("__")
    return ".".join(map(_bare, name.split("."))) if "." in name else name if is_known else "•"


def vocabulary(modules: Modules) -> set[str]:
    """What code does: the kinds of its nodes, what it calls, imports and asks of objects.

    What templates say word for word is left out: it depends on what a document needs.
    """
    found: set[str] = set()
    for path, text in modules.items():
        for node in ast.walk(ast.parse(text)) if path.suffix == ".py" else ():
            found.add(type(node).__name__)
            if isinstance(node, ast.Call):
                callee = ast.unparse(node.func)
                found |= {f"call {_bare(callee)}"} if f"{callee}(" not in _TEMPLATES_TEXT else set()
            elif isinstance(node, ast.Attribute) and f".{node.attr}" not in _TEMPLATES_TEXT:
                found.add(f"attribute {_bare(node.attr)}")
            elif isinstance(node, ast.ImportFrom | ast.Import):
                found |= {f"import {_bare(alias.name)}" for alias in node.names}
    return found


def strays(text: str) -> Iterator[str]:
    """What is wrong with a module: the document's words in code, and what hides."""
    for position, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\n":
            yield f"U+{ord(character):04X} at {position}: {text[position - 30 : position + 30]!r}"
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and not is_plain(token.string):
            yield f"name {token.string!r}"
        if token.type == tokenize.COMMENT and CANARY in token.string:
            yield f"comment {token.string!r}"
        is_formatted = token.type == tokenize.STRING and _prefix(token.string) - {"r", "b"}
        if is_formatted and CANARY in token.string:
            yield f"formatted {token.string!r}"


def _prefix(literal: str) -> set[str]:
    return set(re.match("[A-Za-z]*", literal)[0].lower())  # type: ignore[index]


def is_plain(name: str) -> bool:
    """Whether a name is what it looks like."""
    return _NAME.fullmatch(name) is not None or unicodedata.normalize("NFKC", name) == name
