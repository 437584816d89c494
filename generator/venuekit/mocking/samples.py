"""Values of schemas: the document's own examples, or such as its rules ask for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from venuekit.mocking.shapes import Shapes
from venuekit.sources import JSON, Map, Seq
from venuekit.validation.parts import Path, Plain, plain_copy

_BUDGET = 3_000  # schemas that a sample is made of
_DEPTH = 30
_FULL = 4  # levels that show what they need not
_LONGEST, _MOST = 10_000, 20
_FORMATS: Mapping[str, str] = {
    "date-time": "2026-01-31T09:30:00Z",
    "date": "2026-01-31",
    "time": "09:30:00Z",
    "duration": "PT1H",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "email": "ann@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "Y29udGVudA==",
    "base64": "Y29udGVudA==",
    "decimal": "1.50",
}
# Tried in turn where a pattern is to be matched.
_TEXTS = ("text", "1", "1.50", "TEXT", "AAPL", "A1", "a-b", "ann@example.com", *_FORMATS.values())


@dataclass(slots=True)
class Sampler:
    """Makes one value; `full` says whether it has what it could do without."""

    shapes: Shapes
    full: bool = True
    _left: int = _BUDGET
    _open: list[Path] = field(default_factory=list[Path])

    def value(self, path: Path) -> Plain:
        """A value of the schema at a path."""
        self._left -= 1
        node = self.shapes.node(path)
        if self._left < 0 or len(self._open) > _DEPTH:
            return None
        given = _given(node)
        if given is not None:
            return plain_copy(given[0])
        self._open.append(path)
        try:
            return self._made(path, node)
        finally:
            self._open.pop()

    def _made(self, path: Path, node: Map) -> Plain:
        target = self.shapes.parts.targets.get(path)
        made: list[Plain] = [] if target is None else [self.value(target)]
        for key in ("allOf", "anyOf", "oneOf"):
            branches = node.get(key)
            paths = (
                [(*path, key, i) for i in range(len(branches))] if isinstance(branches, Seq) else []
            )
            made += map(self.value, paths if key == "allOf" else self._chosen(paths))
            if key != "allOf" and made and isinstance(made[-1], dict):
                _tag(made[-1], node, [self.shapes.node(p) for p in self._chosen(paths)])
        names = set(_names(node))
        if "object" in names or isinstance(node.get("properties"), Map):
            made.append(self._object(path, node))
        elif "array" in names:
            made.append(self._array(path, node))
        elif names and not made:
            made.append(self._scalar(path, node, names))
        objects = [value for value in made if isinstance(value, dict)]
        if objects:
            return {name: value for each in objects for name, value in each.items()}
        if not made and "type" not in node:
            return {}
        return next((value for value in made if value is not None), None)

    def _chosen(self, paths: Sequence[Path]) -> Sequence[Path]:
        """The first alternative that is not null, and not under way."""
        fitting = [p for p in paths if self.shapes.types(p) != frozenset({"null"})] or list(paths)
        closed = [p for p in fitting if not self._is_open(p)]
        return (closed or fitting)[:1]

    def _is_open(self, path: Path) -> bool:
        """Whether a schema is being sampled already: its value would hold itself."""
        return any(here in self._open for here in self.shapes.whole(path))

    def _object(self, path: Path, node: Map) -> dict[str, Plain]:
        known, required = node.get("properties"), node.get("required")
        needed = {str(n) for n in required} if isinstance(required, Seq) else set[str]()
        found: dict[str, Plain] = {}
        shows = self.full and len(self._open) <= _FULL * 2
        for name in known if isinstance(known, Map) else ():
            inner = (*path, "properties", name)
            schema = self.shapes.node(inner)
            if schema.get("writeOnly") is True:
                continue
            if name in needed or (shows and self._left > 0 and not self._is_open(inner)):
                found[name] = self.value(inner)
        extra = (*path, "additionalProperties")
        if isinstance(node.get("additionalProperties"), Map) and not self._is_open(extra):
            missing = [name for name in needed if name not in found]
            for name in missing or ([] if found or not self.full else ["name"]):
                found[name] = self.value(extra)
        return found

    def _array(self, path: Path, node: Map) -> list[Plain]:
        first = node.get("prefixItems")
        count = len(first) if isinstance(first, Seq) else 0
        found = [self.value((*path, "prefixItems", index)) for index in range(count)]
        least, most = _number(node, "minItems", 0), _number(node, "maxItems", 1)
        items = (*path, "items")
        wanted = 0 if self._is_open(items) or not self.full else 1
        wanted = min(max(least, min(wanted, most)), _MOST)
        if isinstance(node.get("items"), Map):
            found += [self.value(items) for _ in range(int(wanted) - len(found))]
        return found

    def _scalar(self, path: Path, node: Map, names: set[str]) -> Plain:
        if "string" in names:
            return self._string(path, node)
        if "integer" in names or "number" in names:
            return _bounded(node, whole="number" not in names)
        return True if "boolean" in names else None

    def _string(self, path: Path, node: Map) -> str:
        text = _FORMATS.get(str(node.get("format")), "text")
        least, most = _number(node, "minLength", 0), _number(node, "maxLength", _LONGEST)
        if isinstance(node.get("pattern"), str):
            fitting = (t for t in _TEXTS if not self.shapes.misfits(path, t, "response"))
            return next(fitting, text)
        while len(text) < min(least, _LONGEST):
            text += text or "text"
        limit = int(min(most, max(least, len(text) if least <= 4 else least)))
        return text[: max(limit, 0)]


def _given(node: Map) -> list[JSON] | None:
    """The value that a schema itself gives, in a list; None where it gives none."""
    if node.get("example") is not None:
        return [node["example"]]
    examples = node.get("examples")
    if isinstance(examples, Seq) and examples:
        return [examples[0]]
    for key in ("const", "default"):
        if node.get(key) is not None and not isinstance(node[key], Map | Seq):
            return [node[key]]
    values = node.get("enum")
    if isinstance(values, Seq) and values:
        return [next((value for value in values if value is not None), None)]
    return None


def _names(node: Map) -> list[str]:
    named = node.get("type")
    if isinstance(named, Seq):
        return [str(name) for name in named]
    if isinstance(named, str):
        return [str(named)]
    if "additionalProperties" in node:
        return ["object"]
    return ["array"] if "items" in node or "prefixItems" in node else []


def _number(node: Map, key: str, default: float) -> float:
    value = node.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return default


def _bounded(node: Map, *, whole: bool) -> int | float:
    """The number next to 1 that the limits let pass."""
    least, most = _number(node, "minimum", -math.inf), _number(node, "maximum", math.inf)
    step = _number(node, "multipleOf", 0)
    gap = step or (1 if whole else 0.5)
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    if above is True:
        least += gap
    elif not isinstance(above, bool):
        least = max(least, _number(node, "exclusiveMinimum", -math.inf) + gap)
    if below is True:
        most -= gap
    elif not isinstance(below, bool):
        most = min(most, _number(node, "exclusiveMaximum", math.inf) - gap)
    value = min(max(step or (1 if whole else 1.5), least), most)
    if step:
        value = math.ceil(value / step) * step
    return int(value) if whole and math.isfinite(value) else value


def _tag(value: dict[str, Plain], node: Map, branches: Sequence[Map]) -> None:
    """Write the discriminator's value for the branch that was chosen."""
    discriminator = node.get("discriminator")
    name = discriminator.get("propertyName") if isinstance(discriminator, Map) else None
    reference = branches[0].get("$ref") if branches else None
    if not isinstance(name, str) or not isinstance(reference, str):
        return
    mapping = discriminator.get("mapping") if isinstance(discriminator, Map) else None
    short = reference.rpartition("/")[2]
    for tag, target in mapping.items() if isinstance(mapping, Map) else ():
        if target in (reference, short):
            value[str(name)] = str(tag)
            return
    value[str(name)] = short
