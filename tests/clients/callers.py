"""The five clients, each with what it takes to call its operation and what the venue answers."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .loopback import Answer

ZERO_SECRET = "A" * 43 + "="
ACCOUNT = "0d969814-40d6-4b2b-99ac-2e37427f1ad2"
ORDER = "61e69015-8549-4bfd-b9c3-01e75843f47d"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Caller:
    """One client and one of its operations."""

    name: str
    credentials: Mapping[str, Any]
    secrets: tuple[str, ...]
    operation: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    success: Answer
    errors: Mapping[int, object]
    error_model: str
    repeatable: bool = True
    public: bool = False  # needs no credentials

    @property
    def package(self) -> Any:
        return importlib.import_module(f"venue_clients.{self.name}")

    @property
    def document(self) -> Path:
        return Path(self.package.__file__).with_name("openapi.json")

    def __str__(self) -> str:
        return self.name


Way = Callable[..., Any]


def sync(caller: Caller, url: str, **options: Any) -> Any:
    """Call through Client; the reply is the raw one."""
    package = caller.package
    settings = {"retry": package.NO_RETRY, "timeout": 5.0, **caller.credentials, **options}
    with package.Client(url, **settings) as client:
        method = getattr(client.raw, caller.operation)
        return method(*caller.arguments, **caller.options)


def unsync(caller: Caller, url: str, **options: Any) -> Any:
    """Call through AsyncClient in a loop of its own; the reply is the raw one."""
    package = caller.package
    settings = {"retry": package.NO_RETRY, "timeout": 5.0, **caller.credentials, **options}

    async def call() -> Any:
        async with package.AsyncClient(url, **settings) as client:
            method = getattr(client.raw, caller.operation)
            return await method(*caller.arguments, **caller.options)

    return asyncio.run(call())


def as_json(data: Any) -> Any:
    """What a model would write back, as a JSON value."""
    if data is None:
        return None
    if not isinstance(data, list) and not hasattr(data, "model_dump_json"):
        return data
    if isinstance(data, list):
        return [as_json(item) for item in data]  # pyright: ignore[reportUnknownVariableType]
    return json.loads(data.model_dump_json(by_alias=True, exclude_unset=True))


ALPACA_TRADING = Caller(
    name="alpaca_trading",
    credentials={"api_key": "PK-key-of-trading", "api_secret": "secret-of-trading"},
    secrets=("PK-key-of-trading", "secret-of-trading"),
    operation="delete_all_orders",
    success=Answer.json(
        207,
        [
            {"id": ORDER, "status": 200},
            {
                "id": ACCOUNT,
                "status": 404,
                "body": {"code": 40410000, "message": "order not found"},
            },
            {
                "id": ORDER,
                "status": 200,
                "body": {"id": ORDER, "symbol": "AAPL", "qty": "1.10", "legs": None},
            },
        ],
    ),
    errors={
        401: {"code": 40110000, "message": "request is not authorized"},
        403: {"code": 40310000, "message": "forbidden"},
        422: {"code": 42210000, "message": 'order is already in "filled" state'},
        429: {"code": 42910000, "message": "rate limit exceeded"},
        500: {"code": 50010000, "message": "internal server error"},
    },
    error_model="ApiError",
)

ALPACA_BROKER = Caller(
    name="alpaca_broker",
    credentials={"basic_auth": ("CK-key-of-broker", "secret-of-broker")},
    secrets=(
        "CK-key-of-broker",
        "secret-of-broker",
        "Q0sta2V5LW9mLWJyb2tlcjpzZWNyZXQtb2YtYnJva2Vy",
    ),
    operation="delete_order_for_account",
    arguments=(ACCOUNT, ORDER),
    success=Answer(204),
    errors={
        400: {"code": 40010000, "message": "order_id is not a valid uuid"},
        401: {"code": 40110000, "message": "request is not authorized"},
        403: {"code": 40310000, "message": "forbidden"},
        404: {"code": 40410000, "message": "order not found"},
        422: {"code": 42210000, "message": 'order is already in "filled" state'},
        429: {"code": 42910000, "message": "too many requests"},
    },
    error_model="ApiError",
)

CLEAR_STREET = Caller(
    name="clear_street",
    credentials={"api_key": "id-of-clear.secret-of-clear"},
    secrets=("id-of-clear", "secret-of-clear"),
    operation="cancel_all_open_orders",
    arguments=(19816,),
    options={"side": "BUY", "type": "LIMIT", "instrument_ids": ["AAPL", "MSFT"]},
    success=Answer.json(
        200,
        {
            "data": [
                {
                    "account_id": 19816,
                    "average_fill_price": "149.95",
                    "created_at": "2025-10-31T13:30:00.123456789Z",
                    "filled_quantity": "50",
                    "id": "019c0b48-b8fb-700d-8c5e-931d54555f54",
                    "instrument_id": None,
                    "instrument_type": "PERPETUAL_OF_TOMORROW",
                    "leaves_quantity": "50",
                    "limit_price": "150.00",
                    "order_type": "LIMIT",
                    "quantity": "100",
                    "side": "BUY",
                    "status": "PENDING_CANCEL",
                    "stop_price": None,
                    "symbol": None,
                    "time_in_force": "DAY",
                    "updated_at": "2025-10-31T14:15:00.000000000Z",
                    "field_of_tomorrow": {"deep": [1, 2.5, "3"]},
                }
            ],
            "error": None,
            "metadata": {"request_id": "fb1c2d3e-4f5a-6b7c-8d9e-0f1a2b3c4d5e"},
        },
    ),
    errors={
        status: {
            "error": {"code": status, "message": message},
            "metadata": {"request_id": "5518f0c6-58ff-4b4a-81a5-701556d41206"},
        }
        for status, message in {
            400: "invalid side",
            403: "The caller does not have permission to execute the specified operation",
            404: "No orders match the specified filters",
            500: "internal error",
        }.items()
    },
    error_model="ErrorResponse",
)

POLYMARKET = Caller(
    name="polymarket",
    credentials={
        "address": "0x1111111111111111111111111111111111111111",
        "api_key": "key-of-polymarket",
        "secret": ZERO_SECRET,
        "passphrase": "passphrase-of-polymarket",
        "clock": lambda: 1000000.0,
    },
    secrets=("key-of-polymarket", ZERO_SECRET, "passphrase-of-polymarket"),
    operation="cancel_all_orders",
    success=Answer.json(
        200, {"canceled": ["0xabc"], "not_canceled": {"0xdef": "Order already matched"}}
    ),
    errors={
        401: {"error": "Unauthorized/Invalid api key"},
        425: {"error": "the matching engine is restarting"},
        429: {"error": "Too Many Requests"},
        500: {"error": "Internal server error"},
        503: {
            "error": "Trading is currently cancel-only",
            "code": "CANCEL_ONLY",
            "retry_after_seconds": 120,
        },
    },
    error_model="ErrorResponse",
)

DELTADEFI = Caller(
    name="deltadefi",
    credentials={"api_key": "key-of-deltadefi"},
    secrets=("key-of-deltadefi",),
    operation="cancel_all_orders",
    options={"body": {"symbol": "ADAUSDM"}},
    success=Answer.json(
        200,
        {"symbol": "ADAUSDM", "order_ids": ["550e8400-e29b-41d4-a716-446655440000"]},
    ),
    errors={
        400: {"error": "invalid symbol", "code": 4106},
        401: {"error": "unauthorized", "code": 4010},
        404: {"error": "order not found", "code": 4200},
        422: {"error": "invalid order state", "code": 4202},
        429: {"error": "rate limit", "code": 4290},
        500: {"error": "trading locked", "code": 5002},
    },
    error_model="ErrorJSONWithCodeResponse",
    repeatable=False,
)

CALLERS = (ALPACA_TRADING, ALPACA_BROKER, CLEAR_STREET, POLYMARKET, DELTADEFI)
