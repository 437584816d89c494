"""What is sent again, and what never is."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from .callers import ALPACA_TRADING, CALLERS, DELTADEFI, Caller, Way
from .loopback import Answer, venue

REPEATABLE = [caller for caller in CALLERS if caller.repeatable]


def again(status: int) -> Answer:
    return Answer.json(status, {}, Retry_After="0")


@pytest.mark.parametrize("caller", REPEATABLE, ids=str)
@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504])
def test_a_delete_is_repeated_where_a_repeat_is_safe(caller: Caller, way: Way, status: int) -> None:
    with venue(again(status), caller.success) as here:
        reply = way(caller, here.url, retry=caller.package.Retry())

    assert caller.success.status == reply.status
    first, second = here.sent
    assert (first.method, first.target, first.body) == (second.method, second.target, second.body)


@pytest.mark.parametrize("caller", CALLERS, ids=str)
@pytest.mark.parametrize("status", [400, 401, 404, 409, 418, 422, 500])
def test_a_refusal_is_not_repeated(caller: Caller, way: Way, status: int) -> None:
    with venue(again(status), caller.success) as here, pytest.raises(caller.package.ResponseError):
        way(caller, here.url, retry=caller.package.Retry())

    assert 1 == len(here.sent)


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504])
def test_a_post_is_not_repeated(way: Way, status: int) -> None:
    with (
        venue(again(status), DELTADEFI.success) as here,
        pytest.raises(DELTADEFI.package.ResponseError),
    ):
        way(DELTADEFI, here.url, retry=DELTADEFI.package.Retry())

    assert 1 == len(here.sent)


def test_retries_end(way: Way) -> None:
    package = ALPACA_TRADING.package
    with venue(again(429)) as here, pytest.raises(package.TooManyRequests):
        way(ALPACA_TRADING, here.url, retry=package.Retry(tries=3))

    assert 3 == len(here.sent)


def test_a_wait_that_is_too_long_is_left_to_the_caller(way: Way) -> None:
    package = ALPACA_TRADING.package
    with (
        venue(Answer.json(429, {}, Retry_After="86400")) as here,
        pytest.raises(package.TooManyRequests) as caught,
    ):
        way(ALPACA_TRADING, here.url, retry=package.Retry())

    assert 86400.0 == caught.value.retry_after
    assert 1 == len(here.sent)


def test_none_where_the_caller_wants_none(caller: Caller, way: Way) -> None:
    with venue(again(503), caller.success) as here, pytest.raises(caller.package.ResponseError):
        way(caller, here.url, retry=caller.package.NO_RETRY)

    assert 1 == len(here.sent)


def test_a_request_that_never_left_is_repeated_even_for_a_post() -> None:
    """The first connection is refused: nothing was sent, so that nothing can be done twice."""
    package = DELTADEFI.package

    class Flaky(httpx.HTTPTransport):
        failures: Iterator[bool] = iter([True])

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if next(self.failures, False):
                raise httpx.ConnectError("refused", request=request)
            return super().handle_request(request)

    with (
        venue(DELTADEFI.success) as here,
        httpx.Client(transport=Flaky()) as http,
        package.Client(here.url, api_key="k", http=http, retry=package.Retry()) as client,
    ):
        client.cancel_all_orders(body={"symbol": "ADAUSDM"})

    assert 1 == len(here.sent)


def test_a_refused_connection_is_an_error_in_the_end(caller: Caller) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with (
            pytest.raises(caller.package.TransportError) as caught,
            caller.package.Client(
                url, retry=caller.package.Retry(tries=2, first_wait=0.01), **caller.credentials
            ) as client,
        ):
            getattr(client, caller.operation)(*caller.arguments, **caller.options)

    assert caught.value.may_have_taken_effect is False
