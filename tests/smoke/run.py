"""Use generated clients where nothing but httpx and pydantic is installed: `python run.py FOLDER`.

Standard library alone, Python 3.10 and later. Each client is compiled, imported with all its names
and called on loopback; one is used first by many threads at once, again and again.
"""

from __future__ import annotations

import asyncio
import compileall
import importlib
import inspect
import json
import pickle
import shutil
import sys
import threading
import typing
import warnings
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROUNDS, THREADS = 20, 12
ORDER = b'{"id": 1, "legs": [{"price": 2, "order": {"id": 3}}], "by_name": {"a": {"price": 4}}}'


OWNER = b"""{"fullName": "Ada", "note": [[{"street": "S", "country": "ch"}]], "pets": [
{"petKind": "cat", "name": "Tom", "rival": {"petKind": "dog", "name": "Rex", "friends": []}}]}"""
ID = "7D444840-9DC0-11D1-B245-5FFDCE74FAD2"
KEPT = {
    "one": {"id": ID, "next": {"id": ID}},
    "numbers": {"one": 1, "two": 2.5},
    "moments": {"full_name": ["2026-01-31T09:30:00.123456789Z"], "fullName": "Ada"},
    "books": {"ADA": {"one": 1, "two": 2.5}, "BTC": {"id": ID}, "lower": [1], "full_name": 1},
}
ANSWERS = {
    "/orders/1?": ORDER,
    "/copy7/owners/1": OWNER,
    "/kept/1": json.dumps(KEPT).encode(),
    "/kept/2": b'{"moments": {"a": ["0000-01-01T00:00:00Z"]}}',
}


class Handler(BaseHTTPRequestHandler):
    """Has an order and an owner, and knows nothing else."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        found = [body for path, body in ANSWERS.items() if self.path.startswith(path)]
        is_known = self.command == "GET" and bool(found)
        body = found[0] if is_known else b'{"message": "a teapot"}'
        self.send_response(200 if is_known else 418)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def use(package: Any, url: str) -> int:
    """Import every name, build every model, and call what needs no arguments."""
    for name in dir(package):
        value = getattr(package, name)
        if hasattr(value, "model_rebuild"):
            value.model_rebuild()
    credentials = {
        name: ("user", "AAAA") if "tuple" in str(parameter.annotation) else "AAAA"
        for name, parameter in inspect.signature(package.Client).parameters.items()
        if "str | Callable" in str(parameter.annotation) or "tuple" in str(parameter.annotation)
    }
    client = package.Client(url, retry=package.NO_RETRY, timeout=10, **credentials)
    awaited = package.AsyncClient(url, retry=package.NO_RETRY, timeout=10, **credentials)
    assert "AAAA" not in repr(client)
    methods = [m for m in vars(package.Client) if m[0] != "_" and callable(getattr(client, m))]
    called = sum(refused(package, getattr(client, method)) for method in methods)

    async def call() -> int:
        async with awaited:
            for method in methods:
                await refused_later(package, getattr(awaited, method))
        return 0

    with client:
        asyncio.run(call())
    return called


def refused(package: Any, method: Any) -> bool:
    """Call without arguments; where that is enough, the venue's refusal is an error of ours."""
    try:
        list(method() or ())
    except (TypeError, package.InvalidRequest):
        return False  # it needs arguments
    except package.ResponseError as error:
        if error.status != 418:
            raise
        return True
    raise AssertionError(method)


async def refused_later(package: Any, method: Any) -> None:
    try:
        await method()
    except (TypeError, package.Error):
        return
    raise AssertionError(method)


def use_first(folder: Path, number: int, url: str) -> None:
    """Let many threads need the models of a client at once, which nobody has needed before."""
    shutil.copytree(folder / "cases" / "reliability", folder / "cases" / f"first_{number}")
    package = importlib.import_module(f"cases.first_{number}")
    barrier = threading.Barrier(THREADS)

    def call(_: int) -> tuple[str, ...]:
        barrier.wait()
        order = client.get_order(1)
        parts = order, order.legs[0], order.legs[0].order, order.by_name["a"]
        return tuple(type(part).__name__ for part in parts)

    with package.Client(url, key="k", timeout=30) as client, ThreadPoolExecutor(THREADS) as threads:
        found = set(threads.map(call, range(THREADS)))
        assert found == {("Order", "Leg", "Order", "Leg")}, found
        order = client.get_order(1)
        assert pickle.loads(pickle.dumps(order)) == order


def use_many(folder: Path, number: int, url: str) -> None:
    """The same where the models are in many modules; some threads only look at classes."""
    shutil.copytree(folder / "cases" / "many_models", folder / "cases" / f"many_{number}")
    package = importlib.import_module(f"cases.many_{number}")
    barrier = threading.Barrier(THREADS)

    def call(index: int) -> tuple[str, ...]:
        barrier.wait()
        if index % 4 == 1:
            assert typing.get_type_hints(package.models.Cat7)["lives_with"]
        if index % 4 == 2:
            package.models.Dog7(pet_kind="dog", name="Rex", friends=[])
        if index % 4 == 3:
            assert "Toy7" in package.models.Shop7.model_json_schema()["$defs"]
            type("Mine", (package.models.Owner7,), {"__module__": __name__}).model_rebuild()
        owner = client.copy7_get_owner("1")
        [[address]] = owner.note
        parts = owner, owner.pets[0], owner.pets[0].rival, address, address.country
        return tuple(type(part).__name__ for part in parts)

    with package.Client(url, timeout=30) as client, ThreadPoolExecutor(THREADS) as threads:
        found = set(threads.map(call, range(THREADS)))
        assert found == {("Owner7", "Cat7", "Dog7", "Address", "AddressCountry")}, found
        owner = client.copy7_get_owner("1")
        assert pickle.loads(pickle.dumps(owner)) == owner


def read_back(url: str) -> None:
    """Write what was read: undeclared properties keep their types, and their texts."""
    package = importlib.import_module("cases.kept")
    with package.Client(url, timeout=30) as client, warnings.catch_warnings():
        warnings.simplefilter("error")
        kept = client.get_kept(1)
        assert isinstance(kept.extras["one"].next, package.models.Order), kept
        options = {"by_alias": True, "exclude_unset": True}
        for value in (kept, kept.model_copy(deep=True), pickle.loads(pickle.dumps(kept))):
            assert json.loads(value.model_dump_json(**options)) == KEPT, value
            assert sorted(value.model_dump(**options)) == sorted(KEPT)
    with package.Client(url, timeout=30, lenient=True) as client:
        reply = client.raw.get_kept(2)
        assert [problem.pointer for problem in reply.problems] == ["/moments/a/0"], reply


def main(folder: Path) -> None:
    assert compileall.compile_dir(folder, quiet=1)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        found = sorted(p.parent for p in folder.glob("*/*/client.py"))
        names = [f"{path.parent.name}.{path.name}" for path in found]
        calls = sum(use(importlib.import_module(name), url) for name in names)
        rounds = ROUNDS if (folder / "cases").is_dir() else 0
        for number in range(rounds):
            use_first(folder, number, url)
            use_many(folder, number, url)
        if rounds:
            read_back(url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    pydantic = importlib.import_module("pydantic")
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {python}, pydantic {pydantic.VERSION}: {len(names)} clients, {calls} calls,")
    print(f"{2 * rounds} first uses by {THREADS} threads: fine")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
