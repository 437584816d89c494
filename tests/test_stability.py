"""Names stay what they are when a document is put in another order, and when others come and go."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit import grouping
from venuekit.assembly import assemble
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.extraction import extract
from venuekit.ir import BYTES, FILE, Type
from venuekit.normalisation import normalise
from venuekit.sources import JSON, Map, Seq, clone, read

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
CLIENTS = sorted((ROOT / "generated" / "venue_clients").glob("*/openapi.json"))
WIRE = sorted((ROOT / "tests" / "wire").glob("*.yaml"))
PROBES = [SHARED / "probe" / name for name in ("venue.yaml", "e1.yaml", "inj2.yaml")]
SAMPLE = [
    SHARED / "corpus" / name
    for name in (
        "real/box/box.yaml",
        "real/uber/uber.yml",
        "real/alpaca/alpaca-trading.yaml",
        "real/polymarket/polymarket-gamma.json",
        "real/deribit/deribit-v2.json",
        "real/hyperliquid/hyperliquid.yaml",
        "real/oxide/oxide-buildomat.json",
        "swagger2/oanda-v20.yaml",
        "swagger2/xsoar.json",
    )
]
COLLISIONS = ("VK301", "VK302", "VK303")

Surface = dict[tuple[str, ...], Any]


def document_of(path: Path) -> Map:
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    page = extract(path.name, path.read_bytes(), Report())
    document = assemble((page,), (), Report()) if page else None
    assert document is not None
    return document


def surface(document: Map) -> tuple[Surface, list[str]]:
    """All that a caller writes, by what it is; and the names that collided."""
    report = Report()
    api = normalise(document, ClientSettings(name="x", sources=()), report)
    assert api is not None
    found: Surface = {}
    for model in api.models:
        fields = {(f.name, f.wire, _written(f.type), f.required) for f in model.fields}
        found["model", model.name] = (model.base, fields, repr(model.extras))
    for name, values in api.constants.items():
        found["enum", name] = set(map(repr, values))
    for name, type_ in api.aliases:
        found["alias", name] = repr(type_)
    for o in api.operations:
        found["operation", o.method, o.path] = (
            o.name,
            {(p.name, p.wire, p.location, repr(p.type)) for p in o.parameters},
            {(c.media, repr(c.type)) for c in o.body.contents} if o.body else None,
            {(str(r.status), c.media, repr(c.type)) for r in o.responses for c in r.contents},
        )
    for server in api.servers:
        found["server", server.url] = server.name
    for scheme in api.schemes:
        found["scheme", scheme.id] = scheme.key
    for part in grouping.parts(api):
        found.update({("home", name): part.name for name in part.classes})
    return found, [d.message for d in report if d.code in COLLISIONS]


def _written(type_: Type) -> str:
    """A type as text; bytes may be a file only where some operation sends them as a part."""
    return repr(type_).replace(repr(FILE), repr(BYTES))


def shuffled(node: JSON, chance: random.Random) -> JSON:
    """The same document, with the keys of all its objects in another order."""
    if isinstance(node, Map):
        keys = list(node)
        chance.shuffle(keys)
        return Map((key, shuffled(node[key], chance)) for key in keys)
    return Seq(shuffled(item, chance) for item in node) if isinstance(node, Seq) else node


def check_order(path: Path, chance: random.Random) -> None:
    document = document_of(path)
    other = shuffled(document, chance)
    assert isinstance(other, Map)

    assert surface(document)[0] == surface(other)[0]


def check_removal(path: Path, chance: random.Random) -> None:
    """Take a quarter of the paths out; a name that collided may be free now."""
    document = document_of(path)
    paths = document["paths"]
    assert isinstance(paths, Map)
    rest = clone(document)
    smaller = rest["paths"]
    assert isinstance(smaller, Map)
    for name in chance.sample(sorted(paths), (len(paths) + 3) // 4):
        del smaller[name]

    before, collided = surface(document)
    after, _ = surface(rest)

    changed = {key for key in after if before.get(key) != after[key] and key[0] != "home"}
    assert collided or not changed


def check_addition(path: Path) -> None:
    """Put an operation and a schema of new names at the front of everything."""
    document = document_of(path)
    more = read(
        "{get: {operationId: zebraCrossing, responses: {'200': {description: OK, content: "
        "{application/json: {schema: {$ref: '#/components/schemas/AardvarkBurrow'}}}}}}}",
        "more.yaml",
        Report(),
    )
    larger = clone(document)
    larger["paths"] = Map({"/a/zebra": more, **_map(larger, "paths")})
    components = _map(larger, "components")
    burrow = Map({"type": "object", "properties": Map({"depth": Map({"type": "integer"})})})
    schemas = Map({"AardvarkBurrow": burrow, **_map(components, "schemas")})
    larger["components"] = Map({"schemas": schemas, **{
        key: value for key, value in components.items() if key != "schemas"
    }})  # fmt: skip

    before, _ = surface(document)
    after, _ = surface(larger)

    new = {(kind, "AardvarkBurrow") for kind in ("model", "home")}
    new.add(("operation", "GET", "/a/zebra"))
    assert before == {key: value for key, value in after.items() if key not in new}


def _map(node: Map, key: str) -> Map:
    value = node.get(key)
    return value if isinstance(value, Map) else Map()


CHECKED = [pytest.param(path, id=path.parent.name + "/" + path.name) for path in CLIENTS + WIRE]
OTHERS = [pytest.param(path, id=path.name) for path in PROBES + SAMPLE]


@pytest.mark.parametrize("path", CHECKED)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_order_of_a_document_does_not_matter(path: Path, chance: random.Random) -> None:
    check_order(path, chance)


@pytest.mark.parametrize("path", OTHERS)
def test_nor_does_that_of_any_document(path: Path) -> None:
    check_order(path, random.Random(7))


@pytest.mark.parametrize("path", CHECKED)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_what_is_removed_changes_no_other_name(path: Path, chance: random.Random) -> None:
    check_removal(path, chance)


@pytest.mark.parametrize("path", OTHERS)
def test_nor_is_it_changed_in_any_document(path: Path) -> None:
    check_removal(path, random.Random(7))


@pytest.mark.parametrize("path", CHECKED + OTHERS)
def test_what_is_added_changes_no_other_name(path: Path) -> None:
    check_addition(path)


def test_inside_of_a_titled_schema_names_follow_its_title() -> None:
    """Wherever it stands: what is found first in the document names nothing."""
    person = "{title: Person, type: object, properties: {kind: {type: string, enum: [user, bot]}}}"
    text = (
        "openapi: 3.1.0\ninfo: {title: API, version: '1'}\ncomponents: {schemas: {"
        f"File: {{type: object, properties: {{maker: {person}, owner: {person}}}}}}}}}\n"
    )
    document = read(text, "openapi.yaml", Report())
    assert isinstance(document, Map)

    names = sorted(name for kind, name in surface(document)[0] if kind in ("model", "enum"))

    assert ["File", "Person", "PersonKind"] == names
