"""Redirects: only of GET and HEAD, only to the same origin, whatever the caller's client says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call

Package = Any
SECRETS = {"key": "k-1", "bearer": "b-1"}
LISTED = Answer.json(200, ["1"])


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("redirects.yaml")


def moved(to: str, status: int = 302) -> Answer:
    return Answer(status, b"", {"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/v1/other?page=2&flag", "/v1/other?page=2&flag"),
        ("other", "/v1/other"),
        ("?page=2", "/v1/orders?page=2"),
        ("/v2/orders", "/v2/orders"),
        ("/", "/"),
        ("../v2/a%2Fb", "/v2/a%2Fb"),
    ],
)
def test_a_get_is_followed_within_the_origin(
    package: Package, call: Call, status: int, location: str, target: str
) -> None:
    with venue(moved(location, status), LISTED) as here:
        assert ["1"] == call(package, f"{here.url}/v1", lambda c: c.list_orders(limit=5), **SECRETS)

    first, second = here.sent
    assert ("GET", "/v1/orders?limit=5") == (first.method, first.target)
    assert ("GET", target) == (second.method, second.target)
    assert ("k-1", "Bearer b-1") == (second.value("X-API-Key"), second.value("Authorization"))


def test_a_whole_url_of_the_origin_is_followed(package: Package, call: Call) -> None:
    with venue(LISTED) as here:
        here._answers[:] = [moved(f"{here.url}/v1/other"), LISTED]
        call(package, f"{here.url}/v1", lambda c: c.list_orders(), **SECRETS)

    assert "/v1/other" == here.sent[1].target


def test_a_head_stays_a_head(package: Package, call: Call) -> None:
    with venue(moved("/v1/other", 303), Answer(200)) as here:
        assert call(package, f"{here.url}/v1", lambda c: c.head_orders(), **SECRETS) is None

    assert ["HEAD", "HEAD"] == [sent.method for sent in here.sent]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["cancel_orders", "place_order"])
def test_a_write_is_not_followed(package: Package, call: Call, method: str, status: int) -> None:
    with (
        venue(moved("/v1/other", status), Answer(204)) as here,
        pytest.raises(package.UnexpectedStatus) as caught,
    ):
        call(package, f"{here.url}/v1", lambda c: getattr(c, method)(), **SECRETS)

    assert (status, 1) == (caught.value.status, len(here.sent))


@pytest.mark.parametrize("follows", [False, True])
def test_nothing_goes_to_another_origin(package: Package, follows: bool) -> None:
    with venue(LISTED) as thief, venue(moved(f"{thief.url}/v1/orders")) as here:
        locations = [f"{thief.url}/v1/orders", thief.url.replace("http:", ""), "https://127.0.0.1/"]
        for location in locations:
            here._answers[:] = [moved(location)]
            with (
                httpx.Client(follow_redirects=follows) as http,
                package.Client(f"{here.url}/v1", http=http, **SECRETS) as client,
                pytest.raises(package.UnexpectedStatus),
            ):
                client.list_orders()

            async def ask() -> None:
                async with (
                    httpx.AsyncClient(follow_redirects=follows) as http,
                    package.AsyncClient(f"{here.url}/v1", http=http, **SECRETS) as client,
                ):
                    await client.list_orders()

            with pytest.raises(package.UnexpectedStatus):
                asyncio.run(ask())

    assert [] == thief.sent


NO_LOCATIONS = ["", "http://[", "http://[::1", "mailto:x@example.com", "//a b:x/", "http://h:1e5"]


@pytest.mark.parametrize("location", NO_LOCATIONS)
@pytest.mark.parametrize("name", ["list_orders", "cancel_orders"])
def test_a_location_that_is_none_is_not_followed_and_the_status_is_told(
    package: Package, call: Call, location: str, name: str
) -> None:
    with venue(moved(location)) as here, pytest.raises(package.UnexpectedStatus) as caught:
        call(package, here.url, lambda c: getattr(c, name)(), **SECRETS)

    assert (302, location) == (caught.value.status, caught.value.response.headers["Location"])
    assert 1 == len(here.sent)
    assert "k-1" not in repr(caught.value.__context__) + repr(caught.value.__cause__)


def test_a_circle_ends(package: Package, call: Call) -> None:
    with venue(moved("/v1/orders")) as here, pytest.raises(package.UnexpectedStatus):
        call(package, f"{here.url}/v1", lambda c: c.list_orders(), **SECRETS)

    assert 6 == len(here.sent)


def test_a_documented_redirect_that_is_not_followed_is_its_error(
    package: Package, call: Call
) -> None:
    with (
        venue(moved("http://127.0.0.1:1/x", 307)) as here,
        pytest.raises(package.StatusError) as caught,
    ):
        call(package, f"{here.url}/v1", lambda c: c.report(), **SECRETS)

    assert "http://127.0.0.1:1/x" == caught.value.response.headers["Location"]


def test_a_redirect_that_is_the_success_is_returned(package: Package, call: Call) -> None:
    with venue(moved("/v1/page")) as here:
        reply = call(package, f"{here.url}/v1", lambda c: c.raw.login(), **SECRETS)

    assert (302, None, "/v1/page") == (reply.status, reply.data, reply.headers["Location"])
    assert 1 == len(here.sent)


def test_a_stream_is_followed_too(package: Package) -> None:
    events = Answer(200, b"data: x\n\n", {"Content-Type": "text/event-stream"})
    with (
        venue(moved("/v1/other"), events) as here,
        package.Client(f"{here.url}/v1", **SECRETS) as client,
    ):
        assert ["x"] == [event.data for event in client.watch_trades()]
