"""How a caller of alpaca_trading is typed."""

from __future__ import annotations

from uuid import UUID

import httpx
from typing_extensions import assert_type

from venue_clients import alpaca_trading
from venue_clients.alpaca_trading import AsyncClient, Client, Server


def plain(client: Client) -> None:
    results = client.delete_all_orders()
    assert_type(results, list[alpaca_trading.CanceledOrderResponse])
    for result in results:
        assert_type(result.id, UUID | None)
        assert_type(result.status, int | None)
        assert_type(result.body, alpaca_trading.CanceledOrderBody | None)
        if result.body is not None:
            assert_type(result.body.code, int | None)
            assert_type(result.body.message, str | None)
        result.nothing  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def raw(client: Client) -> None:
    reply = client.raw.delete_all_orders()
    assert_type(reply.data, list[alpaca_trading.CanceledOrderResponse])
    assert_type(reply.status, int)
    assert_type(reply.headers, httpx.Headers)
    assert_type(reply.http, httpx.Response)


async def awaited(client: AsyncClient) -> None:
    results = await client.delete_all_orders()
    assert_type(results, list[alpaca_trading.CanceledOrderResponse])
    reply = await client.raw.delete_all_orders()
    assert_type(reply.data, list[alpaca_trading.CanceledOrderResponse])
    for result in client.delete_all_orders():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
        del result


def errors(client: Client) -> None:
    try:
        client.delete_all_orders()
    except alpaca_trading.TooManyRequests as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.body, alpaca_trading.ApiError | None)
        assert_type(error.status, int)
        assert_type(error.response, httpx.Response)
    except alpaca_trading.StatusError as error:
        assert_type(error.body, alpaca_trading.ApiError | None)
    except alpaca_trading.ResponseError as error:
        assert_type(error.response, httpx.Response)
    except alpaca_trading.TransportError as error:
        assert_type(error.may_have_taken_effect, bool)


def construction(http: httpx.Client, wrong: httpx.AsyncClient) -> None:
    with Client(Server.PAPER, api_key="k", api_secret="s") as client:
        assert_type(client, Client)
    Client("https://paper.example", api_key=lambda: "k", api_secret="s", http=http, timeout=5)
    Client(Server.PAPER, retry=alpaca_trading.NO_RETRY, lenient=True, authenticate=False)
    Client(api_key="k", api_secret="s")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Client(Server.PAPER, api_key=5, api_secret="s")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Client(Server.PAPER, token="k")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Client(Server.PAPER, http=wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Server.DEMO  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
