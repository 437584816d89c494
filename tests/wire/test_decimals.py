"""Numbers of JSON that are decimals keep their digits when they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from ..making import exchange

DOCUMENT = exchange(
    """
    properties:
      price: {type: number, format: decimal}
      plain: {type: number}
      mixed: {anyOf: [{type: number, format: decimal}, {type: string}]}
      flag: {anyOf: [{type: boolean}, {type: number, format: decimal}]}
      whole: {anyOf: [{type: integer}, {type: number, format: decimal}]}
      any: {}
      many: {type: array, items: {$ref: '#/components/schemas/A'}}
      orderId: {type: string}
    """
)


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def read(package: Any, *texts: str, **options: Any) -> list[Any]:
    """What one client reads, one after the other."""
    waiting = iter(texts)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text=next(waiting)))
    client = package.Client(http=httpx.Client(transport=transport), **options)
    return [client.raw.a().data for _ in texts]


@pytest.mark.parametrize(
    "text",
    ["1.10", "0.1234567890123456789012", "1234567890123456789.5", "1E-400", "7", "-0.0", "1E2"],
)
def test_a_number_keeps_its_digits(package: Any, text: str) -> None:
    [alone] = read(package, f'{{"price": {text}}}')
    [inside] = read(package, f'{{"mixed": {text}, "many": [{{"price": {text}}}]}}')

    for price in (alone.price, inside.mixed, inside.many[0].price):
        assert Decimal(text).as_tuple() == price.as_tuple()


def test_other_numbers_and_texts_stay_what_they_are(package: Any) -> None:
    text = '{"plain": 1.10, "any": [1.10, 2.5], "mixed": "1.10", "price": 1.10, "class": 0.10}'
    first, second = read(package, text, text)

    assert first == second
    assert ("1.10", Decimal("1.10"), 1.1) == (first.mixed, first.price, first.plain)
    assert float is type(first.plain)
    written = json.loads(first.model_dump_json(exclude_unset=True, by_alias=True))
    assert json.loads(text) == written


def test_a_lenient_client_keeps_them_beside_what_does_not_fit(package: Any) -> None:
    text = '{"price": 1.10, "plain": "x", "many": [{"price": 1e999}, {"price": 2.20}]}'
    [data] = read(package, text, lenient=True)

    assert ("1.10", "2.20") == (str(data.price), str(data.many[1].price))
    assert '{"price":null}' == data.many[0].model_dump_json(exclude_unset=True, warnings=False)


@pytest.mark.parametrize("text", ['{"price": 1e999}', '{"price": 1.1', '{"price": "x"}', "", "["])
def test_what_is_no_decimal_does_not_fit(package: Any, text: str) -> None:
    with pytest.raises(package.InvalidBody):
        read(package, text)


def test_a_decimal_beside_others_does_not_depend_on_its_neighbours(package: Any) -> None:
    values = '"flag": 1, "whole": 2.0, "many": [{"flag": true, "whole": 3}]'
    [alone] = read(package, f"{{{values}}}")
    [beside] = read(package, f'{{{values}, "price": 1.10}}')

    for found in (alone, beside):
        assert [Decimal, Decimal] == [type(found.flag), type(found.whole)]
        assert (True, 3) == (found.many[0].flag, found.many[0].whole)
        assert [bool, int] == [type(found.many[0].flag), type(found.many[0].whole)]
