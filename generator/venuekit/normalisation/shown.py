"""What examples show of schemas that say what objects or arrays hold, and not that they are some.

Such a schema takes any other value (JSON Schema 2020-12, core, section 7.6.1). Mostly that is an
omission, and it is read as the kind that it is about; an example of another kind shows it is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from venuekit.diagnostics import Report
from venuekit.ir import is_json
from venuekit.normalisation.kinds import kinds_of
from venuekit.normalisation.reading import Document, Node, Pointer
from venuekit.records import dataclass
from venuekit.sources import JSON, TYPES, Map, Seq, clone, is_of_type, place_of, put

_LOOKS = 1_000_000  # at objects and arrays: no document has so many in its examples
# Whose keys are names; what is called like a keyword there is none.
_NAMES = frozenset(
    "$defs callbacks content definitions dependentSchemas encoding headers links parameters"
    " pathItems paths patternProperties properties requestBodies responses schemas variables"
    " webhooks".split()
)
_VALUES = frozenset({"const", "default", "enum", "example", "examples", "x-examples"})
_OTHERWISE = frozenset({"$ref", "allOf", "anyOf", "const", "enum", "oneOf", "type"})


def with_shown_kinds(document: Map, report: Report) -> Map:
    """The document, in which such schemas name the kinds of values that examples show of them."""
    source = Document(document)
    looks = _Looks(source)
    for schema, value in _examples(source):
        looks.look(schema, value)
    if not looks.found:
        return document
    changed = Document(clone(document))
    for pointer, kinds in sorted(looks.found.items()):
        schema = source.at(pointer)
        node = changed.at(pointer)
        if schema is None or node is None or not isinstance(node.value, Map):
            continue
        implied = kinds_of(schema)
        shown = " and ".join(sorted(kinds))
        report.warning(
            "VK353",
            f"the schema is of {implied[0]}s, without a type, and an example shows {shown}",
            source.place(schema),
            f"write `type: {implied[0]}` and mend the example, or list both types",
        )
        types = Seq([*implied, *sorted(kinds)])
        put(node.value, "type", types, place_of(node.value))
    return changed.root


@dataclass(slots=True)
class _Looks:
    """Holds examples against the kinds that schemas are about, down to the last value in them."""

    document: Document
    found: dict[Pointer, set[str]] = field(default_factory=dict[Pointer, set[str]])
    _seen: set[tuple[Pointer, int]] = field(default_factory=set[tuple[Pointer, int]])

    def look(self, schema: Node, value: JSON) -> None:
        waiting: list[tuple[Node, JSON]] = [(schema, value)]
        while waiting and len(self._seen) < _LOOKS:
            above, value = waiting.pop()
            known = self.document.resolve(above)
            kinds = kinds_of(known)
            if kinds and _OTHERWISE.isdisjoint(known.map()) and not is_of_type(value, kinds):
                if not _is_written(value):
                    self.found.setdefault(known.pointer, set()).add(_kind(value))
            elif isinstance(value, Map | Seq) and (known.pointer, id(value)) not in self._seen:
                self._seen.add((known.pointer, id(value)))
                waiting += [(member, value) for member in known.get("allOf").items()]
                waiting += _inside(known, value)


def _inside(schema: Node, value: Map | Seq) -> Iterator[tuple[Node, JSON]]:
    """What is in a value, each with its schema."""
    if isinstance(value, Seq):
        items = schema.get("items")
        yield from ((items, inner) for inner in value)
        return
    properties, others = schema.get("properties"), schema.get("additionalProperties")
    for key, inner in value.items():
        yield (properties.get(key) if key in properties.map() else others), inner


def _is_written(value: JSON) -> bool:
    """Whether a text is the JSON of an object or an array, as some write their examples."""
    return isinstance(value, str) and value.lstrip()[:1] in ("{", "[")


def _kind(value: JSON) -> str:
    return min(name for name in TYPES if is_of_type(value, {name}))


def _examples(document: Document) -> Iterator[tuple[Node, JSON]]:
    """Schemas with their examples, those of media types and parameters too."""
    waiting: list[tuple[JSON, Pointer, bool]] = [(document.root, (), False)]
    while waiting:
        value, pointer, has_names = waiting.pop()
        if isinstance(value, Seq):
            waiting += [
                (inner, (*pointer, str(index)), False)
                for index, inner in enumerate(value)
                if inner.__class__ is Map
            ]
        elif isinstance(value, Map):
            if not has_names and not _VALUES.isdisjoint(value):
                yield from _given(document, Node(value, pointer))
            waiting += [
                (inner, (*pointer, key), not has_names and key in _NAMES)
                for key, inner in value.items()
                if (inner.__class__ is Map or inner.__class__ is Seq)
                and (has_names or key not in _VALUES)
            ]


def _given(document: Document, here: Node) -> Iterator[tuple[Node, JSON]]:
    schema = here.get("schema") if "schema" in here.map() else here
    for value in _values(document, here):
        if schema is here or not isinstance(value, str) or is_json("".join(here.pointer[-1:])):
            yield schema, value


def _values(document: Document, here: Node) -> Iterator[JSON]:
    if "example" in here.map():
        yield here.map()["example"]
    several = here.get("examples")
    yield from (inner.value for inner in several.items())
    for _, named in several.entries():
        example = document.resolve(named)
        yield from (example.map()[key] for key in ("dataValue", "value") if key in example.map())
