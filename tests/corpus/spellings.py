"""The same document in other words: `python -m tests.corpus.spellings [TEXT]` compares them all."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping

from venuekit.assembly import assemble
from venuekit.diagnostics import Report
from venuekit.drift import Finding, compare
from venuekit.extraction import extract
from venuekit.sources import JSON, Map, Seq, clone, read_yaml

from .documents import CORPUS, Document, documents

# What holds values by names of the document's own, and what holds values that are no document.
_NAMED = ("properties", "patternProperties", "schemas", "$defs", "definitions", "dependentSchemas")
_VALUES = ("example", "examples", "default", "enum", "const")
_UNTYPED = ("$ref", "allOf", "anyOf", "oneOf", "properties")  # a schema without a type has these
_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
Spelling = Callable[[Map], Map | None]


def document_of(document: Document) -> Map | None:
    """Read a document of OpenAPI 3 that is valid, or in use."""
    if not document.must_be_made:
        return None
    page = extract(document.path.name, document.path.read_bytes(), Report())
    found = assemble((page,), (), Report()) if page else None
    return found if found and str(found.get("openapi", "")).startswith("3.") else None


def reordered(document: Map) -> Map:
    """With the keys of every object the other way round."""
    found = _reordered(document)
    assert isinstance(found, Map)
    return found


def _reordered(value: JSON) -> JSON:
    if isinstance(value, Map):
        return Map((key, _reordered(value[key])) for key in sorted(value, reverse=True))
    return Seq(map(_reordered, value)) if isinstance(value, Seq) else value


def as_yaml(document: Map) -> Map | None:
    """Written as YAML, in blocks, and read again."""
    report = Report()
    found = read_yaml("\n".join(_lines(document, "")) + "\n", "openapi.yaml", report)
    assert not report.has_errors, list(report)
    return found if isinstance(found, Map) else None


def _lines(value: JSON, indent: str) -> Iterator[str]:
    entries: list[tuple[str, JSON]] = []
    if isinstance(value, Map):
        entries = [(f"{_scalar(key)}:", item) for key, item in value.items()]
    elif isinstance(value, Seq):
        entries = [("-", item) for item in value]
    for head, item in entries:
        if isinstance(item, Map | Seq) and item:
            yield f"{indent}{'? ' + head[:-1] if len(head) > 1000 else head}"
            if len(head) > 1000:  # a simple key ends there
                yield f"{indent}:"
            yield from _lines(item, f"{indent}  ")
        else:
            yield f"{indent}{head} {_scalar(item)}"


def _scalar(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_3_1(document: Map) -> Map | None:
    """A document of 3.0 as 3.1 would say it; None for others."""
    if not str(document["openapi"]).startswith("3.0"):
        return None
    found = _upgraded(clone(document))
    assert isinstance(found, Map)
    found["openapi"] = "3.1.0"
    return found


def _upgraded(value: JSON) -> JSON:
    if isinstance(value, Seq):
        return Seq(map(_upgraded, value))
    if not isinstance(value, Map):
        return value
    found: Map = Map()
    for key, item in value.items():
        if key in _VALUES:
            found[key] = item
        elif key in _NAMED and isinstance(item, Map):
            found[key] = Map((name, _upgraded(schema)) for name, schema in item.items())
        else:
            found[key] = _upgraded(item)
    _respell(found)
    return found


def _respell(schema: Map) -> None:
    """Say in 3.1 what a schema says of null and of bounds."""
    if isinstance(nullable := schema.get("nullable"), bool):
        del schema["nullable"]
        kind, values = schema.get("type"), schema.get("enum")
        if nullable and isinstance(kind, str):
            schema["type"] = Seq([kind, "null"])
            if isinstance(values, Seq) and None not in values:
                schema["enum"] = Seq([*values, None])
        elif nullable and any(key in schema for key in _UNTYPED):
            inner = Map(schema)
            schema.clear()
            schema["anyOf"] = Seq([inner, Map({"type": "null"})])
    for flag, bound in _BOUNDS:
        if isinstance(schema.get(flag), bool) and schema.pop(flag) and bound in schema:
            schema[flag] = schema.pop(bound)


def hoisted(document: Map) -> Map | None:
    """With the schemas of bodies, parameters and lists as components of their own."""
    if '"#/paths' in json.dumps(document):
        return None  # what is referred to by its place must stay
    found = clone(document)
    components = found.setdefault("components", Map())
    if not isinstance(components, Map) or not isinstance(
        schemas := components.setdefault("schemas", Map()), Map
    ):
        return None
    _hoist(found.get("paths"), schemas)
    return found


def _hoist(value: JSON, schemas: Map) -> None:
    if isinstance(value, Seq):
        for item in value:
            _hoist(item, schemas)
    if not isinstance(value, Map):
        return
    for key, item in value.items():
        if key in _VALUES:
            continue
        _hoist(item, schemas)
        if key not in ("schema", "items") or not isinstance(item, Map) or "$ref" in item:
            continue
        if key == "schema" or item.get("properties"):
            name = f"Hoisted{len(schemas)}"
            schemas[name] = item
            value[key] = Map({"$ref": f"#/components/schemas/{name}"})


SPELLINGS: Mapping[str, Spelling] = {
    "reordered": reordered,
    "as YAML": as_yaml,
    "as 3.1": as_3_1,
    "hoisted": hoisted,
}


def differences(document: Map, spelling: str) -> list[Finding]:
    """What is found between a document and another spelling of it, and should not be."""
    other = SPELLINGS[spelling](document)
    if other is None:
        return []
    found = [*compare(document, other).findings, *compare(other, document).findings]
    if spelling != "hoisted":
        return found
    # A component that is new gives a class a name, and no exchange another meaning.
    named = ("component-added", "component-removed", "class-renamed", "component-renamed")
    return [f for f in found if f.wire != "ok" or f.rule not in named]


def main(arguments: list[str]) -> int:
    if not CORPUS.exists():
        sys.stderr.write("the corpus is not beside this repository\n")
        return 2
    count = failed = 0
    for entry in documents():
        if any(text not in entry.name for text in arguments):
            continue
        document = document_of(entry)
        if document is None:
            continue
        count += 1
        for spelling in SPELLINGS:
            for finding in differences(document, spelling):
                failed += 1
                said = f"{spelling}: {finding.rule} at {finding.pointer}: {finding.message}"
                sys.stdout.write(f"{entry.name}: {said}\n")
    sys.stdout.write(f"{count} documents, {failed} differences\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
