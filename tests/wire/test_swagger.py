"""Clients of Swagger 2.0 on the wire: lists, forms, files, bodies and answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from venuekit import sources
from venuekit.diagnostics import Report
from venuekit.upgrading import upgrade

from ..clients.loopback import Answer, Sent, venue

TEXT = (Path(__file__).parent / "swagger.yaml").read_text()


def upgraded() -> str:
    report = Report()
    document = sources.read(TEXT, "swagger.yaml", report)
    assert isinstance(document, sources.Map)
    result = upgrade(document, report)
    assert [] == list(report)
    return json.dumps(result)


@pytest.fixture(scope="module")
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(upgraded())


def _sent(package: Any, call: Any, use: Callable[[Any], Any], *answers: Answer) -> Sent:
    with venue(*(answers or [Answer(204)])) as here:
        call(package, here.url, use)
    return here.sent[-1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", "plain=a%2Fb,c"),
        ("comma", "comma=a%2Fb,c"),
        ("space", "space=a%2Fb%20c"),
        ("pipe", "pipe=a%2Fb%7Cc"),
        ("tab", "tab=a%2Fb%09c"),
    ],
)
def test_a_list_is_joined_as_its_collection_format_says(
    package: Any, call: Any, name: str, expected: str
) -> None:
    sent = _sent(package, call, lambda c: c.listed(["x", "y"], **{name: ["a/b", "c"]}))

    assert "/lists/x,y" == sent.path
    assert expected == sent.query


def test_a_list_is_repeated_where_the_document_says_multi(package: Any, call: Any) -> None:
    sent = _sent(package, call, lambda c: c.listed(["x"], many=[1, 2], x_ids=["a", "b"]))

    assert "many=1&many=2" == sent.query
    assert ["a,b"] == sent.values("X-Ids")


def test_an_item_may_not_hold_what_separates_items(package: Any, call: Any) -> None:
    with pytest.raises(ValueError, match="separates items"):
        _sent(package, call, lambda c: c.listed(["x"], tab=["a\tb"]))


def test_a_form(package: Any, call: Any) -> None:
    body = {
        "user": "a&b",
        "many": ["1", "2"],
        "comma": ["1", "2"],
        "pipe": ["1", "2"],
        "tab": ["1", "2"],
    }

    sent = _sent(package, call, lambda c: c.send_form(body=body))

    assert ["application/x-www-form-urlencoded"] == sent.values("Content-Type")
    fields = sent.body.decode().split("&")
    assert ["user=a%26b", "many=1", "many=2", "comma=1,2", "pipe=1%7C2", "tab=1%092"] == fields
    assert "tab=1\t2" == unquote(fields[-1])


def test_a_field_that_is_required_is_asked_for(package: Any, call: Any) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest):
        call(package, here.url, lambda c: c.send_form(body={}))

    assert [] == here.sent


def test_a_file_is_a_part(package: Any, call: Any) -> None:
    sent = _sent(package, call, lambda c: c.send_file(body={"note": "n", "file": b"\x00\xff"}))

    head = f"Content-Type: {sent.value('Content-Type')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + sent.body)
    parts = {p.get_param("name", header="Content-Disposition"): p for p in message.iter_parts()}  # type: ignore[attr-defined]
    assert b"n" == parts["note"].get_payload(decode=True).strip()
    assert b"\x00\xff" == parts["file"].get_payload(decode=True).strip(b"\r\n")


def test_a_file_is_read_and_its_failure_too(package: Any, call: Any) -> None:
    found: list[Any] = []
    octets = Answer(200, b"\x00\xff", {"Content-Type": "application/octet-stream"})
    with (
        venue(octets, Answer.json(500, {"code": 7})) as here,
        package.Client(here.url, retry=package.NO_RETRY) as client,
    ):
        found.append(client.get_file())
        with pytest.raises(package.StatusError) as caught:
            client.get_file()

    assert [b"\x00\xff"] == found
    assert 7 == caught.value.body.code


def test_a_body_an_answer_and_a_login(package: Any) -> None:
    answer = Answer.json(200, {"kind": "Limit", "price": None, "limit": "1"}, X_Left="5")
    with (
        venue(answer) as here,
        package.Client(here.url, login=("u", "p"), retry=package.NO_RETRY) as client,
    ):
        reply = client.raw.send_order(body=package.Order(kind="Limit", price=None))

    sent = here.sent[0]
    assert {"kind": "Limit", "price": None} == json.loads(sent.body)
    assert ["Basic dTpw"] == sent.values("Authorization")
    assert isinstance(reply.data, package.Limit)
    assert "1" == reply.data.limit
    assert "https://swagger.test" == package.Server.SWAGGER_TEST.value
