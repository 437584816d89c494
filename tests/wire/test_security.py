"""Where credentials go: each kind of scheme, alternatives and combinations, and what is shown."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_core import OpenAPI

from venuekit import sources
from venuekit.diagnostics import Report

from ..clients.judge import Judged
from ..clients.loopback import Answer, Sent, venue

Call = Callable[..., Any]
DOCUMENT = "security.yaml"
_PLAIN: Any = json.loads(
    json.dumps(sources.read((Path(__file__).parent / DOCUMENT).read_text(), DOCUMENT, Report()))
)
JUDGE = OpenAPI.from_dict(_PLAIN)
KEYS: dict[str, Any] = {
    "key": "k-1", "query_key": "q 2&", "cookie_key": "c-3", "login": ("user", "pä:ss"),
    "bearer": "b.4", "other": "o5",
}  # fmt: skip


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


def _sent(package: Any, call: Call, name: str, **keys: Any) -> Sent:
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: getattr(client, name)(), **keys)
    (sent,) = here.sent
    return sent


def _carried(sent: Sent) -> dict[str, str]:
    names = ("X-Key", "Cookie", "Authorization")
    found = {name: value for name in names if (value := sent.value(name)) is not None}
    return {**found, **({"query": sent.query} if sent.query else {})}


CARRIED = {
    "inherits": {"X-Key": "k-1"},
    "none": {},
    "optional": {"X-Key": "k-1"},
    "query": {"query": "api%20key=q%202%26"},
    "cookie": {"Cookie": "sid=c-3"},
    # RFC 7617, section 2.1: UTF-8; section 2: a password may have colons
    "basic": {"Authorization": "Basic dXNlcjpww6Q6c3M="},
    "bearer": {"Authorization": "Bearer b.4"},
    "other": {"Authorization": "VenueKey o5"},
    "both": {"X-Key": "k-1", "query": "api%20key=q%202%26"},
    "either": {"Authorization": "Basic dXNlcjpww6Q6c3M="},
    "connection": {},
    "connection_and_key": {"X-Key": "k-1"},
    "digest": {},
}
PIN = "p1n-6"  # not in the line that a traceback shows
UNJUDGED = {"connection", "connection_and_key", "digest", "other", "bearer"}


@pytest.mark.parametrize("name", CARRIED)
def test_where_credentials_go(package: Any, call: Call, name: str) -> None:
    sent = _sent(package, call, name, **KEYS)

    assert CARRIED[name] == _carried(sent)
    if name not in UNJUDGED:
        JUDGE.validate_request(Judged("https://security.test", sent))  # pyright: ignore[reportUnknownMemberType]  # untyped there


ALTERNATIVES = [
    ({"login": ("u", "p"), "bearer": "b"}, {"Authorization": "Basic dTpw"}),
    ({"key": "k", "cookie_key": "c", "bearer": "b"}, {"X-Key": "k", "Cookie": "sid=c"}),
    ({"key": "k", "bearer": "b"}, {"Authorization": "Bearer b"}),
]


@pytest.mark.parametrize(("keys", "carried"), ALTERNATIVES)
def test_the_first_alternative_that_is_complete(
    package: Any, call: Call, keys: dict[str, Any], carried: dict[str, str]
) -> None:
    assert carried == _carried(_sent(package, call, "either", **keys))


@pytest.mark.parametrize(
    ("name", "keys", "ways"),
    [
        ("both", {"key": "k"}, "key and query_key"),
        ("either", {"key": "k"}, "login or key and cookie_key or bearer"),
        ("connection_and_key", {}, "key"),
        ("inherits", {"key": ""}, "key"),
    ],
)
def test_nothing_is_sent_without(
    package: Any, call: Call, name: str, keys: dict[str, Any], ways: str
) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.MissingCredentials, match=ways):
        call(package, here.url, lambda client: getattr(client, name)(), **keys)
    assert [] == here.sent


def test_optional_security_is_optional(package: Any, call: Call) -> None:
    assert {} == _carried(_sent(package, call, "optional"))


def test_a_cookie_beside_a_parameter(package: Any, call: Call) -> None:
    with venue(Answer(204)) as here:
        call(package, here.url, lambda client: client.cookie(lang="de"), **KEYS)

    assert {"lang=de", "sid=c-3"} == set((here.sent[0].value("Cookie") or "").split("; "))


UNFIT = [
    ("basic", {"login": ("a:b", "c")}),
    ("cookie", {"cookie_key": "a; admin=1"}),
    ("inherits", {"key": "a\r\nX-Evil: 1"}),
    ("bearer", {"bearer": "ключ"}),
]


@pytest.mark.parametrize(("name", "keys"), UNFIT)
def test_a_credential_that_does_not_fit_is_refused_unshown(
    package: Any, call: Call, name: str, keys: dict[str, Any]
) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest) as caught:
        call(package, here.url, lambda client: getattr(client, name)(), **keys)

    assert [] == here.sent
    (secret,) = keys.values()
    assert str(secret) not in str(caught.value)


@pytest.mark.parametrize("status", [204, 403, 418])
def test_a_key_in_the_query_is_shown_nowhere(
    package: Any, call: Call, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with venue(Answer(status)) as here:
        try:
            reply = call(package, here.url, lambda c: c.raw.query(pin=PIN, page=7), **KEYS)
            response: httpx.Response = reply.http
            shown.append(repr(reply))
        except package.ResponseError as error:
            response = error.response
            shown += [str(error), "".join(traceback.format_exception(error))]
    request = response.request
    shown += [repr(response), repr(request), str(request.url), repr(request.url), f"{request.url}"]
    shown += [record.getMessage() for record in caplog.records]

    text = "\n".join(shown)
    assert [] == [secret for secret in ("q%202%26", "q 2&", PIN) if secret in text]
    assert f"{here.url}/query?pin=***&page=7&api%20key=***" == str(request.url)
    assert any(
        "page=7" in record.getMessage() for record in caplog.records if record.name == "httpx"
    )
    assert "pin=p1n-6&page=7&api%20key=q%202%26" == here.sent[0].query
    if status == 204:  # an error keeps nothing else of its request
        assert request.url.raw_path.endswith(b"api%20key=q%202%26")  # for the caller's transport
        assert request.url == httpx.URL(f"{here.url}/query?pin=p1n-6&page=7&api%20key=q%202%26")
    else:
        assert request.url.raw_path.endswith(b"api%20key=***")


def test_schemes_may_share_a_keyword(client_of: Callable[..., Any], call: Call) -> None:
    text = """
openapi: 3.1.0
info: {title: Shared, version: '1'}
servers: [{url: 'https://shared.test'}]
paths:
  /a: {get: {operationId: a, security: [{inHeader: []}], responses: {'204': {description: Done}}}}
  /b: {get: {operationId: b, security: [{inQuery: []}], responses: {'204': {description: Done}}}}
components:
  securitySchemes:
    inHeader: {type: apiKey, in: header, name: X-Key}
    inQuery: {type: apiKey, in: query, name: key}
"""
    package = client_of(text, credentials={"inHeader": "api_key", "inQuery": "api_key"})

    assert {"X-Key": "k"} == _carried(_sent(package, call, "a", api_key="k"))
    assert {"query": "key=k"} == _carried(_sent(package, call, "b", api_key="k"))
    with pytest.raises(package.MissingCredentials, match="api_key"):
        package.Client().a()


def test_schemes_are_called_like_what_the_client_calls(make: Callable[..., Any]) -> None:
    module = make("""
openapi: 3.1.0
info: {title: Names, version: '1'}
servers: [{url: https://names.test}]
security: [{dict: [], super: []}]
paths: {/a: {get: {operationId: get, responses: {'204': {}}}}}
components:
  securitySchemes:
    dict: {type: apiKey, in: header, name: X-Dict}
    super: {type: http, scheme: bearer}
""")

    with module.Client(dict_="a", super_="b") as client:
        assert client is not None
