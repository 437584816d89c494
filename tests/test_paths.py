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
        # One of each is one; so are two that differ in spelling.
        ("/a/{b}", ["c"], ["{b} c"]),
        ("/a/{bId}/{cId}", ["c_id", "b_id"], ["{bId} b_id", "{cId} c_id"]),
        ("/a/{bId}/{d}", ["b-id", "e"], ["{bId} b-id", "{d} e"]),
        ("/a/{b}/{c}", ["d", "e"], ["{b} b?", "{c} c?"]),
        ("/a/{b}/{c}", ["d"], ["{b} b?", "{c} c?"]),
    ],
)
def test_variables(path: str, defined: list[str], expected: list[str]) -> None:
    found = [
        f"{v.text} {v.name}{'' if v.is_defined else '?'}{'/' if v.has_slashes else ''}"
        for v in variables(path, defined)
    ]

    assert expected == found
