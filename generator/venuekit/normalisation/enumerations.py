"""Enumerations that are written as alternatives of one constant each."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.normalisation.kinds import constants, enum_listed, kinds_of
from venuekit.normalisation.reading import Node
from venuekit.sources import Map, Seq

_BESIDE = frozenset(
    "const enum type title description deprecated format example examples default $comment".split()
)


def enumerated(schema: Node) -> Node:
    """A schema that lists the constants of its alternatives, where it has several of them.

    So documents say what each value means (OpenAPI 3.1, "Annotated Enumerations"), and so Rust's
    frameworks write every enumeration. What each value means goes into the description.
    """
    for key in ("oneOf", "anyOf"):
        if key not in schema.map():
            continue
        branches = list(schema.get(key).items())
        constant = [branch for branch in branches if _is_constant(branch)]
        if len(constant) > 1 and all(kinds_of(b) == kinds_of(constant[0]) for b in constant):
            rest = [branch for branch in branches if branch not in constant]
            schema = _listing(schema, key, constant, rest)
    return schema


def _is_constant(branch: Node) -> bool:
    """Whether an alternative is nothing but texts, or whole numbers, that it lists."""
    if any(key not in _BESIDE and not key.startswith("x-") for key in branch.map()):
        return False
    values, listed = constants(branch), enum_listed(branch) or []
    return 0 < len(values) == len(listed) and all(
        isinstance(value, str | int) and not isinstance(value, bool) for value in values
    )


def _listing(schema: Node, key: str, constant: Sequence[Node], rest: Sequence[Node]) -> Node:
    listed = list(dict.fromkeys((type(v), v) for branch in constant for v in constants(branch)))
    titles = [branch.text("title") for branch in constant]
    enum = Map({"enum": Seq(value for _, value in listed)})
    if kinds := kinds_of(constant[0]):
        enum["type"] = kinds[0]
    is_named = len(listed) == len(constant) == len({*titles} - {""})
    if is_named and not any(isinstance(value, str) for _, value in listed):
        enum["x-enum-varnames"] = Seq(titles)
    meanings = "\n".join(filter(None, map(_meaning, constant)))
    whole = {name: value for name, value in schema.map().items() if name != key}
    if rest or {"oneOf", "anyOf", "enum", "const", "$ref"} & set(whole):
        whole[key] = Seq([*(branch.value for branch in rest), enum])
        about = enum
    else:
        whole.update(enum)
        about = whole
    if meanings:
        before = about.get("description")
        about["description"] = f"{before}\n\n{meanings}" if isinstance(before, str) else meanings
    return Node(Map(whole), schema.pointer)


def _meaning(branch: Node) -> str:
    """What an alternative says of its values, as an item of a list; empty where it says nothing."""
    said = branch.text("description") or branch.text("title")
    values = ", ".join(f"`{value}`" for value in constants(branch))
    return f"- {values}: {' '.join(said.split())}" if said else ""
