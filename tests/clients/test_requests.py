"""What the five clients send, to the byte, and what an independent judge says of it."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from openapi_core.exceptions import OpenAPIError

from .callers import (
    ACCOUNT,
    ALPACA_BROKER,
    ALPACA_TRADING,
    CLEAR_STREET,
    DELTADEFI,
    ORDER,
    POLYMARKET,
    Caller,
    Way,
    sync,
)
from .judge import judge
from .loopback import Answer, Sent, venue


def sent_by(caller: Caller, way: Way, **options: Any) -> Sent:
    with venue(caller.success) as here:
        way(caller, here.url, **options)
    (sent,) = here.sent
    return sent


def test_every_request_passes_the_judge(caller: Caller, way: Way) -> None:
    judge(caller.document, sent_by(caller, way))


def test_the_judge_is_not_blind(caller: Caller) -> None:
    sent = sent_by(caller, sync)
    bare = Sent(method=sent.method, target=sent.target, headers=(), body=sent.body)

    with pytest.raises(OpenAPIError):
        judge(caller.document, bare)


def test_sync_and_async_send_the_same_bytes(caller: Caller, way: Way) -> None:
    sent, other = sent_by(caller, sync), sent_by(caller, way)

    def without_host(sent: Sent) -> Any:
        headers = [pair for pair in sent.headers if pair[0].lower() != "host"]
        return sent.method, sent.target, headers, sent.body

    assert without_host(sent) == without_host(other)


def test_alpaca_trading(way: Way) -> None:
    sent = sent_by(ALPACA_TRADING, way)

    assert ("DELETE", "/v2/orders", b"") == (sent.method, sent.target, sent.body)
    assert "PK-key-of-trading" == sent.value("APCA-API-KEY-ID")
    assert "secret-of-trading" == sent.value("APCA-API-SECRET-KEY")
    assert sent.value("Content-Type") is None


def test_alpaca_broker(way: Way) -> None:
    sent = sent_by(ALPACA_BROKER, way)
    pair = base64.b64encode(b"CK-key-of-broker:secret-of-broker").decode()

    assert "DELETE" == sent.method
    assert f"/v1/trading/accounts/{ACCOUNT}/orders/{ORDER}" == sent.target
    assert f"Basic {pair}" == sent.value("Authorization")


def test_clear_street(way: Way) -> None:
    sent = sent_by(CLEAR_STREET, way)

    assert ("DELETE", "/v1/accounts/19816/orders") == (sent.method, sent.path)
    assert "side=BUY&type=LIMIT&instrument_ids=AAPL,MSFT" == sent.query
    assert "Bearer id-of-clear.secret-of-clear" == sent.value("Authorization")


def test_polymarket(way: Way) -> None:
    sent = sent_by(POLYMARKET, way)

    assert ("DELETE", "/cancel-all", b"") == (sent.method, sent.target, sent.body)
    assert "0x1111111111111111111111111111111111111111" == sent.value("POLY_ADDRESS")
    assert "key-of-polymarket" == sent.value("POLY_API_KEY")
    assert "passphrase-of-polymarket" == sent.value("POLY_PASSPHRASE")
    assert "1000000" == sent.value("POLY_TIMESTAMP")
    assert "k204Y9PoiByEmEAsOHxMAa8t51Uulm3Hx9B-EmXFGYw=" == sent.value("POLY_SIGNATURE")


def test_deltadefi(way: Way) -> None:
    sent = sent_by(DELTADEFI, way)

    assert ("POST", "/order/cancel-all") == (sent.method, sent.target)
    assert b'{"symbol":"ADAUSDM"}' == sent.body
    assert "application/json" == sent.value("Content-Type")
    assert "key-of-deltadefi" == sent.value("X-API-KEY")


def test_a_body_is_a_model_or_a_mapping() -> None:
    package = DELTADEFI.package
    with venue(DELTADEFI.success) as here, package.Client(here.url, api_key="k") as client:
        client.cancel_all_orders(body={"symbol": "ADAUSDM"})
        client.cancel_all_orders(body=package.CancelAllOrdersRequest(symbol="ADAUSDM"))

    assert here.sent[0].body == here.sent[1].body


@pytest.mark.parametrize("body", [{}, {"symbol": 5}, {"symbol": None}])
def test_a_body_that_does_not_fit_is_not_sent(body: object) -> None:
    package = DELTADEFI.package
    with (
        venue(DELTADEFI.success) as here,
        package.Client(here.url, api_key="k") as client,
        pytest.raises(package.InvalidRequest),
    ):
        client.cancel_all_orders(body=body)

    assert [] == here.sent


def test_path_values_are_encoded_whole(way: Way) -> None:
    with venue(Answer(204)) as here, _broker(here.url) as client:
        client.delete_order_for_account(uuid.UUID(ACCOUNT), "a/b ?#ü%2F")

    assert f"/v1/trading/accounts/{ACCOUNT}/orders/a%2Fb%20%3F%23%C3%BC%252F" == here.sent[0].target


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_path_value_that_would_change_the_path_is_not_sent(value: str) -> None:
    with (
        venue(Answer(204)) as here,
        _broker(here.url) as client,
        pytest.raises(ALPACA_BROKER.package.InvalidRequest),
    ):
        client.delete_order_for_account(ACCOUNT, value)

    assert [] == here.sent


def test_filters_that_are_not_given_are_not_sent() -> None:
    package = CLEAR_STREET.package
    with venue(CLEAR_STREET.success) as here, package.Client(here.url, api_key="k") as client:
        client.cancel_all_open_orders(19816)

    assert "/v1/accounts/19816/orders" == here.sent[0].target


def test_a_comma_within_an_item_is_told_from_those_between_items() -> None:
    package = CLEAR_STREET.package
    with venue(CLEAR_STREET.success) as here, package.Client(here.url, api_key="k") as client:
        client.cancel_all_open_orders(19816, instrument_ids=["A,B", "C&D"])

    assert "instrument_ids=A%2CB,C%26D" == here.sent[0].query


def test_a_base_url_may_have_a_path_and_a_slash() -> None:
    package = ALPACA_TRADING.package
    with (
        venue(ALPACA_TRADING.success) as here,
        package.Client(f"{here.url}/proxy/", **ALPACA_TRADING.credentials) as client,
    ):
        client.delete_all_orders()

    assert "/proxy/v2/orders" == here.sent[0].target


def _broker(url: str) -> Any:
    return ALPACA_BROKER.package.Client(url, **ALPACA_BROKER.credentials)
