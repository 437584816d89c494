"""Values as the rules of a document want them: samples, mended where they do not fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import cast

from venuekit.patterned import matching
from venuekit.records import dataclass

_MOST = 20  # items that are added
_LONGEST = 200  # characters

Rules = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Demands:
    """Mends values by rules, those of the document's components by their names among them."""

    shared: Mapping[str, Rules] = field(default_factory=dict[str, Rules])

    def met(self, value: object, rules: Rules, depth: int = 0) -> object:
        """The value itself where it fits, else one that is like it and does."""
        rules = self._whole(value, rules)
        if value is None or depth > _MOST or not rules:
            return value
        listed = _listed(rules.get("enum"))
        if listed and value not in listed:
            return next((known for known in listed if known is not None), value)
        branches = [mapped(branch) for branch in _listed(rules.get("anyOf"))]
        kind = _kind(value)
        alike = [b for b in branches if kind in _listed(b.get("type")) or "type" not in b]
        tried = [
            self.met(value, {k: v for k, v in b.items() if k != "type"}, depth + 1) for b in alike
        ]
        value = value if value in tried else next(iter(tried), value)
        match value:
            case bool():
                return value
            case str():
                return _text(value, rules)
            case int() | float():
                return _number(value, rules)
            case list():
                return self._items(cast("list[object]", value), rules, depth)
            case dict():
                return self._fields(cast("dict[str, object]", value), rules, depth)
            case _:
                return value

    def _whole(self, value: object, rules: Rules) -> Rules:
        """The rules with those that they name, by themselves or by the value of a property."""
        if "is" in rules:
            rules = {**self.shared.get(str(rules["is"]), {}), **rules}
        if "tag" in rules:
            tag = mapped(value).get(str(rules["tag"]))
            other = rules.get("otherwise", rules.get("is"))
            case = mapped(rules.get("cases")).get(str(tag), other)
            rules = {**rules, **self.shared.get(str(case), {})}
        return rules

    def _items(self, value: list[object], rules: Rules, depth: int) -> list[object]:
        first, rest = _listed(rules.get("prefixItems")), mapped(rules.get("items"))
        inner = [mapped(first[n]) if n < len(first) else rest for n in range(len(value))]
        made = [self.met(v, r, depth + 1) for v, r in zip(value, inner, strict=True)]
        least = min(_count(rules, "minItems", 0), _MOST)
        while made and len(made) < least:
            made.append(_other(made[0], len(made)) if "uniqueItems" in rules else made[0])
        return made[: _count(rules, "maxItems", len(made))]

    def _fields(self, value: dict[str, object], rules: Rules, depth: int) -> dict[str, object]:
        known = mapped(rules.get("properties"))
        declared = {*known, *map(str, _listed(rules.get("declared")))}
        rest = mapped(rules.get("additionalProperties"))
        made = {
            name: self.met(v, mapped(known.get(name, {} if name in declared else rest)), depth + 1)
            for name, v in value.items()
            if "closed" not in rules or name in _listed(rules["closed"])
            if name not in _listed(rules.get("received"))
        }
        for name in map(str, _listed(rules.get("required"))):
            if name not in made:
                made[name] = self.met("text", mapped(known.get(name)), depth + 1)
        return made


def _text(value: str, rules: Rules) -> str:
    least = min(_count(rules, "minLength", 0), _LONGEST)
    pattern = rules.get("pattern")
    if isinstance(pattern, str):
        return matching(pattern, least) or value
    while value and len(value) < least:
        value += value
    return value[: max(_count(rules, "maxLength", len(value)), 0)]


def _number(value: float, rules: Rules) -> float:
    from fractions import Fraction  # few documents need it, and it takes a while to import

    lowest, highest = Fraction(-(10**400)), Fraction(10**400)
    limits = {name: float(cast("float", rules[name])) for name in _LIMITS if name in rules}
    step = Fraction(str(rules.get("multipleOf", 0)))
    gap = step or Fraction(1)
    least = max(
        Fraction(limits["minimum"]) if "minimum" in limits else lowest,
        Fraction(limits["exclusiveMinimum"]) + gap if "exclusiveMinimum" in limits else lowest,
    )
    most = min(
        Fraction(limits["maximum"]) if "maximum" in limits else highest,
        Fraction(limits["exclusiveMaximum"]) - gap if "exclusiveMaximum" in limits else highest,
    )
    exact = min(max(Fraction(str(value)), least), most)
    if least > most and len(limits) > 1:  # between the two
        exact = (least - gap + most + gap) / 2
    if step and exact % step:
        exact = math.ceil(exact / step) * step
    return int(exact) if exact.denominator == 1 and isinstance(value, int) else float(exact)


_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _other(value: object, number: int) -> object:
    """A value of the same kind, and not the same."""
    match value:
        case str():
            return f"{value}{number}"
        case bool():
            return not value
        case int() | float():
            return value + number
        case _:
            return value


def _kind(value: object) -> str:
    names = {"bool": "boolean", "str": "string", "int": "integer", "float": "number"}
    return "array" if isinstance(value, list) else names.get(type(value).__name__, "object")


def _count(rules: Rules, key: str, otherwise: int) -> int:
    count = rules.get(key)
    return count if isinstance(count, int) else otherwise


def _listed(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def mapped(value: object) -> dict[str, object]:
    """The value as an object; an empty one where it is something else."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
