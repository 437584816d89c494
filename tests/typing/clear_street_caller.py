"""How a caller of clear_street is typed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from typing_extensions import assert_type

from venue_clients import clear_street
from venue_clients.clear_street import AsyncClient, Client, Server


def plain(client: Client) -> None:
    result = client.cancel_all_open_orders(19816, side="BUY", instrument_ids=["AAPL", "MSFT"])
    assert_type(result, clear_street.CancelAllOpenOrdersResponse)
    assert_type(result.data, list[clear_street.Order])
    for order in result.data:
        assert_type(order.id, str)
        assert_type(order.account_id, int | None)
        assert_type(order.symbol, str | None)
        assert_type(order.quantity, Decimal | None)
        assert_type(order.limit_price, Decimal | None)
        assert_type(order.created_at, datetime | None)
        assert_type(order.status, clear_street.OrderStatus | str | None)
        assert_type(order.instrument_type, clear_street.InstrumentType | str | None)
    assert_type(result.error, clear_street.ApiError | None)
    if result.metadata is not None:
        assert_type(result.metadata.request_id, str | None)
    client.cancel_all_open_orders(19816, side=clear_street.Side.BUY)
    client.cancel_all_open_orders("19816")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.cancel_all_open_orders(1, side="LONG")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.cancel_all_open_orders(1, "BUY")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.cancel_all_open_orders(1, instrument_ids=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.cancel_all_open_orders(1, symbol="AAPL")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def awaited(client: AsyncClient) -> None:
    result = await client.cancel_all_open_orders(19816)
    assert_type(result, clear_street.CancelAllOpenOrdersResponse)


def errors(client: Client) -> None:
    try:
        client.cancel_all_open_orders(19816)
    except clear_street.NotFound as error:
        assert_type(error.body, clear_street.ErrorResponse | clear_street.ApiError | None)


def construction() -> None:
    Client(api_key="id.secret")
    Client(Server.PRODUCTION, api_key="id.secret")
    AsyncClient(api_key="id.secret")
