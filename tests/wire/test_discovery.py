"""Token endpoints that a server's metadata name: OpenID Connect Discovery and RFC 8414."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from ..clients.loopback import Answer, Sent, Venue, venue

Call = Callable[..., Any]
CONNECT = "/issuer/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server/issuer"


class Issuer(Venue):
    """A venue whose issuer tells of its token endpoint, and takes the tokens that it issued."""

    def __init__(self, **changes: Any) -> None:
        super().__init__([])
        self.changes = changes
        self.refused: set[str] = set()
        self._one = threading.Lock()

    def take(self, sent: Sent) -> Answer:
        with self._one:
            self.sent.append(sent)
            if sent.path in (CONNECT, OAUTH):
                metadata = {
                    "issuer": f"{self.url}/issuer",
                    "token_endpoint": f"{self.url}/elsewhere/token",
                    **self.changes,
                }
                return Answer.json(200, {k: v for k, v in metadata.items() if v is not None})
            if sent.path == "/elsewhere/token":
                return Answer.json(200, {"access_token": f"t{self.count(sent.path)}"})
            token = (sent.value("Authorization") or "").removeprefix("Bearer ")
            return Answer.json(401, {}) if token in self.refused else Answer(204)

    def count(self, path: str) -> int:
        return sum(sent.path == path for sent in self.sent)

    @property
    def paths(self) -> list[str]:
        return [sent.path for sent in self.sent]


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of("discovery.yaml")


def _twice(client: Any) -> Any:
    first = client.list_orders()
    if first is None:
        return client.list_orders()

    async def both() -> None:
        await first
        await client.list_orders()

    return both()


def test_the_endpoint_is_looked_up_once(package: Any, call: Call) -> None:
    with venue(running=Issuer()) as here:
        given = package.ClientCredentials("desk", "s3cr3t")
        call(package, f"{here.url}/v1", _twice, oidc=given)

    assert [CONNECT, "/elsewhere/token", "/v1/orders", "/v1/orders"] == here.paths
    assert "GET" == here.sent[0].method
    assert [] == here.sent[0].values("Authorization")
    form = parse_qs(here.sent[1].body.decode())
    assert {"grant_type": ["client_credentials"], "scope": ["read"]} == form
    assert "Bearer t1" == here.sent[2].value("Authorization")


def test_metadata_of_oauth_serve_a_flow_without_a_token_url(package: Any, call: Call) -> None:
    with venue(running=Issuer()) as here:
        given = package.ClientCredentials("desk", "s3cr3t")
        call(package, f"{here.url}/v1", lambda client: client.told(), told=given)

    assert [OAUTH, "/elsewhere/token", "/v1/told"] == here.paths


@pytest.mark.parametrize("given", ["token", lambda: "token"])
def test_a_token_that_is_given_looks_nothing_up(package: Any, call: Call, given: Any) -> None:
    with venue(running=Issuer()) as here:
        call(package, f"{here.url}/v1", lambda client: client.list_orders(), oidc=given)

    assert ["/v1/orders"] == here.paths


def test_a_token_url_that_is_given_is_not_looked_up(package: Any, call: Call) -> None:
    with venue(running=Issuer()) as here:
        url = f"{here.url}/elsewhere/token"
        given = package.ClientCredentials("desk", "s3cr3t", token_url=url)
        call(package, f"{here.url}/v1", lambda client: client.list_orders(), oidc=given)

    assert ["/elsewhere/token", "/v1/orders"] == here.paths


def test_a_refused_token_is_renewed_once_without_another_look(package: Any, call: Call) -> None:
    with venue(running=Issuer()) as here:
        here.refused.add("t1")
        given = package.ClientCredentials("desk", "s3cr3t")
        call(package, f"{here.url}/v1", lambda client: client.cancel_all(), oidc=given)

    token, order = "/elsewhere/token", "/v1/orders"
    assert [CONNECT, token, order, token, order] == here.paths


def test_one_thread_looks_it_up(package: Any) -> None:
    with (
        venue(running=Issuer()) as here,
        package.Client(
            f"{here.url}/v1", oidc=package.ClientCredentials("desk", "s3cr3t")
        ) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        list(threads.map(lambda _: client.list_orders(), range(24)))

    assert (1, 1) == (here.count(CONNECT), here.count("/elsewhere/token"))


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        (["client_secret_post", "private_key_jwt"], "post"),
        (["client_secret_basic"], "basic"),
        (["client_secret_post", "client_secret_basic"], "basic"),
        (None, "basic"),  # what it means to say nothing
    ],
)
def test_the_secret_is_shown_as_the_metadata_have_it(
    package: Any, call: Call, methods: object, expected: str
) -> None:
    with venue(running=Issuer(token_endpoint_auth_methods_supported=methods)) as here:
        given = package.ClientCredentials("desk", "s3cr3t")
        call(package, f"{here.url}/v1", lambda client: client.list_orders(), oidc=given)

    is_basic = (here.sent[1].value("Authorization") or "").startswith("Basic ")
    assert (expected == "basic") == is_basic
    assert (expected == "post") == (b"client_secret=s3cr3t" in here.sent[1].body)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": "https://elsewhere.test"}, "another issuer"),
        ({"issuer": None}, "another issuer"),
        ({"token_endpoint": None}, "no http URL"),
        ({"token_endpoint": ["https://id.test"]}, "no http URL"),
        ({"token_endpoint": "/token"}, "no http URL"),
        ({"token_endpoint": "file:///etc/passwd"}, "no http URL"),
        ({"token_endpoint": "http://id.test:nan/"}, "no http URL"),
    ],
)
def test_metadata_that_are_not_sound_get_no_secret(
    package: Any, call: Call, changes: dict[str, Any], reason: str
) -> None:
    with venue(running=Issuer(**changes)) as here:
        given = package.ClientCredentials("desk", "s3cr3t")
        with pytest.raises(package.TokenError, match=reason) as caught:
            call(package, f"{here.url}/v1", lambda client: client.list_orders(), oidc=given)

    assert [CONNECT] == here.paths
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_metadata_that_are_not_there_are_an_error(package: Any, call: Call, status: int) -> None:
    with venue(Answer.json(status, {}, Location="https://elsewhere.test/")) as here:
        given = package.ClientCredentials("desk", "s3cr3t")
        with pytest.raises(package.TokenError, match="no metadata") as caught:
            call(package, f"{here.url}/v1", lambda client: client.list_orders(), oidc=given)

    assert status == caught.value.status
    assert [CONNECT] == [sent.path for sent in here.sent]


def test_a_secret_does_not_leave_encryption(package: Any) -> None:
    metadata = {"issuer": "https://id.test/issuer", "token_endpoint": "http://id.test/token"}

    def answer(request: httpx.Request) -> httpx.Response:
        assert "/.well-known/" in request.url.path
        return httpx.Response(200, json=metadata)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    given = package.ClientCredentials("desk", "s3cr3t")
    with (
        package.Client("https://id.test/v1", oidc=given, http=http) as client,
        pytest.raises(package.TokenError, match="no https URL"),
    ):
        client.list_orders()
