"""Documents that want all the memory and all the time there is."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Any

_HEAD = "openapi: 3.1.0\ninfo: {title: Bomb, version: '1'}\nservers: [{url: 'https://bomb.test'}]\n"
_OK = {"description": "Done"}


def _document(schemas: Any = None, schema: Any = None, **more: Any) -> dict[str, Any]:
    """A document with one operation that answers with a schema."""
    content = {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/A"} if schema is None else schema
        }
    }
    operation = {"operationId": "get", "responses": {"200": {**_OK, "content": content}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bomb", "version": "1"},
        "servers": [{"url": "https://bomb.test"}],
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": schemas or {"A": {"type": "object"}}},
        **more,
    }


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _doubling(key: str) -> bytes:
    """Thirty schemas, each twice in the next: a thousand million by the end."""
    schemas: dict[str, Any] = {"A": {key: [_ref("S0"), _ref("S0")]}}
    for level in range(30):
        schemas[f"S{level}"] = {key: [_ref(f"S{level + 1}"), _ref(f"S{level + 1}")]}
    schemas["S30"] = {"type": "object", "properties": {"a": {"type": "string"}}}
    return _json(_document(schemas))


def _laughs(flow: bool) -> bytes:
    lines = ["x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for level in range(1, 12):
        many = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(
            f"x-{level}: &a{level} [{many}]"
            if flow
            else f"x-{level}: &a{level}\n" + "\n".join(f"  - *a{level - 1}" for _ in range(10))
        )
    return (_HEAD + "\n".join(lines) + "\npaths: {}\n").encode()


def _merges() -> bytes:
    lines = ["x-0: &a0 {k: v}"]
    lines += [f"x-{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: *a{n - 1}}}" for n in range(1, 60)]
    return (_HEAD + "\n".join(lines) + "\npaths: {}\n").encode()


def _nested_schemas(depth: int) -> bytes:
    schema: Any = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return _json(_document({"A": schema}))


def _chain(count: int, link: Callable[[str], Any]) -> bytes:
    schemas = {f"S{n}": link(f"S{n + 1}") for n in range(count)}
    return _json(_document({"A": _ref("S0"), **schemas, f"S{count}": {"type": "string"}}))


def _pattern(pattern: str, value: str) -> bytes:
    schema = {
        "type": "object",
        "properties": {
            "p": {"type": "string", "pattern": pattern, "default": value, "examples": [value]}
        },
        "patternProperties": {pattern: {"type": "string"}},
        "example": {"p": value, value: value},
    }
    return _json(
        _document({"A": schema, "E": {"type": "string", "pattern": pattern, "enum": [value]}})
    )


def _number(number: str) -> bytes:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer", "maximum": 0, "default": 0, "multipleOf": 1}},
    }
    text = json.dumps(_document({"A": schema}))
    return (
        text.replace('"maximum": 0', f'"maximum": {number}')
        .replace('"default": 0', f'"default": {number}')
        .encode()
    )


_SELF = _ref("A")
_LOOP = "#/components"

BOMBS: dict[str, Callable[[], bytes]] = {
    "aliases": lambda: _laughs(flow=False),
    "aliases in flow": lambda: _laughs(flow=True),
    "alias of itself": lambda: f"{_HEAD}paths: &a {{/a: *a}}\n".encode(),
    "merge keys": _merges,
    "merge of itself": lambda: f"{_HEAD}paths: &a {{<<: *a}}\n".encode(),
    "anchors": lambda: (
        _HEAD + "paths: {}\nx-a:\n" + "".join(f"  k{n}: &a{n} {n}\n" for n in range(50_000))
    ).encode(),
    "brackets": lambda: b"[" * 100_000,
    "braces": lambda: b'{"a":' * 100_000,
    "brackets in YAML": lambda: f"{_HEAD}paths: {'[' * 100_000}".encode(),
    "braces in YAML": lambda: f"{_HEAD}paths: {'{a: ' * 100_000}".encode(),
    "dashes in YAML": lambda: f"{_HEAD}paths:\n  {'- ' * 50_000}a\n".encode(),
    "question marks in YAML": lambda: f"{_HEAD}paths:\n  {'? ' * 50_000}a\n".encode(),
    "brackets closed": lambda: b"[" * 100_000 + b"]" * 100_000,
    "nested schemas": lambda: _nested_schemas(80),
    "doubling allOf": lambda: _doubling("allOf"),
    "doubling anyOf": lambda: _doubling("anyOf"),
    "doubling oneOf": lambda: _doubling("oneOf"),
    "doubling prefixItems": lambda: _doubling("prefixItems"),
    "doubling properties": lambda: _json(
        _document(
            {
                "A": _ref("S0"),
                **{
                    f"S{n}": {
                        "type": "object",
                        "properties": {"a": _ref(f"S{n + 1}"), "b": _ref(f"S{n + 1}")},
                    }
                    for n in range(30)
                },
                "S30": {"type": "string"},
            }
        )
    ),
    "chain of references": lambda: _chain(2_000, _ref),
    "chain of allOf": lambda: _chain(1_000, lambda name: {"allOf": [_ref(name)]}),
    "chain of items": lambda: _chain(1_000, lambda name: {"type": "array", "items": _ref(name)}),
    "chain of properties": lambda: _chain(
        500, lambda name: {"type": "object", "properties": {"a": _ref(name)}}
    ),
    "chain of bases": lambda: _chain(
        300,
        lambda name: {
            "allOf": [_ref(name), {"type": "object", "properties": {name: {"type": "string"}}}]
        },
    ),
    "reference to itself": lambda: _json(_document({"A": _SELF})),
    "references in a circle": lambda: _json(
        _document({"A": _ref("B"), "B": _ref("C"), "C": _ref("A")})
    ),
    "allOf of itself": lambda: _json(_document({"A": {"allOf": [_SELF, {"type": "object"}]}})),
    "anyOf of itself": lambda: _json(_document({"A": {"anyOf": [_SELF, {"type": "string"}]}})),
    "oneOf in a circle": lambda: _json(
        _document({"A": {"oneOf": [_ref("B")]}, "B": {"oneOf": [_ref("A")]}})
    ),
    "not itself": lambda: _json(_document({"A": {"not": _SELF}})),
    "items of itself": lambda: _json(_document({"A": {"type": "array", "items": _SELF}})),
    "additionalProperties of itself": lambda: _json(
        _document({"A": {"type": "object", "additionalProperties": _SELF}})
    ),
    "circles everywhere": lambda: _json(
        _document(
            paths={
                "/a": {"$ref": "#/paths/~1b"},
                "/b": {"$ref": "#/paths/~1a"},
                "/c/{x}": {
                    "parameters": [{"$ref": f"{_LOOP}/parameters/P"}],
                    "post": {
                        "requestBody": {"$ref": f"{_LOOP}/requestBodies/B"},
                        "responses": {
                            "200": {"$ref": f"{_LOOP}/responses/R"},
                            "201": {
                                **_OK,
                                "headers": {"X": {"$ref": f"{_LOOP}/headers/H"}},
                                "links": {"L": {"$ref": f"{_LOOP}/links/L"}},
                                "content": {
                                    "a/b": {"examples": {"E": {"$ref": f"{_LOOP}/examples/E"}}}
                                },
                            },
                        },
                        "callbacks": {"C": {"$ref": f"{_LOOP}/callbacks/C"}},
                        "security": [{"S": []}],
                    },
                },
            },
            components={
                kind: {name: {"$ref": f"{_LOOP}/{kind}/{name}"}}
                for kind, name in (
                    ("parameters", "P"),
                    ("requestBodies", "B"),
                    ("responses", "R"),
                    ("headers", "H"),
                    ("links", "L"),
                    ("examples", "E"),
                    ("callbacks", "C"),
                    ("securitySchemes", "S"),
                    ("pathItems", "I"),
                )
            },
        )
    ),
    "evil pattern": lambda: _pattern("^(a+)+$", "a" * 50 + "!"),
    "evil alternatives": lambda: _pattern("^(a|a)*$", "a" * 60 + "!"),
    "evil look-behind": lambda: _pattern("^(?=(a+)+$)(?!b)(a+)+$", "a" * 60 + "!"),
    "evil repetition": lambda: _pattern("((a{0,1000}){0,1000}){0,1000}$", "a" * 60 + "!"),
    "evil nesting": lambda: _pattern("(" * 3_000 + "a" + ")" * 3_000, "a"),
    "evil class": lambda: _pattern("[" * 3_000, "a"),
    "long integer": lambda: _number("9" * 1_000_000),
    "long fraction": lambda: _number("0." + "9" * 1_000_000),
    "great exponent": lambda: _number("1e999999999"),
    "small exponent": lambda: _number("1e-999999999"),
    "great limits": lambda: _json(
        _document(
            {
                "A": {
                    "type": "object",
                    "properties": {
                        "a": {"type": "string", "minLength": 10**18, "maxLength": 10**30},
                        "b": {"type": "array", "items": {"type": "string"}, "minItems": 10**12},
                        "c": {"type": "number", "multipleOf": 1e-300},
                    },
                }
            }
        )
    ),
    "many enum values": lambda: _json(
        _document({"A": {"type": "string", "enum": [f"value-{n}" for n in range(10_000)]}})
    ),
    "one enum value often": lambda: _json(
        _document({"A": {"type": "string", "enum": ["a"] * 100_000}})
    ),
    "many names alike": lambda: _json(
        _document(
            {
                "A": {
                    "type": "object",
                    "properties": {"_" * n + "a" + "-" * n: {"type": "string"} for n in range(700)},
                }
            }
        )
    ),
    "many required": lambda: _json(
        _document({"A": {"type": "object", "required": [f"r{n}" for n in range(20_000)]}})
    ),
    "many properties": lambda: _json(
        _document({"A": {"type": "object", "properties": {f"p{n}": {} for n in range(3_000)}}})
    ),
    "long strings": lambda: _json(
        _document(
            {
                "A": {
                    "title": "x" * 1_000_000,
                    "description": "y" * 1_000_000,
                    "type": "object",
                    "properties": {
                        "z" * 1_000_000: {
                            "type": "string",
                            "default": "w" * 1_000_000,
                            "pattern": "v" * 1_000_000,
                        }
                    },
                }
            }
        )
    ),
    "long lines": lambda: _json(
        _document({"A": {"description": "word " * 200_000, "type": "object"}})
    ),
    "long name": lambda: _json(
        {**_document(), "paths": {"/" + "a" * 1_000_000: {"get": {"responses": {"200": _OK}}}}}
    ),
    "many templates": lambda: _json(
        {
            **_document(),
            "paths": {
                "/" + "/".join(f"{{p{n}}}" for n in range(200)): {
                    "get": {"operationId": "g", "responses": {"200": _OK}}
                }
            },
        }
    ),
    "braces in a path": lambda: _json(
        {
            **_document(),
            "paths": {
                "/" + "{" * 100_000: {"get": {"operationId": "g", "responses": {"200": _OK}}}
            },
        }
    ),
    "server of variables": lambda: _json(
        _document(
            servers=[
                {
                    "url": "https://" + "".join(f"{{v{n}}}" for n in range(300)),
                    "variables": {
                        f"v{n}": {"default": f"{{v{n + 1}}}{{v{n + 1}}}"} for n in range(300)
                    },
                }
            ]
        )
    ),
    "encoded in UTF-16": lambda: (
        codecs.BOM_UTF16_LE + _json(_document()).decode().encode("utf-16-le")
    ),
    "encoded in UTF-32": lambda: _json(_document()).decode().encode("utf-32"),
    "no UTF-8": lambda: _json(_document()).replace(b"Bomb", b"B\xff\xfe"),
    "overlong UTF-8": lambda: _json(_document()).replace(b"Bomb", b"\xc0\xae"),
    "surrogates in UTF-8": lambda: _json(_document()).replace(b"Bomb", b"\xed\xa0\x80"),
    "surrogates escaped": lambda: _json(_document()).replace(b"Bomb", b"\\ud800"),
    "null bytes": lambda: _json(_document()).replace(b"Bomb", b"B\0mb"),
    "byte order mark": lambda: codecs.BOM_UTF8 + _json(_document()),
    "byte order marks": lambda: codecs.BOM_UTF8 * 3 + _json(_document()),
    "compressed": lambda: b"\x1f\x8b\x08\x00" + b"\0" * 100,
    "nothing": lambda: b"",
    "blanks": lambda: b" \n" * 500_000,
    "tag of Python": lambda: f"{_HEAD}paths: !!python/object/apply:os.system ['true']\n".encode(),
    "tag of Python in a key": lambda: f"{_HEAD}paths: {{!!python/name:os.system a: b}}\n".encode(),
    "tag of one's own": lambda: (
        f"%TAG ! tag:evil.test,2000:\n---\n{_HEAD}paths: !evil {{}}\n".encode()
    ),
    "binary tag": lambda: f"{_HEAD}paths: !!binary aGVsbG8=\n".encode(),
    "set tag": lambda: f"{_HEAD}paths: !!set {{a, b}}\n".encode(),
    "key twice": lambda: f"{_HEAD}paths: {{}}\npaths: {{}}\n".encode(),
    "key twice in JSON": lambda: b'{"openapi": "3.1.0", "paths": {}, "paths": {}}',
    "keys twice": lambda: (_HEAD + "paths: {}\nx-a: {" + "a: 1, " * 20_000 + "}\n").encode(),
    "key of a list": lambda: f"{_HEAD}paths: {{[a, b]: c}}\n".encode(),
    "documents": lambda: (f"{_HEAD}paths: {{}}\n---\n" * 1_000).encode(),
    "directive": lambda: f"%YAML 9.9\n---\n{_HEAD}paths: {{}}\n".encode(),
    "not a number": lambda: _json(_document()).replace(b'"Bomb"', b"NaN"),
    "scalars": lambda: b"12",
    "long word": lambda: b"a" * 5_000_000,
    "quote": lambda: b'"' + b"a" * 5_000_000,
    "conflicts": lambda: f"{_HEAD}paths: [\n".encode() + b"<<<<<<< ours\n" * 200_000,
    "references to nothing": lambda: _json(
        {
            **_document(),
            **{f"component{n}": {"schemas": {}} for n in range(3_000)},
            "components": {
                "schemas": {f"S{n}": {"$ref": f"#/components/schemas/N{n}"} for n in range(3_000)}
            },
        }
    ),
    "escapes": lambda: b'{"a": "' + b"\\\\" * 2_000_000 + b'"}',
}
