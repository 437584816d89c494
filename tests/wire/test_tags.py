"""Discriminators on the wire: OpenAPI 3.2's `defaultMapping`, and tags that are no texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of("tags.yaml")


def _exchanged(package: Any, call: Call, operation: str, body: Any) -> tuple[Any, Any]:
    """What is sent of a body, and what the same value is read as."""
    answered = body if isinstance(body, dict) else {}
    with venue(Answer.json(200, answered)) as here:
        found = call(package, here.url, lambda client: getattr(client, operation)(body=body))
    return json.loads(here.sent[0].body), found


@pytest.mark.parametrize(
    ("operation", "value", "name"),
    [
        ("send_union", {"kind": "circle", "r": 1}, "Circle"),
        ("send_union", {"kind": "Circle"}, "Circle"),
        ("send_union", {"kind": "hexagon", "z": "ab"}, "Other"),
        ("send_union", {"z": "ab"}, "Other"),
        ("send_union", {"kind": 3}, "Other"),
        ("send_union", {"kind": []}, "Other"),
        ("send_base", {"kind": "Cat", "claws": 5}, "Cat"),
        ("send_base", {"kind": "dog", "seen": "ab"}, "Stray"),
        ("send_base", {"seen": "ab"}, "Stray"),
        ("send_nested", {"type": "line"}, "Line"),
        ("send_nested", {"kind": "circle"}, "Circle"),
        ("send_nested", {"type": "Shape", "kind": "circle"}, "Circle"),
        ("send_nested", {"type": "odd", "z": "ab"}, "Other"),
        ("send_nested", {"z": "ab"}, "Other"),
    ],
)
def test_what_no_value_announces_is_the_default(
    package: Any, call: Call, operation: str, value: dict[str, Any], name: str
) -> None:
    sent, found = _exchanged(package, call, operation, value)
    assert value == sent
    assert name == type(found).__name__
    assert value == json.loads(found.model_dump_json(by_alias=True, exclude_unset=True))


@pytest.mark.parametrize(
    ("operation", "value", "place"),
    [
        ("send_union", {"kind": "hexagon", "z": "abc"}, "/z"),
        ("send_union", {"z": "abc"}, "/z"),
        ("send_base", {"kind": "dog", "seen": "abc"}, "/seen"),
        ("send_base", {"seen": "abc"}, "/seen"),
        ("send_nested", {"type": "Shape", "kind": "hexagon", "z": "abc"}, "/z"),
        ("send_nested", {"z": "abc"}, "/z"),
        ("send_plain", {"kind": "hexagon"}, "/kind"),
        ("send_plain", {"kind": []}, "/kind"),
        ("send_plain", {"kind": {}}, "/kind"),
    ],
)
def test_the_rules_of_the_default_are_checked(
    package: Any, call: Call, operation: str, value: dict[str, Any], place: str
) -> None:
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest) as caught:
        call(package, here.url, lambda client: getattr(client, operation)(body=value))
    assert [place] == [
        line.strip().partition(":")[0] for line in str(caught.value).splitlines()[1:]
    ]
    assert [] == here.sent


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        ("send_union", {"z": "ab"}),
        ("send_union", {"kind": "Other", "z": "ab"}),
        ("send_base", {"kind": "dog", "seen": "ab"}),
        ("send_nested", {"z": "ab"}),
        ("send_nested", {"type": "Shape", "kind": "Other", "z": "ab"}),
    ],
)
def test_what_is_only_received_is_not_sent(
    package: Any, call: Call, operation: str, value: dict[str, Any]
) -> None:
    sent, found = _exchanged(package, call, operation, {**value, "id": "1"})
    assert value == sent
    assert "1" == found.id


def test_the_default_may_be_given_as_a_model(package: Any, call: Call) -> None:
    sent, _ = _exchanged(package, call, "send_union", package.OtherRequest(z="ab"))
    assert {"z": "ab"} == sent
