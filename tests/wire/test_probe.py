"""The calls that other generators' clients were tried with, on the same document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ..clients.loopback import HTML, Answer, venue
from .conftest import Call

PROBE = Path(__file__).parents[3] / "shared" / "probe" / "venue.yaml"
ID = "2b1f5f6e-0b5c-4b57-9f0b-000000000001"
ORDER = {"id": ID, "symbol": "X", "side": "buy", "qty": "1", "status": "new"}
SIGNED = {"api_key": "K", "signature": "S"}
EVENTS = (
    b'data: {"type": "trade", "px": 1.5}\n\n'
    b'data: {"type": "quote", "bid": 2.5}\n\n'
    b'data: {"type": "halt", "why": "?"}\n\n'
)

pytestmark = pytest.mark.skipif(not PROBE.exists(), reason="the probe is not on this machine")


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(PROBE.read_text() if PROBE.exists() else "")


def test_query_and_credentials(package: Any, call: Call) -> None:
    with venue(Answer.json(200, {"items": []}, X_RateLimit_Remaining="7")) as here:
        reply = call(
            package,
            here.url,
            lambda c: c.raw.list_orders(
                status=["new", "filled"],
                filter={"symbol": "X", "min_qty": Decimal("0.10")},
                after=datetime(2026, 1, 31, tzinfo=UTC),
                x_request_id=UUID(ID),
            ),
            **SIGNED,
        )
    [sent] = here.sent

    assert (
        "status=new,filled&filter%5Bsymbol%5D=X&filter%5Bmin_qty%5D=0.10&after=2026-01-31T00%3A00%3A00Z"
        == sent.query
    )
    assert ("K", "S", None) == tuple(map(sent.value, ("X-API-KEY", "X-SIGN", "Authorization")))
    assert ID == sent.value("X-Request-Id")
    assert 7 == reply.header.x_rate_limit_remaining


def test_the_other_credential(package: Any, call: Call) -> None:
    with venue(Answer.json(200, ORDER)) as here:
        call(package, here.url, lambda c: c.get_order(ID), bearer="B")
    [sent] = here.sent

    assert ("Bearer B", None) == (sent.value("Authorization"), sent.value("X-API-KEY"))


def test_half_of_both_is_refused(package: Any, call: Call) -> None:
    with venue() as here, pytest.raises(package.MissingCredentials):
        call(package, here.url, lambda c: c.get_order(ID), api_key="K")

    assert [] == here.sent


def test_a_documented_error(package: Any, call: Call) -> None:
    said = {"code": 7, "message": "none"}
    with venue(Answer.json(404, said)) as here, pytest.raises(package.NotFound) as raised:
        call(package, here.url, lambda c: c.get_order(ID), **SIGNED)

    assert (404, said) == (raised.value.status, raised.value.body.model_dump(exclude_unset=True))


@pytest.mark.parametrize(
    "answer", [Answer(418, b"{}"), Answer(502, b"<h1>Bad gateway</h1>", HTML)], ids=["418", "502"]
)
def test_an_undocumented_error(package: Any, call: Call, answer: Answer) -> None:
    quick = package.Retry(first_wait=0.01)
    with venue(answer) as here, pytest.raises(package.UnexpectedStatus) as raised:
        call(package, here.url, lambda c: c.get_order(ID), **SIGNED, retry=quick)

    assert answer.status == raised.value.status
    assert answer.body == raised.value.response.content
    assert (3 if answer.status == 502 else 1) == len(here.sent)


def test_retry_after(package: Any, call: Call) -> None:
    with venue(Answer(429, b"", {"Retry-After": "0.1"}), Answer.json(200, ORDER)) as here:
        order = call(package, here.url, lambda c: c.get_order(ID), **SIGNED, retry=package.Retry())

    assert (2, UUID(ID)) == (len(here.sent), order.id)


def test_an_order_is_never_placed_twice(package: Any, call: Call) -> None:
    body = {"symbol": "X", "side": "buy", "qty": "1"}
    with venue(Answer(503)) as here, pytest.raises(package.UnexpectedStatus):
        call(
            package, here.url, lambda c: c.create_order(body=body), **SIGNED, retry=package.Retry()
        )

    assert 1 == len(here.sent)


def test_several_successes(package: Any, call: Call) -> None:
    body = {"symbol": "X", "side": "buy", "qty": Decimal("1.10"), "price": None}
    with venue(Answer.json(207, [ORDER, {"code": 3}])) as here:
        order, error = call(package, here.url, lambda c: c.create_order(body=body), **SIGNED)

    assert b'{"symbol":"X","side":"buy","qty":"1.10","price":null}' == here.sent[0].body
    assert (package.models.Order, package.models.ErrorModel) == (type(order), type(error))


def test_what_comes_is_kept(package: Any, call: Call) -> None:
    odd = {
        "status": "pending",
        "qty": "0.100000000000000000001",
        "createdAt": "2026-01-31T00:00:00.123456789Z",
        "new": {"field": 1},
    }
    with venue(Answer.json(200, {**ORDER, **odd})) as here:
        order = call(package, here.url, lambda c: c.get_order(ID), **SIGNED)

    assert ("pending", Decimal("0.100000000000000000001")) == (order.status, order.qty)
    assert 123456 == order.created_at.microsecond
    assert {**ORDER, **odd} == order.model_dump(mode="json", by_alias=True, exclude_unset=True)


def test_multipart(package: Any, call: Call) -> None:
    body = {"file": b"\0\1", "tags": ["a", "b"]}
    with venue(Answer(200, b"\2", {"Content-Type": "application/octet-stream"})) as here:
        got = call(package, here.url, lambda c: c.upload_doc(body=body), **SIGNED)
    [sent] = here.sent
    boundary = (sent.value("Content-Type") or "").partition("boundary=")[2].encode()

    assert b"\2" == got
    parts = sent.body.split(b"--" + boundary)
    assert 5 == len(parts)
    assert [b"\0\1", b"a", b"b"] == [part.partition(b"\r\n\r\n")[2][:-2] for part in parts[1:-1]]


def test_a_urlencoded_body(package: Any, call: Call) -> None:
    with venue(Answer.json(200, {"access_token": "T"})) as here:
        token = call(
            package,
            here.url,
            lambda c: c.token(body={"scope": "a b"}),
        )

    assert "T" == token.access_token
    assert b"grant_type=client_credentials&scope=a+b" == here.sent[0].body


@pytest.mark.parametrize(
    ("operation", "media", "body"),
    [
        ("stream_trades", "text/event-stream", EVENTS),
        (
            "export_trades",
            "application/x-ndjson",
            EVENTS.replace(b"data: ", b"").replace(b"\n\n", b"\n"),
        ),
    ],
)
def test_streams(package: Any, call: Call, operation: str, media: str, body: bytes) -> None:
    def read(client: Any) -> Any:
        stream = getattr(client, operation)()
        return [*stream] if hasattr(stream, "__iter__") else _all(stream)

    with venue(Answer(200, body, {"Content-Type": media})) as here:
        items = call(package, here.url, read, **SIGNED)

    events = [getattr(item, "data", item) for item in items]
    assert ["TradeEvent", "QuoteEvent"] == [type(event).__name__ for event in events[:2]]
    assert {"type": "halt", "why": "?"} == events[2].model_dump(mode="json")


async def _all(stream: Any) -> list[Any]:
    return [item async for item in stream]
