"""Every operation of the five clients, each with what it takes to call it and what is answered."""

from __future__ import annotations

from dataclasses import replace

from .callers import (
    ACCOUNT,
    ALPACA_BROKER,
    ALPACA_TRADING,
    CALLERS,
    CLEAR_STREET,
    DELTADEFI,
    ORDER,
    POLYMARKET,
    Caller,
)
from .loopback import Answer


def _of(caller: Caller, *statuses: int) -> dict[int, object]:
    """The errors of some statuses; one that the caller lacks has the body of another."""
    spare = caller.errors[500 if 500 in caller.errors else 429]
    return {status: caller.errors.get(status, spare) for status in statuses}


_ALPACA_ORDER = {
    "id": ORDER,
    "client_order_id": "mine-1",
    "created_at": "2026-11-20T14:30:00.123456789Z",
    "filled_at": None,
    "asset_id": "",
    "asset_class": "",
    "symbol": "AAPL",
    "qty": "10.50",
    "notional": None,
    "filled_qty": "2.5",
    "side": "buy",
    "type": "limit",
    "limit_price": "150.10",
    "status": "status_of_tomorrow",
    "extended_hours": False,
    "legs": [{"id": ACCOUNT, "status": "held", "qty": "1"}],
    "field_of_tomorrow": {"deep": [1, "2"]},
}
_TRADING_ONE = _of(ALPACA_TRADING, 401, 403, 404, 422, 429, 500)
_BROKER_ALL = _of(ALPACA_BROKER, 400, 401, 403, 404, 422, 429, 500)

ALPACA_OPERATIONS = (
    replace(
        ALPACA_TRADING,
        operation="get_all_orders",
        options={
            "status": "open",
            "limit": 500,
            "after": "2026-11-20T00:00:00Z",
            "direction": "asc",
            "nested": True,
            "symbols": ["AAPL", "BTC/USD"],
            "side": "buy",
            "asset_class": ["us_equity", "crypto"],
        },
        success=Answer.json(200, [_ALPACA_ORDER]),
        errors=_of(ALPACA_TRADING, 401, 403, 422, 429, 500),
    ),
    replace(
        ALPACA_TRADING,
        operation="get_order_by_order_id",
        arguments=(ORDER,),
        options={"nested": False},
        success=Answer.json(200, _ALPACA_ORDER),
        errors=_TRADING_ONE,
    ),
    replace(
        ALPACA_TRADING,
        operation="delete_order_by_order_id",
        arguments=(ORDER,),
        success=Answer(204),
        errors=_TRADING_ONE,
    ),
    replace(
        ALPACA_BROKER,
        operation="get_all_orders_for_account",
        arguments=(ACCOUNT,),
        options={"limit": 500, "qty_above": "1", "before_order_id": ORDER},
        success=Answer.json(200, [{**_ALPACA_ORDER, "cancel_requested_at": None}]),
        errors=_BROKER_ALL,
    ),
    replace(
        ALPACA_BROKER,
        operation="delete_all_orders_for_account",
        arguments=(ACCOUNT,),
        success=Answer.json(
            207,
            [
                {"id": ORDER, "status": 200, "body": _ALPACA_ORDER},
                {"id": ORDER, "status": 422, "body": {"code": 42210000, "message": "filled"}},
                {"id": ORDER, "status": 500, "body": None},
                {"id": ORDER, "status": 200},
            ],
        ),
        errors=_BROKER_ALL,
    ),
    replace(
        ALPACA_BROKER,
        operation="get_order_for_account",
        arguments=(ACCOUNT, ORDER),
        success=Answer.json(200, _ALPACA_ORDER),
        errors=_BROKER_ALL,
    ),
)

_CLEAR_STREET_ORDER = {
    "id": "019c0b48-b8fb-700d-8c5e-931d54555f54",
    "client_order_id": "mine-1",
    "account_id": 19816,
    "status": "STATUS_OF_TOMORROW",
    "filled_quantity": "50",
    "leaves_quantity": "50.10",
    "symbol": None,
    "instrument_type": None,
    "queue_state": "AWAITING_RELEASE",
    "releases_at": "2025-10-31T14:15:00.000000001Z",
    "details": ["canceled by the user"],
}
_CLEAR_STREET_ONE = Answer.json(
    200, {"data": _CLEAR_STREET_ORDER, "error": None, "metadata": {"request_id": "r-1"}}
)

CLEAR_STREET_OPERATIONS = (
    replace(
        CLEAR_STREET,
        operation="get_orders",
        options={
            "page_size": 2,
            "page_token": "b2Zmc2V0LTI=",
            "status": ["NEW", "PARTIALLY_FILLED"],
            "order_ids": ["a", "b"],
            "from_": "2025-10-31T13:30:00.000000001Z",
        },
        success=Answer.json(
            200,
            {
                "data": [_CLEAR_STREET_ORDER],
                "error": None,
                "metadata": {
                    "request_id": "r-1",
                    "next_page_token": "b2Zmc2V0LTQ=",
                    "previous_page_token": None,
                    "page_number": 2,
                    "total_items": 5,
                    "total_pages": 3,
                },
            },
        ),
        errors=_of(CLEAR_STREET, 400, 403, 404, 500),
    ),
    replace(
        CLEAR_STREET,
        operation="get_order_by_id",
        arguments=(19816, "mine-1"),
        options={},
        success=_CLEAR_STREET_ONE,
        errors=_of(CLEAR_STREET, 403, 404, 500),
    ),
    replace(
        CLEAR_STREET,
        operation="cancel_open_order",
        arguments=(19816, "mine-1"),
        options={},
        success=_CLEAR_STREET_ONE,
        errors=_of(CLEAR_STREET, 403, 404, 422, 500),
    ),
)

_OPEN_ORDER = {
    "id": "0xabc",
    "status": "ORDER_STATUS_LIVE",
    "market": "0x1",
    "asset_id": "2",
    "side": "BUY",
    "original_size": "100000000",
    "size_matched": "10.0",
    "expiration": None,
    "created_at": 1700000000,
    "associate_trades": [],
}
_CANCELING = _of(POLYMARKET, 400, 401, 425, 429, 500, 503)

POLYMARKET_OPERATIONS = (
    replace(
        POLYMARKET,
        operation="cancel_order",
        options={"body": {"orderID": "0xabc"}},
        errors=_CANCELING,
    ),
    replace(
        POLYMARKET,
        operation="cancel_orders",
        options={"body": ["0xabc", "0xdef"]},
        errors=_CANCELING,
    ),
    replace(
        POLYMARKET,
        operation="cancel_market_orders",
        options={"body": {"asset_id": "2"}},
        errors=_CANCELING,
    ),
    replace(
        POLYMARKET,
        operation="get_orders",
        options={"market": "0x1", "next_cursor": "MA=="},
        success=Answer.json(
            200, {"limit": 100, "next_cursor": "LTE=", "count": 1, "data": [_OPEN_ORDER]}
        ),
        errors=_CANCELING,
    ),
    replace(
        POLYMARKET,
        operation="get_orders",
        success=Answer.json(200, [_OPEN_ORDER]),
        errors=_CANCELING,
    ),
    replace(
        POLYMARKET,
        operation="get_order",
        arguments=("0xabc",),
        success=Answer.json(200, _OPEN_ORDER),
        errors=_of(POLYMARKET, 400, 401, 404, 425, 429, 500, 503),
    ),
    replace(
        POLYMARKET,
        operation="post_heartbeat",
        options={"body": {"heartbeat_id": ""}},
        success=Answer.json(200, {"heartbeat_id": "h-1", "error": None}),
        errors={
            400: {"heartbeat_id": "h-2", "error": "Invalid Heartbeat ID"},
            **_of(POLYMARKET, 401, 425, 429, 500),
        },
        repeatable=False,
    ),
    replace(
        POLYMARKET,
        operation="send_heartbeat",
        success=Answer.json(200, {"status": "ok"}),
        errors=_of(POLYMARKET, 401, 429, 500),
        repeatable=False,
    ),
    replace(
        POLYMARKET,
        operation="get_time",
        success=Answer.json(200, 1700000000),
        errors=_of(POLYMARKET, 429, 500),
        public=True,
    ),
)

_RECORD = {
    "id": "550e8400-e29b-41d4-a716-446655440000",
    "symbol": "ADAUSDM",
    "side": "buy",
    "type": "limit",
    "status": "partially_filled",
    "price": "0.93",
    "base_qty": "100",
    "executed_base_qty": "1.50",
    "created_at": "2026-01-01T00:00:00Z",
    "commission": "0.093",
}
_PAIR = {"symbol": "ADAUSDM", "base_token": {"symbol": "ADA", "decimals": 6}, "price_max_dp": 4}

DELTADEFI_OPERATIONS = (
    replace(
        DELTADEFI,
        operation="cancel_order",
        arguments=("order-1",),
        options={},
        success=Answer.json(200, {"order_id": "order-1"}),
    ),
    replace(
        DELTADEFI,
        operation="get_open_orders",
        options={"symbol": "ADAUSDM", "limit": 250, "page": 2},
        success=Answer.json(200, {"data": [_RECORD], "total_count": 251, "total_page": 2}),
    ),
    replace(
        DELTADEFI,
        operation="get_open_orders",
        options={"symbol": "ADAUSDM"},
        success=Answer.json(200, {"data": None, "total_count": 0, "total_page": 0}),
    ),
    replace(
        DELTADEFI,
        operation="get_order",
        arguments=("order-1",),
        options={},
        success=Answer.json(200, _RECORD),
    ),
    replace(
        DELTADEFI,
        operation="get_order_record",
        options={"id": "order-1"},
        success=Answer.json(200, {**_RECORD, "orig_qty": "100"}),
    ),
    replace(
        DELTADEFI,
        operation="get_market_config",
        options={},
        success=Answer.json(200, {"assets": [], "trading_pairs": [_PAIR]}),
        errors=_of(DELTADEFI, 429, 500),
        public=True,
    ),
    replace(
        DELTADEFI,
        operation="get_trading_lock_status",
        options={},
        success=Answer.json(200, {"locked": False}),
        errors=_of(DELTADEFI, 429, 500),
        public=True,
    ),
)

OPERATIONS = (
    *CALLERS,
    *ALPACA_OPERATIONS,
    *CLEAR_STREET_OPERATIONS,
    *POLYMARKET_OPERATIONS,
    *DELTADEFI_OPERATIONS,
)
