"""The limits that a schema sets to sizes and numbers, as rules for the client."""

from __future__ import annotations

from venuekit.normalisation.kinds import plain
from venuekit.normalisation.reading import Node

Rule = dict[str, object]

_NUMBERS = ("minimum", "maximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")


def counts(schema: Node) -> Rule:
    """The limits of lengths and of numbers of items and properties; none that any value meets."""
    rule: Rule = {}
    for key in _COUNTS:
        value = schema.map().get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            rule[key] = value
        elif value == 0 and key.startswith("max"):
            rule[key] = 0
    return rule


def limits(schema: Node) -> Rule:
    """The limits of a number, also as OpenAPI 3.0 writes exclusive ones."""
    keywords = schema.map()
    rule: Rule = {}
    for key in _NUMBERS:
        value = keywords.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            rule[key] = plain(value)
    if isinstance(rule.get("multipleOf"), int | float) and not rule["multipleOf"]:
        del rule["multipleOf"]
    for key, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        value = keywords.get(key)
        if value is True and limit in rule:  # as OpenAPI 3.0 writes it
            rule[key] = rule.pop(limit)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            rule[key] = plain(value)
    return rule
