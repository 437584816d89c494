"""Clients of many operations: modules by tag, imported when they are used, one flat surface."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from ..making import make_client

ROOT = Path(__file__).parents[2]
TAGS = ["Orders", "positions", "Market Data", "import"]


def called(number: int) -> str:
    return f"get_{chr(97 + number // 26)}{chr(97 + number % 26)}"


def operation(number: int) -> dict[str, Any]:
    success: dict[str, Any] = {
        "description": "It",
        "headers": {"X-Left": {"schema": {"type": "integer"}}} if number % 2 else {},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
    }
    return {
        "operationId": called(number),
        "deprecated": number == 13,
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "responses": {"200": success} if number % 10 else {"204": {"description": "Nothing"}},
        **({"tags": [TAGS[number % 5]]} if number % 5 < 4 else {}),
    }


def document() -> str:
    paths = {f"/v1/things{number}/{{id}}": {"get": operation(number)} for number in range(120)}
    paths["/v1/feed"] = {
        "get": {
            "operationId": "feed",
            "tags": ["Orders"],
            "responses": {
                "200": {
                    "description": "Events",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}},
                }
            },
        }
    }
    thing = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Many", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:1"}],
            "paths": paths,
            "components": {"schemas": {"Thing": thing}},
        }
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(), tmp_path_factory.mktemp("many"))


def loaded(package: Any) -> set[str]:
    prefix = f"{package.__name__}.operations."
    return {name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix)}


def test_a_module_is_imported_when_it_is_used(many: Any) -> None:
    assert set() == loaded(many)
    with venue(Answer.json(200, {"id": "a"})) as here, many.Client(here.url) as client:
        assert "a" == client.get_ab("x").id
        assert {"positions"} == loaded(many)
        assert "a" == client.get_ag("x").id
    assert ["/v1/things1/x", "/v1/things6/x"] == [sent.path for sent in here.sent]
    folder = Path(many.__file__).parent / "operations"
    assert {
        "__init__.py",
        "import_.py",
        "market_data.py",
        "orders.py",
        "positions.py",
        "v1.py",
    } == {path.name for path in folder.glob("*.py")}
    assert all(len(path.read_text().splitlines()) < 2500 for path in folder.glob("*.py"))


def test_all_is_there_in_both_clients(many: Any) -> None:
    names = {called(number) for number in range(120)} | {"feed"}
    for client in (many.Client("http://127.0.0.1:1"), many.AsyncClient("http://127.0.0.1:1")):
        for surface in (client, client.raw, type(client), type(client.raw)):
            assert names <= set(dir(surface))
            assert all(callable(getattr(surface, name)) for name in names)
        assert inspect.signature(client.get_ac) == inspect.signature(
            type(client.raw)("").get_ac
        ).replace(return_annotation=inspect.signature(client.get_ac).return_annotation)
        assert "`GET /v1/things2/{id}`" in (inspect.getdoc(type(client).get_ac) or "")
        with pytest.raises(AttributeError, match="Client' has no attribute 'get_none'"):
            client.get_none
        with pytest.raises(AttributeError, match="Client' has no attribute 'get_ac'"):
            client.streamed.get_ac
        for surface in (client.streamed, type(client.streamed)):
            assert ["feed"] == [name for name in dir(surface) if not name.startswith("_")]


def test_async_raw_streams_and_nothing(many: Any) -> None:
    async def run(url: str) -> list[Any]:
        async with many.AsyncClient(url) as client:
            one = await client.get_ab("x")
            reply = await client.raw.get_af("x")
            return [one.id, reply.status, reply.header.x_left, await client.get_ak("x")]

    answers = [Answer.json(200, {"id": "a"}, X_Left="7")] * 2
    with venue(*answers, Answer(204)) as here:
        assert ["a", 200, 7, None] == asyncio.run(run(here.url))
    events = Answer(200, b"data: one\n\ndata: two\n\n", {"Content-Type": "text/event-stream"})
    with venue(events) as here, many.Client(here.url) as client, client.feed() as stream:
        assert ["one", "two"] == [event.data for event in stream]


def test_deprecated_ones_say_so(many: Any) -> None:
    with (
        venue(Answer.json(200, {"id": "a"})) as here,
        many.Client(here.url) as client,
        pytest.warns(DeprecationWarning, match="deprecated"),
    ):
        assert "a" == client.get_an("x").id


def test_callers_may_derive_from_it(many: Any) -> None:
    class Own(many.Client):  # type: ignore[misc]
        def get_ah(self, id: str) -> str:
            return f"own {id}"

    with venue(Answer.json(200, {"id": "a"})) as here, Own(here.url) as client:
        assert "own x" == client.get_ah("x")
        assert "a" == client.get_am("x").id
        assert "a" == client.with_options(timeout=3).get_ar("x").id


def test_first_use_by_many_threads(tmp_path: Path) -> None:
    many = make_client(document(), tmp_path)
    found: list[str] = []
    with venue(Answer.json(200, {"id": "a"})) as here, many.Client(here.url) as client:
        start = threading.Barrier(8)

        def use(number: int) -> None:
            start.wait(10)
            found.append(getattr(client, called(number))("x").id)

        threads = [threading.Thread(target=use, args=(number,)) for number in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert ["a"] * 8 == found


def test_the_checkers_see_every_method(many: Any, tmp_path: Path) -> None:
    folder = Path(many.__file__).parent
    caller = tmp_path / "caller.py"
    name = folder.name
    caller.write_text(
        f"import {name} as many\n\n"
        "client = many.Client()\n"
        "text: str = client.get_ab('x').id\n"
        "left: int | None = client.raw.get_ab('x').header.x_left\n"
        "client.get_ak('x')\n\n\n"
        "async def run() -> str:\n"
        "    return (await many.AsyncClient().get_ab('x')).id\n"
    )
    config = str(ROOT / "tests" / "typing" / "mypy.ini")
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(folder.parent)]})
    )
    commands = [
        [sys.executable, "-m", "mypy", "--config-file", config, folder.name, str(caller)],
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(tmp_path)],
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, str(folder)],
        [sys.executable, "-m", "black", "--check", "--quiet", str(folder)],
    ]
    for command in commands:
        done = subprocess.run(
            command, cwd=folder.parent, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, done.stdout[-3000:] + done.stderr
    caller.write_text(f"import {name} as many\n\nmany.Client().get_ab(1)\nmany.Client().none()\n")
    done = subprocess.run(
        commands[1], cwd=folder.parent, capture_output=True, text=True, check=False
    )
    assert 'Attribute "none" is unknown' in done.stdout
    assert '"Literal[1]" is not assignable to "str"' in done.stdout
