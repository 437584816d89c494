"""How a caller of deltadefi is typed."""

from __future__ import annotations

from typing_extensions import assert_type

from venue_clients import deltadefi
from venue_clients.deltadefi import AsyncClient, Client, Server


def plain(client: Client) -> None:
    request = deltadefi.CancelAllOrdersRequest(symbol="ADAUSDM")
    result = client.cancel_all_orders(body=request)
    assert_type(result, deltadefi.CancelAllOrdersResponse)
    assert_type(result.symbol, str | None)
    assert_type(result.order_ids, list[str] | None)
    assert_type(
        client.cancel_all_orders(body={"symbol": "ADAUSDM"}), deltadefi.CancelAllOrdersResponse
    )
    deltadefi.CancelAllOrdersRequest()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.cancel_all_orders()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.cancel_all_orders(request)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.cancel_all_orders(body="ADAUSDM")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def awaited(client: AsyncClient) -> None:
    result = await client.cancel_all_orders(body={"symbol": "ADAUSDM"})
    assert_type(result, deltadefi.CancelAllOrdersResponse)


def errors(client: Client) -> None:
    try:
        client.cancel_all_orders(body={"symbol": "ADAUSDM"})
    except deltadefi.NotFound as error:
        assert_type(error.body, deltadefi.ErrorJSONWithCodeResponse | None)


def construction() -> None:
    Client(Server.PREPROD, api_key="k")
    AsyncClient(Server.MAINNET, api_key="k")
