"""The modules of a large client: of a size to read, and each operation in one of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.grouping import models
from venuekit.grouping.operations import by_tag
from venuekit.normalisation import normalise
from venuekit.sources import Map, read

PATHS = [
    "/org/usage",
    "/org/costs",
    *(f"/org/usage/{kind}/{n}" for kind in ("audio", "images", "text") for n in range(4)),
]


def homes(paths: Sequence[str], parameters: int) -> dict[str, set[str]]:
    """The paths in each module, of operations of one tag with so many parameters each."""
    listed = ", ".join(f"{{name: p{n}, in: query}}" for n in range(parameters))
    text = "".join(
        f"  {path}: {{get: {{tags: [Usage], parameters: [{listed}], responses: {{}}}}}}\n"
        for path in paths
    )
    document = read(
        f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{text}", "", Report()
    )
    assert isinstance(document, Map)
    api = normalise(document, ClientSettings(name="x", sources=()), Report())
    assert api is not None
    return {group.name: {o.path for o in group.operations} for group in by_tag(api)}


def test_what_is_short_stays_in_the_module_of_its_tag() -> None:
    assert {"usage": set(PATHS)} == homes(PATHS, 1)


def test_what_is_long_is_parted_by_its_paths() -> None:
    """Fourteen operations of nine parameters take some 4,000 lines, and four of them a third."""
    found = homes(PATHS, 9)

    assert set(PATHS) == set[str]().union(*found.values())
    assert len(PATHS) == sum(map(len, found.values()))
    assert {"usage", "usage_usage", "usage_usage_audio", "usage_usage_images"} == set(found)
    assert {f"/org/usage/audio/{n}" for n in range(4)} == found["usage_usage_audio"]
    assert {"/org/costs"} == found["usage"]
    assert max(map(len, found.values())) == 5


def test_the_order_of_a_document_decides_nothing() -> None:
    turned = random.Random(1).sample(PATHS, len(PATHS))

    assert homes(PATHS, 9) == homes(turned, 9)


def extents(description: str) -> list[int]:
    """How many classes each module has, of ninety classes of eight fields that one tag uses."""
    field = f"{{type: string, description: {description}}}"
    fields = ", ".join(f"{name}: {field}" for name in "abcdefgh")
    schemas = "".join(
        f"    {first}{second}: {{type: object, properties: {{{fields}}}}}\n"
        for first in ("Order", "Trade", "Venue")
        for second in (f"Kind{letter}{n}" for letter in "ABCDEF" for n in range(5))
    )
    document = read(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
        f"components:\n  schemas:\n{schemas}",
        "",
        Report(),
    )
    assert isinstance(document, Map)
    api = normalise(document, ClientSettings(name="x", sources=()), Report())
    assert api is not None
    return [len(part.classes) for part in models.parts(api)]


def test_modules_of_models_are_parted_by_their_lines() -> None:
    """What is said of a class counts: the same classes take some 1,000 lines, 2,400 or 5,300."""
    short, said, long = extents("''"), extents("Short."), extents(f"{'many words ' * 40}")

    assert [90, 90, 90] == [sum(short), sum(said), sum(long)]
    assert 1 == len(short) < len(said) < len(long)
    assert max(long) * (8 * 7 + 3) < 1_100
