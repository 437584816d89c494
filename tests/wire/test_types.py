"""The clients of all documents here, also in many modules, and a caller, under strict checkers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from venuekit.grouping import models as grouping

from ..making import write_client
from .test_lean import DOCUMENT
from .test_parted import document

HERE = Path(__file__).parent
CALLER = """
from pathlib import Path
from typing_extensions import assert_type
from collections.abc import AsyncIterator, Iterator
from made import pagination, responses, sequences, streams, twins

def orders() -> Iterator[sequences.OrderRequest]:
    yield sequences.OrderRequest(symbol="x")

async def awaited_orders() -> AsyncIterator[dict[str, str]]:
    yield {"symbol": "x"}

def sent(client: sequences.Client) -> None:
    client.send_lines(body=orders())
    client.send_lines(body=[{"symbol": "x"}, sequences.OrderRequest(symbol="x")])
    client.send_lines(body=Path("orders.jsonl"))
    client.send_features(body=["text", None])
    client.send_either(body=orders(), content_type="application/x-ndjson")
    client.send_lines(body=awaited_orders())  # type: ignore[arg-type]  # pyright: ignore
    client.send_lines(body=[5])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]

async def sent_awaited(client: sequences.AsyncClient) -> None:
    await client.send_lines(body=orders())
    await client.send_lines(body=awaited_orders())

def sync(client: streams.Client) -> None:
    with client.watch_trades() as events:
        for event in events:
            assert_type(event, streams.ServerSentEvent[streams.Trade])
            assert_type(event.data.px, int)
    for trade in client.export_trades():
        assert_type(trade, streams.Trade)
    assert_type(client.chat(), streams.Answer)
    for piece in client.streamed.chat():
        assert_type(piece.data.delta, str)
    assert_type(client.raw.export_trades().data, streams.ItemStream[streams.Trade])

async def unsync(client: streams.AsyncClient) -> None:
    async with client.watch_trades() as events:
        async for event in events:
            assert_type(event.data.px, int)
    async for trade in await client.export_trades():
        assert_type(trade, streams.Trade)
    async for text in client.watch_texts():
        assert_type(text.data, str)

def replies(client: responses.Client) -> None:
    reply = client.raw.limited()
    assert_type(reply.data, responses.Made)
    assert_type(reply.header.x_rate_limit_remaining, int | None)
    assert_type(client.raw.json().header, None)
    assert_type(client.image(), bytes)
    assert_type(client.streamed.image().save("x.png"), Path)
    assert_type(client.bodiless(), None)
    assert_type(client.ranges(), responses.Made | responses.Range | None)

def listings(client: pagination.Client) -> None:
    for order in client.paged.by_cursor(side="buy"):
        assert_type(order, pagination.Order)
    assert_type(client.paged.by_next().all(), list[str])
    client.paged.ranges()  # type: ignore[attr-defined]  # pyright: ignore

def second_names(client: twins.Client) -> None:
    order = twins.Order(price="1", side=twins.OrderSide.BUY)
    assert_type(order, twins.Base)
    placed: twins.Placed = client.create_order(body=order)
    assert_type(placed.side, twins.Side | str | None)
    twins.Missing  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

async def awaited_listings(client: pagination.AsyncClient) -> None:
    async for order in client.paged.search(body={"text": "x"}):
        assert_type(order, pagination.Order)
    assert_type(await client.paged.by_last().all(), list[pagination.Order])

async def awaited(client: responses.AsyncClient) -> None:
    assert_type(await client.streamed.image().save("x.png"), Path)
    async for piece in client.streamed.image().iter_bytes():
        assert_type(piece, bytes)
"""


def test_the_checkers_see_every_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "__init__.py").touch()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in HERE.glob("*.yaml")}
    for name, text in {**texts, "lean": DOCUMENT, "parted": document()}.items():
        write_client(text, tmp_path).rename(tmp_path / "made" / name)
    monkeypatch.setattr(grouping, "_MANY", 8)  # classes in a module
    many = (HERE.parent / "clients" / "many_models.yaml").read_text(encoding="utf-8")
    write_client(many, tmp_path).rename(tmp_path / "made" / "many_models")
    write_client(texts["tags"], tmp_path).rename(tmp_path / "made" / "many_tags")
    assert (tmp_path / "made" / "parted" / "operations").is_dir()
    for name in ("many_models", "many_tags"):
        assert (tmp_path / "made" / name / "models").is_dir()
    (tmp_path / "caller.py").write_text(CALLER)
    settings = {"pythonVersion": "3.10", "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))

    pyright = ("pyright", "--pythonpath", sys.executable)
    mypy = ("mypy", "--strict", "--python-version", "3.10", "--cache-dir", "cache", ".")
    for command in (pyright, mypy):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert 0 == done.returncode, done.stdout + done.stderr
