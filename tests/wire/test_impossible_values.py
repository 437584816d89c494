"""Values that no calendar, clock or memory holds: told as misfits, and kept by lenient clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..making import exchange

DOCUMENT = exchange(
    """
    properties:
      moment: {type: string, format: date-time}
      day: {type: string, format: date}
      time: {type: string, format: time}
      duration: {type: string, format: duration}
      number: {type: string, format: decimal}
      either: {oneOf: [{type: string, format: date}, {type: string, format: date-time}]}
      days: {type: array, items: {type: string, format: date}}
      moments: {type: object, additionalProperties: {type: string, format: date-time}}
      other: {type: integer}
    """
)
DAYS = ["0000-01-01", "0000-02-29", "0000-00-00", "2026-13-01", "2026-02-30", "2026-01-00"]
IMPOSSIBLE: list[tuple[str, Any, str]] = [
    *(("moment", f"{day}T00:00:00Z", "/moment") for day in DAYS),
    *(("day", day, "/day") for day in DAYS),
    *(("either", day, "/either") for day in DAYS),
    *(("either", f"{day}T00:00:00Z", "/either") for day in DAYS),
    *(("days", ["2026-01-31", day], "/days/1") for day in DAYS),
    *(("moments", {"a": f"{day}T00:00:00Z"}, "/moments/a") for day in DAYS),
    ("moment", "2026-01-01T25:00:00Z", "/moment"),
    ("moment", "2026-01-01T00:61:00Z", "/moment"),
    ("moment", "2026-01-01T00:00:00+24:00", "/moment"),
    ("moment", "10000-01-01T00:00:00Z", "/moment"),
    ("time", "25:00:00Z", "/time"),
    ("duration", "P99999999999Y", "/duration"),
    ("number", "twelve", "/number"),
]


def replies(package: Any, body: dict[str, Any], **options: Any) -> list[Any]:
    """What the sync and the async client make of a body: a reply, or its error."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=body)

    async def awaited() -> Any:
        http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        return await package.AsyncClient(http=http, **options).raw.a()

    def sync() -> Any:
        http = httpx.Client(transport=httpx.MockTransport(answer))
        return package.Client(http=http, **options).raw.a()

    found: list[Any] = []
    for call in (sync, lambda: asyncio.run(awaited())):
        try:
            found.append(call())
        except package.InvalidBody as error:
            found.append(error)
    return found


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


@pytest.mark.parametrize(("name", "value", "pointer"), IMPOSSIBLE)
def test_an_impossible_value_is_a_misfit(
    package: Any, name: str, value: object, pointer: str
) -> None:
    body = {name: value, "other": 1}

    for error in replies(package, body):
        assert isinstance(error, package.InvalidBody)
        assert {pointer} == {problem.pointer for problem in error.problems}
    for reply in replies(package, body, lenient=True):
        assert {pointer} == {problem.pointer for problem in reply.problems}
        assert 1 == reply.data.other
        assert body == reply.data.model_dump(mode="json", exclude_unset=True, warnings=False)


@pytest.mark.parametrize("text", ["1e999999999999999999", "-1e-99999999999", "0e999999999", "1E+3"])
def test_an_exponent_is_never_written_out(package: Any, text: str) -> None:
    for reply in replies(package, {"number": text}):
        assert text == json.loads(reply.data.model_dump_json(exclude_unset=True))["number"]
        assert len(repr(reply.data)) < 400


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z", "2016-12-31T23:59:60Z"]
)
def test_what_is_only_rare_is_read(package: Any, value: str) -> None:
    for reply in replies(package, {"moment": value}):
        assert value == json.loads(reply.data.model_dump_json(exclude_unset=True))["moment"]
