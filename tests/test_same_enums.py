"""Enumerations of one name that say the same are one class, and keep all of their names."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import httpx

from venuekit.config import ClientSettings, Names
from venuekit.diagnostics import Report
from venuekit.normalisation import normalise
from venuekit.sources import Map, read

from .making import write_client

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - {name: direction, in: query, description: Of orders., schema: {enum: [asc, desc]}}
        - {name: state, in: query, schema: {type: array, items: {enum: [on, off]}}}
        - {name: level, in: query, schema: {enum: [1, 2]}}
      responses:
        '200':
          description: Done.
          content: {application/json: {schema: {properties: {state: {enum: [on, off]}}}}}
  /trades:
    get:
      operationId: listTrades
      parameters:
        - {name: direction, in: query, description: Of trades., schema: {enum: [asc, desc]}}
        - {name: sort, in: query, schema: {enum: [asc, desc]}}
        - {name: level, in: query, schema: {enum: [true, 2]}}
      responses:
        '200':
          description: Done.
          content:
            application/json:
              schema:
                properties:
                  State: {enum: [on, off]}
                  side: {title: Trade side, enum: [buy, sell]}
                  status: {description: Of the trade., enum: [a, b]}
                  value: {properties: {side: {enum: [buy, sell]}, status: {enum: [a, b]}}}
components:
  schemas:
    Direction: {enum: [asc, desc]}
"""


def test_the_same_of_one_name_is_one_class(make: Callable[..., Any]) -> None:
    made = make(DOCUMENT)

    assert made.ListOrdersDirection is made.ListTradesDirection
    assert made.ListOrdersStateItem is made.ListOrdersResponseState is made.ListTradesResponseState
    assert {"ListOrdersDirection", "ListTradesDirection"} <= set(dir(made))


def test_what_is_called_otherwise_or_says_other_things_is_not(make: Callable[..., Any]) -> None:
    made = make(DOCUMENT)
    directions = {made.ListTradesDirection, made.ListTradesSort, made.Direction}
    sides = {made.TradeSide, made.ListTradesResponseValueSide}
    states = {made.ListTradesResponseStatus, made.ListTradesResponseValueStatus}
    levels = {made.ListOrdersLevel, made.ListTradesLevel}

    assert [3, 2, 2, 2] == [len(found) for found in (directions, sides, states, levels)]


def test_any_of_its_names_serves(make: Callable[..., Any]) -> None:
    made = make(DOCUMENT)
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.query)
        return httpx.Response(200, json={"State": "off"})

    with made.Client(http=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        first = client.list_trades(direction=made.ListOrdersDirection.DESC)
        client.list_orders(state=[first.state, made.ListTradesResponseState.ON])

    assert [b"direction=desc", b"state=off&state=on"] == sent
    assert isinstance(first.state, Enum)
    assert first.state is made.ListOrdersStateItem.OFF


def test_each_operation_shows_its_own_name(tmp_path: Path) -> None:
    """What other operations come and go changes neither the names nor the annotations."""
    client = (write_client(DOCUMENT, tmp_path) / "client.py").read_text()
    _, orders, trades, *_ = client.split("def list_")

    assert "models.ListOrdersDirection" in orders
    assert "models.ListTradesDirection" in trades


def said(text: str = DOCUMENT, **names: Any) -> list[tuple[str, str]]:
    """The diagnostics of a document and the names of the settings."""
    document, report = read(text, "openapi.yaml", Report()), Report()
    assert isinstance(document, Map)
    api = normalise(document, ClientSettings(name="x", sources=(), names=Names(**names)), report)
    assert (api is None) == report.has_errors
    return [(d.code, d.message) for d in report]


def test_settings_may_call_the_same_alike(tmp_path: Path) -> None:
    given = {"ListOrdersResponseState": "State", "ListTradesResponseState": "State"}
    text = (write_client(DOCUMENT, tmp_path, names=Names(models=given)) / "models.py").read_text()

    assert 1 == text.count("class State(")
    assert "\nListOrdersStateItem = State\n" in text
    assert "State = State" not in text


def test_settings_may_not_call_others_alike() -> None:
    models = {"Direction": "Way", "ListOrdersLevel": "Way"}
    operations = {"listOrders": "list_all", "listTrades": "list_all"}

    assert [("VK301", "several different classes would be called Way")] == said(models=models)
    assert [("VK302", "several operations would be called list_all")] == said(operations=operations)


def test_settings_name_one_of_those_of_one_name() -> None:
    """By the name that it has got without them."""
    titled = DOCUMENT.replace("schema: {enum: [asc", "schema: {title: Trade side, enum: [asc")
    collided = said(titled)

    assert {"VK301"} == {code for code, _ in collided}
    for _, message in collided:
        became = message.rpartition(" ")[2]
        assert [] == said(titled, models={became: "Chosen"})
