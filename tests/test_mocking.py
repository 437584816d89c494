"""The mock: what it refuses and where, what it answers, and what cannot hang it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from venuekit import cli
from venuekit.diagnostics import Report
from venuekit.mocking import Mock, serving
from venuekit.mocking.application import LARGEST
from venuekit.sources import Map, read, read_yaml

from .wire.test_parameters import SCHEMAS, VALUES
from .wire.test_parameters import TABLE as STYLES

DOCUMENT = """\
openapi: 3.1.0
info: {title: Paper, version: "1"}
servers: [{url: "https://paper.test/{base}", variables: {base: {default: v2}}}]
security: [{Key: []}, {Token: []}]
paths:
  /orders:
    parameters:
      - {name: limit, in: query, schema: {type: integer, maximum: 500}}
    get:
      operationId: listOrders
      parameters:
        - {name: symbols, in: query, explode: false, schema: {type: array, items: {type: string,
            maxLength: 4}}}
        - {name: filter, in: query, style: deepObject, schema:
            {$ref: "#/components/schemas/Filter"}}
        - {name: pipes, in: query, style: pipeDelimited, explode: false, schema: {type: array,
            items: {type: integer}}}
        - {name: X-Flags, in: header, schema: {type: array, items: {type: boolean}}}
        - {name: session, in: cookie, schema: {type: integer}}
        - {name: where, in: query, content: {application/json: {schema:
            {$ref: "#/components/schemas/Filter"}}}}
      responses:
        "200":
          description: Some
          headers: {X-Left: {schema: {type: integer, minimum: 7}}}
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Order"}}
              examples:
                none: {value: []}
                one: {value: [{id: 9, symbol: AAPL}]}
            text/csv: {example: "id,symbol\\n9,AAPL\\n"}
        "404": {description: No, content: {application/json: {schema:
            {$ref: "#/components/schemas/Error"}}}}
        5XX: {description: Broken}
    post:
      operationId: placeOrder
      security: []
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Order"}}
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Order"}}
          multipart/form-data:
            schema:
              type: object
              required: [id, file]
              properties: {id: {type: integer}, file: {type: string, format: binary}}
      responses:
        "201": {description: Placed, content: {application/json: {schema:
            {$ref: "#/components/schemas/Order"}}}}
  /orders/latest:
    get: {security: [], responses: {"204": {description: None}}}
  /orders/{id}:
    get:
      security: []
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        default: {description: One, content: {application/json: {schema:
            {$ref: "#/components/schemas/Order"}}}}
  /orders/{from}..{to}.csv:
    get:
      security: []
      parameters:
        - {name: from, in: path, required: true, schema: {type: integer}}
        - {name: to, in: path, required: true, schema: {type: integer}}
      responses: {"200": {description: Some, content: {text/csv: {schema: {type: string}}}}}
  /stream:
    get:
      security: []
      responses: {"200": {description: Many, content: {text/event-stream: {schema:
          {$ref: "#/components/schemas/Error"}}}}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
    Token: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://auth.test/oauth/token",
        scopes: {}}}}
  schemas:
    Filter:
      type: object
      properties: {side: {enum: [buy, sell]}, least: {type: number}}
    Order:
      type: object
      required: [id, symbol]
      properties:
        id: {type: integer, minimum: 5, exclusiveMaximum: 10}
        symbol: {type: string, minLength: 1, maxLength: 4}
        price: {type: [string, "null"], pattern: "^[0-9]+[.][0-9]+$"}
        secret: {type: string, writeOnly: true}
        parent: {$ref: "#/components/schemas/Order"}
        legs: {type: array, items: {$ref: "#/components/schemas/Order"}}
    Error:
      type: object
      required: [message]
      properties: {message: {type: string}}
"""
KEY = {"X-Key": "k"}
Ask = Callable[..., tuple[int, Any]]


def mock_of(text: str) -> Mock:
    report = Report()
    document = read(text, "openapi.yaml", report)
    assert isinstance(document, Map), list(report)
    return Mock(document)


@pytest.fixture(scope="module")
def mock() -> Mock:
    return mock_of(DOCUMENT)


@pytest.fixture(scope="module")
def ask(mock: Mock) -> Ask:
    def asked(line: str, body: object = b"", **headers: str) -> tuple[int, Any]:
        """`GET /path?query`, and headers with underscores for dashes."""
        method, target = line.split(" ")
        path, _, query = target.partition("?")
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        if not isinstance(body, bytes):
            headers.setdefault("Content_Type", "application/json")
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        answer = mock.respond(method, path, query, named, data)
        return answer.status, json.loads(answer.body) if answer.body else None

    return asked


def errors(said: Any) -> list[tuple[str, str, str]]:
    return [(e["in"], e["name"], e["pointer"]) for e in said["errors"]]


GOOD = [
    "",
    "?limit=500",
    "?symbols=AAPL,MSFT",
    "?symbols=AAPL%2CMSFT",
    "?filter[side]=buy&filter[least]=1.5",
    "?filter%5Bside%5D=buy",
    "?pipes=1|2",
    "?pipes=1%7C2",
    "?where=%7B%22side%22%3A%22buy%22%7D",
    "?unknown=1",
]
BAD = [
    ("?limit=501", "limit", "#"),
    ("?limit=many", "limit", "#"),
    ("?limit=1.5", "limit", "#"),
    ("?symbols=AAPL,MSFTX", "symbols", "#/1"),
    ("?filter[side]=hold", "filter", "#/side"),
    ("?filter[least]=a", "filter", "#/least"),
    ("?pipes=1|a", "pipes", "#/1"),
    ("?where=%7B%22side%22%3A%22hold%22%7D", "where", "#/side"),
    ("?where=%7B", "where", "#"),
]


@pytest.mark.parametrize("query", GOOD)
def test_a_query_that_fits(query: str, ask: Ask) -> None:
    assert (200, []) == ask(f"GET /orders{query}", X_Key="k")


@pytest.mark.parametrize(("query", "name", "pointer"), BAD)
def test_a_query_that_does_not_fit(query: str, name: str, pointer: str, ask: Ask) -> None:
    status, said = ask(f"GET /orders{query}", X_Key="k")

    assert status == (400 if query.endswith("=%7B") else 422)
    assert [("query", name, pointer)] == errors(said)
    [error] = said["errors"]
    assert error["place"].startswith("openapi.yaml:")
    assert error["document"].startswith("#/paths/~1orders/")
    assert said["operation"] == "listOrders"


def test_headers_and_cookies_are_looked_at(ask: Ask) -> None:
    assert ask("GET /orders", X_Key="k", X_Flags="true, false", Cookie="a=b; session=1")[0] == 200
    status, said = ask("GET /orders", X_Key="k", X_Flags="true,no", Cookie="session=one")

    assert status == 422
    assert [("header", "X-Flags", "#/1"), ("cookie", "session", "#")] == errors(said)


def test_credentials_must_be_there(ask: Ask) -> None:
    assert ask("GET /orders", Authorization="Bearer t")[0] == 200
    for headers in ({}, {"X_Key": ""}, {"Authorization": "Basic t"}, {"Authorization": "Bearer"}):
        status, said = ask("GET /orders", **headers)
        assert (401, [("credentials", "Key", "#")]) == (status, errors(said))
    assert ask("POST /oauth/token")[1]["token_type"] == "Bearer"


def test_the_path_decides(ask: Ask) -> None:
    assert ask("GET /orders/latest") == (204, None)
    assert ask("GET /v2/orders/latest") == (204, None)
    assert ask("GET /orders/7")[0] == 200
    assert [("path", "id", "#")] == errors(ask("GET /orders/seven")[1])
    assert [("path", "to", "#")] == errors(ask("GET /orders/1..b.csv")[1])
    for line in ("GET /orders/", "GET /", "GET /orders/7/legs", "GET /v3/orders", "GET //orders"):
        assert ask(line)[0] == 404, line
    assert ask("PUT /orders")[0] == 405
    assert ask("HEAD /orders", X_Key="k")[0] == 200


WIDE = """
openapi: 3.1.0
info: {title: Shelves, version: '1'}
paths:
  /v1/{name=shelves/*/books/*}/pages/{page}:
    get:
      parameters:
        - name: name
          in: path
          required: true
          schema: {type: string, pattern: '^shelves/[0-9]+/books/[a-z]+$'}
        - {name: page, in: path, required: true, schema: {type: integer}}
      responses: {'204': {description: Done}}
"""


def test_a_variable_may_be_several_segments() -> None:
    mock = mock_of(WIDE)
    lines = ("shelves/1/books/a/pages/2", "shelves/a/books/a/pages/2", "racks/1/books/a/pages/2")

    answers = [mock.respond("GET", f"/v1/{line}", "", [], b"") for line in lines]

    assert [204, 422, 404] == [answer.status for answer in answers]
    assert [("path", "name", "#")] == errors(json.loads(answers[1].body))


def test_a_body_is_held_to_its_schema(ask: Ask) -> None:
    good = {"id": 7, "symbol": "AAPL", "legs": [{"id": 8, "symbol": "A"}]}
    assert ask("POST /orders", good)[0] == 201
    status, said = ask("POST /orders", {"id": 10, "legs": [{"id": 8, "symbol": 1}]})
    assert status == 422
    assert {("body", "", "#"), ("body", "", "#/id"), ("body", "", "#/legs/0/symbol")} == {
        *errors(said)
    }
    assert ask("POST /orders")[0] == 422
    assert ask("POST /orders", b"{", Content_Type="application/json")[0] == 400
    assert ask("POST /orders", b"\xff", Content_Type="application/json")[0] == 400
    assert ask("POST /orders", b"[" * 100_000, Content_Type="application/json")[0] == 400
    assert ask("POST /orders", b"NaN", Content_Type="application/json")[0] == 400
    assert ask("POST /orders", b"<a/>", Content_Type="application/xml")[0] == 415


def test_forms_are_read(ask: Ask) -> None:
    form = "application/x-www-form-urlencoded"
    assert ask("POST /orders", b"id=7&symbol=A+B", Content_Type=form)[0] == 201
    status, said = ask("POST /orders", b"id=1&symbol=A", Content_Type=form)
    assert (422, [("body", "", "#/id")]) == (status, errors(said))

    request = httpx.Request("POST", "http://a", data={"id": "7"}, files={"file": b"\x00\xff"})
    kind, body = request.headers["Content-Type"], request.read()
    assert ask("POST /orders", body, Content_Type=kind)[0] == 201
    status, said = ask("POST /orders", body.replace(b"\r\n7\r\n", b"\r\nx\r\n"), Content_Type=kind)
    assert (422, [("body", "", "#/id")]) == (status, errors(said))
    assert ask("POST /orders", b"nothing", Content_Type="multipart/form-data")[0] == 400
    kind = "multipart/form-data; boundary=b"
    assert ask("POST /orders", b"--b--\r\n", Content_Type=kind)[0] == 422
    assert ask("POST /orders", b"nothing", Content_Type=kind)[0] == 400


def test_the_caller_may_prefer_an_answer(mock: Mock, ask: Ask) -> None:
    def prefer(wish: str) -> tuple[int, Any]:
        return ask("GET /orders", X_Key="k", Prefer=wish)

    assert (404, {"message": "text"}) == prefer("code=404")
    assert (503, None) == prefer("code=503")
    assert (200, [{"id": 9, "symbol": "AAPL"}]) == prefer('code=200, example="one"')
    assert (200, [{"id": 9, "symbol": "AAPL"}]) == prefer("example=one")
    for wish in ("code=409", "code=099", "code=x", "example=two", "code=503;example=one"):
        status, said = prefer(wish)
        assert (400, "listOrders") == (status, said["operation"]), wish


def test_the_answer_is_one_that_the_caller_accepts(mock: Mock) -> None:
    def media(accept: str) -> tuple[int, str]:
        answer = mock.respond("GET", "/orders", "", [*KEY.items(), ("Accept", accept)], b"")
        return answer.status, answer.headers["Content-Type"]

    assert (200, "application/json") == media("*/*")
    assert (200, "text/csv") == media("text/*")
    assert (200, "text/csv") == media("application/json;q=0.1, text/csv;q=0.9")
    assert (406, "application/problem+json") == media("image/png, */*;q=0")


def test_samples_fit_their_schemas(mock: Mock, ask: Ask) -> None:
    status, order = ask("POST /orders", {"id": 7, "symbol": "A"})
    answer = mock.respond("GET", "/orders", "", list(KEY.items()), b"")

    assert (201, "") == (status, mock.respond("GET", "/orders/7", "", [], b"").remark)
    assert {"id": 5, "symbol": "text", "price": "1.50", "legs": []} == order
    assert answer.headers["X-Left"] == "7"
    stream = mock.respond("GET", "/stream", "", [], b"")
    assert stream.body == b'data: {"message": "text"}\n\n'


def test_an_example_that_does_not_fit_is_told() -> None:
    text = DOCUMENT.replace("value: []", "value: {}")
    answer = mock_of(text).respond("GET", "/orders", "", list(KEY.items()), b"")
    assert (b'[{"id": 9, "symbol": "AAPL"}]', "") == (answer.body, answer.remark)

    text = text.replace("value: [{id: 9, symbol: AAPL}]", "value: {}")
    answer = mock_of(text).respond("GET", "/orders", "", list(KEY.items()), b"")

    assert (200, b"{}") == (answer.status, answer.body)
    assert (
        answer.remark == "the example does not fit its schema: it must be an array, not an object"
    )


HOSTILE = """\
openapi: 3.1.0
info: {title: Hostile, version: "1"}
paths:
  /{a}{b}{c}{d}{e}{f}{g}-:
    get: {responses: {"200": {description: Fine}}}
  /regex:
    post:
      requestBody: {content: {application/json: {schema: {type: string, pattern: "^(a+)+$"}}}}
      responses: {"200": {description: Fine}}
  /backtracking:
    post:
      requestBody: {content: {application/json: {schema: {type: string, pattern: '^(a|aa)+\\1$'}}}}
      responses: {"200": {description: Fine}}
  /deep:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/L0"}}}}
      responses: {"200": {description: Fine, content: {application/json: {schema:
          {$ref: "#/components/schemas/L0"}}}}}
  /round:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Round"}}}}
      responses: {"200": {description: Fine, content: {application/json: {schema:
          {$ref: "#/components/schemas/Round"}}}}}
  /wide:
    get:
      responses: {"200": {description: Fine, content: {application/json: {schema:
          {$ref: "#/components/schemas/W0"}}}}}
  /odd:
    get:
      responses:
        "200":
          description: Fine
          headers: {X-Odd: {example: "a\\r\\nX-More: b"}, "No Name": {example: a}}
          content: {application/json: {schema: {type: string, minLength: 1000000000,
              multipleOf: 0}}}
components:
  schemas:
    Round:
      type: object
      required: [self, all]
      properties:
        self: {$ref: "#/components/schemas/Round"}
        all: {type: array, minItems: 3, items: {$ref: "#/components/schemas/Round"}}
"""


@pytest.fixture(scope="module")
def hostile() -> Mock:
    def level(number: int) -> str:
        ref = f'{{$ref: "#/components/schemas/L{number + 1}"}}'
        return f"    L{number}: {{anyOf: [{ref}, {ref}], not: {ref}}}\n"

    def width(number: int) -> str:
        ref = f'{{$ref: "#/components/schemas/W{number + 1}"}}'
        return f"    W{number}: {{type: object, properties: {{a: {ref}, b: {ref}, c: {ref}}}}}\n"

    levels = "".join(map(level, range(40))) + "    L40: {type: string}\n"
    widths = "".join(map(width, range(30))) + "    W30: {type: string}\n"
    return mock_of(HOSTILE + levels + widths)


@pytest.mark.parametrize(
    ("line", "body", "status"),
    [
        ("GET /" + "x" * 5000, b"", 404),
        ("GET /" + "x" * 5000 + "-", b"", 200),
        ("POST /regex", b'"' + b"a" * 5000 + b'!"', 422),
        ("POST /backtracking", b'"' + b"a" * 5000 + b'!"', 200),
        ("POST /deep", b'"text"', 200),
        ("POST /deep", b"{}", 200),
        ("POST /round", b'{"self": ' * 50 + b"1" + b"}" * 50, 422),
        ("GET /wide", b"", 200),
        ("GET /odd", b"", 200),
    ],
)
def test_nothing_hangs_it(line: str, body: bytes, status: int, hostile: Mock) -> None:
    method, path = line.split(" ")
    headers = [("Content-Type", "application/json")]

    answer = hostile.respond(method, path, "", headers, body)

    assert status == answer.status
    assert len(answer.body) < 1_000_000
    assert not any("\r" in text or "\n" in text for text in answer.headers.values())
    assert "No Name" not in answer.headers


# Over the wire, and as a command.


def test_it_listens_on_loopback() -> None:
    document = read(DOCUMENT, "openapi.yaml", Report())
    assert isinstance(document, Map)
    heard: list[str] = []

    with (
        serving(document, said=lambda line, _: heard.append(line)) as running,
        httpx.Client(base_url=running.url, headers=KEY) as http,
    ):
        assert http.get("/orders").json() == []
        assert http.head("/orders").headers["Content-Length"] == "2"
        assert http.get("/orders/latest").status_code == 204
        assert http.put("/orders").headers["Allow"] == "GET, POST"
        long = b"x" * (LARGEST + 1)
        assert http.post("/orders", content=long).status_code == 413
        url = running.url
    assert [
        "GET /orders 200",
        "HEAD /orders 200",
        "GET /orders/latest 204",
        "PUT /orders 405: /orders has no PUT, but GET, POST",
        f"POST /orders 413: a body has at most {LARGEST} bytes",
    ] == heard
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


@pytest.mark.skipif(sys.platform == "win32", reason="its signals are others")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("format", ["text", "json"])
def test_a_signal_ends_the_command(ending: signal.Signals, format: str, tmp_path: Path) -> None:
    (tmp_path / "paper.yaml").write_text(DOCUMENT)
    command = [sys.executable, "-m", "venuekit", "mock", "--spec", "paper.yaml", "--format", format]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    with subprocess.Popen(command, cwd=tmp_path, env=dict(os.environ), **options) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        url = json.loads(line)["url"] if format == "json" else line.strip()
        assert httpx.get(f"{url}/orders", headers=KEY).json() == []
        assert httpx.get(f"{url}/orders?limit=x", headers=KEY).status_code == 422
        running.send_signal(ending)
        out, err = running.communicate(timeout=30)

    assert (0, "") == (running.returncode, out)
    assert "GET /orders 422: query 'limit': it must be an integer, not a string" in err
    assert "Traceback" not in err
    assert ("serving Paper 1; Ctrl-C ends it" in err) == (format == "text")


def test_wrong_usage_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.yaml").write_text(DOCUMENT)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert cli.main(["mock", "--spec", "paper.yaml", "--port", port]) == 2
    assert "error[VK701]: cannot listen on 127.0.0.1:" in capsys.readouterr().err
    for arguments in (
        [],
        ["paper"],
        ["paper", "--spec", "paper.yaml"],
        ["--spec", "gone.yaml"],
        ["--spec", "paper.yaml", "--port", "65536"],
        ["--spec", "paper.yaml", "--port", "x"],
        ["--spec", "paper.yaml", "--host", "no.such.host.invalid"],
    ):
        assert cli.main(["mock", *arguments]) == 2, arguments
        assert "error[VK" in capsys.readouterr().err
    Path("broken.yaml").write_text("openapi: 3.1.0\ninfo: 1\n")
    assert cli.main(["mock", "--spec", "broken.yaml"]) == 1


# The Style Examples of OpenAPI 3.1.1: each text is the value, and no other one.

VALUED = [
    (*row[:3], column, text)
    for row in STYLES
    for column, text in zip(VALUES, row[3:], strict=True)
    if text is not None
]


@pytest.mark.parametrize(("location", "style", "explode", "column", "text"), VALUED)
def test_every_style_is_read(
    location: str, style: str, explode: bool, column: str, text: str
) -> None:
    schema = {
        **cast("dict[str, Any]", read_yaml(SCHEMAS[column], "schema", Report())),
        "const": VALUES[column],
    }
    parameter = {"name": "color", "in": location, "style": style, "explode": explode}
    parameter |= {"required": True, "schema": schema}
    path = "/{color}" if location == "path" else "/"
    operation = {"parameters": [parameter], "responses": {"204": {"description": "Fine"}}}
    mock = mock_of(json.dumps({"openapi": "3.1.1", "paths": {path: {"get": operation}}}))

    def status(text: str) -> int:
        given = {location: text}
        headers = [("color", given["header"])] if "header" in given else []
        headers += [("Cookie", given["cookie"])] if "cookie" in given else []
        target = f"/{given.get('path', '')}"
        return mock.respond("GET", target, given.get("query", ""), headers, b"").status

    assert status(text) == 204
    assert status(text.replace("blue", "green").replace("100", "101")) == 422
