"""The grammar of an OpenAPI document: which kind of part stands under which key."""

from __future__ import annotations

from collections.abc import Mapping

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

ONE, LIST, MAP, TABLE = "one", "list", "map", "table"  # a table may also hold extensions
_CONTENT = {"content": (MAP, "media type")}
_VALUE = {"schema": (ONE, "schema"), "examples": (MAP, "example"), **_CONTENT}
_SUBSCHEMAS = (
    "items not if then else contains propertyNames additionalProperties additionalItems "
    "unevaluatedItems unevaluatedProperties contentSchema"
)
GRAMMAR: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "document": {
        "paths": (TABLE, "path item"),
        "webhooks": (MAP, "path item"),
        "components": (ONE, "components"),
    },
    "components": {
        "schemas": (MAP, "schema"),
        "responses": (MAP, "response"),
        "parameters": (MAP, "parameter"),
        "examples": (MAP, "example"),
        "requestBodies": (MAP, "request body"),
        "headers": (MAP, "header"),
        "securitySchemes": (MAP, "security scheme"),
        "links": (MAP, "link"),
        "callbacks": (MAP, "callback"),
        "pathItems": (MAP, "path item"),
        "mediaTypes": (MAP, "media type"),
    },
    "path item": {
        "parameters": (LIST, "parameter"),
        "additionalOperations": (MAP, "operation"),
        **dict.fromkeys(METHODS, (ONE, "operation")),
    },
    "operation": {
        "parameters": (LIST, "parameter"),
        "requestBody": (ONE, "request body"),
        "responses": (TABLE, "response"),
        "callbacks": (MAP, "callback"),
    },
    "parameter": _VALUE,
    "header": _VALUE,
    "request body": _CONTENT,
    "response": {"headers": (MAP, "header"), "links": (MAP, "link"), **_CONTENT},
    "media type": {
        "schema": (ONE, "schema"),
        "itemSchema": (ONE, "schema"),
        "examples": (MAP, "example"),
        "encoding": (MAP, "encoding"),
    },
    "encoding": {"headers": (MAP, "header")},
    "schema": {
        **dict.fromkeys(_SUBSCHEMAS.split(), (ONE, "schema")),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (LIST, "schema")),
        **dict.fromkeys(("properties", "patternProperties", "$defs"), (MAP, "schema")),
        "definitions": (MAP, "schema"),
        "dependentSchemas": (MAP, "schema"),
    },
}

REFERABLE = frozenset(
    "path item,schema,response,parameter,example,request body,header,security scheme,link,"
    "callback,media type".split(",")
)
