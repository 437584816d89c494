"""Fields that several classes have are written once, and each class is what it is alone."""

from __future__ import annotations

import json

from venuekit.ir import STR, Field, ListOf, Model, ModelClass, Type
from venuekit.modelling import classes
from venuekit.modelling.sharing import shared


def _field(wire: str, type_: Type, description: str = "", **given: object) -> Field:
    name = str(given.get("name", wire))
    required = bool(given.get("required"))
    return Field(name=name, wire=wire, type=type_, required=required, description=description)


ID = _field("id", STR, "Whose it is.", required=True)
AT = _field("createdAt", STR, name="created_at")
ITEMS = _field("items", ListOf(Model("Item")), "All of them.\n\nIn order.")
MODELS = (
    ModelClass(name="Item", description="One.", fields=(ID, AT)),
    ModelClass(name="ItemPage", description="", fields=(AT, ITEMS, ID)),
    ModelClass(name="Items", description="Many of them.", fields=(ITEMS, AT)),
    # The same name, and not the same field.
    ModelClass(name="Late", description="", fields=(_field("createdAt", STR), ID)),
    ModelClass(name="Named", description="", fields=(_field("id", STR, "Whose it is."),)),
    # A field that is called like the type of another.
    ModelClass(name="Odd", description="", fields=(_field("str", STR, name="str_"), ID)),
    ModelClass(name="Tree", description="", fields=(_field("of", Model("Tree")), ID, AT)),
)


def test_classes_that_share_fields_are_what_each_is_alone() -> None:
    together = classes.begin(MODELS, ())()

    alone = {c.name: classes.begin([c], ())()[c.name] for c in MODELS}
    assert alone == together


def test_a_field_is_written_once() -> None:
    found = shared(["A", "B"], {"A": _definition("a", "b"), "B": _definition("b", "c")}, {}, "Vx")

    written = {name: list(json.loads(found.definitions[name][0])["properties"]) for name in "AB"}
    assert {"A": ["a", "b"], "B": ["c"]} == written
    assert {"A": [("A", 0), ("A", 1)], "B": [("A", 1), ("B", 0)]} == found.fields


def test_a_class_keeps_a_field_that_shows_where_the_others_belong() -> None:
    found = shared(["A", "B"], {"A": _definition("a", "b"), "B": _definition("b", "a")}, {}, "Vx")

    assert ["b"] == list(json.loads(found.definitions["B"][0])["properties"])


def test_a_class_is_left_alone_where_names_have_effects() -> None:
    definitions = {"A": _definition("a"), "B": _definition("a"), "C": _definition("a", "str")}

    found = shared(["A", "B", "C"], definitions, {"B": "A"}, "Vx")

    assert {"A"} == set(found.definitions)


def _definition(*wires: str) -> tuple[str, dict[str, str]]:
    properties = {wire: {"type": "string", "x-python-type": "str"} for wire in wires}
    return json.dumps({"properties": properties, "required": []}), {}
