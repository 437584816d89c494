"""Signatures: published vectors, and that a venue that computes them anew from the wire agrees."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from venuekit.normalisation.signatures import Unsound, parse

from ..clients.loopback import Answer, Sent, venue

KEYS = {
    "kraken_key": "key", "binance_key": "key", "coinbase_key": "key", "okx_key": "key",
    "coinbase_passphrase": "pass", "okx_passphrase": "pass",
    # docs.kraken.com/api/docs/guides/spot-rest-auth, "Examples"
    "kraken_secret": (
        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
    ),
    # binance-spot-api-docs rest-api.md, "SIGNED Endpoint Examples for POST /api/v3/order"
    "binance_secret": "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
    "coinbase_secret": base64.b64encode(b"coinbase's secret").decode(),
    "okx_secret": "22582BD0CFF14C41EDBF1AB98506286D",
    "every_secret": "00ff10",
}  # fmt: skip
KRAKEN = {"ordertype": "limit", "pair": "XBTUSD", "price": "37500", "type": "buy", "volume": "1.25"}
BINANCE = {
    "symbol": "LTCBTC", "side": "BUY", "type": "LIMIT", "time_in_force": "GTC", "quantity": "1",
    "price": "0.1", "recv_window": 5000,
}  # fmt: skip


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of("signatures.yaml")


@pytest.fixture(params=["sync", "async"])
def sent_by(request: pytest.FixtureRequest, package: Any) -> Callable[..., Sent]:
    """Call an operation and return what came over the wire."""

    def sent(use: Callable[[Any], Any], base: str = "", **options: Any) -> Sent:
        async def awaited(url: str) -> None:
            async with package.AsyncClient(url, **KEYS, **options) as client:
                await use(client)

        with venue(Answer(204)) as here:
            if request.param == "async":
                asyncio.run(awaited(here.url + base))
            else:
                with package.Client(here.url + base, **KEYS, **options) as client:
                    use(client)
        return here.sent[-1]

    return sent


def test_kraken(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.kraken(body=KRAKEN), nonce=lambda: "1616492376594")

    expected = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
    assert expected == sent.body.decode()
    # docs.kraken.com/api/docs/guides/spot-rest-auth, "Examples"
    assert (
        "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ=="
        == sent.value("API-Sign")
    )
    assert "key" == sent.value("API-Key")


def test_binance(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.binance(**BINANCE), clock=lambda: 1499827319.559)

    # binance-spot-api-docs rest-api.md, example 1: everything in the query string
    assert (
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
        "&timestamp=1499827319559"
        "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71" == sent.query
    )


@pytest.mark.parametrize("base", ["", "/proxy/v1"])
def test_coinbase(sent_by: Callable[..., Sent], base: str) -> None:
    sent = sent_by(
        lambda c: c.coinbase(product_id="BTC USD", body={"size": "1", "side": "buy"}),
        base,
        clock=lambda: 1700000000.9,
    )

    # docs.cdp.coinbase.com/exchange: timestamp, method, path with its query, body
    message = f"1700000000POST{base}/orders?product_id=BTC%20USD".encode() + sent.body
    signature = hmac.digest(b"coinbase's secret", message, "sha256")
    assert base64.b64encode(signature).decode() == sent.value("CB-ACCESS-SIGN")
    assert "1700000000" == sent.value("CB-ACCESS-TIMESTAMP")


def test_okx(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.okx(ccy="BTC"), clock=lambda: 1607416691.777)

    # okx.com/docs-v5, "Signature": the moment with milliseconds, method, path with query, body
    message = b"2020-12-08T08:38:11.777ZGET/api/v5/account/balance?ccy=BTC"
    signature = hmac.digest(KEYS["okx_secret"].encode(), message, "sha256")
    assert base64.b64encode(signature).decode() == sent.value("OK-ACCESS-SIGN")
    assert "2020-12-08T08:38:11.777Z" == sent.value("OK-ACCESS-TIMESTAMP")


def test_every_part(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(
        lambda c: c.everything("x/y ü", b="2", a_b="1", a="&", x_window=5, body={"k": "ü"}),
        "/v1",
        clock=lambda: 1.5,
        nonce=lambda: "n1",
    )

    assert "/v1/everything/x%2Fy%20%C3%BC?b=2&a-b=1&a=%26" == sent.target
    body = '{"sent":"1500000000","k":"ü"}'.encode()
    lines = [
        "post", f"http://{sent.value('Host')}{sent.target}", sent.value("Host"),
        "a=%26&a-b=1&b=2", "5", hashlib.sha512(body).hexdigest(),
        base64.b64encode(hashlib.sha256(b"n1").digest()).decode(), "1500000000",
    ]  # fmt: skip
    message = "\n".join(map(str, lines)).encode()
    signature = hmac.new(b"\x00\xff\x10", message, "sha384").hexdigest().upper()
    assert f"v1={signature}" == sent.value("X-Sign")
    assert ("n1", "1500000000") == (sent.value("X-Nonce"), sent.value("X-Time"))
    assert {"sent": "1500000000", "k": "ü", "mac": signature} == json.loads(sent.body)


@pytest.mark.parametrize(("given", "window"), [({}, "7"), ({"x_window": 5}, "5")])
def test_a_header_of_the_http_client_is_signed_as_it_is_sent(
    package: Any, given: dict[str, int], window: str
) -> None:
    keys: dict[str, Any] = {**KEYS, "clock": lambda: 1.5, "nonce": lambda: "n"}
    with venue(Answer(204)) as here, httpx.Client(headers={"x-window": "7"}) as http:
        package.Client(here.url, http=http, **keys).everything("x", **given)
        with package.Client(here.url, **keys) as client:
            client.everything("x", x_window=int(window))

    assert [window, window] == [sent.value("X-Window") for sent in here.sent]
    one, other = (sent.value("X-Sign") for sent in here.sent)
    assert one == other


def test_each_attempt_is_signed_anew(package: Any) -> None:
    with (
        venue(Answer(503), Answer(204)) as here,
        package.Client(here.url, **KEYS, retry=package.Retry(first_wait=0)) as client,
        pytest.raises(package.UnexpectedStatus),
    ):
        client.kraken(body=KRAKEN)  # a POST is not sent again
    with (
        venue(Answer(503), Answer(204)) as here,
        package.Client(here.url, **KEYS, retry=package.Retry(first_wait=0)) as client,
    ):
        client.okx()
        client.kraken(body=KRAKEN)
        client.kraken(body=KRAKEN)

    nonces = [int(dict(parse_qsl(sent.body.decode()))["nonce"]) for sent in here.sent[2:]]
    assert nonces[0] < nonces[1]
    assert all(sent.value("OK-ACCESS-SIGN") for sent in here.sent[:2])


def test_nonces_differ_in_many_threads(package: Any) -> None:
    with (
        venue(Answer(204)) as here,
        package.Client(here.url, **KEYS) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        list(threads.map(lambda _: client.kraken(body=KRAKEN), range(40)))

    assert 40 == len({sent.body for sent in here.sent})


def test_a_field_that_the_signature_writes_takes_the_place_of_the_callers(package: Any) -> None:
    with venue(Answer(204)) as here, package.Client(here.url, **KEYS) as client:
        client.everything("x", body={"other": 1, "sent": "mine"})

    (sent,) = here.sent
    fields = json.loads(sent.body, object_pairs_hook=list)
    assert ["sent", "other", "mac"] == [name for name, _ in fields]
    assert "mine" != dict(fields)["sent"]


def test_what_the_signature_writes_is_no_argument(package: Any) -> None:
    annotations = package.Client.binance.__annotations__

    assert {"timestamp", "signature"}.isdisjoint(annotations)


@pytest.mark.parametrize("secret", ["not hex", "0"])
def test_a_key_of_the_wrong_encoding_is_refused_unshown(package: Any, secret: str) -> None:
    with (
        venue(Answer(204)) as here,
        package.Client(here.url, **{**KEYS, "every_secret": secret}) as client,
        pytest.raises(package.InvalidRequest, match="every_secret is not valid hex") as caught,
    ):
        client.everything("x")
    assert [] == here.sent
    assert "not hex" not in str(caught.value)


UNSOUND = ["{", "}", "{nothing}", "{body", "{sha256:{body}", "{md5:{body}}", "{header:}",
           "{header:a b}", "{sha256.rot13:{body}}", "{{body}}", "{body}}",
           "{credential:}", "{credential:class}", "{credential:a b}", "{hmac.rot13:{body}}",
           "{base32:{body}}", "{header:A}}"]  # fmt: skip


@pytest.mark.parametrize("text", UNSOUND)
def test_templates_that_break_the_grammar(text: str) -> None:
    with pytest.raises(Unsound):
        parse(text, ("body", "nonce"))
