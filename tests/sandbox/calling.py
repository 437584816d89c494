"""Bare calls to simulated venues, with the credentials of each."""

from __future__ import annotations

import base64
import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx

from venue_sandbox import Sandbox
from venue_sandbox.polymarket import sign


class Caller:
    """One venue, by its name."""

    def __init__(self, sandbox: Sandbox, name: str, http: httpx.Client) -> None:
        self.sandbox, self.name, self.http = sandbox, name, http
        self.venue: Any = sandbox.venue(name)
        self.book = sandbox.book(name)

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        own = self.sandbox.credentials(self.name)
        match self.name:
            case "alpaca_trading":
                return {
                    "APCA-API-KEY-ID": own["api_key"],
                    "APCA-API-SECRET-KEY": own["api_secret"],
                }
            case "alpaca_broker":
                pair = ":".join(own["basic_auth"]).encode()
                return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
            case "clear_street":
                return {"Authorization": f"Bearer {own['api_key']}"}
            case "deltadefi":
                return {"X-API-KEY": own["api_key"]}
            case _:
                time = str(int(self.venue.clock.now()))
                message = f"{time}{method}{path}".encode() + body
                return {
                    "POLY_ADDRESS": own["address"],
                    "POLY_API_KEY": own["api_key"],
                    "POLY_PASSPHRASE": own["passphrase"],
                    "POLY_TIMESTAMP": time,
                    "POLY_SIGNATURE": sign(own["secret"], message).decode(),
                }

    def request(
        self, method: str, path: str, value: object = None, query: Any = None, **options: Any
    ) -> httpx.Response:
        body = b"" if value is None else json.dumps(value).encode()
        options.setdefault("headers", self.headers(method, path, body))
        return self.http.request(method, path, content=body, params=query, **options)

    def get(self, path: str, query: Any = None, **options: Any) -> httpx.Response:
        return self.request("GET", path, None, query, **options)

    def delete(self, path: str, value: object = None, query: Any = None) -> httpx.Response:
        return self.request("DELETE", path, value, query)

    def post(self, path: str, value: object = None) -> httpx.Response:
        return self.request("POST", path, value)


@contextmanager
def calling(sandbox: Sandbox, name: str) -> Generator[Caller]:
    # Nothing is encrypted here, and to load the certificates takes longer than most tests.
    with httpx.Client(base_url=sandbox.urls[name], timeout=5.0, verify=False) as http:
        yield Caller(sandbox, name, http)
