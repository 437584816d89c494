"""Servers: constants, variables, and operations with servers of their own."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_type_hints

import httpx
import pytest

from venuekit import sources
from venuekit.assets import templates_folder
from venuekit.building import begin
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report

from ..clients.loopback import Answer, venue

Call = Callable[..., Any]
OPERATION = "{operationId: ping, responses: {'204': {description: Done}}}"


def _document(servers: str, paths: str = "") -> str:
    return (
        "openapi: 3.1.0\ninfo: {title: Servers, version: '1'}\n"
        f"{servers}\npaths:\n  /ping: {{get: {OPERATION}}}\n{paths}"
    )


def _reached(package: Any, *server: Any, name: str = "ping") -> str:
    """The URL that a call would reach."""
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(204)))
    with package.Client(*server, http=http) as client:
        return str(getattr(client.raw, name)().http.url)


def _servers(package: Any) -> dict[str, str]:
    return {server.name: server.value for server in package.Server}


def test_a_sole_server_is_the_default(client_of: Callable[..., Any]) -> None:
    package = client_of(_document("servers: [{url: 'https://one.test/base/', description: One}]"))

    assert {"ONE": "https://one.test/base"} == _servers(package)
    assert "https://one.test/base/ping" == _reached(package)
    assert "https://two.test/x/ping" == _reached(package, "https://two.test/x/")


def test_a_scheme_may_be_written_large(client_of: Callable[..., Any]) -> None:
    package = client_of(_document("servers: [{url: 'HTTPS://one.test/Base'}]"))

    assert ["https://one.test/Base"] == [*_servers(package).values()]


@pytest.mark.parametrize(
    "servers", ["servers: [{url: 'https://a.test'}, {url: 'https://b.test'}]", ""]
)
def test_there_is_no_default_where_there_is_a_choice(
    client_of: Callable[..., Any], servers: str
) -> None:
    package = client_of(_document(servers))

    with pytest.raises(TypeError, match="server"):
        package.Client()


VARIABLES = """servers:
  - url: https://{env}.venue.test:{port}/{basePath}
    description: Trading
    variables:
      env: {default: demo, enum: [demo, live], description: Which one.}
      port: {default: '443'}
      basePath: {default: v2}"""


def test_variables_are_typed_choices(client_of: Callable[..., Any]) -> None:
    package = client_of(_document(VARIABLES))
    url = package.server_url

    assert {"TRADING": "https://demo.venue.test:443/v2"} == _servers(package)
    assert Literal["demo", "live"] == get_type_hints(url)["env"]
    assert ["env", "port", "base_path"] == list(inspect.signature(url).parameters)
    assert "https://live.venue.test:8443/v3/x" == url(env="live", port="8443", base_path="v3/x")
    assert "https://live.venue.test/v2/ping" == _reached(package, url(env="live"))


@pytest.mark.parametrize(
    "wrong",
    [{"env": "prod"}, {"port": "1/evil"}, {"port": "1@evil.test"}, {"base_path": "v2?x=1"},
     {"port": ""}, {"base_path": "a#b"}, {"port": "many"}],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused(
    client_of: Callable[..., Any], wrong: dict[str, str]
) -> None:
    package = client_of(_document(VARIABLES))

    with pytest.raises(package.InvalidRequest):
        package.server_url(**wrong)


def test_several_servers_with_variables_are_several_functions(
    client_of: Callable[..., Any],
) -> None:
    package = client_of(
        _document("""servers:
  - {url: 'https://{region}.live.test', description: Live, variables: {region: {default: eu}}}
  - {url: 'https://{region}.paper.test', description: Paper, variables: {region: {default: eu}}}
  - {url: 'https://{host}/v1', description: Own, variables: {}}""")
    )

    assert {"LIVE", "PAPER"} == set(_servers(package))
    assert "https://us.live.test" == package.live_server_url(region="us")
    assert "https://us.paper.test" == package.paper_server_url(region="us")
    assert "https://mine.test/v1" == package.own_server_url(host="mine.test")


OWN = """  /orders:
    servers:
      - {url: 'https://orders.paper.test/o', description: Paper}
      - {url: 'https://orders.live.test/o', description: live}
    get: {operationId: orders, responses: {'204': {description: Done}}}
    post:
      operationId: place
      servers: [{url: 'https://place.test', description: Everywhere}]
      responses: {'204': {description: Done}}
    delete:
      operationId: cancel
      servers: [{url: 'https://x.test', description: X}, {url: 'https://y.test', description: Y}]
      responses: {'204': {description: Done}}
"""
BOTH = """servers:
  - {url: 'https://paper.test', description: Paper}
  - {url: 'https://live.test', description: Live}"""


@pytest.mark.parametrize(
    ("server", "name", "reached"),
    [
        ("https://paper.test", "ping", "https://paper.test/ping"),
        ("https://paper.test/", "orders", "https://orders.paper.test/o/orders"),
        ("https://live.test", "orders", "https://orders.live.test/o/orders"),
        ("https://live.test", "place", "https://place.test/orders"),
        ("https://y.test", "cancel", "https://y.test/orders"),
        # a base URL of the caller's own is for every operation: a test never reaches a venue
        ("https://mine.test/v1", "orders", "https://mine.test/v1/orders"),
        ("https://mine.test/v1", "place", "https://mine.test/v1/orders"),
        ("https://mine.test/v1", "cancel", "https://mine.test/v1/orders"),
    ],
)
def test_operations_with_servers_of_their_own(
    client_of: Callable[..., Any], server: str, name: str, reached: str
) -> None:
    assert reached == _reached(client_of(_document(BOTH, OWN)), server, name=name)


def test_paper_never_becomes_live_by_itself(client_of: Callable[..., Any], call: Call) -> None:
    package = client_of(_document(BOTH, OWN))

    with pytest.raises(package.InvalidRequest, match="servers of its own"):
        call(package, package.Server.PAPER, lambda client: client.cancel())
    with pytest.raises(TypeError, match="server"):
        package.Client()


def test_over_the_wire(client_of: Callable[..., Any], call: Call) -> None:
    with venue(Answer(204)) as here:
        call(client_of(_document(BOTH, OWN)), f"{here.url}/base/", lambda client: client.orders())

    assert "/base/orders" == here.sent[0].target


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/v2", "https://docs.test/v2"), ("../v2/", "https://docs.test/v2"), ("v2", "https://docs.test/api/v2"),
     ("//other.test/v2", "https://other.test/v2")],
)  # fmt: skip
def test_a_relative_server_follows_the_document(url: str, expected: str) -> None:
    report = Report()
    document = sources.read(_document(f"servers: [{{url: '{url}'}}]"), "openapi.yaml", report)
    assert isinstance(document, sources.Map)
    finish = begin(
        document,
        ClientSettings(name="relative", sources=()),
        templates=[templates_folder()],
        http="httpx",
        report=report,
        urls={"openapi.yaml": "https://docs.test/api/openapi.yaml"},
    )

    assert finish is not None
    assert [expected] == [server.url for server in finish().api.servers]
    assert ["VK346"] == [diagnostic.code for diagnostic in report]


def test_a_relative_server_of_nowhere_must_be_given(client_of: Callable[..., Any]) -> None:
    package = client_of(_document("servers: [{url: /v2}]"))

    assert {} == _servers(package)
    assert "/v2" in (package.Client.__doc__ or "")
    with pytest.raises(TypeError, match="server"):
        package.Client()
    assert "https://a.test/v2/ping" == _reached(package, "https://a.test/v2")


def test_made_files_are_small(tmp_path: Path) -> None:
    """A client without variables or servers of its operations has nothing of either."""
    from ..making import write_client

    folder = write_client(_document("servers: [{url: 'https://one.test'}]"), tmp_path)
    runtime = (folder / "_runtime.py").read_text()

    assert [] == [name for name in ("filled", "_server_of", "Grant", "_Veiled") if name in runtime]


def test_a_server_with_a_login_is_none(client_of: Callable[..., Any]) -> None:
    report = Report()
    servers = "servers: [{url: 'https://user:pass@one.test/v1'}, {url: 'https://two.test'}]"
    package = client_of(_document(servers), report=report)

    assert {"TWO_TEST": "https://two.test"} == _servers(package)
    assert ["VK348"] == [found.code for found in report if found.code.startswith("VK34")]


def test_servers_that_differ_in_their_scheme_are_named_by_it(
    client_of: Callable[..., Any],
) -> None:
    package = client_of(_document("servers: [{url: 'https://a.test'}, {url: 'http://a.test'}]"))

    expected = {"HTTPS_A_TEST": "https://a.test", "HTTP_A_TEST": "http://a.test"}
    assert expected == _servers(package)


@pytest.mark.parametrize("value", [".", "..", "a/../b", "a/.."])
def test_a_variable_of_a_path_does_not_climb(client_of: Callable[..., Any], value: str) -> None:
    variables = "variables: {base: {default: v1}}"
    package = client_of(_document(f"servers: [{{url: 'https://a.test/x/{{base}}', {variables}}}]"))

    with pytest.raises(package.InvalidRequest, match="base"):
        package.server_url(base=value)
    assert "https://a.test/x/a/b" == package.server_url(base="a/b")


@pytest.mark.parametrize(
    ("root", "given", "url"),
    [
        ("servers: [{url: 'https://a.test/v1'}]", (), "https://a.test/other/v2/own"),
        (
            "servers: [{url: 'https://a.test/v1'}]",
            ("http://b.test/x",),
            "http://b.test/other/v2/own",
        ),
        ("servers: [{url: '/v1'}]", ("http://b.test/v1",), "http://b.test/other/v2/own"),
    ],
)
def test_a_relative_server_of_an_operation_is_relative_to_that_of_the_client(
    client_of: Callable[..., Any], root: str, given: tuple[str, ...], url: str
) -> None:
    """Where nobody knows where the document is, that is the likeliest (OpenAPI, Server Object)."""
    done = "responses: {'204': {description: Done}}"
    operations = f"get: {{operationId: own, {done}}}, put: {{operationId: other, {done}}}"
    report = Report()
    path = f"  /own: {{servers: [{{url: /other/v2/}}], {operations}}}"
    package = client_of(_document(root, path) + f"\n# {given}", report=report)

    assert url == _reached(package, *given, name="own")
    assert 1 == [found.code for found in report].count("VK346")
    assert "/other" not in (package.Client.__doc__ or "")


FILLED = """servers:
  - url: http://{tenant}.main.test:{port}
    description: Main
    variables:
      tenant: {default: demo}
      port: {default: '8080', enum: ['8080', '8443']}"""
OF_FILLED = """  /same:
    servers:
      - url: http://{tenant}.files.test:{port}/{base}
        variables: {tenant: {default: demo}, port: {default: '81'}, base: {default: v1}}
    get: {operationId: same, responses: {'204': {description: Done}}}
  /fixed:
    servers: [{url: 'https://fixed.test'}]
    get: {operationId: fixed, responses: {'204': {description: Done}}}
  /alike:
    servers: [{url: 'https://x.test', description: X}, {url: 'https://m.test', description: main}]
    get: {operationId: alike, responses: {'204': {description: Done}}}
  /narrow:
    servers:
      - url: http://narrow.test:{port}
        variables: {port: {default: '8080', enum: ['8080']}}
    get: {operationId: narrow, responses: {'204': {description: Done}}}
"""


@pytest.mark.parametrize(
    ("name", "given", "reached"),
    [
        ("ping", {"tenant": "acme", "port": "8443"}, "http://acme.main.test:8443/ping"),
        ("same", {"tenant": "acme"}, "http://acme.files.test:81/v1/same"),
        ("same", {"port": "8443"}, "http://demo.files.test:81/v1/same"),
        ("same", {}, "http://demo.files.test:81/v1/same"),
        ("fixed", {"tenant": "acme"}, "https://fixed.test/fixed"),
        ("alike", {"tenant": "acme"}, "https://m.test/alike"),
    ],
)
def test_what_is_given_for_variables_keeps_the_servers_of_operations(
    client_of: Callable[..., Any], name: str, given: dict[str, str], reached: str
) -> None:
    package = client_of(_document(FILLED, OF_FILLED))
    server: str = package.main_server_url(**given)

    assert reached == _reached(package, server, name=name)
    if given:  # the same URL as a text is a base URL of the caller's own
        assert f"{server}/{name}" == _reached(package, str(server), name=name)


def test_a_server_that_allows_less_must_be_chosen(client_of: Callable[..., Any]) -> None:
    package = client_of(_document(FILLED, OF_FILLED))

    with pytest.raises(package.InvalidRequest, match="servers of its own"):
        _reached(package, package.main_server_url(port="8443"), name="narrow")
