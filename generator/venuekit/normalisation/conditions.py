"""What a document says of whole values: exclusions, conditions, what depends on a property."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from venuekit.normalisation.kinds import plain
from venuekit.normalisation.limits import Rule, counts, limits
from venuekit.normalisation.merging import ANNOTATIONS, SINGLE, parts
from venuekit.normalisation.patterns import portable
from venuekit.normalisation.reading import Document, Node
from venuekit.normalisation.roles import is_marked
from venuekit.records import dataclass
from venuekit.sources import Map

_CONDITIONS = ("not", "if", "dependentRequired", "dependentSchemas", "contains")
_UNIONS = ("oneOf", "anyOf")
_ASSERTIONS = frozenset(
    """type enum const required properties items prefixItems patternProperties pattern uniqueItems
    additionalProperties propertyNames oneOf anyOf allOf $ref $defs discriminator then else format
    minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems
    maxItems minProperties maxProperties minContains maxContains""".split()
)
_KNOWN = _ASSERTIONS | ANNOTATIONS | frozenset(_CONDITIONS)
_SCHEMAS = 500  # in one condition, all references in it followed
_DEPTH = 30


class _Untold(Exception):
    """A schema has no exact form as a rule."""


@dataclass(slots=True)
class Conditions:
    """Reads `not`, `if`, `dependent...` and `contains`, and unions whose branches only require.

    A client checks them on what is sent, as JSON Schema has them (2020-12, core, sections 10.2
    and 10.3.1; validation, section 6.5.4): each is translated exactly, or not at all.
    """

    document: Document
    _left: int = _SCHEMAS
    _depth: int = 0

    def of(self, schema: Node) -> tuple[list[Rule], list[Node]]:
        """The rules that a schema adds, and the keywords of it that have no exact form."""
        found: list[Rule] = []
        untold: list[Node] = []
        members = parts(self.document, schema)
        saying = [
            (part, key)
            for part in members
            for key in (*_CONDITIONS, *_UNIONS)
            if key in part.map() and (key in _CONDITIONS or only_requires(part.get(key)))
        ]
        hidden = _received(self.document, members) if saying else set[str]()
        for part, key in saying:
            self._left, self._depth = _SCHEMAS, 0
            try:
                rules = list(self._rules(part, key))
            except _Untold:
                untold.append(part.get(key))
                continue
            # What is only received says nothing of a request.
            found += [rule for rule in rules if not hidden & _required(rule)]
        for part, key in _overruled(members):
            self._left, self._depth = _SCHEMAS, 0
            try:
                found.append(self._exact(Node(Map({key: part.map()[key]}), part.pointer)))
            except _Untold:
                untold.append(part.get(key))
        return found, untold

    def _rules(self, schema: Node, key: str) -> Iterator[Rule]:
        """What one keyword says of a value."""
        at = schema.get(key)
        if self.document.is_legacy and key in _CONDITIONS and key != "not":
            return  # OpenAPI 3.0 has no such keyword
        match key:
            case "not":
                yield {"not": self._exact(at)}
            case "if":
                branches = {k: self._exact(schema.get(k)) for k in ("then", "else")
                            if k in schema.map()}  # fmt: skip
                if any(branches.values()):
                    yield {"if": self._exact(at), **branches}
            case "dependentRequired":
                for name, names in at.entries():
                    yield {"if": _having(name), "then": {"required": list(names.strings())}}
            case "dependentSchemas":
                for name, inner in at.entries():
                    yield {"if": _having(name), "then": self._exact(inner)}
            case "contains":
                yield {"contains": self._exact(at), **_contained(schema)}
            case _:
                yield {key: [self._exact(branch) for branch in at.items()]}

    def _exact(self, schema: Node) -> Rule:
        """The rule that is met by just those values which a schema admits."""
        keywords = schema.map()
        if isinstance(schema.value, bool):
            return {} if schema.value else {"not": {}}
        self._left -= 1
        self._depth += 1
        is_too_much = self._left < 0 or self._depth > _DEPTH
        if is_too_much or any(key not in _KNOWN and key[:2] != "x-" for key in keywords):
            raise _Untold
        rule = self._referred(schema) if "$ref" in keywords else self._own(schema)
        self._depth -= 1
        return rule

    def _own(self, schema: Node) -> Rule:
        keywords = schema.map()
        rule: Rule = {**counts(schema), **limits(schema)}
        kind = keywords.get("type")
        if kind is not None:
            named = [kind] if isinstance(kind, str) else list(schema.get("type").strings())
            rule["type"] = [*named, *(["null"] if schema.flag("nullable") else [])]
        listed = keywords.get("enum")
        if isinstance(listed, list):
            rule["enum"] = [plain(value) for value in listed]
        if schema.flag("uniqueItems"):
            rule["uniqueItems"] = True
        if "pattern" in keywords:
            rule["pattern"] = _pattern(schema.text("pattern"))
        rule.update(self._inside(schema))
        further = [found for key in (*_CONDITIONS, *_UNIONS, "allOf") if key in keywords
                   for found in self._rules(schema, key)]  # fmt: skip
        if "const" in keywords:
            further.append({"enum": [plain(keywords["const"])]})
        return {**rule, "allOf": further} if further else rule

    def _referred(self, schema: Node) -> Rule:
        target = self.document.target(schema)
        if target is None:
            raise _Untold
        beside = Map({key: value for key, value in schema.map().items() if key != "$ref"})
        if self.document.is_legacy or not beside.keys() - ANNOTATIONS:
            return self._exact(target)
        return {"allOf": [self._exact(target), self._exact(Node(beside, schema.pointer))]}

    def _inside(self, schema: Node) -> Rule:
        """What a schema says of the parts of a value."""
        keywords = schema.map()
        rule: Rule = {}
        if schema.get("required").strings():
            rule["required"] = list(schema.get("required").strings())
        properties = schema.get("properties")
        if properties.map():
            rule["properties"] = {name: self._exact(inner) for name, inner in properties.entries()}
        patterns = schema.get("patternProperties")
        if patterns.map():
            rule["patternProperties"] = {
                _pattern(name): self._exact(inner) for name, inner in patterns.entries()
            }
        if keywords.get("prefixItems"):
            rule["prefixItems"] = [self._exact(i) for i in schema.get("prefixItems").items()]
        for key in ("items", "additionalProperties", "propertyNames"):
            inner = self._exact(schema.get(key)) if key in keywords else {}
            if inner:
                rule[key] = inner
        if "additionalProperties" in rule:
            rule["declared"] = list(properties.map())
        if "allOf" in cast("Rule", rule.get("propertyNames", {})):
            raise _Untold  # names are only checked by themselves
        return rule


def _overruled(members: Sequence[Node]) -> Iterator[tuple[Node, str]]:
    """The keywords of parts that say something else than the part that comes last."""
    for key in SINGLE:
        saying = [part for part in members if key in part.map()]
        yield from ((p, key) for p in saying if p.map()[key] != saying[-1].map()[key])


def _received(document: Document, members: Sequence[Node]) -> set[str]:
    """The names of the properties that are only received (`readOnly`)."""
    properties = (pair for part in members for pair in part.get("properties").entries())
    return {name for name, prop in properties if is_marked(document, prop, "readOnly")}


def _having(name: str) -> Rule:
    """The rule of objects that have a property."""
    return {"type": ["object"], "required": [name]}


def _contained(schema: Node) -> Rule:
    """How many items must be of a kind, where it is not one at the least."""
    return {
        key: value
        for key in ("minContains", "maxContains")
        if isinstance(value := schema.map().get(key), int) and not isinstance(value, bool)
    }


def _pattern(pattern: str) -> str:
    known = portable(pattern)
    if known is None:
        raise _Untold
    return known


def only_requires(branches: Node) -> bool:
    """Whether alternatives say no more than which properties there are: they are no types."""
    found = [set(branch.map()) - ANNOTATIONS for branch in branches.items()]
    return any("required" in keys for keys in found) and all(
        keys <= {"required", "not"} for keys in found
    )


def _required(rule: object) -> set[str]:
    """The names of all properties that a rule tells by their presence."""
    found: set[str] = set()
    waiting = [rule]
    while waiting:
        held = waiting.pop()
        if isinstance(held, list):
            waiting += cast("list[object]", held)
        elif isinstance(held, dict):
            told = cast("dict[str, object]", held)
            names = told.get("required")
            if isinstance(names, list):
                found.update(map(str, cast("list[object]", names)))
            waiting += (value for key, value in told.items() if key not in ("required", "enum"))
    return found
