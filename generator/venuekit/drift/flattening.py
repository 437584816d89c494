"""A schema as it is meant: `allOf` merged, and null known however it is spelled."""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias, TypeGuard

from venuekit.drift.reading import Node, Pointer, Side, dumped
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq

Nodes: TypeAlias = tuple[Node, ...]
"""Schemas that hold together, as those of an `allOf` do; mostly a single one."""

_PARTS = 300  # schemas that one is merged from
SILENT = frozenset(
    """title description example examples externalDocs xml summary $comment default deprecated
    readOnly writeOnly""".split()
)
"""Keywords that say nothing of which values there are."""
_STRUCTURE = frozenset(
    """$ref allOf oneOf anyOf type nullable enum const x-extensible-enum properties required items
    prefixItems additionalProperties""".split()
)
_MINIMA = frozenset("minimum exclusiveMinimum minLength minItems minProperties".split())
_MAXIMA = frozenset("maximum exclusiveMaximum maxLength maxItems maxProperties".split())
_FLAGS = frozenset(("readOnly", "writeOnly", "deprecated", "uniqueItems"))
_OF_OBJECTS = ("properties", "patternProperties", "additionalProperties")
_PRESENCE = frozenset({"required", "not"})


@dataclass(slots=True)
class Union:
    """The branches of a `oneOf` or `anyOf`, without null."""

    kind: str
    branches: list[Nodes]
    pointer: Pointer


@dataclass(slots=True)
class Flat:
    """What a schema says, whoever of its parts says it."""

    pointer: Pointer
    keys: dict[str, tuple[JSON, Pointer]] = field(default_factory=dict[str, tuple[JSON, Pointer]])
    properties: dict[str, Nodes] = field(default_factory=dict[str, Nodes])
    required: dict[str, Pointer] = field(default_factory=dict[str, Pointer])
    types: frozenset[str] | None = None
    is_declared: bool = False
    null: bool | None = None
    values: dict[str, JSON] | None = None
    values_at: Pointer = ()
    is_const: bool = False
    unions: list[Union] = field(default_factory=list[Union])
    extra: Nodes | bool | None = None
    extra_at: Pointer = ()
    items: Nodes = ()
    prefix: list[Node] = field(default_factory=list[Node])
    is_open: bool = False
    lists_null: bool = False
    is_object: bool = False  # by what is said of properties, if perhaps that there are none

    @property
    def is_any(self) -> bool:
        """Whether it says nothing about the kind of value."""
        return self.types is None and self.values is None and not self.unions

    @property
    def is_text(self) -> bool:
        """Whether it is a text, whatever else is said of it."""
        return self.types == frozenset({"string"})

    @property
    def is_class(self) -> bool:
        """Whether a class is generated for it."""
        if self.properties:
            return self.types is None or "object" in self.types
        return bool(self.values) and not self.is_const and not self.is_constant

    @property
    def is_constant(self) -> bool:
        """Whether it is one value, of which no class is made: a component is one all the same."""
        owner = self.values_at[:-1]
        is_named = owner[:1] == ("components",) and len(owner) == 3
        return len(self.values or ()) == 1 and (self.is_const or not is_named)

    @property
    def format(self) -> str:
        """The format; of OpenAPI 3.1 also where the content says as much (4.4.2, Working With
        Binary Data)."""
        value = self.get("format")
        if isinstance(value, str):
            return value
        encoding, media = self.get("contentEncoding"), self.get("contentMediaType")
        if encoding is None:
            is_binary = isinstance(media, str) and media.lower() == "application/octet-stream"
            return "binary" if is_binary else ""
        return "byte" if isinstance(encoding, str) and encoding.lower() == "base64" else ""

    def get(self, key: str) -> JSON:
        return self.keys[key][0] if key in self.keys else None

    def at(self, key: str) -> Pointer:
        """Where a keyword stands, or the schema where it has none."""
        return (*self.keys[key][1], key) if key in self.keys else self.pointer


class Flattener:
    """Reads the schemas of one side, each once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._known: dict[tuple[Pointer, ...], Flat] = {}

    def flat(self, nodes: Nodes) -> Flat:
        key = tuple(node.pointer for node in nodes)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._flat(nodes)
        return found

    def home(self, nodes: Nodes) -> Pointer:
        """Where a schema is written in the end."""
        return self.side.follow(nodes[0]).pointer if nodes else ()

    def _flat(self, nodes: Nodes) -> Flat:
        flat = Flat(self.side.follow(nodes[0]).pointer if nodes else ())
        nulls: list[bool] = []
        outer: bool | None = None
        seen: set[Pointer] = set()
        queue: list[tuple[Node, bool]] = [(node, True) for node in nodes]
        while queue and len(seen) < _PARTS:
            node, is_outer = queue.pop(0)
            if node.pointer in seen:
                continue
            seen.add(node.pointer)
            if node.value is False:
                flat.types = frozenset()
            own = node.map
            if not own:
                continue
            null, more = self._read(flat, node, own)
            queue = [*((part, is_outer and "$ref" in own) for part in more), *queue]
            if null is not None:
                nulls.append(null)
                if is_outer and null:
                    outer = True
        flat.null = True if outer else (all(nulls) if nulls else None)
        self._infer(flat)
        return flat

    def _read(self, flat: Flat, node: Node, own: Map) -> tuple[bool | None, list[Node]]:
        """Take in one part; return whether it allows null, and the parts that it is made of."""
        more: list[Node] = []
        null: bool | None = True if own.get("nullable") is True else None
        reference = own.get("$ref")
        if isinstance(reference, str):
            target = self.side.target(reference)
            if target is not None:
                more.append(target)
            else:
                flat.keys["$ref"] = (reference, node.pointer)
            # OpenAPI 3.0 ignores what stands beside a reference, but who writes it there means it.
        more.extend(node.get("allOf").items())
        null = self._read_type(flat, node, own, null)
        null = self._read_values(flat, node, own, null)
        for kind in ("oneOf", "anyOf"):
            if _only_requires(node.get(kind)):
                _put(flat, kind, own[kind], node.pointer)
            elif isinstance(own.get(kind), Seq):
                null = self._read_union(flat, node.get(kind), kind, more, null)
        self._read_containers(flat, node, own)
        for key, value in own.items():
            if key not in _STRUCTURE:
                _put(flat, key, value, node.pointer)
        return null, more

    @staticmethod
    def _read_type(flat: Flat, node: Node, own: Map, null: bool | None) -> bool | None:
        written = own.get("type")
        if isinstance(written, str):
            found = {written}
        elif isinstance(written, Seq):
            found = {str(kind) for kind in written}
        else:
            return null
        if "null" in found:
            null = True
        elif null is None:
            null = False
        found.discard("null")
        if "number" in found:
            found.discard("integer")  # which is a number
        if found:
            _narrow(flat, frozenset(found))
            flat.keys.setdefault("type", (written, node.pointer))
            flat.is_declared = True
        elif flat.types is None:
            flat.types = frozenset()
        return null

    @staticmethod
    def _read_values(flat: Flat, node: Node, own: Map, null: bool | None) -> bool | None:
        key = next((k for k in ("const", "enum", "x-extensible-enum") if k in own), None)
        if key is None or (key != "const" and not isinstance(own[key], Seq)):
            return null
        listed = own[key]
        found = list(listed) if key != "const" and isinstance(listed, Seq) else [listed]
        values: dict[str, JSON] = {dumped(v): v for v in found if v is not None}
        if flat.values is not None:
            values = {k: v for k, v in flat.values.items() if k in values} or values
        flat.values, flat.values_at = values, (*node.pointer, key)
        flat.is_const = key == "const"
        flat.is_open = key == "x-extensible-enum"
        flat.lists_null = None in found
        return True if None in found else null

    def _read_union(
        self, flat: Flat, node: Node, kind: str, more: list[Node], null: bool | None
    ) -> bool | None:
        branches = list(node.items())
        kept = [branch for branch in branches if not self._is_null(branch)]
        if len(kept) < len(branches):
            null = True
        if not kept:
            flat.types = frozenset() if branches else flat.types
            return null
        if len(kept) == 1:
            more.append(kept[0])
            return null
        if any(self._is_silent(branch) for branch in kept):
            return null  # what may be anything is no choice
        bare = [self._bare_types(branch) for branch in kept]
        if all(kinds is not None for kinds in bare):
            kinds = frozenset[str]().union(*(kinds or () for kinds in bare))
            if "number" in kinds:
                kinds -= {"integer"}
            _narrow(flat, kinds - {"null"})
            flat.keys.setdefault("type", (Seq(sorted(kinds)), node.pointer[:-1]))
            flat.is_declared = True
            return True if "null" in kinds else (null or False)
        constants = [self._constants(branch) for branch in kept]
        if all(values is not None for values in constants):
            flat.values = {dumped(v): v for values in constants for v in values or ()}
            flat.values_at = node.pointer
            return null
        flat.unions.append(Union(kind, [(branch,) for branch in kept], node.pointer))
        return null

    def _is_null(self, branch: Node) -> bool:
        own = self.side.follow(branch).map
        if own.get("type") in ("null", ["null"]):
            return True
        return own.get("enum") == [None] or ("const" in own and own["const"] is None)

    def _is_silent(self, branch: Node) -> bool:
        """Whether a branch says nothing of which values there are."""
        node = self.side.follow(branch)
        said = node.map.keys() - SILENT
        return node.value is True or (
            isinstance(node.value, Map) and all(key.startswith("x-") for key in said)
        )

    def _bare_types(self, branch: Node) -> frozenset[str] | None:
        """The types of a branch that says nothing else."""
        own = self.side.follow(branch).map
        written = own.get("type")
        if written is None or any(
            key not in ("type", "nullable") and key not in SILENT and not key.startswith("x-")
            for key in own
        ):
            return None
        found = [written] if isinstance(written, str) else written
        if not isinstance(found, list) or "object" in found or "array" in found:
            return None
        null = ("null",) if own.get("nullable") is True else ()
        return frozenset((*map(str, found), *null))

    def _constants(self, branch: Node) -> list[JSON] | None:
        own = self.side.follow(branch).map
        if any(
            k not in SILENT and k not in ("type", "const", "enum") and k[:2] != "x-" for k in own
        ):
            return None
        if "const" in own:
            return [own["const"]]
        listed = own.get("enum")
        return list(listed) if isinstance(listed, Seq) else None

    @staticmethod
    def _read_containers(flat: Flat, node: Node, own: Map) -> None:
        if any(isinstance(own.get(key), Map) for key in _OF_OBJECTS):
            flat.is_object = True
        for name, prop in node.get("properties").entries():
            flat.properties[name] = (*flat.properties.get(name, ()), prop)
        for index, name in enumerate(node.get("required").items()):
            if isinstance(name.value, str):
                flat.required.setdefault(name.value, (*node.pointer, "required", str(index)))
        extra = own.get("additionalProperties")
        if extra is False or (extra is True and flat.extra is None):
            flat.extra, flat.extra_at = extra, (*node.pointer, "additionalProperties")
        elif isinstance(extra, Map) and flat.extra is not False:
            held = flat.extra if isinstance(flat.extra, tuple) else ()
            flat.extra = (*held, node.get("additionalProperties")) if extra else held or True
            flat.extra_at = (*node.pointer, "additionalProperties")
        if isinstance(own.get("items"), Map | bool):
            flat.items = (*flat.items, node.get("items"))
        flat.prefix = flat.prefix or list(node.get("prefixItems").items())

    @staticmethod
    def _infer(flat: Flat) -> None:
        if flat.types is not None:
            return
        if flat.is_object:
            flat.types = frozenset({"object"})
        elif flat.items or flat.prefix:
            flat.types = frozenset({"array"})
        elif flat.values:
            flat.types = frozenset(map(_kind, flat.values.values()))


def _only_requires(branches: Node) -> bool:
    """Whether alternatives say no more than which properties there are: they are no shapes."""
    found = [set(branch.map) - SILENT - {"nullable"} for branch in branches.items()]
    return any("required" in keys for keys in found) and all(keys <= _PRESENCE for keys in found)


def _kind(value: JSON) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case Seq():
            return "array"
        case _:
            return "object"


def _narrow(flat: Flat, kinds: frozenset[str]) -> None:
    """Keep the types that both an earlier part and this one allow."""
    if flat.types is None:
        flat.types = kinds
        return
    both = flat.types & kinds
    if "number" in kinds and "integer" in flat.types:
        both |= {"integer"}
    if "integer" in kinds and "number" in flat.types:
        both |= {"integer"}
    flat.types = both or kinds


def _put(flat: Flat, key: str, value: JSON, pointer: Pointer) -> None:
    """Take in a keyword; of two limits the tighter one counts."""
    held = flat.get(key)
    if key in flat.keys:
        if is_number(held) and is_number(value):
            if (key in _MINIMA and value <= held) or (key in _MAXIMA and value >= held):
                return
        elif key in _FLAGS and value is not True:
            return
    flat.keys[key] = (value, pointer)


def is_number(value: JSON) -> TypeGuard[int | float]:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
