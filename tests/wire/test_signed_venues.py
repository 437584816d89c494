"""The signatures of nine more venues: vectors that they publish, or made anew from the wire."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from venuekit import sources
from venuekit.assets import templates_folder
from venuekit.building import begin
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report

from ..clients.loopback import Answer, Sent, venue

KEYS = {
    # gate.io/docs/developers/apiv4, "APIv4 Signed Request Requirements"
    "gate_key": "key",
    "gate_secret": "secret",
    # bitmex.com/app/apiKeysUsage, "Full sample calculation"
    "bitmex_key": "LAqUlngMIQkIUjXMUreyu3qn",
    "bitmex_secret": "chNOOS4KvNXR_Xq4k4c9qsfoKWvnDecLATCRlcBwyKDYnWgO",
    **{f"{venue}_secret": f"{venue} secret" for venue in (
        "bybit", "kucoin", "deribit", "htx", "bitstamp", "whitebit", "bitfinex"
    )},
    **{f"{venue}_key": f"{venue}-key" for venue in (
        "bybit", "kucoin", "htx", "bitstamp", "whitebit", "bitfinex"
    )},
    "kucoin_passphrase": "pass phrase",
    "deribit_id": "AMANDA",
}  # fmt: skip
NOW = 1541993715.25
BITMEX = {
    "symbol": "XBTM15", "price": 219.0, "clOrdID": "mm_bitmex_1a/oemUeQ4CAJZgP3fjHsA",
    "orderQty": 98,
}  # fmt: skip


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of("venues.yaml")


@pytest.fixture(params=["sync", "async"])
def sent_by(request: pytest.FixtureRequest, package: Any) -> Callable[..., Sent]:
    """Call an operation and return what came over the wire."""

    def sent(use: Callable[[Any], Any], **options: Any) -> Sent:
        options = {**KEYS, "clock": lambda: NOW, "nonce": lambda: "777", **options}

        async def awaited(url: str) -> None:
            async with package.AsyncClient(url, **options) as client:
                await use(client)

        with venue(Answer(204)) as here:
            if request.param == "async":
                asyncio.run(awaited(here.url))
            else:
                with package.Client(here.url, **options) as client:
                    use(client)
        return here.sent[-1]

    return sent


def _mac(name: str, message: str, algorithm: str = "sha256") -> bytes:
    return hmac.new(KEYS[f"{name}_secret"].encode(), message.encode(), algorithm).digest()


def test_gate_has_the_digest_of_the_body_on_a_line(sent_by: Callable[..., Sent]) -> None:
    listed = sent_by(lambda c: c.gate_orders(contract="BTC_USD", status="finished", limit=50))
    order = {"contract": "BTC_USD", "type": "limit", "size": 100, "price": 6800}
    made = sent_by(lambda c: c.gate_order(body={**order, "time_in_force": "gtc"}))

    assert "1541993715" == listed.value("Timestamp")
    assert (
        "55f84ea195d6fe57ce62464daaa7c3c02fa9d1dde954e4c898289c9a2407a3d6"
        "fb3faf24deff16790d726b66ac9f74526668b13bd01029199cc4fcc522418b8a" == listed.value("SIGN")
    )
    assert (
        "eae42da914a590ddf727473aff25fc87d50b64783941061f47a3fdb92742541f"
        "c4c2c14017581b4199a1418d54471c269c03a38d788d802e2c306c37636389f0" == made.value("SIGN")
    )


def test_bitmex_signs_when_the_request_expires(sent_by: Callable[..., Sent]) -> None:
    listed = sent_by(lambda c: c.bitmex_instruments(), clock=lambda: 1518064236 - 60)
    made = sent_by(lambda c: c.bitmex_order(body=BITMEX), clock=lambda: 1518064238 - 60)

    assert "1518064236" == listed.value("api-expires")
    assert (
        "c7682d435d0cfe87c16098df34ef2eb5a549d4c5a3c2b1f0f77b8af73423bf00"
        == listed.value("api-signature")
    )  # fmt: skip
    assert (
        "1749cd2ccae4aa49048ae09f0b95110cee706e0944e6a14ad0b3a8cb45bd336b"
        == made.value("api-signature")
    )  # fmt: skip


def test_bybit_signs_a_window_that_is_always_the_same(sent_by: Callable[..., Sent]) -> None:
    listed = sent_by(lambda c: c.bybit_orders(category="linear", symbol="BTC/USD"))
    made = sent_by(lambda c: c.bybit_order(body={"symbol": "BTCUSDT", "qty": "0.1"}))

    assert "5000" == listed.value("X-BAPI-RECV-WINDOW")
    expected = f"1541993715250bybit-key5000{listed.query}"
    assert _mac("bybit", expected).hex() == listed.value("X-BAPI-SIGN")
    expected = f"1541993715250bybit-key5000{made.body.decode()}"
    assert _mac("bybit", expected).hex() == made.value("X-BAPI-SIGN")


def test_kucoin_signs_the_passphrase_too(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.kucoin_orders(status="active"))

    expected = _mac("kucoin", "1541993715250GET/api/v1/orders?status=active")
    assert base64.b64encode(expected).decode() == sent.value("KC-API-SIGN")
    expected = _mac("kucoin", "pass phrase")
    assert base64.b64encode(expected).decode() == sent.value("KC-API-PASSPHRASE")
    assert "2" == sent.value("KC-API-KEY-VERSION")


def test_deribit_has_it_all_in_one_header(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.deribit_summary(currency="BTC"))

    target = "/api/v2/private/get_account_summary?currency=BTC"
    signature = _mac("deribit", f"1541993715250\n777\nGET\n{target}\n\n").hex()
    expected = f"deri-hmac-sha256 id=AMANDA,ts=1541993715250,sig={signature},nonce=777"
    assert expected == sent.value("Authorization")


def test_htx_signs_a_sorted_query_with_a_time_of_its_own(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.htx_orders(order_id="1234567890"))

    query, _, signature = sent.query.rpartition("&Signature=")
    assert "Timestamp=2018-11-12T03%3A35%3A15" in query
    ordered = "&".join(sorted(query.split("&")))
    assert ordered.startswith("AccessKeyId=htx-key&SignatureMethod=HmacSHA256&SignatureVersion=2")
    expected = _mac("htx", f"GET\n{sent.value('Host')}\n/v1/order/orders\n{ordered}")
    assert base64.b64encode(expected) == signature.replace("%2B", "+").replace(
        "%2F", "/"
    ).replace("%3D", "=").encode()  # fmt: skip


@pytest.mark.parametrize("body", [None, {"offset": "1"}])
def test_bitstamp_signs_its_key_and_the_media_type(sent_by: Callable[..., Sent], body: Any) -> None:
    given = {} if body is None else {"body": body}
    sent = sent_by(lambda c: c.bitstamp_transactions(**given))

    media = "" if body is None else "application/x-www-form-urlencoded"
    host, text = sent.value("Host"), sent.body.decode()
    head = f"BITSTAMP bitstamp-keyPOST{host}/api/v2/user_transactions/"
    expected = f"{head}{media}7771541993715250v2{text}"
    assert _mac("bitstamp", expected).hex().upper() == sent.value("X-Auth-Signature")
    assert "BITSTAMP bitstamp-key" == sent.value("X-Auth")
    assert "v2" == sent.value("X-Auth-Version")


def test_whitebit_sends_the_body_again_in_a_header(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.whitebit_balance(body={"ticker": "BTC"}))

    payload = base64.b64encode(sent.body).decode()
    assert payload == sent.value("X-TXC-PAYLOAD")
    assert b'"request":"/api/v4/trade-account/balance"' in sent.body
    assert b'"nonce":"777"' in sent.body
    assert _mac("whitebit", payload, "sha512").hex() == sent.value("X-TXC-SIGNATURE")


def test_bitfinex_signs_a_path_before_the_path(sent_by: Callable[..., Sent]) -> None:
    sent = sent_by(lambda c: c.bitfinex_orders(body={}))

    expected = _mac("bitfinex", "/api/v2/auth/r/orders777{}", "sha384").hex()
    assert expected == sent.value("bfx-signature")


def test_what_the_http_client_adds_to_the_query_is_signed(package: Any) -> None:
    params = {"symbol": "ours wins", "recv Window": "5/0"}
    http = httpx.Client(params=params)
    with venue(Answer(204)) as here, http:
        client = package.Client(here.url, http=http, clock=lambda: NOW, **KEYS)
        client.bybit_orders(category="linear", symbol="X")

    [sent] = here.sent
    assert "category=linear&symbol=X&recv%20Window=5%2F0" == sent.query
    expected = f"1541993715250bybit-key5000{sent.query}"
    assert _mac("bybit", expected).hex() == sent.value("X-BAPI-SIGN")


def test_what_a_signature_needs_besides_its_key_is_a_credential(package: Any) -> None:
    given = {name: value for name, value in KEYS.items() if name != "deribit_id"}
    client = package.Client("http://127.0.0.1:1", **given)

    with pytest.raises(package.MissingCredentials, match="deribit_id and deribit_secret"):
        client.deribit_summary()


def test_a_credential_that_no_header_carries_is_refused(package: Any) -> None:
    client = package.Client("http://127.0.0.1:1", **{**KEYS, "deribit_id": "a\r\nX-Evil: b"})

    with pytest.raises(package.InvalidRequest, match="deribit_id holds what no header can carry"):
        client.deribit_summary()


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ("expires: 60", "nonce: uuid", "need each other"),
        ("expires: 60", "expires: -1", "expires must be seconds"),
        ("{hmac.base64:{credential:kucoin_passphrase}}", "", "must not be empty"),
        ("timestamp: '%Y-%m-%dT%H:%M:%S'", "timestamp: '%c'", "'%c' is none of"),
        ('"{method}\\n{host}\\n{path}\\n{query.sorted}"', "always", "message must hold some of"),
    ],
)
def test_what_breaks_the_rules_is_an_error(written: str, instead: str, message: str) -> None:
    text = (Path(__file__).parent / "venues.yaml").read_text()
    assert 1 == text.count(written)
    found = Report()
    document = sources.read(text.replace(written, instead), "openapi.yaml", found)
    assert isinstance(document, sources.Map)

    settings = ClientSettings(name="made", sources=())
    begin(document, settings, templates=[templates_folder()], http="httpx", report=found)

    assert ["VK330"] == [diagnostic.code for diagnostic in found if message in diagnostic.message]
