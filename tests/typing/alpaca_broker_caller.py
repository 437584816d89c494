"""How a caller of alpaca_broker is typed."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import assert_type

from venue_clients import alpaca_broker
from venue_clients.alpaca_broker import AsyncClient, Client, Server


def plain(client: Client, account: UUID) -> None:
    client.delete_order_for_account(account, "order")
    client.delete_order_for_account(account_id=account, order_id="order")
    client.delete_order_for_account(account)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.delete_order_for_account(account, 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.delete_order_for_account(account, "o", "p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def raw(client: Client, account: UUID) -> None:
    assert_type(client.raw.delete_order_for_account(account, "order").data, None)


async def awaited(client: AsyncClient, account: UUID) -> None:
    await client.delete_order_for_account(account, "order")
    assert_type((await client.raw.delete_order_for_account(account, "order")).data, None)


def errors(client: Client, account: UUID) -> None:
    try:
        client.delete_order_for_account(account, "order")
    except alpaca_broker.Unprocessable as error:
        assert_type(error.body, alpaca_broker.ApiError | None)
        if error.body is not None:
            assert_type(error.body.code, int)
            assert_type(error.body.message, str)


async def pair() -> tuple[str, str]:
    return ("key", "secret")


def construction() -> None:
    Client(Server.SANDBOX, basic_auth=("key", "secret"))
    Client(Server.PRODUCTION, basic_auth=lambda: ("key", "secret"))
    AsyncClient(Server.SANDBOX, basic_auth=pair)
    Client(Server.SANDBOX, basic_auth="key:secret")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Client(Server.SANDBOX, basic_auth=pair)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
