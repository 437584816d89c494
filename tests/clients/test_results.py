"""What the five clients make of a success."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest

from .callers import (
    ACCOUNT,
    ALPACA_BROKER,
    ALPACA_TRADING,
    CALLERS,
    CLEAR_STREET,
    DELTADEFI,
    ORDER,
    POLYMARKET,
    Caller,
    Way,
    as_json,
    sync,
)
from .loopback import HTML, JSON, Answer, venue


def data(caller: Caller, answer: Answer | None = None, way: Way = sync) -> Any:
    with venue(answer or caller.success) as here:
        return way(caller, here.url).data


def test_a_success_is_read_without_loss(caller: Caller, way: Way) -> None:
    body = caller.success.body

    assert (json.loads(body) if body else None) == as_json(data(caller, way=way))


def test_the_reply_has_what_the_venue_sent(caller: Caller, way: Way) -> None:
    answer = Answer(caller.success.status, caller.success.body, {**JSON, "X-Request-ID": "r-1"})
    with venue(answer) as here:
        reply = way(caller, here.url)

    assert answer.status == reply.status
    assert "r-1" == reply.headers["X-Request-ID"]
    assert answer.body == reply.http.content
    assert [] == list(reply.problems)


def test_the_plain_method_returns_the_data(caller: Caller) -> None:
    package = caller.package

    async def call(url: str) -> Any:
        async with package.AsyncClient(url, **caller.credentials) as client:
            return await getattr(client, caller.operation)(*caller.arguments, **caller.options)

    with venue(caller.success) as here:
        with package.Client(here.url, **caller.credentials) as client:
            plain = getattr(client, caller.operation)(*caller.arguments, **caller.options)
        awaited = asyncio.run(call(here.url))

    assert plain == awaited == data(caller)


def test_alpaca_trading() -> None:
    canceled, refused, kept = data(ALPACA_TRADING)

    assert isinstance(canceled, ALPACA_TRADING.package.CanceledOrderResponse)
    assert (uuid.UUID(ORDER), 200, None) == (canceled.id, canceled.status, canceled.body)
    assert (uuid.UUID(ACCOUNT), 404) == (refused.id, refused.status)
    assert (40410000, "order not found") == (refused.body.code, refused.body.message)
    assert kept.body.code is None
    assert "AAPL" == kept.body.model_extra["symbol"]


def test_nothing_open_is_an_empty_list() -> None:
    assert [] == data(ALPACA_TRADING, Answer.json(207, []))


def test_alpaca_broker() -> None:
    assert data(ALPACA_BROKER) is None


def test_clear_street() -> None:
    result = data(CLEAR_STREET)
    (order,) = result.data

    assert isinstance(result, CLEAR_STREET.package.CancelAllOpenOrdersResponse)
    assert result.error is None
    assert "fb1c2d3e-4f5a-6b7c-8d9e-0f1a2b3c4d5e" == result.metadata.request_id
    assert 19816 == order.account_id
    assert "PENDING_CANCEL" == order.status
    assert "PERPETUAL_OF_TOMORROW" == order.instrument_type
    assert order.client_order_id is None
    assert {"deep": [1, 2.5, "3"]} == order.model_extra["field_of_tomorrow"]


@pytest.mark.parametrize(
    "body",
    [
        {"canceled": [], "not_canceled": {}},
        {"canceled": None, "not_canceled": None},
        {"canceled": ["0xabc"], "notCanceled": {"0xdef": "in flight"}},
        {},
    ],
)
def test_polymarket_as_seen_in_the_wild(body: dict[str, object]) -> None:
    result = data(POLYMARKET, Answer.json(200, body))

    assert isinstance(result, POLYMARKET.package.CancelOrdersResponse)
    assert body == as_json(result)


def test_polymarket() -> None:
    result = data(POLYMARKET)

    assert ["0xabc"] == result.canceled
    assert {"0xdef": "Order already matched"} == result.not_canceled


def test_deltadefi() -> None:
    result = data(DELTADEFI)

    assert isinstance(result, DELTADEFI.package.CancelAllOrdersResponse)
    assert "ADAUSDM" == result.symbol
    assert ["550e8400-e29b-41d4-a716-446655440000"] == result.order_ids


PROMISING = [caller for caller in CALLERS if caller.success.body]
UNREADABLE = {
    "nothing": Answer(200, b"", JSON),
    "html": Answer(200, b"<html>hello</html>", HTML),
    "broken": Answer(200, b'{"canceled": [', JSON),
    "not text": Answer(200, b'{"canceled": "\xff\xfe"}', JSON),
    "another shape": Answer.json(200, "canceled"),
    "deep nonsense": Answer(200, b"[" * 100_000, JSON),
}


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("caller", PROMISING, ids=str)
def test_a_success_that_cannot_be_read_keeps_its_body(caller: Caller, way: Way, kind: str) -> None:
    body, headers = UNREADABLE[kind].body, UNREADABLE[kind].headers
    with (
        venue(Answer(caller.success.status, body, headers)) as here,
        pytest.raises(caller.package.InvalidBody) as caught,
    ):
        way(caller, here.url)

    assert caller.success.status == caught.value.status
    assert body == caught.value.response.content


MISFITS: dict[Caller, tuple[Any, list[str]]] = {
    ALPACA_TRADING: ([{"id": ORDER, "status": "gone"}, {"id": 5}], ["/0/status", "/1/id"]),
    CLEAR_STREET: (
        {"data": [{"account_id": "x", "id": "1"}, {}]},
        ["/data/0/account_id", "/data/1/id"],
    ),
    POLYMARKET: ({"canceled": {"0xabc": True}, "not_canceled": []}, ["/canceled", "/not_canceled"]),
    DELTADEFI: ({"symbol": 5, "order_ids": ["1", 2]}, ["/symbol", "/order_ids/1"]),
}


@pytest.mark.parametrize("misfit", MISFITS, ids=str)
def test_a_success_that_does_not_fit_names_every_misfit(misfit: Caller, way: Way) -> None:
    body, pointers = MISFITS[misfit]
    with (
        venue(Answer.json(misfit.success.status, body)) as here,
        pytest.raises(misfit.package.InvalidBody) as caught,
    ):
        way(misfit, here.url)

    assert all(pointer in str(caught.value) for pointer in pointers)
    assert json.dumps(body).encode() == caught.value.response.content


@pytest.mark.parametrize("misfit", MISFITS, ids=str)
def test_a_lenient_client_returns_what_fits(misfit: Caller, way: Way) -> None:
    body, pointers = MISFITS[misfit]
    with venue(Answer.json(misfit.success.status, body)) as here:
        reply = way(misfit, here.url, lenient=True)

    assert reply.data is not None
    told = "\n".join(map(str, reply.problems))
    assert all(pointer in told for pointer in pointers)
