"""What a client says of itself, and what it warns of."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import pickle
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import black
import pytest

from ..clients.callers import CALLERS, Caller
from ..clients.loopback import Answer, venue

DOCUMENT = (Path(__file__).parent / "comfort.yaml").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def toy(make: Callable[..., Any]) -> Any:
    return make(DOCUMENT)


def called(package: Any, url: str, name: str, *arguments: Any, **options: Any) -> Any:
    with package.Client(url, key="secret") as client:
        return getattr(client, name)(*arguments, **options)


def awaited(package: Any, url: str, name: str, *arguments: Any, **options: Any) -> Any:
    async def call() -> Any:
        async with package.AsyncClient(url, key="secret") as client:
            return await getattr(client, name)(*arguments, **options)

    return asyncio.run(call())


WAYS = pytest.mark.parametrize("way", [called, awaited], ids=["sync", "async"])


@WAYS
def test_a_deprecated_operation_warns_once_where_it_is_called(toy: Any, way: Any) -> None:
    with venue(Answer.json(200, [])) as here, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        way(toy, here.url, "list")

    (warning,) = caught
    assert warning.category is DeprecationWarning
    assert "GET /orders is deprecated" == str(warning.message)
    assert __file__ == warning.filename


def test_it_is_marked_for_checkers(toy: Any) -> None:
    for owner in (toy.Client, toy.AsyncClient, toy.RawClient, toy.AsyncRawClient):
        assert "GET /orders is deprecated" == owner.list.__deprecated__
        assert not hasattr(owner.dict, "__deprecated__")


STREAMS = """
openapi: 3.1.0
info: {title: Streams, version: '1'}
servers: [{url: 'http://x.example'}]
paths:
  /events:
    get:
      operationId: watch
      deprecated: true
      responses: {'200': {description: ok, content: {text/event-stream: {schema: {type: string}}}}}
  /file:
    get:
      operationId: export
      deprecated: true
      responses: {'200': {description: ok, content: {application/pdf: {}}}}
"""


def test_what_arrives_piece_by_piece_may_be_deprecated(make: Callable[..., Any]) -> None:
    package = make(STREAMS)
    events = Answer(200, b"data: x\n\n", {"Content-Type": "text/event-stream"})
    with venue(events) as here, package.Client(here.url) as client:
        owners = [client, client.raw, client.streamed]
        for call in [*(o.watch for o in owners), client.export, client.streamed.export]:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                call()
            (warning,) = caught
            assert f"GET {'/events' if 'watch' in call.__name__ else '/file'} is deprecated" == str(
                warning.message
            )
            assert __file__ == warning.filename
    for owner in (package.client.AsyncStreamedClient, package.client.AsyncRawClient):
        assert "GET /events is deprecated" == owner.watch.__deprecated__


@WAYS
def test_a_deprecated_parameter_warns_when_it_is_given(toy: Any, way: Any) -> None:
    with venue(Answer.json(200, [])) as here, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        way(toy, here.url, "list", limit=5)

    _, warning = caught
    assert warning.category is DeprecationWarning
    assert "limit of list is deprecated" == str(warning.message)
    assert __file__ == warning.filename


@WAYS
def test_methods_may_be_called_like_types(toy: Any, way: Any) -> None:
    with venue(Answer.json(200, {"a": "b"})) as here:
        assert {"a": "b"} == way(toy, here.url, "dict", str="x", list=["y"])
    with venue(Answer.json(200, [1])) as here:
        assert [1] == way(toy, here.url, "int", 7)


def test_the_checkers_accept_them(toy: Any) -> None:
    folder = str(Path(toy.__file__).parent)
    config = str(ROOT / "tests" / "typing" / "mypy.ini")
    commands = [
        [sys.executable, "-m", "mypy", "--config-file", config, folder],
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, folder],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stdout + done.stderr


def test_a_docstring_has_all_that_the_document_says(toy: Any) -> None:
    text = inspect.getdoc(toy.Client.int)

    assert text is not None
    assert text.startswith("Count.\n\nCounts what there is.\n\n`GET /int/{type}`")
    assert "type: `type` in path" in text
    assert "since: From when on." in text
    assert "NotFound: No such type (404)" in text
    assert "Deprecated. How many. The venue's default is `50`." in inspect.getdoc(toy.Client.list)  # type: ignore[operator]
    assert text == inspect.getdoc(toy.AsyncClient.int)
    said = " ".join((inspect.getdoc(toy.Client) or "").split())
    assert "key: Your key, from the settings. A string, or a callable" in said


def test_what_is_shown_holds_no_secret(toy: Any) -> None:
    client = toy.Client("http://127.0.0.1:1", key="hush")

    assert "<Client http://127.0.0.1:1, credentials: key>" == repr(client)
    assert "hush" not in repr(vars(client.raw))
    assert "<Client http://127.0.0.1:1, credentials: none>" == repr(
        toy.Client("http://127.0.0.1:1")
    )
    assert "Retry(tries=3," in repr(toy.Retry())


HIDING = """
openapi: 3.1.0
info: {title: Hiding, version: '1'}
servers: [{url: 'http://x.example'}]
paths:
  /login:
    post:
      operationId: login
      requestBody: &login
        description: who it is
        content: {application/json: {schema: {$ref: '#/components/schemas/Login'}}}
      responses: {'200': *login}
components:
  schemas:
    Login:
      type: object
      required: [user, word]
      properties:
        user: {type: string}
        word: {type: string, format: password}
        new-word: {$ref: '#/components/schemas/Word', description: Another one.}
        codes: {type: array, items: {type: [string, 'null'], format: password}}
        way: {type: string, enum: [mail, app], writeOnly: true}
        more: {writeOnly: true, type: object, properties: {pin: {type: integer}}}
        next: {$ref: '#/components/schemas/Login'}
    Word: {type: string, format: password}
"""


def test_a_secret_inside_of_a_model_is_in_no_repr(make: Callable[..., Any]) -> None:
    package = make(HIDING)
    inner = {"user": "u2", "word": "hush"}
    value = {"user": "u1", "word": "hush", "new-word": "hush", "codes": ["hush"], "way": "hush"}
    value |= {"more": {"pin": 7734}, "next": inner}
    with venue(Answer.json(200, value)) as here, package.Client(here.url) as client:
        reply = client.raw.login(body={"user": "u1", "word": "hush"})

    for shown in (repr(reply), str(reply.data), repr(package.Login.model_validate(value))):
        assert "hush" not in shown
        assert "7734" not in shown
        assert "user='u1'" in shown
        assert "user='u2'" in shown
    assert "hush" == reply.data.new_word
    assert value == json.loads(reply.data.model_dump_json(by_alias=True, exclude_unset=True))


def test_a_reply_and_an_error_show_what_came(toy: Any) -> None:
    with (
        venue(Answer.json(200, [1]), Answer(404)) as here,
        toy.Client(here.url, key="hush") as client,
    ):
        assert "data=[1]" in repr(client.raw.int(7))
        with pytest.raises(toy.NotFound) as caught:
            client.int(7)

    assert "NotFound('int: 404 Not Found')" == repr(caught.value)


def examples(package: Any) -> list[str]:
    """The examples of `API.md`: how the client is made, then a call of each method."""
    text = Path(package.__file__).with_name("API.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)\n```", text, re.DOTALL)


def test_the_index_has_an_example_of_every_method(toy: Any) -> None:
    _, *calls = examples(toy)

    assert ["result = client.list()", "result = client.dict()", "result = client.int(7)",
            "result = client.datetime()"] == calls  # fmt: skip


def test_the_index_tells_of_defaults_and_of_what_is_deprecated(make: Callable[..., Any]) -> None:
    parameters = """[{name: limit, in: query, schema: {type: integer, default: 20}},
        {name: old, in: query, deprecated: true, description: Not used, schema: {type: string}}]"""
    package = make(f"""
openapi: 3.1.0
info: {{title: T, version: '1'}}
servers: [{{url: https://t.example}}]
paths:
  /orders:
    get:
      operationId: list
      parameters: {parameters}
      responses: {{'204': {{description: none}}}}
""")
    index = Path(package.__file__).with_name("API.md").read_text(encoding="utf-8")

    assert "| `limit` | `int` | query `limit`, optional, by default `20` |  |" in index
    assert "| `old` | `str` | query `old`, optional, deprecated | Not used |" in index
    assert "### `list`\n\n`GET /orders`\n" in index


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("caller", CALLERS, ids=str)
def test_the_examples_run(caller: Caller) -> None:
    package = caller.package
    construction, *calls = examples(package)
    ast.parse(construction)
    for example in calls:
        assert f"{example}\n" == black.format_str(example, mode=black.Mode())
        with (
            venue(Answer(418)) as here,
            package.Client(here.url, **caller.credentials) as client,
            pytest.raises(package.UnexpectedStatus),
        ):
            exec(compile(example, "API.md", "exec"), {"client": client})
        assert 1 == len(here.sent)


def test_the_examples_fit_what_is_demanded(client_of: Callable[..., Any]) -> None:
    """The client checks what it sends: an example that it refused would help nobody."""
    package = client_of("demanding.yaml")
    _, *calls = examples(package)
    with venue(Answer(204)) as here, package.Client(here.url) as client:
        for example in calls:
            exec(compile(example, "API.md", "exec"), {"client": client})

    assert 3 == len(calls) == len(here.sent)
    numbers = {"limit": ["105"], "share": ["0.5"], "step": ["-5"]}
    assert numbers == parse_qs(here.sent[1].query)
    assert {"name": "text", "project": "text", "code": "00.0"} == json.loads(here.sent[1].body)[
        "data"
    ]


# Names.


def test_a_component_that_is_another_is_a_second_name_of_its_class(
    client_of: Callable[..., Any],
) -> None:
    package = client_of("twins.yaml")

    assert package.Base is package.Order is package.Placed is package.Maybe
    assert package.Side is package.OrderSide
    assert not hasattr(package, "Prices")
    order = package.Order(price="1")
    assert order == pickle.loads(pickle.dumps(order))
    assert {"Order", "Base", "Placed"} <= set(dir(package))


def test_an_import_of_all_takes_what_checkers_see(client_of: Callable[..., Any]) -> None:
    package = client_of("twins.yaml")
    names: dict[str, Any] = {}
    exec(f"from {package.__name__} import *", names)

    assert package.Client is names["Client"]
    assert package.Placed is names["Placed"]
    assert "import_module" not in names


def test_a_name_that_is_not_there_is_an_error(client_of: Callable[..., Any]) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Missing'"):
        _ = client_of("twins.yaml").Missing


TEXTS = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths:
  /a:
    post:
      operationId: asYaml
      requestBody:
        required: true
        content: {application/yaml: {schema: {type: object}, example: {name: Zoë, n: 1}}}
      responses: {'204': {description: Done}}
  /b:
    post:
      operationId: asBytes
      requestBody:
        required: true
        content: {application/zip: {schema: {type: string, format: binary}, example: PK}}
      responses: {'204': {description: Done}}
  /c:
    post:
      operationId: asText
      requestBody:
        required: true
        content:
          text/csv:
            schema: {type: object, required: [d], properties: {d: {type: string, format: binary}}}
      responses: {'204': {description: Done}}
"""


def test_examples_of_bodies_are_what_the_methods_take(make: Callable[..., Any]) -> None:
    package = make(TEXTS)
    _, *calls = examples(package)

    expected = """client.as_yaml(body='{"name": "Zoë", "n": 1}')"""
    odd = """client.as_text(body='{"d": "content"}')"""
    assert [expected, "client.as_bytes(body=b'PK')", odd] == [
        call.replace('"PK"', "'PK'") for call in calls
    ]
    with venue(Answer(204)) as here, package.Client(here.url) as client:
        for call in calls:
            eval(call, {"client": client})
    sent = [sent.body.decode() for sent in here.sent]
    assert ['{"name": "Zoë", "n": 1}', "PK", '{"d": "content"}'] == sent
