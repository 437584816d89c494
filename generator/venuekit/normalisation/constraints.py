"""What a document demands of values that are sent, beyond their types, as rules for the client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import cast

from venuekit.diagnostics import Report
from venuekit.ir import BYTES
from venuekit.normalisation.alternatives import string_type, undeclared
from venuekit.normalisation.conditions import Conditions, only_requires
from venuekit.normalisation.kinds import admits_null, enum_listed, kinds_of, plain
from venuekit.normalisation.limits import Rule, counts, limits
from venuekit.normalisation.merging import merged, whole_schema
from venuekit.normalisation.patterns import portable
from venuekit.normalisation.reading import Document, Node, Pointer
from venuekit.normalisation.roles import is_marked
from venuekit.normalisation.variants import Families, Variants
from venuekit.records import dataclass

# What the types of alternatives say already.
_SAID = frozenset({"type", "required"})


@dataclass(slots=True)
class Constraints:
    """Reads rules, and keeps those that several places share under the names of their schemas."""

    document: Document
    families: Families
    report: Report
    _shared: dict[str, Rule] = field(default_factory=dict[str, Rule])
    _reported: set[str] = field(default_factory=set[str])
    _untold: set[Pointer] = field(default_factory=set[Pointer])
    _demanding: set[str] | None = None

    def of(self, schema: Node) -> Rule:
        """The rules of a schema that is sent."""
        self._demanding = None
        return self._of(schema, 0)

    def table(
        self, own: Iterable[Mapping[str, object]]
    ) -> tuple[tuple[str, Mapping[str, object]], ...]:
        """The shared rules that demand anything and that `own` leads to."""
        full = self._full()
        needed: set[str] = set()
        queue = [name for rule in own for name in _names(rule)]
        while queue:
            name = queue.pop()
            if name in full and name not in needed:
                needed.add(name)
                queue.extend(_names(self._shared[name]))
        return tuple((name, self.pruned(self._shared[name])) for name in sorted(needed))

    def pruned(self, rule: Mapping[str, object]) -> Mapping[str, object]:
        """The rules without those that demand nothing."""
        return _pruned(rule, self._full()) or {}

    def _full(self) -> set[str]:
        """The names of shared rules that demand anything, by themselves or by what they hold."""
        if self._demanding is None:
            full: set[str] = set()
            known = self._shared.items()
            while more := {n for n, r in known if n not in full and _pruned(r, full)}:
                full |= more
            self._demanding = full
        return self._demanding

    def _of(self, schema: Node, depth: int) -> Rule:
        if depth > 50 or not schema.map():
            return {}
        if "$ref" in schema.map():
            whole = merged(self.document, schema)
            if "$ref" in whole.map():
                return self._named(schema, depth)
            return self._whole(schema, whole, depth)
        whole = merged(self.document, schema)
        if "$ref" in whole.map():
            return self._named(whole, depth)
        return self._whole(schema, whole, depth)

    def _whole(self, schema: Node, whole: Node, depth: int) -> Rule:
        """The rules of a schema whose `allOf` is merged into `whole`, with its conditions."""
        rule = self._own(whole, depth)
        found, untold = Conditions(self.document).of(schema)
        for node in untold:
            self._report_untold(node)
        if found and {"is", "tag"} & set(rule):
            rule = Rule(anyOf=[rule])  # the shared rules have conditions of their own
        if found:
            rule["also"] = found
        return rule

    def _report_untold(self, node: Node) -> None:
        if node.pointer not in self._untold:
            self._untold.add(node.pointer)
            self.report.warning(
                "VK322",
                f"{node.pointer[-1]!r} is not checked on what is sent: it holds a keyword or a"
                " pattern that the client cannot check",
                self.document.place(node),
                "the venue checks it; or write it without these in the client's overlay.yaml",
            )

    def _named(self, schema: Node, depth: int) -> Rule:
        target = self._end(schema)
        if target is None:
            return {}
        name = "/".join(target.pointer).removeprefix("components/schemas/")
        if name not in self._shared:
            self._shared[name] = {}
            self._shared[name] = self._of(target, 0)
        variants = self.families.of_base(target)
        if variants is not None:
            return {**self._told(variants), "is": name}
        return {"is": name}

    def _end(self, schema: Node) -> Node | None:
        """What a reference stands for, behind what is nothing but a reference itself."""
        passed: set[Pointer] = set()
        target = self.document.target(schema)
        while target is not None and "$ref" in merged(self.document, target).map():
            if target.pointer in passed:
                return None
            passed.add(target.pointer)
            target = self.document.target(merged(self.document, target))
        return target

    def _told(self, variants: Variants) -> Rule:
        """The shared rules of each case of a union or a base class."""
        cases = {tag: self._case(node) for tag, node in variants.cases}
        node = variants.otherwise
        otherwise: Rule = {"otherwise": self._case(node)} if node else {}
        return {"tag": variants.wire, "cases": cases, **otherwise}

    def _case(self, node: Node) -> str:
        name = "/".join(node.pointer).removeprefix("components/schemas/")
        if name not in self._shared:
            self._shared[name] = {}
            self._shared[name] = self._of(node, 0)
        return name

    def _own(self, schema: Node, depth: int) -> Rule:
        rule: Rule = {}
        keywords = schema.map()
        listed = enum_listed(schema)
        if listed is not None:
            rule["enum"] = [plain(value) for value in listed]
        rule.update(self._scalar(schema))
        self._array(schema, rule, depth)
        self._object(schema, rule, depth)
        unions = [schema.get(key) for key in ("oneOf", "anyOf")]
        branches = [b for union in unions if not only_requires(union) for b in union.items()]
        meant = [b for b in branches if kinds_of(self.document.resolve(b)) != ("null",)]
        if len(meant) == 1 and not rule:
            return self._of(meant[0], depth + 1)
        if meant:
            variants = self.families.of_union(schema, branches)
            if variants is not None and "properties" not in keywords:
                rule.update(self._told(variants))
            else:
                found = [self._branch(branch, depth) for branch in meant]
                if all(found) and any(set(b) - _SAID for b in found):
                    rule["anyOf"] = found
        return rule

    def _branch(self, branch: Node, depth: int) -> Rule:
        """The rules of an alternative; its kind is a rule too, and what is to be sent of it."""
        whole = whole_schema(self.document, branch)
        rule = self._of(branch, depth + 1)
        kinds = kinds_of(whole)
        if kinds:
            rule = {**rule, "type": list(kinds)}
        properties = whole.get("properties")
        required = [
            wire
            for wire in whole.get("required").strings()
            if not is_marked(self.document, properties.get(wire), "readOnly")
        ]
        if required and "object" in kinds:
            rule = {**rule, "required": required}
        return rule

    def _scalar(self, schema: Node) -> Rule:
        keywords = schema.map()
        rule = counts(schema)
        kinds = kinds_of(schema)
        if not kinds or "number" in kinds or "integer" in kinds:
            rule.update(limits(schema))
        pattern = keywords.get("pattern")
        if isinstance(pattern, str):
            known = self._pattern(pattern, schema.get("pattern"))
            if known is not None:
                rule["pattern"] = known
        return rule

    def _pattern(self, pattern: str, node: Node) -> str | None:
        known = portable(pattern)
        if known is None and pattern not in self._reported:
            self._reported.add(pattern)
            self.report.warning(
                "VK321",
                "a pattern is not checked on what is sent: it needs lookaround, a reference"
                " to a group, or is no regular expression",
                self.document.place(node),
                "the venue checks it; or write it without these in the client's overlay.yaml",
            )
        return known or None

    def _array(self, schema: Node, rule: Rule, depth: int) -> None:
        keywords = schema.map()
        if keywords.get("uniqueItems") is True:
            rule["uniqueItems"] = True
        first = list(schema.get("prefixItems").items())
        if first:
            rule["prefixItems"] = [self._branch(item, depth) for item in first]
        items = schema.get("items")
        if items.value is False:
            rule["maxItems"] = min(len(first), _int(rule.get("maxItems"), len(first)))
        inner = self._branch(items, depth) if first else self._of(items, depth + 1)
        if inner:
            rule["items"] = inner

    def _object(self, schema: Node, rule: Rule, depth: int) -> None:
        keywords = schema.map()
        properties = list(schema.get("properties").entries())
        found: dict[str, Rule] = {}
        for wire, prop in properties:
            inner = Rule(enum=[]) if prop.value is False else self._of(prop, depth + 1)
            if inner:
                found[wire] = inner
        if found:
            rule["properties"] = found
        required = schema.get("required").strings()
        filled = [
            wire
            for wire, prop in properties
            if (wire not in required or self._is_file(prop))
            and not admits_null(self.document, prop)
        ]
        if filled:
            rule["filled"] = filled
        received = [w for w, prop in properties if is_marked(self.document, prop, "readOnly")]
        if received:
            rule["received"] = received
        missing = [wire for wire in required if wire not in schema.get("properties").map()]
        if missing:
            rule["required"] = missing
        self._extras(schema, rule, depth)
        if isinstance(keywords.get("propertyNames"), dict):
            names = self._of(schema.get("propertyNames"), depth + 1)
            if names and "is" not in names:
                rule["propertyNames"] = names

    def _is_file(self, schema: Node) -> bool:
        """Whether it may be a file of a form, whose type takes anything."""
        whole = whole_schema(self.document, schema)
        return kinds_of(whole) == ("string",) and string_type(whole) == BYTES

    def _extras(self, schema: Node, rule: Rule, depth: int) -> None:
        keywords = schema.map()
        wires = list(schema.get("properties").map())
        patterns: dict[str, Rule] = {}
        is_choice = len(undeclared(schema)) > 1  # which the types leave open
        for pattern, inner in schema.get("patternProperties").entries():
            known = self._pattern(pattern, inner)
            if known is None:
                return
            patterns[known] = (
                self._branch(inner, depth) if is_choice else self._of(inner, depth + 1)
            )
        if patterns:
            rule["patternProperties"] = patterns
        key = "additionalProperties"
        if key not in keywords and "unevaluatedProperties" in keywords:
            key = "unevaluatedProperties"
        is_object = set(kinds_of(schema)) - {"null"} == {"object"}
        if keywords.get(key) is False and is_object and not {"oneOf", "anyOf"} & set(keywords):
            rule["closed"] = wires
        extra = schema.get(key)
        inner = self._branch(extra, depth) if is_choice else self._of(extra, depth + 1)
        if inner:
            rule["additionalProperties"] = inner
            if wires:
                rule["declared"] = wires


def _names(rule: object) -> list[str]:
    """The shared rules that a rule refers to."""
    if not isinstance(rule, dict):
        return [name for item in _listed(rule) for name in _names(item)]
    found: list[str] = []
    for key, value in _mapped(cast(object, rule)).items():
        if key == "is" and isinstance(value, str):
            found.append(value)
        elif key == "cases" and isinstance(value, dict):
            found.extend(
                name for name in _mapped(cast(object, value)).values() if isinstance(name, str)
            )
        elif key != "enum":
            found.extend(_names(value))
    return found


def _pruned(rule: object, full: set[str]) -> Rule | None:
    """The rule without references to rules that demand nothing; None where nothing is left."""
    result: Rule = {}
    for key, value in _mapped(rule).items():
        if key == "is":
            if value in full:
                result[key] = value
        elif key in ("properties", "patternProperties"):
            known = key == "patternProperties"
            pairs = ((name, _pruned(each, full)) for name, each in _mapped(value).items())
            inner: dict[str, Rule] = {name: rule or {} for name, rule in pairs if known or rule}
            if inner:
                result[key] = inner
        elif key in ("items", "additionalProperties", "propertyNames"):
            inner_rule = _pruned(value, full)
            if inner_rule:
                result[key] = inner_rule
        elif key in ("anyOf", "prefixItems"):
            result[key] = [_pruned(each, full) or {} for each in _listed(value)]
        else:
            result[key] = value
    if "declared" in result and "additionalProperties" not in result:
        del result["declared"]
    return result or None


def _mapped(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _listed(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _int(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
