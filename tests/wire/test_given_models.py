"""Models that a caller makes: what has no such form in JSON is refused where it is given."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pydantic
import pytest

from ..making import exchange

SCHEMA = "{application/json: {schema: {$ref: '#/components/schemas/A'}}}"
PLAIN = exchange(
    """
    properties:
      i: {type: integer}
      n: {type: number}
      d: {type: number, format: decimal}
      c: {const: 1}
      e: {type: integer, enum: [0, 1]}
      u: {anyOf: [{type: integer}, {type: string}]}
      b: {type: boolean}
      either: {type: [boolean, integer]}
      map: {type: object, additionalProperties: {type: integer}}
      list: {type: array, items: {type: integer}}
      inner: {$ref: '#/components/schemas/A'}
      inners: {type: array, items: {$ref: '#/components/schemas/A'}}
      any: {}
    """,
    method="post",
    request=f"requestBody: {{content: {SCHEMA}}}\n",
)
RENAMED = PLAIN.replace("        any: {}", "        any: {}\n        class: {type: integer}") + (
    "        self: {type: integer}\n"
)


@pytest.fixture(params=[PLAIN, RENAMED], ids=["plain", "renamed"])
def package(request: pytest.FixtureRequest, client_of: Callable[..., Any]) -> Any:
    return client_of(request.param)


def _sent(package: Any, model: Any) -> bytes:
    found: list[bytes] = []

    def answered(request: httpx.Request) -> httpx.Response:
        found.append(request.content)
        return httpx.Response(200, json={})

    with package.Client(http=httpx.Client(transport=httpx.MockTransport(answered))) as client:
        client.a(body=model)
    return found[0]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"i": True}, "i"),
        ({"n": False}, "n"),
        ({"c": True}, "c"),
        ({"e": True}, "e"),
        ({"u": True}, "u"),
        ({"map": {"x": True}}, "map/x"),
        ({"list": [1, False]}, "list/1"),
        ({"inner": {"i": True}}, "inner/i"),
        ({"inners": [{"b": True}, {"map": {"x": False}}]}, "inners/1/map/x"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_boolean_is_no_number(package: Any, given: dict[str, Any], place: str) -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        package.A(**given)

    assert "input" not in str(caught.value)
    [error] = caught.value.errors()
    assert (place, "A boolean is no number") == ("/".join(error["loc"]), error["msg"])


def test_a_boolean_stays_one_where_it_is_a_value(package: Any) -> None:
    whole = {"b": True, "either": False, "any": [True, {"x": False}], "inner": {"b": False}}
    model = package.A(**whole, i=1, inners=[package.A(i=2)])

    assert model == pickle.loads(pickle.dumps(model))
    assert (
        b'{"i":1,"b":true,"either":false,"inner":{"b":false},"inners":[{"i":2}],'
        b'"any":[true,{"x":false}]}' == _sent(package, model)
    )


def test_names_of_the_wire_and_of_python(client_of: Callable[..., Any]) -> None:
    package = client_of(RENAMED)

    assert b'{"class":1,"self":2}' == _sent(package, package.A(**{"class": 1, "self": 2}))
    assert b'{"class":1,"self":2}' == _sent(package, package.A(class_=1, self_=2))
    for name in ("class", "class_", "self", "self_"):
        with pytest.raises(pydantic.ValidationError, match="A boolean is no number"):
            package.A(**{name: True})


def test_what_is_read_is_made_without_it(package: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is for callers: replies are read as fast as without it."""
    made: list[Any] = []
    monkeypatch.setattr(package.models, "refuse_booleans", lambda *given: made.append(given))
    answers = httpx.MockTransport(lambda _: httpx.Response(200, json={"inners": [{"i": 1}]}))
    with package.Client(http=httpx.Client(transport=answers)) as client:
        assert 1 == client.a().inners[0].i

    assert [] == made
    package.A(i=1)
    assert 1 == len(made)
