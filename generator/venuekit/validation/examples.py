"""Examples and defaults against their schemas, and what a schema says against itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from venuekit.sources import JSON, Map, Seq, pointer
from venuekit.validation.dialect import Schemas
from venuekit.validation.misfits import Misfit
from venuekit.validation.operations import Rules
from venuekit.validation.parts import Part, Path, plain_copy
from venuekit.validation.references import Parts

_NAMELESS = frozenset("schema items allOf anyOf oneOf not properties additionalProperties".split())


def check_examples(rules: Rules, schemas: Schemas) -> None:
    """Report every example and every default that does not fit its schema."""
    for part in rules.parts.by_path.values():
        if part.reference is not None and (rules.version == "3.0" or part.kind != "schema"):
            continue
        if part.kind == "schema":
            _check_enum(rules, part)
            _check_required(rules, part)
            _check_default(rules, schemas, part)
        if part.kind in ("schema", "media type", "parameter", "header"):
            for path, value, schema in _examples(rules, part):
                misfits = schemas.misfits(schema, plain_copy(value), part.use)
                if misfits:
                    what = f"the example of {_subject(part, rules.parts)} does not fit its schema"
                    _report(rules, "VK230", what, path, misfits)


def _report(rules: Rules, code: str, what: str, path: Path, misfits: list[Misfit]) -> None:
    """Report a value that does not fit, at the first thing in it that does not."""
    help = f"mend it{rules.into_overlay(*path)}, or its schema"
    rules.warn(code, describe(what, misfits), (*path, *misfits[0].path), help)


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


def _examples(rules: Rules, part: Part) -> Iterator[tuple[Path, JSON, Path]]:
    """The examples of a part: where each is, what it is, and where its schema is."""
    node, path = part.node, part.path
    schema = path if part.kind == "schema" else (*path, "schema")
    if part.kind != "schema" and "schema" not in node:
        return
    if "example" in node and _is_comparable(part, node["example"]):
        yield (*path, "example"), node["example"], schema
    examples = node.get("examples")
    if part.kind == "schema":
        if isinstance(examples, Seq) and rules.version != "3.0":
            for index, value in enumerate(examples):
                yield (*path, "examples", index), value, schema
    else:
        for _, example in rules.parts.children(part, "examples"):
            for key in ("dataValue", "value"):
                if key in example.node and _is_comparable(part, example.node[key]):
                    yield (*example.path, key), example.node[key], schema
                    break
    named = node.get("x-examples")
    if isinstance(named, Map):
        for name, value in named.items():
            yield (*path, "x-examples", name), value, schema


def _is_comparable(part: Part, value: object) -> bool:
    """Whether an example is the value itself, not its serialised form."""
    if part.kind != "media type" or not isinstance(value, str):
        return True
    media = str(part.path[-1]).partition(";")[0].strip().lower()
    return media.endswith(("/json", "+json"))


def _check_default(rules: Rules, schemas: Schemas, part: Part) -> None:
    if "default" not in part.node:
        return
    path = (*part.path, "default")
    misfits = schemas.misfits(part.path, plain_copy(part.node["default"]), part.use)
    if misfits:
        what = f"the default of {_subject(part, rules.parts)} does not fit its schema"
        _report(rules, "VK223", what, path, misfits)


def _check_enum(rules: Rules, part: Part) -> None:
    values = part.node.get("enum")
    seen: dict[str, int] = {}
    for index, value in enumerate(values if isinstance(values, Seq) else ()):
        text = json.dumps(value, sort_keys=True, default=str)
        seen[text] = seen.get(text, 0) + 1
        if seen[text] == 2:  # one cause, however often it is repeated
            says = f"the enum of {_subject(part, rules.parts)} lists {text[:60]} twice"
            rules.warn("VK222", says, (*part.path, "enum", index), "remove one of the two")


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
