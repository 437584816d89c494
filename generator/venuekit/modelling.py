"""Classes of the intermediate model into Python source, by datamodel-code-generator."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from venuekit.annotations import annotation
from venuekit.ir import EnumClass, Field, Model, ModelClass, Type, nullable, parts, renamed
from venuekit.prose import tidy

_BASE = "_runtime.Model"


class ModellingError(Exception):
    """The output does not have the classes that were asked for."""


def model(models: Sequence[ModelClass], enums: Sequence[EnumClass]) -> list[str]:
    """Write the source of each class; what others are made of comes first.

    The generator is fed with classes whose names, fields and types are decided: it is asked for
    exactly these, and its answer is checked.
    """
    if not models and not enums:
        return []
    mark = _mark(models, enums)
    module = _generated(_document(models, enums, mark), _aliases(models, mark))
    sources = _sources(re.sub(rf"\b{mark}(?=\w)", "", module))
    _verify(sources, models, enums)
    for class_ in models:
        if class_.extras is not None and not class_.base:
            sources[class_.name] += _extras(class_, class_.extras)
    return [sources[name] for name in (*(e.name for e in enums), *_ordered(models))]


def _extras(class_: ModelClass, type_: Type) -> str:
    """The type of undeclared properties, for pydantic and for callers."""
    return (
        "\n\n    if not TYPE_CHECKING:"
        f"\n        __pydantic_extra__: dict[str, {annotation(type_, 'models')}]"
        f"\n\n    @property"
        f"\n    def {class_.extras_name}(self) -> dict[str, {annotation(type_, 'types')}]:"
        '\n        """The properties besides the declared ones."""'
        "\n        return self.model_extra or {}"
    )


def _mark(models: Sequence[ModelClass], enums: Sequence[EnumClass]) -> str:
    """A prefix that occurs nowhere else, so that no class is called like what is imported."""
    text = repr((models, enums))
    return next(mark for n in itertools.count() if (mark := f"V{'k' * n}x") not in text)


def _document(models: Sequence[ModelClass], enums: Sequence[EnumClass], mark: str) -> str:
    definitions: dict[str, Any] = {}
    for enum in enums:
        definitions[mark + enum.name] = {
            **_kind(enum),
            "enum": [value for _, value in enum.members],
            "x-enum-varnames": [name for name, _ in enum.members],
            **_description(enum.description),
        }
    for class_ in models:
        own: dict[str, Any] = {
            "type": "object",
            "properties": {f.wire: _property(f, mark) for f in class_.fields},
            "required": [f.wire for f in class_.fields if f.required],
        }
        if class_.base:
            own = {"allOf": [{"$ref": f"#/$defs/{mark}{class_.base}"}, own]}
        definitions[mark + class_.name] = {**own, **_description(class_.description)}
    return json.dumps({"$defs": definitions})


def _property(field: Field, mark: str) -> dict[str, Any]:
    # The type is ours; "string" is there for the generator to have something to override.
    type_ = field.type if field.required else nullable(field.type)
    return {
        "type": "string",
        "x-python-type": annotation(renamed(type_, lambda name: mark + name), "models"),
        **_description(
            f"{field.description}\n\nDeprecated." if field.deprecated else field.description
        ),
    }


def _kind(enum: EnumClass) -> dict[str, str]:
    kinds = {type(value) for _, value in enum.members}
    if kinds == {str}:
        return {"type": "string"}
    return {"type": "integer"} if kinds == {int} else {}


def _description(text: str) -> dict[str, str]:
    tidied = tidy(text)
    return {"description": tidied} if tidied else {}


def _aliases(models: Sequence[ModelClass], mark: str) -> dict[str, str | list[str]]:
    return {
        f"{mark}{c.name}.{f.wire}": f.name for c in models for f in c.fields if f.name != f.wire
    }


def _generated(document: str, aliases: Mapping[str, str | list[str]]) -> str:
    from datamodel_code_generator import Formatter, InputFileType, PythonVersion
    from datamodel_code_generator import generate as generate_models
    from datamodel_code_generator.enums import DataModelType

    result = generate_models(
        document,
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_310,
        base_class=_BASE,
        aliases=aliases,
        allow_remote_refs=False,
        disable_timestamp=True,
        formatters=[Formatter.BUILTIN],
        keep_model_order=True,
        skip_root_model=True,
        use_annotated=True,
        use_double_quotes=True,
        use_field_description=True,
        use_inline_field_description=True,
        use_schema_description=True,
        use_single_line_docstring=True,
        use_subclass_enum=True,
        use_union_operator=True,
    )
    if not isinstance(result, str):
        raise ModellingError("the generator did not answer with one module")
    return result


def _sources(module: str) -> dict[str, str]:
    lines = module.splitlines(keepends=True)
    found: dict[str, str] = {}
    for node in ast.parse(module).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = "".join(lines[node.lineno - 1 : node.end_lineno]).rstrip()
    return found


def _verify(
    sources: Mapping[str, str], models: Sequence[ModelClass], enums: Sequence[EnumClass]
) -> None:
    """Hold the source against what was asked for: classes, fields, aliases, members."""
    wanted = {c.name: [f.name for f in c.fields] for c in models}
    wanted.update({e.name: [name for name, _ in e.members] for e in enums})
    found = {name: _attributes(source) for name, source in sources.items()}
    if found != wanted:
        wrong = sorted(n for n in {*found, *wanted} if found.get(n) != wanted.get(n))
        name = wrong[0]
        raise ModellingError(f"{name}: wanted {wanted.get(name)}, got {found.get(name)}")
    for enum in enums:
        values = [
            ast.literal_eval(node.value)
            for node in _class(sources[enum.name]).body
            if isinstance(node, ast.Assign)
        ]
        if values != [value for _, value in enum.members]:
            raise ModellingError(f"{enum.name}: its values are not those of the document")


def _class(source: str) -> ast.ClassDef:
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.ClassDef)
    return node


def _attributes(source: str) -> list[str]:
    found: list[str] = []
    for node in _class(source).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                found.append(name)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case _:
                found.append(ast.unparse(node))
    return found


def _ordered(models: Sequence[ModelClass]) -> list[str]:
    """The names, each after those that it is made of; in a cycle, alphabetically."""
    known = {m.name for m in models}
    bases = {c.name: c.base for c in models}
    needs = {c.name: [*filter(None, [c.base]), *sorted(_needed(f.type for f in c.fields) & known)]
             for c in models}  # fmt: skip
    done: dict[str, None] = {}
    for name in (*filter(None, (_root(name, bases) for name in sorted(needs))), *sorted(needs)):
        stack = [(name, iter(needs[name]))]
        open_: set[str] = {name}
        while stack:
            current, rest = stack[-1]
            following = next((n for n in rest if n not in done and n not in open_), None)
            if following is None:
                stack.pop()
                done.setdefault(current)
            else:
                open_.add(following)
                stack.append((following, iter(needs[following])))
    return list(done)


def _root(name: str, bases: Mapping[str, str]) -> str:
    """The class that a class extends in the end; empty where it extends none."""
    while bases[name] and bases[bases[name]]:
        name = bases[name]
    return bases[name]


def _needed(types: Iterable[Type]) -> set[str]:
    return {part.name for type_ in types for part in parts(type_) if isinstance(part, Model)}
