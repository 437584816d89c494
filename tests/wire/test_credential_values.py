"""Credentials that are no credentials, odd answers of token endpoints, and what errors keep."""

from __future__ import annotations

import asyncio
import io
import json
import pickle
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from venuekit import sources
from venuekit.diagnostics import Report
from venuekit.validation import validate

from ..clients.loopback import JSON, Answer, Sent, Venue, venue

Call = Callable[..., Any]
DOCUMENT = """
openapi: 3.1.0
info: {title: Values, version: '1'}
servers: [{url: 'https://values.test'}]
components:
  securitySchemes:
    header: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: sid}
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
    signed:
      type: apiKey
      in: header
      name: X-Sign
      x-signature:
        {algorithm: hmac-sha256, key: {name: secret}, message: '{method}', encoding: hex, headers: {X-Sign: '{signature}'}}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}
paths:
  /header: {get: {operationId: header, security: [{header: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
  /query: {get: {operationId: query, security: [{query: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
  /cookie: {get: {operationId: cookie, security: [{cookie: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
  /basic: {get: {operationId: basic, security: [{basic: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
  /bearer: {get: {operationId: bearer, security: [{bearer: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
  /signed: {get: {operationId: signed, security: [{signed: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
  /oauth:
    get: {operationId: oauth, security: [{oauth: []}], responses: {'204': {description: Done}}}
    put: {operationId: upload, security: [{oauth: []}], requestBody: {content: {application/octet-stream: {}}}, responses: {'204': {description: Done}, '401': {description: No}}}
"""  # noqa: E501
HEADER_ONLY = """
openapi: 3.1.0
info: {title: Header, version: '1'}
servers: [{url: 'https://values.test'}]
components: {securitySchemes: {header: {type: apiKey, in: header, name: X-Key}}}
paths:
  /header: {get: {operationId: header, security: [{header: []}], responses: {'204': {description: Done}, '404': {description: None}}}}
"""  # noqa: E501
KEYWORDS = {"signed": "secret"}
NAMES = ["header", "query", "cookie", "basic", "bearer", "signed"]
ALL = [
    *(pytest.param(DOCUMENT, n, id=n) for n in NAMES),
    pytest.param(HEADER_ONLY, "header", id="alone"),
]


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


# What is no credential.


@pytest.mark.parametrize(("document", "name"), ALL)
@pytest.mark.parametrize("empty", [None, ""], ids=repr)
def test_a_callable_that_returns_nothing_sends_nothing(
    client_of: Any, call: Call, document: str, name: str, empty: Any
) -> None:
    package, given = client_of(document), {KEYWORDS.get(name, name): lambda: empty}
    with venue(Answer(204)) as here, pytest.raises(package.MissingCredentials, match=name):
        call(package, here.url, lambda client: getattr(client, name)(), **given)

    assert [] == here.sent


@pytest.mark.parametrize(("document", "name"), ALL)
@pytest.mark.parametrize("odd", [5, b"key", ["a", "b", "c"]], ids=repr)
def test_what_is_no_text_is_refused(
    client_of: Any, call: Call, document: str, name: str, odd: Any
) -> None:
    package, given = client_of(document), {KEYWORDS.get(name, name): odd}
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda client: getattr(client, name)(), **given)

    assert [] == here.sent


@pytest.mark.parametrize(
    "pair",
    ["up", "u:p", ("u",), ("u", "p", "q"), (1, "p"), ("u:x", "p"), ("u\n", "p"), ("u", "\0")],
)
def test_basic_takes_a_pair(package: Any, call: Call, pair: Any) -> None:
    """RFC 7617, section 2: no colon in the user, and no control character."""
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match="basic"):
        call(package, here.url, lambda client: client.basic(), basic=pair)

    assert [] == here.sent


# What errors keep.


@pytest.mark.parametrize("name", NAMES)
def test_errors_keep_no_credential(package: Any, call: Call, name: str) -> None:
    secret: Any = ("user", "s3cr3t-key") if name == "basic" else "s3cr3t-key"
    given = {KEYWORDS.get(name, name): secret}
    with venue(Answer(404)) as here, pytest.raises(package.NotFound) as caught:
        call(package, here.url, lambda client: getattr(client, name)(), **given)
    [sent] = here.sent
    error, told = caught.value, caught.value.response.request
    kept = pickle.dumps(error) + repr(told.headers.multi_items()).encode() + str(told.url).encode()

    for value in ["s3cr3t-key", sent.value("Authorization"), sent.value("X-Sign")]:
        assert value is None or value.removeprefix("Basic ").encode() not in kept
    assert ("GET", f"/{name}") == (told.method, told.url.path)
    assert error.response.url == told.url


@pytest.mark.parametrize("document", [DOCUMENT, HEADER_ONLY], ids=["many", "one"])
def test_nor_do_the_causes_of_errors(client_of: Any, call: Call, document: str) -> None:
    package = client_of(document)
    with venue(Answer(silent=True)) as here, pytest.raises(package.TransportError) as caught:
        call(package, here.url, lambda client: client.header(), header="s3cr3t-key", timeout=0.2)
    cause = caught.value.__cause__

    assert isinstance(cause, httpx.ReadTimeout)
    assert "GET" == cause.request.method
    assert "s3cr3t-key" not in repr(cause.request.headers.multi_items())


def test_an_error_may_be_of_a_response_without_a_request(package: Any) -> None:
    assert 404 == package.NotFound("none", httpx.Response(404)).status


# Odd answers of token endpoints.


def _answers(expires_in: str) -> list[Answer]:
    token = b'{"access_token": "t", "token_type": "bearer", "expires_in": %b}'
    return [Answer(200, token % expires_in.encode(), JSON), Answer(204)] * 2


def _paths(package: Any, call: Call, answers: Iterable[Answer], **options: Any) -> list[str]:
    def twice(client: Any) -> Any:
        if isinstance(client, package.Client):
            return [client.oauth(), client.oauth()]

        async def awaited() -> None:
            await client.oauth()
            await client.oauth()

        return awaited()

    given = {"oauth": package.ClientCredentials("id", "s3cr3t"), **options}
    with venue(*answers) as here:
        call(package, here.url, twice, **given)
    return [sent.path for sent in here.sent]


@pytest.mark.parametrize("seconds", ["0", "-5", '"0"', '"-1"', "-1e400"])
def test_a_token_that_has_run_out_serves_one_call(package: Any, call: Call, seconds: str) -> None:
    assert ["/token", "/oauth"] * 2 == _paths(package, call, _answers(seconds))


@pytest.mark.parametrize(
    "seconds", ["3600", '"3600"', "1e9", "3600.5", '"1e3"', "1e400", "1" + "0" * 400]
)
def test_a_token_that_lives_serves_the_next(package: Any, call: Call, seconds: str) -> None:
    answers = [*_answers(seconds)[:2], Answer(204)]
    assert ["/token", "/oauth", "/oauth"] == _paths(package, call, answers)


@pytest.mark.parametrize("seconds", ["null", '""', '"soon"', "[]", "{}", "NaN", '"nan"'])
def test_one_of_unknown_life_lives_until_it_is_refused(
    package: Any, call: Call, seconds: str
) -> None:
    first, then, second, _ = _answers(seconds)
    answers = [first, then, Answer(401), second, Answer(204)]
    assert ["/token", "/oauth", "/oauth", "/token", "/oauth"] == _paths(package, call, answers)


def test_a_type_that_is_null_is_the_usual_one(package: Any, call: Call) -> None:
    token = Answer.json(200, {"access_token": "t", "token_type": None})
    assert ["/token", "/oauth", "/oauth"] == _paths(package, call, [token, Answer(204)])


@pytest.mark.parametrize("token", ["", " t", "a\nb", "\xe9", 5, None, ["t"]])
def test_what_no_header_can_carry_is_no_token(package: Any, call: Call, token: Any) -> None:
    with pytest.raises(package.TokenError, match="no token in the answer"):
        _paths(package, call, [Answer.json(200, {"access_token": token})])


class _Closed(httpx.MockTransport):
    """Opens no connection at first, then answers."""

    def __init__(self, failures: int, error: type[httpx.TransportError]) -> None:
        self.left, self.asked = failures, 0

        def answer(request: httpx.Request) -> httpx.Response:
            self.asked += 1
            if self.left:
                self.left -= 1
                raise error("no")
            is_token = request.url.path == "/token"
            return (
                httpx.Response(200, json={"access_token": "t"}) if is_token else httpx.Response(204)
            )

        super().__init__(answer)


def _fetched(package: Any, call: Call, transport: _Closed) -> None:
    is_async = "unsync" in call.__name__
    http = (httpx.AsyncClient if is_async else httpx.Client)(transport=transport)
    retry = package.Retry(tries=3, first_wait=0.001)
    given = package.ClientCredentials("id", "s3cr3t")
    call(package, "https://a.test", lambda c: c.oauth(), oauth=given, http=http, retry=retry)


def test_a_fetch_that_never_left_is_tried_again(package: Any, call: Call) -> None:
    transport = _Closed(2, httpx.ConnectError)
    _fetched(package, call, transport)
    assert 4 == transport.asked


@pytest.mark.parametrize(
    ("failures", "error", "asked"), [(3, httpx.ConnectError, 3), (1, httpx.ReadError, 1)]
)
def test_but_not_for_ever_and_not_when_it_may_have_come(
    package: Any, call: Call, failures: int, error: Any, asked: int
) -> None:
    transport = _Closed(failures, error)
    with pytest.raises(package.TokenError) as caught:
        _fetched(package, call, transport)
    cause = caught.value.__cause__

    assert asked == transport.asked
    assert isinstance(cause, httpx.TransportError)
    assert "Authorization" not in cause.request.headers


def test_a_refused_token_is_forgotten_though_the_body_cannot_be_sent_again(
    package: Any, call: Call
) -> None:
    tokens = [Answer.json(200, {"access_token": token}) for token in ("old", "new")]
    with venue(tokens[0], Answer(401), tokens[1], Answer(204)) as here:

        def twice(client: Any) -> Any:
            def body() -> Any:
                return (piece for piece in [b"x"])

            if isinstance(client, package.Client):
                with pytest.raises(package.Unauthorized):
                    client.upload(body=body())
                return client.upload(body=body())

            async def awaited() -> None:
                with pytest.raises(package.Unauthorized):
                    await client.upload(body=body())
                await client.upload(body=io.BytesIO(b"x"))

            return awaited()

        call(package, here.url, twice, oauth=package.ClientCredentials("id", "s3cr3t"))

    expected = ["/token", "/oauth", "/token", "/oauth"]
    assert expected == [sent.path for sent in here.sent]
    assert "Bearer new" == here.sent[-1].value("Authorization")
    assert json.dumps("s3cr3t") not in repr(here.sent)


class _Refusing(Venue):
    """Refuses every token, slowly."""

    def take(self, sent: Sent) -> Answer:
        self.sent.append(sent)
        time.sleep(0.3)
        return Answer.json(400, {"error": "invalid_scope"})


def test_threads_that_wait_for_a_token_share_its_refusal(package: Any) -> None:
    given = package.ClientCredentials("id", "s3cr3t")
    with (
        venue(running=_Refusing([])) as here,
        package.Client(here.url, oauth=given) as client,
        ThreadPoolExecutor(8) as threads,
    ):

        def fetched(_: int) -> str:
            with pytest.raises(package.TokenError) as caught:
                client.oauth()
            return caught.value.reason

        assert ["invalid_scope"] * 8 == [*threads.map(fetched, range(8))]
        assert len(here.sent) < 8
        before = len(here.sent)
        fetched(0)  # which came later, and asks again
        assert before + 1 == len(here.sent)


def test_so_do_tasks(package: Any) -> None:
    async def all_at_once(url: str) -> list[BaseException]:
        given = package.ClientCredentials("id", "s3cr3t")
        async with package.AsyncClient(url, oauth=given) as client:
            return await asyncio.gather(*[client.oauth() for _ in range(8)], return_exceptions=True)

    with venue(running=_Refusing([])) as here:
        found = asyncio.run(all_at_once(here.url))

    assert {package.TokenError} == {type(error) for error in found}
    assert len({id(error) for error in found}) == 8
    assert 1 == len(here.sent)


# Schemes that are named by their URI.

BY_URI = """
openapi: 3.2.0
info: {title: By URI, version: '1'}
servers: [{url: 'https://values.test'}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, a/b: {type: http, scheme: bearer}}}
paths:
  /one: {get: {operationId: one, security: [{'#/components/securitySchemes/key': []}], responses: {'204': {description: Done}}}}
  /two: {get: {operationId: two, security: [{'#/components/securitySchemes/a~1b': []}], responses: {'204': {description: Done}}}}
  /three: {get: {operationId: three, security: [{'#/components/securitySchemes/none': []}], responses: {'204': {description: Done}}}}
"""  # noqa: E501


def test_a_scheme_may_be_named_by_its_uri(client_of: Any, call: Call) -> None:
    """OpenAPI 3.2, Security Requirement Object."""
    package = client_of(BY_URI)
    for name in ("one", "two"):
        with venue(Answer(204)) as here:
            with pytest.raises(package.MissingCredentials):
                call(package, here.url, lambda client, n=name: getattr(client, n)())
            call(package, here.url, lambda c, n=name: getattr(c, n)(), key="k", a_b="t")
        [sent] = here.sent
        assert ("k" if name == "one" else None) == sent.value("X-Key")
        assert (None if name == "one" else "Bearer t") == sent.value("Authorization")


def test_a_uri_of_no_scheme_is_told() -> None:
    report = Report()
    document = sources.read(BY_URI, "openapi.yaml", report)
    assert isinstance(document, sources.Map)
    validate(document, (), report)

    found = [found.message for found in report if found.code == "VK204"]
    assert 1 == len(found)
    assert "none" in found[0]


@pytest.mark.parametrize("name", ["httpx", "threading", "callable", "dict", "time"])
def test_a_scheme_may_be_called_as_what_the_constructor_uses(
    name: str, make: Callable[..., Any]
) -> None:
    made = make(f"""
openapi: 3.1.0
info: {{title: T, version: '1'}}
servers: [{{url: 'https://t.example'}}]
security: [{{{name}: []}}]
paths: {{/a: {{get: {{operationId: a, responses: {{'204': {{description: Done.}}}}}}}}}}
components: {{securitySchemes: {{{name}: {{type: apiKey, in: header, name: X-Key}}}}}}
""")
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["x-key"])
        return httpx.Response(204)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    keyword = name if name == "time" else f"{name}_"
    made.Client("https://t.example", http=http, **{keyword: "secret"}).a()

    assert ["secret"] == sent
