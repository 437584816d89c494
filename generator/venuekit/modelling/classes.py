"""Classes of the intermediate model into Python source, by datamodel-code-generator."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from venuekit.annotations import annotation, is_plain, later, named
from venuekit.caching import Cache, code, key_of
from venuekit.ir import EnumClass, Field, ModelClass, Type, class_names, nullable, renamed
from venuekit.layout import WIDTH
from venuekit.modelling.pieces import ModellingError, tool, written
from venuekit.modelling.sharing import Definition, shared
from venuekit.modelling.writers import Writers
from venuekit.prose import wrapped

SIZE = 48  # classes in a piece; a call of the generator has a fixed cost, and it is not linear
_ROOM = WIDTH - len('    """')  # of a line, for a description
_KEEPING = """

    if not TYPE_CHECKING:
        model_post_init = keep_constants"""
_WRITING = """
        if pydantic.VERSION < "2.13":  # which writes them by no type
            _written = pydantic.model_serializer(mode="wrap")(write_extras)"""
_UNFOLDED = 60  # letters of a name that leave room for the rest of the line
# An open enum with an alias, in one `Annotated` instead of two.
_NESTED = re.compile(r"(?<=: Annotated\[)\s*Annotated\[([\w |]+), OPEN\],\s+(?=Field\(alias=)")
Text = Callable[[], str]


def begin(
    models: Sequence[ModelClass],
    enums: Sequence[EnumClass],
    writers: Writers | None = None,
    cache: Cache | None = None,
) -> Callable[[], dict[str, str]]:
    """Begin to write the source of each class, by its name; the result waits for it.

    What others are made of comes first. The generator is fed with classes whose names, fields and
    types are decided: it is asked for exactly these, and its answer is checked. `writers`
    write beside this process, `cache` knows classes of earlier runs.
    """
    mark = _mark(models, enums)
    definitions = _definitions(models, enums, mark)
    keys = {name: _key(name, mark, definition) for name, definition in definitions.items()}
    known = cache.get(keys.values()) if cache else {}
    sources = {name: known[key] for name, key in keys.items() if key in known}
    bases = {c.name: c.base for c in models if c.base}
    missing = [name for name in definitions if name not in sources]
    twins = _twins(missing, definitions, bases, mark)
    alone = [name for name in missing if name not in twins]
    sharing = shared(alone, definitions, bases, mark)
    asked = {**definitions, **sharing.definitions}
    pieces = [alone[start : start + SIZE] for start in range(0, len(alone), SIZE)]
    modules = [_written(piece, asked, bases, mark, writers) for piece in pieces]

    def finish() -> dict[str, str]:
        for piece, module in zip(pieces, modules, strict=True):
            found = _sources(re.sub(rf"\b{mark}(?=\w)", "", module()))
            unknown = set(found) - set(piece) - set(bases.values())
            if unknown or not set(piece) <= set(found):
                raise ModellingError(f"asked for {piece}, got {list(found)}")
            sources.update({name: found[name] for name in piece})
        sources.update(sharing.whole(sources))
        for name, twin in twins.items():
            sources[name] = f"class {name}{sources[twin].removeprefix(f'class {twin}')}"
        fresh = {name: sources[name] for name in missing}  # what is remembered was verified
        _verify(fresh, models, enums)
        if cache:
            cache.put({keys[name]: source for name, source in fresh.items()})
        for class_ in models:
            secrets = {field.name for field in class_.fields if field.is_secret}
            if secrets:
                sources[class_.name] = _hidden(sources[class_.name], secrets)
            if any(field.constant is not None for field in class_.fields):
                sources[class_.name] += _KEEPING
            if class_.extras is not None and not class_.base:
                sources[class_.name] += _extras(class_, class_.extras)
        return {name: sources[name] for name in (*(e.name for e in enums), *_ordered(models))}

    return finish


def _key(name: str, mark: str, definition: Definition) -> str:
    schema, aliases = definition
    return key_of("class", code(), tool(), mark, name, schema, json.dumps(aliases))


def _twins(
    names: Sequence[str],
    definitions: Mapping[str, Definition],
    bases: Mapping[str, str],
    mark: str,
) -> dict[str, str]:
    """The classes that differ from one before them in their name alone, each with that one.

    None whose name is in it, or whose first line may be folded: there a name has effects.
    """
    first: dict[tuple[str, str], str] = {}
    twins: dict[str, str] = {}
    for name in names:
        schema, aliases = definitions[name]
        full = mark + name
        if len(full) > _UNFOLDED or name in bases or full in schema:
            continue
        own = json.dumps({key.removeprefix(full): alias for key, alias in aliases.items()})
        other = first.setdefault((schema, own), name)
        if other != name:
            twins[name] = other
    return twins


def _written(
    names: Sequence[str],
    definitions: Mapping[str, Definition],
    bases: Mapping[str, str],
    mark: str,
    writers: Writers | None,
) -> Text:
    """Have some classes written; of a base among the others, its name is enough."""
    schemas = [f"{json.dumps(mark + name)}: {definitions[name][0]}" for name in names]
    absent = sorted({bases[name] for name in names if name in bases} - set(names))
    schemas += [f'{json.dumps(mark + name)}: {{"type": "object"}}' for name in absent]
    document = f'{{"$defs": {{{", ".join(schemas)}}}}}'
    aliases = {key: name for n in names for key, name in definitions[n][1].items()}
    if writers:
        return writers.write(document, aliases)
    return lambda: written(document, aliases)


def _extras(class_: ModelClass, type_: Type) -> str:
    """The type of undeclared properties, for pydantic and for callers."""
    spelled, telling = annotation(type_, "models"), ""
    if class_.extras_named:
        known = named(class_.extras_named)
        spelled = f"Annotated[{spelled}, {known}.values]"
        telling = f'\n        _named = pydantic.model_validator(mode="wrap")({known}.of_class)'
    return (
        "\n\n    if not TYPE_CHECKING:"
        f"\n        __pydantic_extra__: dict[str, {spelled}]{telling}"
        f"{'' if is_plain(type_) else _WRITING}"
        f"\n\n    @property"
        f"\n    def {class_.extras_name}(self) -> dict[str, {annotation(type_, 'types')}]:"
        '\n        """The properties besides the declared ones."""'
        "\n        return self.model_extra or {}"
    )


def _mark(models: Sequence[ModelClass], enums: Sequence[EnumClass]) -> str:
    """A prefix that occurs nowhere else, so that no class is called like what is imported."""
    text = repr((models, enums))
    return next(mark for n in itertools.count() if (mark := f"V{'k' * n}x") not in text)


def _definitions(
    models: Sequence[ModelClass], enums: Sequence[EnumClass], mark: str
) -> dict[str, Definition]:
    definitions: dict[str, Definition] = {}
    for enum in enums:
        schema = {
            **_kind(enum),
            "enum": [value for _, value in enum.members],
            "x-enum-varnames": [name for name, _ in enum.members],
            **_description(enum.description),
        }
        definitions[enum.name] = json.dumps(schema), {}
    for class_ in models:
        own: dict[str, Any] = {
            "type": "object",
            "properties": {f.wire: _property(f, mark) for f in class_.fields},
            "required": [f.wire for f in class_.fields if f.required],
        }
        if class_.base:
            own = {"allOf": [{"$ref": f"#/$defs/{mark}{class_.base}"}, own]}
        aliases = {
            f"{mark}{class_.name}.{f.wire}": f.name for f in class_.fields if f.name != f.wire
        }
        definitions[class_.name] = (
            json.dumps({**own, **_description(class_.description)}),
            aliases,
        )
    return definitions


def _property(field: Field, mark: str) -> dict[str, Any]:
    # The type is ours; "string" is there for the generator to have something to override.
    type_ = renamed(field.type, lambda name: mark + name)
    type_ = type_ if field.required else nullable(type_)
    return {
        "type": "string",
        "x-python-type": later(type_) if field.is_late else annotation(type_, "models"),
        **_description(
            f"{field.description}\n\nDeprecated." if field.deprecated else field.description
        ),
        **({} if field.constant is None else {"default": field.constant}),
    }


def _kind(enum: EnumClass) -> dict[str, str]:
    kinds = {type(value) for _, value in enum.members}
    if kinds == {str}:
        return {"type": "string"}
    return {"type": "integer"} if kinds == {int} else {}


def _description(text: str) -> dict[str, str]:
    folded = wrapped(text, _ROOM)
    return {"description": folded} if folded else {}


def _sources(module: str) -> dict[str, str]:
    lines = module.split("\n")
    found: dict[str, str] = {}
    for node in ast.parse(module).body:
        if isinstance(node, ast.ClassDef):
            text = lines[node.lineno - 1 : node.end_lineno]
            for field in reversed([n for n in node.body if isinstance(n, ast.AnnAssign)]):
                own = slice(field.lineno - node.lineno, (field.end_lineno or 0) - node.lineno + 1)
                text[own] = [_NESTED.sub(r"\1, OPEN, ", "\n".join(text[own]))]
            found[node.name] = "\n".join(text).rstrip()
    return found


def _hidden(source: str, names: Collection[str]) -> str:
    """The source of a class some of whose fields no `repr` shows."""
    lines = source.encode().split(b"\n")  # for positions are those of bytes
    for node in reversed(_class(source).body):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in names:
            first, last = node.annotation.lineno - 1, (node.annotation.end_lineno or 0) - 1
            start, end = node.annotation.col_offset, node.annotation.end_col_offset or 0
            rest = lines[last][end:]
            lines[last] = lines[last][:end]
            head, text = lines[first][:start], b"\n".join(lines[first : last + 1])[start:]
            if text.startswith(b"Annotated[") and isinstance(node.annotation, ast.Subscript):
                text = text[:-1].rstrip().removesuffix(b",") + b", HIDDEN]"
            else:
                text = b"Annotated[%b, HIDDEN]" % text
            lines[first : last + 1] = [head + text + rest]
    return b"\n".join(lines).decode()


def _verify(
    sources: Mapping[str, str], models: Sequence[ModelClass], enums: Sequence[EnumClass]
) -> None:
    """Hold the source against what was asked for: classes, fields, aliases, members."""
    wanted = {c.name: [f.name for f in c.fields] for c in models if c.name in sources}
    wanted.update({e.name: [name for name, _ in e.members] for e in enums if e.name in sources})
    found = {name: _attributes(source) for name, source in sources.items()}
    if found != wanted:
        wrong = sorted(n for n in {*found, *wanted} if found.get(n) != wanted.get(n))
        name = wrong[0]
        raise ModellingError(f"{name}: wanted {wanted.get(name)}, got {found.get(name)}")
    for enum in (enum for enum in enums if enum.name in sources):
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
    needs = {
        c.name: [*filter(None, [c.base]), *sorted(known & class_names(f.type for f in c.fields))]
        for c in models
    }
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
    # A field that leads back to a base can have put a class before it: bases go first.
    sure: dict[str, None] = {}
    for name in done:
        lineage = [name]
        while (base := bases.get(lineage[-1])) and base not in lineage:
            lineage.append(base)
        sure.update(dict.fromkeys(one for one in reversed(lineage) if one in known))
    return list(sure)


def _root(name: str, bases: Mapping[str, str]) -> str:
    """The class that a class extends in the end; empty where it extends none."""
    while bases[name] and bases[bases[name]]:
        name = bases[name]
    return bases[name]
