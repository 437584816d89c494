"""What the five clients raise, and that nothing on the wire can hide it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from .callers import ALPACA_TRADING, CALLERS, CLEAR_STREET, Caller, Way, as_json, sync
from .loopback import HTML, JSON, Answer, venue

NAMES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    422: "Unprocessable",
    429: "TooManyRequests",
}
DOCUMENTED = [(caller, status) for caller in CALLERS for status in caller.errors]


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """One client for the many, since to make one takes longer than to use it."""
    with httpx.Client() as client:
        yield client


def name_of(status: int) -> str:
    return NAMES.get(status, "ServerError" if status >= 500 else "StatusError")


def raised(caller: Caller, way: Way, answer: Answer, **options: Any) -> Any:
    with venue(answer) as here, pytest.raises(caller.package.Error) as caught:
        way(caller, here.url, **options)
    assert 1 == len(here.sent)
    return caught.value


@pytest.mark.parametrize(("caller", "status"), DOCUMENTED)
def test_a_documented_status_has_its_error_and_its_body(
    caller: Caller, status: int, way: Way
) -> None:
    error = raised(caller, way, Answer.json(status, caller.errors[status]))

    assert name_of(status) == type(error).__name__
    assert isinstance(error, caller.package.StatusError)
    assert status == error.status == error.response.status_code
    assert caller.error_model == type(error.body).__name__
    assert caller.errors[status] == as_json(error.body)


@pytest.mark.parametrize(("caller", "status"), DOCUMENTED)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(0, b"<html>gateway</html>", HTML),
        Answer(0, b"", {}),
        Answer(0, b"{", JSON),
        Answer(0, b"[1, 2]", JSON),
        Answer(0, b'{"error": {"code": []}, "code": {}, "message": 5}', JSON),
        Answer(0, b"\xff\xfe\x00", JSON),
        Answer(0, b"x", {"Content-Type": "application/json; charset=klingon"}),
        Answer(0, b"not gzip", {**JSON, "Content-Encoding": "gzip"}),
    ],
    ids=["html", "nothing", "broken", "list", "misfit", "not text", "no such charset", "not gzip"],
)
def test_no_body_masks_a_documented_status(
    caller: Caller, status: int, answer: Answer, http: httpx.Client
) -> None:
    error = raised(caller, sync, Answer(status, answer.body, answer.headers), http=http)

    assert name_of(status) == type(error).__name__
    assert error.body is None
    if "Content-Encoding" not in answer.headers:
        assert answer.body == error.response.content


@pytest.mark.parametrize("status", [418, 202, 300, 304, 409, 599])
def test_a_status_that_the_document_does_not_know(caller: Caller, way: Way, status: int) -> None:
    error = raised(caller, way, Answer(status, b"" if status == 304 else b'{"teapot": true}', JSON))

    assert type(error) is caller.package.UnexpectedStatus
    assert not isinstance(error, caller.package.StatusError)
    assert status == error.status
    assert str(status) in str(error)


def test_another_success_than_the_documented_one(caller: Caller, way: Way) -> None:
    other = 200 if caller.success.status != 200 else 204
    error = raised(caller, way, Answer(other))

    assert type(error) is caller.package.UnexpectedStatus


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_cancel_is_never_redirected(caller: Caller, way: Way, status: int) -> None:
    with (
        venue(Answer(status, b"", {"Location": "/elsewhere"}), caller.success) as here,
        pytest.raises(caller.package.UnexpectedStatus) as caught,
    ):
        way(caller, here.url)

    assert status == caught.value.status
    assert 1 == len(here.sent)


def test_nor_by_a_client_of_the_callers_own(caller: Caller) -> None:
    with (
        venue(Answer(302, b"", {"Location": "/elsewhere"}), caller.success) as here,
        httpx.Client(follow_redirects=True) as http,
        pytest.raises(caller.package.UnexpectedStatus),
    ):
        sync(caller, here.url, http=http)

    assert 1 == len(here.sent)


def test_clear_street_errors_as_declared_are_read_too(way: Way) -> None:
    flat = {"code": 404, "message": "No orders match the specified filters"}
    error = raised(CLEAR_STREET, way, Answer.json(404, flat))

    assert isinstance(error, CLEAR_STREET.package.NotFound)
    assert isinstance(error.body, CLEAR_STREET.package.ApiError)
    assert flat == as_json(error.body)


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("0", 0.0), ("soon", None), ("-5", None)]
)
def test_retry_after_is_told(text: str, seconds: float | None) -> None:
    body = ALPACA_TRADING.errors[429]
    error = raised(ALPACA_TRADING, sync, Answer.json(429, body, Retry_After=text))

    assert seconds == error.retry_after


def test_silence_may_have_taken_effect(caller: Caller, way: Way) -> None:
    error = raised(caller, way, Answer(silent=True), timeout=0.2)

    assert isinstance(error, caller.package.TransportError)
    assert not isinstance(error, caller.package.ResponseError)
    assert error.may_have_taken_effect is True
    assert isinstance(error.__cause__, httpx.TimeoutException)


@pytest.mark.parametrize("caller", [c for c in CALLERS if c.success.body], ids=str)
def test_a_success_cut_short_took_effect(caller: Caller, way: Way) -> None:
    answer = Answer(caller.success.status, caller.success.body[:5], JSON, cut=True)
    error = raised(caller, way, answer)

    assert isinstance(error, caller.package.InvalidBody)
    assert caller.success.status == error.status


def test_an_error_cut_short_is_that_error(caller: Caller, way: Way) -> None:
    status, body = next(iter(caller.errors.items()))
    error = raised(caller, way, Answer(status, json.dumps(body).encode()[:5], JSON, cut=True))

    assert name_of(status) == type(error).__name__
    assert error.body is None


def test_a_refused_connection_has_taken_no_effect(caller: Caller, way: Way) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(caller.package.TransportError) as caught:
            way(caller, url)

    assert caught.value.may_have_taken_effect is False


def test_a_server_that_is_no_url_is_told_before_anything_is_sent(caller: Caller) -> None:
    for url in ("", "api.example.com", "ftp://example.com", "http://"):
        with pytest.raises((ValueError, caller.package.Error)):
            sync(caller, url)


def test_every_client_has_the_whole_tree_of_errors(make: Callable[..., Any]) -> None:
    """A caller of several venues names what a document may lack."""
    package = make(
        """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths: {/a: {get: {operationId: a, responses: {'204': {description: Done}}}}}
"""
    )
    documented = "BadRequest Unauthorized Forbidden NotFound Conflict Unprocessable".split()
    for name in (*documented, "TooManyRequests", "ServerError"):
        assert issubclass(getattr(package, name), package.StatusError)
        assert name in dir(package)
