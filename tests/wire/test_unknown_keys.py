"""Keys that the document does not know, and that are called as fields are in Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..making import exchange

DOCUMENT = exchange(
    """
    required: [isDone]
    properties:
      isDone: {type: [boolean, 'null']}
      class: {type: [string, 'null']}
      orderId: {type: string}
      next: {$ref: '#/components/schemas/A'}
      many: {type: array, items: {$ref: '#/components/schemas/A'}}
    """
)
UNKNOWN: list[dict[str, Any]] = [
    {"isDone": True, "class_": 1},
    {"isDone": None, "is_done": 1, "class": None},
    {"isDone": True, "class": "x", "class_": 1, "order_id": [2], "orderId": "y"},
    {"isDone": True, "next": {"isDone": True, "class_": 1}},
    {"isDone": True, "many": [{"isDone": True, "order_id": None}, {"isDone": False, "class": "x"}]},
]


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def read(package: Any, value: object, **options: Any) -> Any:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=value))
    return package.Client(http=httpx.Client(transport=transport), **options).raw.a()


@pytest.mark.parametrize("value", UNKNOWN)
def test_what_was_read_is_written(package: Any, value: dict[str, Any]) -> None:
    data = read(package, value).data

    assert value == json.loads(data.model_dump_json(by_alias=True, exclude_unset=True))
    assert value == data.model_dump(by_alias=True, exclude_unset=True)
    assert value == data.model_copy(deep=True).model_dump(by_alias=True, exclude_unset=True)


def test_a_field_that_did_not_come_is_not_set(package: Any) -> None:
    data = read(package, {"isDone": True, "class_": 1, "order_id": "x", "orderId": "y"}).data

    assert {"is_done", "order_id"} == data.model_fields_set
    assert {"class_": 1, "order_id": "x"} == data.model_extra
    assert (None, "y") == (data.class_, data.order_id)
    data.class_ = "z"
    assert {"is_done", "order_id", "class_"} == data.model_fields_set


def test_such_a_key_is_never_the_field_of_a_lenient_client(package: Any) -> None:
    value = {"isDone": 3, "class_": 1, "order_id": "x", "orderId": "y"}
    reply = read(package, value, lenient=True)

    assert ["/isDone"] == [problem.pointer for problem in reply.problems]
    assert (None, "y") == (reply.data.class_, reply.data.order_id)
    assert value == reply.data.model_dump(by_alias=True, exclude_unset=True, warnings=False)
