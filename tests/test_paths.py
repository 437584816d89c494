"""Which variable of a path is which parameter."""

from __future__ import annotations

import pytest

from venuekit.paths import variables


@pytest.mark.parametrize(
    ("path", "defined", "expected"),
    [
        ("/a/{b}/{c}", ["b", "c"], ["{b} b", "{c} c"]),
        ("/a/{b}/{b}", ["b"], ["{b} b"]),
        ("/a/{b}", [], ["{b} b?"]),
        ("/a/{b}", ["c", "b"], ["{b} b"]),
        ("/a/{+b}/{c*}", ["b", "c"], ["{+b} b/", "{c*} c"]),
        ("/a/{+b}", ["+b"], ["{+b} +b"]),
        ("/a/{b=shelves/*}/{c=*}", ["b", "c"], ["{b=shelves/*} b/", "{c=*} c"]),
        ("/a/{b=**}", ["b"], ["{b=**} b/"]),
        ("/a/{=}/{}/{b=\n}", [], ["{=} =?", "{} ?", "{b=\n} b?"]),
        # One of each is one, where their names are akin; so are two that differ in spelling.
        ("/a/{b}", ["unknown_b"], ["{b} unknown_b"]),
        ("/a/{id}", ["testId"], ["{id} testId"]),
        ("/a/{order_no}", ["order_id"], ["{order_no} order_id"]),
        ("/a/{petId}", ["pteId"], ["{petId} pteId"]),
        ("/a/{bId}/{cId}", ["c_id", "b_id"], ["{bId} b_id", "{cId} c_id"]),
        ("/a/{bId}/{d}", ["b-id", "dX"], ["{bId} b-id", "{d} dX"]),
        ("/a/{b}/{c}", ["bX", "cX"], ["{b} b?", "{c} c?"]),
        ("/a/{b}/{c}", ["bX"], ["{b} b?", "{c} c?"]),
        # What has nothing in common is not one.
        ("/a/v{api-version}", ["id"], ["{api-version} api-version?"]),
        ("/a/{order_id}", ["account_id"], ["{order_id} order_id?"]),
        ("/a/{b}", ["c"], ["{b} b?"]),
    ],
)
def test_variables(path: str, defined: list[str], expected: list[str]) -> None:
    found = [
        f"{v.text} {v.name}{'' if v.is_defined else '?'}{'/' if v.has_slashes else ''}"
        for v in variables(path, defined)
    ]

    assert expected == found
