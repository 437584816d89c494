"""Signatures: the vectors that the venue publishes, and that what is signed is what is sent."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .callers import POLYMARKET, ZERO_SECRET, Way, sync
from .loopback import Answer, Sent, venue

SPEC = Path(__file__).parent / "signing" / "openapi.yaml"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of the operations that have a body, generated for this test."""
    folder = tmp_path_factory.mktemp("signing")
    command = [sys.executable, "-m", "venuekit", "generate", "--spec", str(SPEC), "--out"]
    done = subprocess.run([*command, str(folder / "signed_venue")], capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("signed_venue")
    finally:
        sys.path.remove(str(folder))


def test_the_published_vector() -> None:
    """Polymarket/py-clob-client tests/signing/test_hmac.py; its method is none that HTTP has."""
    signer = POLYMARKET.package.Client.schemes["secret"]
    message = b'1000000test-sign/orders{"hash": "0x123"}'

    assert "ZwAdJKvoYRlEKDkNMwd5BuwNNtg93kNaR_oU2HrfVvc=" == signer.sign(ZERO_SECRET, message)


VECTORS: dict[str, tuple[dict[str, Any], bytes, str]] = {
    "cancel_order": (
        {"body": {"orderID": "0xabc"}},
        b'{"orderID":"0xabc"}',
        "uDik2sJCld_MdoWGqIQRFT0bSHuSAKTNTd3PXcRDnws=",
    ),
    "cancel_orders": (
        {"body": ["0xabc", "0xdef"]},
        b'["0xabc","0xdef"]',
        "9d9ncUrznGdQAwcoJqWTUKoRHWc4u0gSNunPrUMrAys=",
    ),
    "cancel_market_orders": (
        {"body": {"market": "0x1", "asset_id": "2"}},
        b'{"market":"0x1","asset_id":"2"}',
        "cOkS_iPnzqVV0L17xlVv3l13R5IHzduwNw9VvmZH4dA=",
    ),
    "get_orders": ({}, b"", "9-I3DmVY9ObJ6EVf_KvrHpUWMOQJXiAjR5z7fO8qnPw="),
}


@pytest.mark.parametrize("name", VECTORS)
def test_vectors(signed: Any, name: str) -> None:
    arguments, body, signature = VECTORS[name]

    async def call(url: str) -> None:
        async with signed.AsyncClient(url, secret=ZERO_SECRET, clock=lambda: 1000000.0) as client:
            await getattr(client, name)(**arguments)

    with venue(Answer(204)) as here:
        with signed.Client(here.url, secret=ZERO_SECRET, clock=lambda: 1000000.0) as client:
            getattr(client, name)(**arguments)
        asyncio.run(call(here.url))

    for sent in here.sent:
        assert body == sent.body
        assert "1000000" == sent.value("POLY_TIMESTAMP")
        assert signature == sent.value("POLY_SIGNATURE")


def test_a_query_is_sent_and_not_signed(signed: Any) -> None:
    with (
        venue(Answer(204)) as here,
        signed.Client(here.url, secret=ZERO_SECRET, clock=lambda: 1000000.0) as client,
    ):
        client.get_orders(next_cursor="MA==")

    assert "/data/orders?next_cursor=MA%3D%3D" == here.sent[0].target.replace("==", "%3D%3D")
    assert VECTORS["get_orders"][2] == here.sent[0].value("POLY_SIGNATURE")


@pytest.mark.parametrize("body", ["ü", "\u2028", "\U0001f600", 'a"b\\c', "</script>", "\x7f"])
def test_what_is_signed_is_what_is_sent(signed: Any, body: str) -> None:
    with venue(Answer(204)) as here, signed.Client(here.url, secret=ZERO_SECRET) as client:
        client.cancel_order(body={"orderID": body})

    (sent,) = here.sent
    assert _signature(sent, bytes(32)) == sent.value("POLY_SIGNATURE")


@pytest.mark.parametrize("secret", ["++/" + "A" * 40 + "=", "--_" + "A" * 40 + "="])
def test_a_secret_in_either_alphabet(way: Way, secret: str) -> None:
    with venue(POLYMARKET.success) as here:
        way(POLYMARKET, here.url, secret=secret)

    (sent,) = here.sent
    key = base64.urlsafe_b64decode("--_" + "A" * 40 + "=")
    assert _signature(sent, key) == sent.value("POLY_SIGNATURE")


def test_the_clock_is_now_where_none_is_given() -> None:
    credentials = {name: value for name, value in POLYMARKET.credentials.items() if name != "clock"}
    with (
        venue(POLYMARKET.success) as here,
        POLYMARKET.package.Client(here.url, **credentials) as client,
    ):
        client.cancel_all_orders()

    (sent,) = here.sent
    text = sent.value("POLY_TIMESTAMP") or ""
    assert text.isdecimal()
    assert 10 == len(text)
    assert _signature(sent, bytes(32)) == sent.value("POLY_SIGNATURE")


def test_each_attempt_is_signed_anew() -> None:
    package = POLYMARKET.package
    clock = iter([1000000.0, 1000007.9])
    with venue(Answer.json(503, {"error": "x"}, Retry_After="0"), POLYMARKET.success) as here:
        reply = sync(POLYMARKET, here.url, clock=lambda: next(clock), retry=package.Retry())

    assert 200 == reply.status
    assert ["1000000", "1000007"] == [sent.value("POLY_TIMESTAMP") for sent in here.sent]
    assert all(_signature(sent, bytes(32)) == sent.value("POLY_SIGNATURE") for sent in here.sent)


def _signature(sent: Sent, key: bytes) -> str:
    """Recompute a signature from what came over the wire alone."""
    time = sent.value("POLY_TIMESTAMP") or ""
    message = f"{time}{sent.method}{sent.path}".encode() + sent.body
    return base64.urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).decode()
