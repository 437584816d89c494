"""How a caller of polymarket is typed."""

from __future__ import annotations

import time

from typing_extensions import assert_type

from venue_clients import polymarket
from venue_clients.polymarket import AsyncClient, Client, Server


def plain(client: Client) -> None:
    result = client.cancel_all_orders()
    assert_type(result, polymarket.CancelOrdersResponse)
    assert_type(result.canceled, list[str] | None)
    assert_type(result.not_canceled, dict[str, str] | None)
    client.cancel_all_orders("0x1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def awaited(client: AsyncClient) -> None:
    assert_type(await client.cancel_all_orders(), polymarket.CancelOrdersResponse)


def errors(client: Client) -> None:
    try:
        client.cancel_all_orders()
    except polymarket.ServerError as error:
        assert_type(error.body, polymarket.ErrorResponse | None)
        if error.body is not None:
            assert_type(error.body.error, str)
            assert_type(error.body.code, str | int | None)


def construction() -> None:
    client = Client(Server.STAGING, address="0x", api_key="k", secret="AA==", passphrase="p")
    assert_type(client, Client)
    Client(Server.STAGING, address="0x", clock=time.time)
    Client(Server.STAGING, clock=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Client(Server.STAGING, signature="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Client(Server.STAGING, timestamp="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
