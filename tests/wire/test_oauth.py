"""Access tokens: fetched once, shared, renewed, and never shown."""

from __future__ import annotations

import asyncio
import base64
import logging
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from ..clients.loopback import Answer, Sent, Venue, venue

SECRET = "s3cr3t/+ %"
Call = Callable[..., Any]


class Bank(Venue):
    """A venue with a token endpoint, which takes only tokens that it has issued."""

    def __init__(self, *, takes: str = "basic", expires_in: object = 3600, wait: float = 0) -> None:
        super().__init__([])
        self.takes, self.expires_in, self.wait = takes, expires_in, wait
        self.issued: list[str] = []
        self.revoked: set[str] = set()
        self.refusal: Answer | None = None

    @property
    def fetches(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.path == "/oauth/token"]

    @property
    def calls(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.path != "/oauth/token"]

    def take(self, sent: Sent) -> Answer:
        self.sent.append(sent)
        if sent.path == "/oauth/token":
            return self._issue(sent)
        token = (sent.value("Authorization") or "").removeprefix("Bearer ")
        if token not in self.issued or token in self.revoked:
            return Answer.json(401, {"error": "invalid_token"})
        return Answer.json(200, []) if sent.method == "GET" else Answer(204)

    def _issue(self, sent: Sent) -> Answer:
        time.sleep(self.wait)
        if self.refusal:
            return self.refusal
        form = parse_qs(sent.body.decode())
        # RFC 6749, section 2.3.1: both are form-encoded before they are joined
        basic = "Basic " + base64.b64encode(b"id%3A1:s3cr3t%2F%2B+%25").decode()
        is_basic = sent.value("Authorization") == basic and "client_secret" not in form
        is_post = form.get("client_secret") == [SECRET] and form.get("client_id") == ["id:1"]
        if not (is_basic if self.takes == "basic" else is_post and not sent.value("Authorization")):
            return Answer.json(401, {"error": "invalid_client"})
        assert ["client_credentials"] == form["grant_type"]
        assert "application/x-www-form-urlencoded" == sent.value("Content-Type")
        self.issued.append(f"token-{len(self.issued)}")
        body = {"access_token": self.issued[-1], "token_type": "bearer"}
        if self.expires_in is not None:
            body["expires_in"] = self.expires_in  # type: ignore[assignment]
        return Answer.json(200, body)


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of("tokens.yaml")


def _given(package: Any, **options: Any) -> Any:
    return package.ClientCredentials("id:1", SECRET, **options)


@pytest.mark.parametrize("takes", ["basic", "post"])
def test_a_token_is_fetched_and_reused(package: Any, call: Call, takes: str) -> None:
    bank = Bank(takes=takes)

    def twice(client: Any) -> Any:
        if not asyncio.iscoroutinefunction(type(client).list_orders):
            return [client.list_orders(), client.list_orders()]

        async def both() -> Any:
            return [await client.list_orders(), await client.list_orders()]

        return both()

    with venue(running=bank) as here:
        assert [[], []] == call(package, f"{here.url}/v1", twice, oauth=_given(package))

    assert 1 + (takes == "post") == len(bank.fetches)
    assert ["orders:read"] == parse_qs(bank.fetches[-1].body.decode())["scope"]
    assert ["Bearer token-0"] * 2 == [sent.value("Authorization") for sent in bank.calls]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_method_may_be_said(package: Any, call: Call, method: str) -> None:
    bank = Bank(takes=method.removeprefix("client_secret_"))

    with venue(running=bank) as here:
        given = _given(package, method=method)
        call(package, f"{here.url}/v1", lambda client: client.list_orders(), oauth=given)

    assert 1 == len(bank.fetches)


def test_each_operation_asks_for_its_scopes(package: Any) -> None:
    bank = Bank()
    with venue(running=bank) as here:
        with package.Client(f"{here.url}/v1", oauth=_given(package)) as client:
            client.list_orders()
            client.cancel_all()
            client.place()
        scoped = _given(package, scope="all", parameters={"audience": "venue"})
        with package.Client(f"{here.url}/v1", oauth=scoped) as client:
            client.list_orders()
            client.cancel_all()

    forms = [parse_qs(sent.body.decode()) for sent in bank.fetches]
    expected = [["orders:read"], ["orders:read orders:write"], ["all"]]
    assert expected == [form["scope"] for form in forms]
    assert ["venue"] == forms[2]["audience"]


def test_one_thread_fetches(package: Any) -> None:
    bank = Bank(wait=0.1)
    with (
        venue(running=bank) as here,
        package.Client(f"{here.url}/v1", oauth=_given(package)) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        list(threads.map(lambda _: client.list_orders(), range(24)))

    assert (1, 24) == (len(bank.fetches), len(bank.calls))


def test_one_task_fetches(package: Any) -> None:
    bank = Bank(wait=0.1)

    async def all_at_once(url: str) -> None:
        async with package.AsyncClient(url, oauth=_given(package)) as client:
            first = asyncio.create_task(client.list_orders())
            rest = [asyncio.create_task(client.list_orders()) for _ in range(11)]
            await asyncio.sleep(0.02)
            first.cancel()  # another one fetches in its place
            await asyncio.gather(*rest)
            derived = client.with_options(timeout=3.0)
            await derived.list_orders()

    with venue(running=bank) as here:
        asyncio.run(all_at_once(f"{here.url}/v1"))

    assert len(bank.fetches) <= 2
    assert 12 == len(bank.calls)


def test_a_token_that_runs_out_is_renewed_before(package: Any) -> None:
    bank = Bank(expires_in="1")
    with (
        venue(running=bank) as here,
        package.Client(f"{here.url}/v1", oauth=_given(package)) as client,
    ):
        client.list_orders()
        client.list_orders()
        time.sleep(0.95)  # within the margin
        client.list_orders()

    assert ["token-0", "token-0", "token-1"] == [
        (sent.value("Authorization") or "")[7:] for sent in bank.calls
    ]


@pytest.mark.parametrize("name", ["list_orders", "place", "cancel_all"])
def test_a_refused_token_is_renewed_once(package: Any, call: Call, name: str) -> None:
    bank = Bank(expires_in=None)
    with venue(running=bank) as here:
        bank.revoked.add("token-0")
        call(package, f"{here.url}/v1", lambda c: getattr(c, name)(), oauth=_given(package))

    assert ["Bearer token-0", "Bearer token-1"] == [s.value("Authorization") for s in bank.calls]


def test_and_then_the_refusal_is_told(package: Any, call: Call) -> None:
    bank = Bank()
    with venue(running=bank) as here:
        bank.revoked |= {"token-0", "token-1"}
        with pytest.raises(package.Unauthorized):
            call(package, f"{here.url}/v1", lambda c: c.place(), oauth=_given(package))

    assert (2, 2) == (len(bank.fetches), len(bank.calls))


def test_threads_whose_token_is_refused_renew_it_together(package: Any) -> None:
    bank = Bank()
    barrier = threading.Barrier(6)
    with (
        venue(running=bank) as here,
        package.Client(f"{here.url}/v1", oauth=_given(package)) as client,
        ThreadPoolExecutor(6) as threads,
    ):
        client.list_orders()
        bank.revoked.add("token-0")

        def one(_: int) -> None:
            barrier.wait()
            client.list_orders()

        list(threads.map(one, range(6)))

    assert 2 == len(bank.fetches)


REFUSALS = {
    "wrong": (Answer.json(401, {"error": "invalid_client"}), 401, "invalid_client"),
    "scope": (Answer.json(400, {"error": "invalid_scope"}), 400, "invalid_scope"),
    "html": (Answer(502, b"<html>", {"Content-Type": "text/html"}), 502, "no token in the answer"),
    "empty": (Answer.json(200, {}), 200, "no token in the answer"),
    "kind": (
        Answer.json(200, {"access_token": "t", "token_type": "mac"}),
        200,
        "is mac, not Bearer",
    ),
    "echo": (Answer.json(400, {"error": f"what is {SECRET}?"}), 400, "what is"),
    "late echo": (Answer.json(400, {"error": f"{'.' * 92}{SECRET}"}), 400, "..."),
    "moved": (Answer(302, b"", {"Location": "https://elsewhere.test"}), 302, "no token"),
    "silent": (Answer(silent=True), None, "ReadTimeout"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_no_token_is_an_error_that_shows_no_secret(
    package: Any, call: Call, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bank = Bank()
    bank.refusal, status, reason = REFUSALS[kind]
    with venue(running=bank) as here, pytest.raises(package.TokenError) as caught:
        call(package, f"{here.url}/v1", lambda c: c.place(), oauth=_given(package), timeout=0.3)

    assert [] == bank.calls
    assert isinstance(caught.value, package.Error)
    assert status == caught.value.status
    assert reason in caught.value.reason
    text = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
    encoded = base64.b64encode(b"id%3A1:s3cr3t%2F%2B+%25").decode()
    assert [] == [secret for secret in (SECRET, "s3cr3t", encoded) if secret in text]


def test_what_is_shown_of_credentials(package: Any) -> None:
    given = _given(package)

    assert SECRET not in repr(given)
    assert SECRET not in repr(package.Client("https://paper.test/v1", oauth=given))


@pytest.mark.parametrize("name", ["code", "oidc", "oauth"])
def test_tokens_that_callers_bring(package: Any, call: Call, name: str) -> None:
    tokens = iter(["one", "two"])
    method = "list_orders" if name == "oauth" else "account"
    for given in ("text", lambda: next(tokens), lambda: next(tokens)):
        with venue(Answer.json(200, []) if name == "oauth" else Answer(204)) as here:
            call(package, here.url, lambda c: getattr(c, method)(), **{name: given})
        expected = "text" if given == "text" else None
        sent = here.sent[0].value("Authorization") or ""
        assert sent in ([f"Bearer {expected}"] if expected else ["Bearer one", "Bearer two"])


class _Fetched(Exception):
    """Carries the URL of a token endpoint out of a transport."""


@pytest.mark.parametrize(
    ("server", "method", "expected"),
    [
        ("https://paper.test/v1", "list_orders", "https://paper.test/oauth/token"),
        ("https://live.test/v1/", "list_orders", "https://live.test/oauth/token"),
        ("https://mine.test/deep/v1", "list_orders", "https://mine.test/oauth/token"),
        ("https://paper.test/v1", "told", "https://auth.paper.test/token"),
        ("https://live.test/v1/", "told", "https://auth.live.test/token"),
    ],
)
def test_the_token_comes_from_where_the_server_says(
    package: Any, server: str, method: str, expected: str
) -> None:
    def caught(request: httpx.Request) -> httpx.Response:
        raise _Fetched(str(request.url))

    http = httpx.Client(transport=httpx.MockTransport(caught))
    given = {"oauth": _given(package), "told": _given(package)}
    with (
        package.Client(server, **given, http=http) as client,
        pytest.raises(_Fetched, match=expected),
    ):
        getattr(client, method)()


def test_no_secret_goes_to_an_endpoint_that_belongs_to_no_server(package: Any) -> None:
    with venue() as here, package.Client(here.url, told=_given(package)) as client:
        with pytest.raises(package.MissingCredentials, match="token_url"):
            client.told()
        assert [] == here.sent
    bank = Bank(takes="post")
    with venue(running=bank) as here:
        given = _given(package, token_url=f"{here.url}/oauth/token")
        with (
            package.Client(here.url, told=given) as client,
            pytest.raises(package.UnexpectedStatus),
        ):
            client.told()  # 200, where the document says 204
    assert 1 == len(bank.fetches)
