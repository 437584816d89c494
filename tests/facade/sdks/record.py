"""Record the requests that the vendors' own SDKs send, on loopback: `nox -s sdks` runs this.

It writes one file an SDK beside itself, with the SDK's name and version; `test_sdks.py` compares
the desk's requests with them. The SDKs are not needed for that.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ACCOUNT = "0d969814-40d6-4b2b-99ac-2e37427f1ad2"
ORDER = "904837e3-3b76-47ec-b432-046db621571b"
HASHES = ["0x" + "ab" * 32, "0x" + "cd" * 32]
MARKET = "0x" + "12" * 32
# What tells nothing of the request: the connection, and the machine and the libraries of the SDK.
IGNORED = ("host", "user-agent", "accept-encoding", "connection", "content-length")
# A key that is in every tutorial, and holds nothing.
SIGNER = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
Calls = Mapping[str, Callable[[], object]]


class Then(datetime):
    """The time of Polymarket's official test vector, so that a new recording is the same."""

    @classmethod
    def now(cls, tz: object = None) -> Then:
        return cls.fromtimestamp(1_000_000)


class Recorder(BaseHTTPRequestHandler):
    """Keeps what comes, and answers that there is nothing."""

    requests: list[dict[str, Any]]

    def answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        headers = {
            name.lower(): value
            for name, value in sorted(self.headers.items())
            if name.lower() not in IGNORED and not name.lower().startswith("x-stainless")
        }
        body = self.rfile.read(size).decode()
        one = {"method": self.command, "path": path, "query": query, "headers": headers}
        self.requests.append({**one, "body": body})
        found = b'{"data":[],"next_cursor":"LTE="}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    do_GET = do_DELETE = do_POST = answer  # noqa: N815 - the names that the library calls

    def log_message(self, format: str, *args: object) -> None:
        pass


def alpaca_trading(url: str) -> Calls:
    from alpaca.trading.client import TradingClient
    from alpaca.trading.enums import QueryOrderStatus
    from alpaca.trading.requests import GetOrdersRequest

    client = TradingClient("the-key", "the-secret", url_override=url)
    given = {"status": QueryOrderStatus.OPEN, "limit": 500, "direction": "asc"}
    return {
        "cancel all": client.cancel_orders,
        "cancel one": lambda: client.cancel_order_by_id(ORDER),
        "list": lambda: client.get_orders(GetOrdersRequest(**given)),
        "list a symbol": lambda: client.get_orders(GetOrdersRequest(**given, symbols=["AAPL"])),
        "read one": lambda: client.get_order_by_id(ORDER),
    }


def alpaca_broker(url: str) -> Calls:
    from alpaca.broker.client import BrokerClient
    from alpaca.trading.enums import QueryOrderStatus
    from alpaca.trading.requests import GetOrdersRequest

    client = BrokerClient("the-key", "the-secret", url_override=url)
    given = GetOrdersRequest(status=QueryOrderStatus.OPEN, limit=500, direction="asc")
    return {
        "cancel all": lambda: client.cancel_orders_for_account(ACCOUNT),
        "cancel one": lambda: client.cancel_order_for_account_by_id(ACCOUNT, ORDER),
        "list": lambda: client.get_orders_for_account(ACCOUNT, given),
        "read one": lambda: client.get_order_for_account_by_id(ACCOUNT, ORDER),
    }


def clear_street(url: str) -> Calls:
    from clearstreet import ClearStreet

    orders = ClearStreet(api_key="the-id.the-secret", base_url=url, max_retries=0).v1.orders
    status: Any = ["PENDING_NEW", "NEW", "PARTIALLY_FILLED", "PENDING_CANCEL", "PENDING_REPLACE"]
    status += ["DONE_FOR_DAY", "STOPPED", "SUSPENDED", "CALCULATED", "OTHER"]
    return {
        "cancel all": lambda: orders.cancel_all_open_orders(19816),
        "cancel a symbol": lambda: orders.cancel_all_open_orders(19816, instrument_ids=["AAPL"]),
        "cancel one": lambda: orders.cancel_open_order(ORDER, account_id=19816),
        "list": lambda: orders.get_orders(19816, page_size=1000, status=status),
        "find": lambda: orders.get_orders(19816, page_size=1000, order_ids=[ORDER, ACCOUNT]),
        "read one": lambda: orders.get_order_by_id(ORDER, account_id=19816),
    }


def polymarket(url: str) -> Calls:
    import py_clob_client.headers.headers as headers
    from py_clob_client.client import ClobClient
    from py_clob_client.clob_types import ApiCreds, OpenOrderParams

    headers.datetime = Then  # type: ignore[misc]
    creds = ApiCreds("the-key", "A" * 43 + "=", "the-passphrase")
    client = ClobClient(url, key=SIGNER, chain_id=137, creds=creds)
    return {
        "cancel all": client.cancel_all,
        "cancel one": lambda: client.cancel(HASHES[0]),
        "cancel some": lambda: client.cancel_orders(HASHES),
        "list": client.get_orders,
        "list a symbol": lambda: client.get_orders(OpenOrderParams(market=MARKET)),
        "read one": lambda: client.get_order(HASHES[0]),
        "beat": lambda: client.post_heartbeat(""),
        "time": client.get_server_time,
    }


def polymarket_v2(url: str) -> Calls:
    import py_clob_client_v2.headers.headers as headers
    from py_clob_client_v2.client import ClobClient
    from py_clob_client_v2.clob_types import ApiCreds, OpenOrderParams, OrderPayload

    headers.datetime = Then  # type: ignore[misc]
    creds = ApiCreds("the-key", "A" * 43 + "=", "the-passphrase")
    client = ClobClient(url, chain_id=137, key=SIGNER, creds=creds)
    return {
        "cancel all": client.cancel_all,
        "cancel one": lambda: client.cancel_order(OrderPayload(orderID=HASHES[0])),
        "cancel some": lambda: client.cancel_orders(HASHES),
        "list": client.get_open_orders,
        "list a symbol": lambda: client.get_open_orders(OpenOrderParams(market=MARKET)),
        "read one": lambda: client.get_order(HASHES[0]),
        "time": client.get_server_time,
    }


def deltadefi(url: str) -> Calls:
    # Its wallet signs transactions, needs libsodium, and has nothing to do with cancels.
    wallet: Any = types.ModuleType("sidan_gin")
    wallet.Wallet = wallet.Asset = wallet.UTxO = wallet.decrypt_with_cipher = object
    sys.modules["sidan_gin"] = wallet
    from deltadefi import ApiClient

    client = ApiClient(api_key="the-key", base_url=url)
    return {
        "cancel a symbol": lambda: client.orders.cancel_all_orders("ADAUSDM"),
        "cancel one": lambda: client.orders.cancel_order(ORDER),
        "list a symbol": lambda: client.accounts.get_open_orders("ADAUSDM", limit=250, page=1),
        "read one": lambda: client.accounts.get_order_record(ORDER),
    }


SDKS: Mapping[str, tuple[str, str, Callable[[str], Calls]]] = {
    "alpaca_trading": ("alpaca-py", "alpaca_trading", alpaca_trading),
    "alpaca_broker": ("alpaca-py", "alpaca_broker", alpaca_broker),
    "clear_street": ("clearstreet", "clear_street", clear_street),
    "polymarket": ("py-clob-client", "polymarket", polymarket),
    "polymarket_v2": ("py-clob-client-v2", "polymarket", polymarket_v2),
    "deltadefi": ("deltadefi", "deltadefi", deltadefi),
}


def main() -> None:
    Recorder.requests = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    for name, (sdk, venue, make) in SDKS.items():
        recorded: dict[str, Any] = {"sdk": sdk, "version": version(sdk), "venue": venue}
        recorded["calls"] = {}
        for call, send in make(url).items():
            Recorder.requests.clear()
            with contextlib.suppress(Exception):  # that the answer does not fit is no matter
                send()
            [recorded["calls"][call]] = Recorder.requests
        text = json.dumps(recorded, indent=2) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
    server.shutdown()


if __name__ == "__main__":
    main()
