"""Token endpoints that are slow, broken or wrong: within the deadline, and without any secret."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from ..clients.loopback import JSON, Answer, Sent, Venue, venue
from .trickle import trickling

Call = Callable[..., Any]
SECRET = "s3cr3t/+ %ü"


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of("tokens.yaml")


def _given(package: Any, **options: Any) -> Any:
    return package.ClientCredentials("id:1", SECRET, **options)


def _listed(package: Any, call: Call, url: str, **options: Any) -> Any:
    given = {"oauth": _given(package), **options}
    return call(package, f"{url}/v1", lambda client: client.list_orders(), **given)


# The deadline of the call that needs the token.


def test_a_silent_endpoint_is_left_at_the_deadline(package: Any, call: Call) -> None:
    retry = package.Retry(deadline=2)  # long enough to connect on a busy machine
    with venue(Answer(silent=True)) as here, pytest.raises(package.TokenError, match="ReadTimeout"):
        _listed(package, call, here.url, timeout=60.0, retry=retry)

    assert ["/oauth/token"] == [sent.path for sent in here.sent]


def test_so_is_an_answer_that_never_ends(package: Any, call: Call) -> None:
    retry = package.Retry(deadline=2)
    spaces = trickling(*[b" "] * 1000, pause=0.01, media="application/json")
    with spaces as here, pytest.raises(package.TokenError, match="no token in the answer"):
        _listed(package, call, here.url, timeout=60.0, retry=retry)


def test_and_the_metadata_that_name_an_endpoint(client_of: Callable[..., Any], call: Call) -> None:
    package = client_of("discovery.yaml")
    given = package.ClientCredentials("desk", SECRET)
    options = {"oidc": given, "retry": package.Retry(deadline=2), "timeout": 60.0}
    with venue(Answer(silent=True)) as here, pytest.raises(package.TokenError):
        call(package, f"{here.url}/v1", lambda client: client.list_orders(), **options)


# An endpoint that cannot answer now.

BUSY = Answer(503, b"", {"Retry-After": "0"})
TOKEN = Answer.json(200, {"access_token": "t", "expires_in": 3600})


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504])
def test_a_busy_endpoint_is_asked_again(package: Any, call: Call, status: int) -> None:
    busy = Answer(status, b"", {"Retry-After": "0"})
    with venue(busy, busy, TOKEN, Answer.json(200, [])) as here:
        assert [] == _listed(package, call, here.url, retry=package.Retry(tries=3))

    assert [*["/oauth/token"] * 3, "/v1/orders"] == [sent.path for sent in here.sent]


@pytest.mark.parametrize(
    ("retry", "answer", "count"),
    [
        ({"tries": 2}, BUSY, 2),
        ({"tries": 1}, BUSY, 1),
        ({"tries": 3, "statuses": frozenset({500})}, BUSY, 1),
        ({"tries": 3, "longest_wait": 5.0}, Answer(503, b"", {"Retry-After": "9"}), 1),
        ({"tries": 3, "deadline": 5.0}, Answer(429, b"", {"Retry-After": "9"}), 1),
        ({"tries": 3}, Answer(500), 1),
    ],
)
def test_but_only_as_the_policy_has_it(
    package: Any, call: Call, retry: dict[str, Any], answer: Answer, count: int
) -> None:
    with venue(answer) as here, pytest.raises(package.TokenError) as caught:
        _listed(package, call, here.url, retry=package.Retry(**retry))

    assert answer.status == caught.value.status
    assert ["/oauth/token"] * count == [sent.path for sent in here.sent]


@pytest.mark.parametrize("location", ["http://[", "mailto:x@example.com", "/elsewhere", ""])
def test_a_redirect_is_no_token(package: Any, call: Call, location: str) -> None:
    moved = Answer(302, b"", {"Location": location})
    with venue(moved) as here, pytest.raises(package.TokenError) as caught:
        _listed(package, call, here.url, retry=package.Retry(tries=3))

    assert 302 == caught.value.status
    assert ["/oauth/token"] == [sent.path for sent in here.sent]


class _Slow(Venue):
    """Gives its token, and all else, when it is told to."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked, self.go = threading.Event(), threading.Event()

    def take(self, sent: Sent) -> Answer:
        self.sent.append(sent)
        self.asked.set()
        self.go.wait(20)
        if sent.path == "/oauth/token":
            return Answer.json(200, {"access_token": "t", "expires_in": 3600})
        return Answer.json(200, [])


def test_a_thread_waits_for_another_no_longer_than_its_deadline(package: Any) -> None:
    with (
        venue(running=_Slow()) as here,
        package.Client(f"{here.url}/v1", oauth=_given(package), timeout=60.0) as client,
        ThreadPoolExecutor(1) as threads,
    ):
        assert isinstance(here, _Slow)
        first = threads.submit(client.list_orders)
        here.asked.wait(20)
        hasty = client.with_options(retry=package.Retry(deadline=0.1))
        with pytest.raises(package.TokenError, match="the deadline is over"):
            hasty.list_orders()
        here.go.set()
        assert [] == first.result(20)
        assert [] == client.with_options(retry=package.Retry(deadline=20.0)).list_orders()

    assert ["/oauth/token", "/v1/orders", "/v1/orders"] == [sent.path for sent in here.sent]


def test_nor_does_a_task(package: Any) -> None:
    async def both(url: str, here: _Slow) -> None:
        async with package.AsyncClient(url, oauth=_given(package), timeout=60.0) as client:
            first = asyncio.create_task(client.list_orders())
            await asyncio.to_thread(here.asked.wait, 20)
            with pytest.raises(package.TokenError, match="the deadline is over"):
                await client.with_options(retry=package.Retry(deadline=0.1)).list_orders()
            here.go.set()
            assert [] == await first
            assert [] == await client.list_orders()

    with venue(running=_Slow()) as here:
        assert isinstance(here, _Slow)
        asyncio.run(both(f"{here.url}/v1", here))

    assert 1 == sum(sent.path == "/oauth/token" for sent in here.sent)


def test_a_token_that_comes_too_late_sends_nothing(package: Any) -> None:
    """Otherwise the request would go out with no time left, and might take effect unseen."""
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        time.sleep(0.1)
        return httpx.Response(200, json={"access_token": "t"})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    options = {"oauth": _given(package), "retry": package.Retry(deadline=0.05), "http": http}
    with package.Client("https://paper.test/v1", **options) as client:
        with pytest.raises(package.TokenError, match="the deadline is over"):
            client.list_orders()
        assert ["/oauth/token"] == sent


# What is no token endpoint.


@pytest.mark.parametrize(
    "url",
    [
        "\x00", "http://[", "https://id.test:port/", "https://", "ftp://id.test/", "nonsense",
        "/oauth/token", "https://id.test/a b", "https://desk:p4ss@id.test/token",
    ],
)  # fmt: skip
def test_a_token_url_that_is_none_is_told_before_anything_is_sent(
    package: Any, call: Call, url: str
) -> None:
    with venue() as here, pytest.raises(package.InvalidRequest, match="token_url") as caught:
        _listed(package, call, here.url, oauth=_given(package, token_url=url))

    assert [] == here.sent
    assert "p4ss" not in str(caught.value)


@pytest.mark.parametrize(
    "server",
    [
        "http://[", "https://x.test:port", "https://\x00", "http://", "https://x..test",
        "https://.test", f"https://{64 * 'x'}.test",
    ],
)  # fmt: skip
def test_nor_is_a_server(package: Any, server: str) -> None:
    for client in (package.Client, package.AsyncClient):
        with pytest.raises(package.InvalidRequest, match="a server is a URL"):
            client(server)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]:80", "localhost", f"{63 * 'x'}.test.", "☃.x"])
def test_these_are_servers(package: Any, host: str) -> None:
    assert f"<Client https://{host}/v1" in repr(package.Client(f"https://{host}/v1/"))


BROKEN = {
    "not compressed": Answer(200, b"garbage", {**JSON, "Content-Encoding": "gzip"}),
    "cut off": Answer(200, b'{"access_token": "t', JSON, cut=True),
    "very deep": Answer(200, b"[" * 100_000, JSON),
    "a list": Answer.json(200, ["t"]),
    "null": Answer.json(200, {"access_token": None}),
    "a number": Answer.json(200, {"access_token": 5}),
    "nothing": Answer(204),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_answer_that_holds_no_token_is_that_error(package: Any, call: Call, kind: str) -> None:
    with venue(BROKEN[kind]) as here, pytest.raises(package.TokenError) as caught:
        _listed(package, call, here.url)

    assert BROKEN[kind].status == caught.value.status
    assert "no token in the answer" == caught.value.reason


def test_a_token_of_another_type_is_named(package: Any, call: Call) -> None:
    mac = Answer.json(200, {"access_token": "hush-hush", "token_type": "mac"})
    with venue(mac) as here, pytest.raises(package.TokenError) as caught:
        _listed(package, call, here.url)

    assert "the token_type is mac, not Bearer" == caught.value.reason
    assert "hush-hush" not in str(caught.value)


def test_an_answer_may_begin_with_a_byte_order_mark(package: Any, call: Call) -> None:
    token = Answer(200, b'\xef\xbb\xbf{"access_token":"t"}', JSON)
    with venue(token, Answer.json(200, [])) as here:
        _listed(package, call, here.url)

    assert "Bearer t" == here.sent[1].value("Authorization")


# What an endpoint says of the secret that it was shown.

ECHOES = {
    "as it is": SECRET,
    "in a form": quote_plus(SECRET),
    "in a URL": quote(SECRET, safe=""),
    "in small letters": quote_plus(SECRET).lower(),
    "encoded as far as a path needs it": quote(SECRET),
    "encoded twice": quote(quote(SECRET, safe=""), safe=""),
    "every letter": "".join(f"%{byte:02X}" for byte in SECRET.encode()),
    "escaped": SECRET.replace("/", "\\/").replace("ü", "\\u00fc"),
    "for HTTP Basic": "aWQlM0ExOnMzY3IzdCUyRiUyQislMjUlQzMlQkM=",
}


@pytest.mark.parametrize("kind", ECHOES)
def test_an_echo_of_the_secret_is_not_shown(package: Any, call: Call, kind: str) -> None:
    refusal = Answer.json(400, {"error": f"never heard of {ECHOES[kind]}, sorry"})
    with venue(refusal) as here, pytest.raises(package.TokenError) as caught:
        _listed(package, call, here.url, oauth=_given(package, method="client_secret_basic"))

    assert "never heard of ***, sorry" == caught.value.reason


def test_nor_are_long_parameters_and_the_query_of_the_endpoint(package: Any, call: Call) -> None:
    refusal = Answer.json(400, {"error": "no such password: hunter2hunter2"})
    parameters = {"password": "hunter2hunter2"}
    with venue(refusal) as here:
        given = _given(package, token_url=f"{here.url}/token?key=k3y", parameters=parameters)
        with pytest.raises(package.TokenError) as caught:
            _listed(package, call, here.url, oauth=given)

    assert "/token?key=k3y" == here.sent[0].target
    assert "no such password: ***" == caught.value.reason
    assert "k3y" not in str(caught.value)


# Errors go from one process to another.


def test_errors_pass_between_processes(package: Any, call: Call) -> None:
    with venue(Answer.json(400, {"error": "no"})) as here:
        with pytest.raises(package.TokenError) as refused:
            _listed(package, call, here.url)
        with pytest.raises(package.UnexpectedStatus) as unknown:
            _listed(package, call, here.url, oauth="t")
    refusal = Answer.json(401, {"why": "no"})
    with venue(refusal) as here, pytest.raises(package.Unauthorized) as known:
        _listed(package, call, here.url, oauth="t")
    with venue(Answer(200, b"{")) as here, pytest.raises(package.InvalidBody) as unfit:
        _listed(package, call, here.url, oauth="t")
    with pytest.raises(package.TransportError) as nothing:
        _listed(package, call, "http://127.0.0.1:1", oauth="t")

    for error in (refused.value, unknown.value, known.value, unfit.value, nothing.value):
        for twin in (_elsewhere(error), copy.copy(error)):
            assert (type(error), str(error)) == (type(twin), str(twin))
            assert vars(error).keys() == vars(twin).keys()
    assert ("no", 400) == (_elsewhere(refused.value).reason, _elsewhere(refused.value).status)
    assert b"{" == _elsewhere(unfit.value).response.content
    assert unfit.value.problems == _elsewhere(unfit.value).problems
    assert not _elsewhere(nothing.value).may_have_taken_effect


def _elsewhere(error: Exception) -> Any:
    return pickle.loads(pickle.dumps(error))
