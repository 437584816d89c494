"""What the generator makes of a document: the names and types that callers' Python depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from venuekit import naming
from venuekit.annotations import given
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.ir import ANY, Api, Scalar, Type
from venuekit.normalisation import normalise
from venuekit.normalisation.operations import endpoints, method_names
from venuekit.normalisation.reading import Document, Pointer
from venuekit.sources import Map, Seq

# Types that JSON holds as such: any text or number is read as one.
_PLAIN = frozenset({"str", "int", "float", "bool", "bytes", "Any"})


class Types:
    """How values of a type and a format are read."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Type] = {}

    def of(self, kind: str, format: str) -> Type:
        key = (kind, format)
        if key not in self._known:
            schema = Map({"type": kind, "format": format} if format else {"type": kind})
            model = Map({"type": "object", "properties": Map({"x": schema})})
            api = _normalised(Map({"components": Map({"schemas": Map({"X": model})})}))
            fields = [field for found in (api.models if api else ()) for field in found.fields]
            self._known[key] = fields[0].type if fields else ANY
        return self._known[key]

    def takes(self, kind: str, old: str, new: str) -> bool:
        """Whether an argument of one format may be what it may be of another: a UUID or text."""
        before, after = (given(self.of(kind, f), {}).split(" | ") for f in (old, new))
        return set(before) <= set(after)

    def parses(self, kind: str, format: str) -> bool:
        """Whether a value of the format is read as more than the text or number that it is."""
        type_ = self.of(kind, format)
        return isinstance(type_, Scalar) and type_.name not in _PLAIN


def methods(root: Map) -> dict[str, str]:
    """The method of the client for each operation, by `METHOD path`."""
    document = Document(root)
    return method_names(document, endpoints(document, Report()), {}, Report())[0]


def constants(root: Map, item: Map | None = None, operation: Map | None = None) -> dict[str, str]:
    """The constant of each server of a document, of a path and of an operation, by its URL."""
    get = Map({"servers": (operation or Map()).get("servers")})
    path = Map({"servers": (item or Map()).get("servers"), "get": get})
    api = _normalised(Map({"servers": root.get("servers"), "paths": Map({"/": path})}))
    return {server.url: server.name for server in api.servers} if api else {}


def classes(root: Map) -> tuple[frozenset[str], Mapping[Pointer, tuple[str, ...]]]:
    """The names of all classes, and those of inline schemas by their places."""
    places: dict[Pointer, tuple[str, ...]] = {}
    api = normalise(root, ClientSettings(name="x", sources=()), Report(), classes=places)
    if api is None:
        return frozenset(), {}
    found = (*api.models, *api.enums)
    names = {name for name, _ in (*api.aliases, *api.twins)}
    return frozenset({entry.name for entry in found} | names), places


def credentials(root: Map, needed: Iterable[Sequence[str]]) -> dict[str, tuple[str, str]]:
    """The keyword of the client and the kind of its value, for each security scheme.

    `needed` are the schemes that are needed at once, each time: with a signature, some are none
    of the caller's.
    """
    components = root.get("components")
    held = components.get("securitySchemes") if isinstance(components, Map) else None
    alternatives = [Map({scheme: Seq() for scheme in schemes}) for schemes in needed]
    api = _normalised(
        Map(
            {
                "servers": root.get("servers"),  # token services may go by them
                "components": Map({"securitySchemes": held}),
                "paths": Map({"/": Map({"get": Map({"security": Seq(alternatives)})})}),
            }
        )
    )
    if api is None:  # no client can be made of one of them: the others are there all the same
        there = held if isinstance(held, Map) else Map()
        names = dict.fromkeys(name for alternative in alternatives for name in alternative)
        return {name: (naming.argument(name), "") for name in names if name in there}
    return {s.id: (s.name, _value(s.kind, s.wire)) for s in api.schemes}


def _value(kind: str, wire: str) -> str:
    return "pair" if kind == "http" and wire.lower() == "basic" else "text"


def _normalised(document: Map) -> Api | None:
    whole = Map({"openapi": "3.1.0", "info": Map({"title": "x", "version": "1"}), **document})
    return normalise(whole, ClientSettings(name="x", sources=()), Report())


def class_of(component: str) -> str:
    return naming.class_(component)
