"""Parameters of an operation: where each goes, in which form, and what it is called."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from venuekit import naming
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.ir import (
    STR,
    LiteralOf,
    OpenEnum,
    Parameter,
    Scalar,
    Type,
    UnionOf,
    members_of,
    ordered,
)
from venuekit.normalisation.bodies import TABS, encodings, example, style_of
from venuekit.normalisation.constraints import Constraints
from venuekit.normalisation.enumerations import enumerated
from venuekit.normalisation.hints import Hint, shared_hint
from venuekit.normalisation.kinds import constants
from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.reading import Document, Node
from venuekit.normalisation.schemas import Schemas
from venuekit.normalisation.secrets import Secrets
from venuekit.normalisation.styles import Kinds
from venuekit.paths import Variable, variables
from venuekit.records import dataclass

_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
# What the Style Examples define: for a style, where, which kinds of value, and which `explode`.
_ALL = frozenset({"primitive", "array", "object"})
_DEFINED: Mapping[tuple[str, str], tuple[frozenset[str], frozenset[bool]]] = {
    ("path", "simple"): (_ALL, frozenset({False, True})),
    ("path", "label"): (_ALL, frozenset({False, True})),
    ("path", "matrix"): (_ALL, frozenset({False, True})),
    ("query", "form"): (_ALL, frozenset({False, True})),
    ("query", "spaceDelimited"): (frozenset({"array", "object"}), frozenset({False})),
    ("query", "pipeDelimited"): (frozenset({"array", "object"}), frozenset({False})),
    ("query", TABS): (frozenset({"array"}), frozenset({False})),
    ("query", "deepObject"): (frozenset({"object"}), frozenset({True})),
    ("header", "simple"): (_ALL, frozenset({False, True})),
    ("cookie", "form"): (_ALL, frozenset({False, True})),
    ("cookie", "cookie"): (_ALL, frozenset({True})),
}
_EXPLODED = frozenset({"form", "cookie", "deepObject"})  # unless the document says otherwise
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})

Key = tuple[str, str]  # location and wire name


@dataclass(slots=True)
class Parameters:
    """Reads the parameters of operations."""

    document: Document
    schemas: Schemas
    constraints: Constraints
    settings: ClientSettings  # its names: operationId.wireName, or that `in` a place, to keyword
    report: Report
    used: set[str]

    def read(
        self, place: Node, id_: str, path: str, owners: Sequence[Node], hint: Hint, taken: set[str]
    ) -> tuple[Parameter, ...]:
        """The parameters that the owners declare; a later one replaces its namesake."""
        found: dict[tuple[str, str], tuple[str, Node]] = {}
        for owner in owners:
            for entry in owner.get("parameters").items():
                parameter = self.document.resolve(entry)
                location, wire = parameter.text("in"), parameter.text("name")
                if location == "header" and wire.lower() in _IGNORED_HEADERS:
                    continue  # the specification says so (Parameter Object, `name`)
                if (location in _STYLES or location == "querystring") and wire:
                    key = wire.lower() if location == "header" else wire
                    found[location, key] = (wire, parameter)
        nodes: dict[Key, Node] = {(where, wire): n for (where, _), (wire, n) in found.items()}
        declared = [wire for location, wire in nodes if location == "path"]
        template = {found.name: found for found in variables(path, declared)}
        order = list(template)
        for wire in order:
            if ("path", wire) not in nodes:
                nodes["path", wire] = Node(None, place.pointer)
        for key in [k for k in nodes if k[0] == "path" and k[1] not in order]:
            del nodes[key]
        names = self._names(place, id_, list(nodes), taken)
        keys = sorted(
            nodes,
            key=lambda k: (
                order.index(k[1]) if k[0] == "path" else len(order),
                not nodes[k].flag("required"),
            ),
        )
        read = [
            self._parameter(
                key, nodes[key], names[key], template[key[1]] if key[0] == "path" else None, hint
            )
            for key in keys
        ]
        last = max((n for n, p in enumerate(read) if p.is_positional and p.is_asked), default=0)
        # What stands before an argument that must be given, must be given too.
        read[:last] = [replace(p, constant=None) for p in read[:last]]
        return ordered(read)

    def _parameter(
        self, key: Key, node: Node, name: str, place: Variable | None, hint: Hint
    ) -> Parameter:
        location, wire = key
        media, content = self._content(node)
        schema = content.get("schema") if media else node.get("schema")
        type_ = self.schemas.read(schema, shared_hint(node, hint.then(wire)), sending=True)
        rules = self.constraints.of(schema)
        style, explode = self._style(location, node, schema if media is None else None)
        if node.flag("allowEmptyValue") and location == "query":
            type_ = _or_empty(type_)
            rules = rules and {"anyOf": [{"enum": [""], "type": ["string"]}, rules]}
        secrets = Secrets(self.document)
        is_odd = place is not None and place.text != "{" + wire + "}"
        is_required = location == "path" or node.flag("required")
        is_old = node.flag("deprecated")  # giving it warns
        return Parameter(
            name=name,
            wire=wire,
            location=location,
            type=type_,
            rules=rules,
            required=is_required,
            style=style,
            explode=explode,
            allow_reserved=node.flag("allowReserved") or (place is not None and place.has_slashes),
            media=media,
            variable=place.text if place is not None and is_odd else "",
            encodings=encodings(self.document, content, media)[0] if media else (),
            description=node.text("description"),
            deprecated=is_old,
            is_secret=secrets.is_secret(schema),
            secret_names=secrets.names(schema, style, explode) if location == "query" else (),
            default=self._default(schema),
            constant=self._constant(type_, schema) if is_required and not is_old else None,
            example=example(self.document, node, schema),
        )

    def _constant(self, type_: Type, schema: Node) -> str | int | bool | None:
        """The only value that a parameter may have; None where it may have several."""
        match type_:
            case LiteralOf((value,)):
                return value
            case Scalar("bool") | OpenEnum(is_loose=False):
                found = constants(enumerated(whole_schema(self.document, schema)))
                sole = found[0] if len(found) == 1 else None
                return None if isinstance(sole, float) else sole
            case _:
                return None

    def _default(self, schema: Node) -> str:
        """What the venue takes where the parameter is left out, as JSON."""
        known = self.document.resolve(schema).map()
        return json.dumps(known["default"], ensure_ascii=False) if "default" in known else ""

    def _content(self, node: Node) -> tuple[str | None, Node]:
        """The media type of a parameter; it has one, and of several the first by name is taken."""
        for media, content in sorted(node.get("content").entries()):
            return media.strip(), self.document.resolve(content)
        return None, node

    def _style(self, location: str, node: Node, schema: Node | None) -> tuple[str, bool]:
        """The style and `explode`, and a word where the specification does not define them."""
        if schema is None or location == "querystring":
            return "simple", False
        default = _STYLES[location]
        style, said = style_of(node) or default, node.map().get("explode")
        explode = said if isinstance(said, bool) else style in _EXPLODED
        if (location, style) not in _DEFINED:
            self._undefined(
                node.get("style"),
                f"style '{style}' is not defined for a parameter in {location};"
                f" '{default}' is used",
            )
            return default, said if isinstance(said, bool) else default in _EXPLODED
        values, explodes = _DEFINED[location, style]
        kinds = Kinds(self.document).of(schema)
        if kinds.outer and not kinds.outer & values:
            kind = ", ".join(sorted(kinds.outer))
            self._undefined(
                node.get("style"),
                f"style '{style}' is not defined for a value of kind {kind};"
                f" {_INSTEAD.get(style, 'it is written as in form')}",
            )
        elif explode not in explodes and isinstance(said, bool):
            self._undefined(
                node.get("explode"),
                f"style '{style}' is not defined with explode {str(said).lower()};"
                f" {_UNEXPLODED.get(style, 'the name is repeated, as in form')}",
            )
        if kinds.is_nested:
            self.report.warning(
                "VK312",
                f"values inside of values have no form in style '{style}';"
                f" {_NESTED.get(style, 'a call that gives some is refused')}",
                self.document.place(node),
                "correct it in the client's overlay.yaml, perhaps to `content: application/json`",
            )
        return style, explode

    def _undefined(self, at: Node, message: str) -> None:
        help = "correct it in the document, or by an overlay"
        self.report.warning("VK310", message, self.document.place(at), help)

    def _names(self, place: Node, id_: str, keys: Sequence[Key], taken: set[str]) -> dict[Key, str]:
        claims: dict[str, tuple[str, ...]] = {}
        first: dict[str, str] = {}
        overrides = self.settings.names.parameters
        chosen: dict[str, str] = {}  # the key of each name that the settings give
        for location, wire in keys:
            claim = f"{location} {wire}"
            found = (
                naming.argument(wire),
                naming.argument(f"{location}_{wire}"),
                naming.argument(f"{location}_{naming.spelled(wire)}"),
                naming.argument(naming.cased(wire)),
            )
            claims[claim] = tuple(f"{name}_" if name in taken else name for name in found)
            given = (f"{id_}.{wire} in {location}", f"{id_}.{wire}")
            override = next((key for key in given if key in overrides), None)
            if override is not None:
                first[claim] = overrides[override]
                chosen[first[claim]] = override
                self.used.add(override)
            elif location == "path":
                first.setdefault(claim, claims[claim][0])
        shared = {name for name, count in Counter(first.values()).items() if count > 1}
        wrong = sorted(shared & chosen.keys())
        for name in wrong:
            self.report.error(
                "VK303",
                f"several parameters of {id_} would be called {name}",
                self.settings.place("names", "parameters", chosen[name]),
                "give each a name of its own, by its place where need be:"
                f" '{id_}.wire-name in query'",
            )
        first = {claim: name for claim, name in first.items() if name not in shared}
        names = naming.settle(claims, first)
        if not wrong:
            wanted = {claim: found[0] for claim, found in claims.items()}
            self._report_names(place, id_, wanted, names, first)
        return {(location, wire): names[f"{location} {wire}"] for location, wire in keys}

    def _report_names(
        self,
        place: Node,
        id_: str,
        wanted: Mapping[str, str],
        names: Mapping[str, str],
        settled: Mapping[str, str],
    ) -> None:
        """Say which names were wanted several times, each once, and what became of them."""
        became: dict[str, list[str]] = {}
        for claim, name in names.items():
            if name != wanted[claim] and claim not in settled:
                where, _, wire = claim.partition(" ")
                became.setdefault(wanted[claim], []).append(f"'{wire}' in {where} becomes {name}")
        for name, those in became.items():
            self.report.warning(
                "VK303",
                f"{id_} has several parameters called {name}; {', '.join(sorted(those))}",
                self.document.place(place),
                "name it in client.toml under [names.parameters]",
            )


_INSTEAD = {
    "deepObject": "an array is written with its indices in brackets",
    "cookie": "it is written as in form",
}
_UNEXPLODED = {
    "deepObject": "it makes no difference",
    "cookie": "items are joined by commas",
}
_NESTED = {"deepObject": "they are written with one more pair of brackets"}


def _or_empty(type_: Type) -> Type:
    members = members_of(type_)
    return type_ if STR in members else UnionOf((*members, LiteralOf(("",))))
