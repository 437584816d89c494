"""Examples and defaults against their schemas, and what a schema says against itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from venuekit.ir import is_json
from venuekit.records import dataclass
from venuekit.sources import JSON, TYPES, Map, Seq, is_of_type, pointer
from venuekit.validation.dialect import Schemas
from venuekit.validation.misfits import Misfit
from venuekit.validation.parts import Part, Path, plain_copy
from venuekit.validation.references import Parts
from venuekit.validation.rules import Rules

_KINDS = ("schema", "media type", "parameter", "header")
_OF_DEFAULT, _OF_EXAMPLE = "VK223", "VK230"
_CODES = {_OF_DEFAULT: "default", _OF_EXAMPLE: "example"}
_NAMELESS = frozenset("schema items allOf anyOf oneOf not properties additionalProperties".split())


@dataclass(frozen=True, slots=True)
class _Given:
    """An example or a default: where it is, what it is, and where its schema is."""

    code: str
    path: Path
    value: JSON
    schema: Path


def check_examples(rules: Rules, schemas: Schemas) -> None:
    """Report every example and every default that does not fit its schema."""
    parts = [
        part
        for part in rules.parts.by_path.values()
        if part.kind in _KINDS
        and (part.reference is None or (rules.version != "3.0" and part.kind == "schema"))
    ]
    given = [[*_defaults(part), *_examples(rules, part)] for part in parts]
    found = iter(
        schemas.all_misfits(
            [
                (one.schema, plain_copy(one.value), part.use)
                for part, those in zip(parts, given, strict=True)
                for one in those
            ]
        )
    )
    for part, those in zip(parts, given, strict=True):
        if part.kind == "schema":
            _check_enum(rules, part)
            _check_constants(rules, part)
            _check_required(rules, part)
        for one in those:
            if misfits := next(found):
                _report(rules, part, one, misfits)


def _report(rules: Rules, part: Part, given: _Given, misfits: list[Misfit]) -> None:
    """Report a value that does not fit, at the first thing in it that does not."""
    what = f"the {_CODES[given.code]} of {_subject(part, rules.parts)} does not fit its schema"
    help = f"mend it{rules.into_overlay(*given.path)}, or its schema"
    path = (*given.path, *misfits[0].path)
    rules.warn(given.code, describe(what, misfits), path, help)


def describe(what: str, misfits: list[Misfit]) -> str:
    """One sentence about all misfits of a value."""
    first = misfits[0]
    where = pointer(first.path) or "it"
    where = where if len(where) <= 80 else f"...{where[-77:]}"
    more = f" (and {len(misfits) - 1} more)" if len(misfits) > 1 else ""
    return f"{what}: {where} {first.says}{more}"


def _subject(part: Part, parts: Parts) -> str:
    """What a part is to a reader: `response '200' of GET /orders`, `schema 'Order'`."""
    path = part.path
    if part.kind == "parameter":
        return f"parameter '{str(part.node.get('name'))[:60]}'"
    if part.kind == "media type" and "content" in path:
        owner = path[len(path) - path[::-1].index("content") - 2]
        title = f" of {str(path[2]).upper()} {path[1]}" if path[0] in ("paths", "webhooks") else ""
        what = "the body" if owner == "requestBody" else f"response '{owner}'"
        return f"{what}{title}"
    above = parts.by_path.get(path[:-1])
    if part.kind == "schema" and above is not None and above.kind != "schema":
        return _subject(above, parts)
    names = [key for key in path if isinstance(key, str) and key not in _NAMELESS]
    return f"{part.kind} '{names[-1][:60]}'"


def _defaults(part: Part) -> Iterator[_Given]:
    if part.kind == "schema" and "default" in part.node:
        yield _Given(_OF_DEFAULT, (*part.path, "default"), part.node["default"], part.path)


def _examples(rules: Rules, part: Part) -> Iterator[_Given]:
    node, path = part.node, part.path
    schema = path if part.kind == "schema" else (*path, "schema")
    if part.kind != "schema" and "schema" not in node:
        return
    if "example" in node and _is_comparable(part, node["example"]):
        yield _Given(_OF_EXAMPLE, (*path, "example"), node["example"], schema)
    examples = node.get("examples")
    if part.kind == "schema":
        if isinstance(examples, Seq) and rules.version != "3.0":
            for index, value in enumerate(examples):
                yield _Given(_OF_EXAMPLE, (*path, "examples", index), value, schema)
    else:
        for _, example in rules.parts.children(part, "examples"):
            for key in ("dataValue", "value"):
                if key in example.node and _is_comparable(part, example.node[key]):
                    yield _Given(_OF_EXAMPLE, (*example.path, key), example.node[key], schema)
                    break
    named = node.get("x-examples")
    if isinstance(named, Map):
        for name, value in named.items():
            yield _Given(_OF_EXAMPLE, (*path, "x-examples", name), value, schema)


def _is_comparable(part: Part, value: object) -> bool:
    """Whether an example is the value itself, not its serialised form."""
    if part.kind != "media type" or not isinstance(value, str):
        return True
    return is_json(str(part.path[-1]))


def _check_enum(rules: Rules, part: Part) -> None:
    values = part.node.get("enum")
    seen: dict[str, int] = {}
    for index, value in enumerate(values if isinstance(values, Seq) else ()):
        text = json.dumps(value, sort_keys=True, default=str)
        seen[text] = seen.get(text, 0) + 1
        if seen[text] == 2:  # one cause, however often it is repeated
            says = f"the enum of {_subject(part, rules.parts)} lists {text[:60]} twice"
            rules.warn("VK222", says, (*part.path, "enum", index), "remove one of the two")


def _check_constants(rules: Rules, part: Part) -> None:
    """A constant that is not of the type of its own schema; null is no case of this."""
    named, values = part.node.get("type"), part.node.get("enum")
    wanted = [str(kind) for kind in (named if isinstance(named, Seq) else [named])]
    listed = [(("enum", n), v) for n, v in enumerate(values if isinstance(values, Seq) else ())]
    if not listed and "const" in part.node:
        listed = [(("const",), part.node["const"])]
    if not TYPES.issuperset(wanted):
        return
    wrong = [(at, v) for at, v in listed if v is not None and not is_of_type(v, wanted)]
    for at, value in wrong[:1]:  # one cause, however many there are
        what = (
            f"the {at[0]} of {_subject(part, rules.parts)} {'is' if at[0] == 'const' else 'lists'}"
        )
        says = f"{what} {json.dumps(value, default=str)[:60]}, which is no {' or '.join(wanted)}"
        help = "write it as its type has it, as the client does, or correct the type"
        rules.warn("VK232", says, (*part.path, *at), help)


def _check_required(rules: Rules, part: Part) -> None:
    """A required property that the schema does not know, and does not let pass either."""
    node = part.node
    required, properties = node.get("required"), node.get("properties")
    if node.get("additionalProperties") is not False or "patternProperties" in node:
        return
    known = properties if isinstance(properties, Map) else Map()
    for index, name in enumerate(required if isinstance(required, Seq) else ()):
        if isinstance(name, str) and name not in known:
            says = f"schema '{str(part.path[-1])[:60]}' requires '{name[:60]}', which it forbids"
            help = "remove it from required, or allow the property"
            rules.warn("VK224", says, (*part.path, "required", index), help)
