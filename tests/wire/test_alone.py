"""Clients of one parameter: the runtime holds all that it needs, though nothing else needs it."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

FORMS: dict[str, dict[str, Any]] = {
    "text": {"schema": {"type": "string"}},
    "list": {"schema": {"type": "array", "items": {"type": "number"}}},
    "object": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
    "anything": {"schema": {}},
    "json": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "form": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}},
    "plain": {"content": {"text/plain": {"schema": {"type": "string"}}}},
}
_SCHEMA = "#/components/schemas/"
VALUES: dict[str, Any] = {"text": "ab", "list": [1.5, 2], "anything": "a", "plain": "a"}
MARKS: dict[str, dict[str, Any]] = {
    "": {},
    "deprecated": {"deprecated": True},
    "reserved": {"allowReserved": True},
    "limited": {"schema": {"type": "string", "maxLength": 5, "pattern": "^a"}},
}
STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
    "querystring": ("",),
}


def parameters() -> Iterator[tuple[str, str, str, str]]:
    for location, styles in STYLES.items():
        for style, form, mark in itertools.product(styles, FORMS, MARKS):
            is_content = "content" in FORMS[form]
            if is_content is (location != "querystring" and style != styles[0]):
                continue  # content has no style
            if location == "querystring" and not is_content:
                continue
            if mark == "limited" and form != "text":
                continue
            yield location, style, form, mark


@pytest.mark.parametrize(("location", "style", "form", "mark"), [*parameters()])
def test_one_parameter(
    location: str, style: str, form: str, mark: str, make: Callable[..., Any], tmp_path: Path
) -> None:
    parameter = {"name": "p", "in": location, **FORMS[form], **MARKS[mark]}
    if location == "path":
        parameter["required"] = True
    if style and "schema" in parameter:
        parameter["style"] = style
    path = "/a/{p}" if location == "path" else "/a"
    operation = {"operationId": "ask", "parameters": [parameter], "responses": {"204": {}}}
    document = {
        "openapi": "3.2.0",
        "info": {"title": "Alone", "version": "1"},
        "servers": [{"url": "https://alone.test"}],
        "paths": {path: {"put": operation}},
    }
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(204)

    module = make(json.dumps(document))
    http = httpx.Client(transport=httpx.MockTransport(answer))
    warns: Any = contextlib.nullcontext()
    if mark == "deprecated":
        warns = pytest.warns(DeprecationWarning, match="p of ask")
    with module.Client(http=http) as client, warns:
        client.ask(p=VALUES.get(form, {"a": "b"}))

    assert 1 == len(sent)


def test_a_base_whose_fields_lead_back_to_its_classes(make: Callable[..., Any]) -> None:
    def schema(base: str, field: str) -> dict[str, Any]:
        own = {"type": "object", "properties": {field[0].lower(): {"$ref": _SCHEMA + field}}}
        return {"allOf": [{"$ref": _SCHEMA + base}], **own}

    schemas = {
        "Root": {
            "type": "object",
            "discriminator": {"propertyName": "kind"},
            "properties": {"kind": {"type": "string"}, "w": {"$ref": _SCHEMA + "Work"}},
        },
        "Thing": schema("Root", "Image"),
        "Work": schema("Thing", "Person"),
        "Media": schema("Work", "Root"),
        "Image": schema("Media", "Thing"),
        "Person": schema("Thing", "Media"),
    }
    document = {"openapi": "3.1.0", "info": {"title": "Circle", "version": "1"}, "paths": {}}
    module = make(json.dumps({**document, "components": {"schemas": schemas}}))

    assert issubclass(module.Image, module.Root)
