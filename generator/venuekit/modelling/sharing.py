"""Fields that several classes have: each is written once, and put where it belongs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from venuekit.records import dataclass

Definition = tuple[str, dict[str, str]]  # a schema as JSON, and the names of its fields

_WORD = re.compile(r"\w+")
# What annotations are made of beside the words of their types.
_USED = frozenset({"Annotated", "Any", "Field", "str"})
_Key = tuple[str, str, bool, str | None]  # of a field: its name, schema, presence and own name


@dataclass(frozen=True, slots=True)
class Sharing:
    """Which classes are written with fewer fields than they have, and where the others are."""

    definitions: Mapping[str, Definition]
    """What is to be written of these classes; at least one field of each."""
    fields: Mapping[str, Sequence[tuple[str, int]]]
    """By class, for each of its fields the class that is written with it, and its number there."""

    def whole(self, sources: Mapping[str, str]) -> dict[str, str]:
        """The source of each class with all its fields, of sources as they were written."""
        written = {name: _parted(sources[name]) for name in self.definitions}
        return {
            name: "\n".join((written[name][0], *_joined(written, places)))
            for name, places in self.fields.items()
        }


def shared(
    names: Sequence[str], definitions: Mapping[str, Definition], bases: Mapping[str, str], mark: str
) -> Sharing:
    """Decide what of some classes is to be written, where others have the same fields.

    Left alone are classes with a base, which knows fields too, those that lead to themselves, and
    those with a field that is called like what annotations name: there a field has effects.
    """
    first: dict[_Key, tuple[str, int]] = {}
    reduced: dict[str, Definition] = {}
    fields: dict[str, Sequence[tuple[str, int]]] = {}
    for name in names:
        text, aliases = definitions[name]
        schema: dict[str, Any] = json.loads(text)
        properties: dict[str, dict[str, Any]] = schema.get("properties", {})
        own = {wire: aliases.get(f"{mark}{name}.{wire}") for wire in properties}
        named = {f"{mark}{name}", *own, *filter(None, own.values())}
        if name in bases or not properties or _clashes(named, properties):
            continue
        required = frozenset(schema["required"])
        keys: dict[str, _Key] = {
            wire: (wire, json.dumps(field), wire in required, own[wire])
            for wire, field in properties.items()
        }
        # One field at the least: of a class without any, nothing shows where they belong.
        kept = [wire for wire, key in keys.items() if key not in first] or [next(iter(keys))]
        for number, wire in enumerate(kept):
            first.setdefault(keys[wire], (name, number))
        fields[name] = [first[key] for key in keys.values()]
        reduced[name] = (
            json.dumps(
                {
                    **schema,
                    "properties": {wire: properties[wire] for wire in kept},
                    "required": [wire for wire in schema["required"] if wire in kept],
                }
            ),
            {f"{mark}{name}.{wire}": alias for wire in kept if (alias := own[wire]) is not None},
        )
    return Sharing(reduced, fields)


def _clashes(names: set[str], properties: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a class or a field has a name that its own annotations may use."""
    if not names.isdisjoint(_USED):
        return True
    types = " ".join(field["x-python-type"] for field in properties.values())
    return not names.isdisjoint(_WORD.findall(types))


def _parted(source: str) -> tuple[str, list[str]]:
    """What stands before the fields of a class, and each field with its documentation."""
    lines = source.split("\n")
    [node] = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    starts = [child.lineno - 1 for child in node.body if isinstance(child, ast.AnnAssign)]
    ends = [*starts[1:], len(lines)]
    texts = ["\n".join(lines[start:end]).rstrip() for start, end in zip(starts, ends, strict=True)]
    return "\n".join(lines[: starts[0]]), texts


def _joined(
    written: Mapping[str, tuple[str, list[str]]], places: Sequence[tuple[str, int]]
) -> list[str]:
    """Fields as they stand below each other: an empty line follows a documentation."""
    texts = [written[name][1][number] for name, number in places]
    return [*(f"{text}\n" if text.endswith('"""') else text for text in texts[:-1]), texts[-1]]
