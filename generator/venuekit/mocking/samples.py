"""Values of schemas: the document's own examples, or such as its rules ask for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from venuekit.mocking.shapes import Shapes
from venuekit.patterned import matching
from venuekit.records import dataclass
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
_TEXTS = (
    "text",
    "1",
    "1.50",
    "1.0.0",
    "TEXT",
    "USD",
    "US",
    "AAPL",
    "A1",
    "a-b",
    "ann@example.com",
    *_FORMATS.values(),
)


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
        for given in _given(node):
            value = plain_copy(given)
            if not self.shapes.misfits(path, value, "response"):
                return value
        self._open.append(path)
        try:
            return self._made(path, node)
        finally:
            self._open.pop()

    def _made(self, path: Path, node: Map) -> Plain:
        """A value of what the schema says itself, and of all that applies beside it."""
        target = self.shapes.parts.targets.get(path)
        made: list[Plain] = [] if target is None else [self.value(target)]
        for key in ("allOf", "anyOf", "oneOf"):
            branches = node.get(key)
            count = len(branches) if isinstance(branches, Seq) else 0
            paths: Sequence[Path] = [(*path, key, index) for index in range(count)]
            chosen = paths if key == "allOf" else self._chosen(paths)
            made += map(self.value, chosen)
            if key != "allOf" and chosen:
                self._tag(made[-1], node, chosen[0])
        names = set(_names(node))
        if "object" in names or isinstance(node.get("properties"), Map):
            made.append(self._object(path, node))
        elif "array" in names:
            made.append(self._array(path, node))
        elif names and not made:
            made.append(self._scalar(path, node, names))
        elif not made and not names and "enum" not in node and "const" not in node:
            made.append({})
        return self._joined(path, node, made)

    def _joined(self, path: Path, node: Map, made: Sequence[Plain]) -> Plain:
        """One value of several: objects are joined, and a value is more than an empty object."""
        objects = [value for value in made if isinstance(value, dict)]
        others = [value for value in made if value is not None and not isinstance(value, dict)]
        if others or not objects:
            return next(iter(others), None)
        joined = {name: value for each in objects for name, value in each.items()}
        required = node.get("required")
        for name in required if isinstance(required, Seq) else ():
            inner = self.shapes.property(path, str(name))
            if name not in joined and self.shapes.node(inner).get("writeOnly") is not True:
                joined[str(name)] = "text" if inner is None else self.value(inner)
        for misfit in self.shapes.misfits(path, joined, "response") if len(objects) > 1 else ():
            name = str(misfit.path[0]) if misfit.path else ""
            rivals = [each[name] for each in objects if name in each]
            joined |= {name: rivals[0]} if len(rivals) > 1 else {}
        return joined

    def _tag(self, value: Plain, node: Map, branch: Path) -> None:
        """Write the discriminator's value for the branch that was chosen."""
        discriminator = node.get("discriminator")
        if not isinstance(discriminator, Map) or not isinstance(value, dict):
            return
        name, mapping = discriminator.get("propertyName"), discriminator.get("mapping")
        reference = self.shapes.node(branch).get("$ref")
        if not isinstance(name, str) or not isinstance(reference, str):
            return
        short = reference.rpartition("/")[2]
        listed = mapping.items() if isinstance(mapping, Map) else ()
        tags = [str(tag) for tag, target in listed if target in (reference, short)]
        own = self.shapes.node(self.shapes.property(branch, name))
        if tags or not ("enum" in own or "const" in own):
            value[str(name)] = tags[0] if tags else short

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
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            known = (*_TEXTS, matching(pattern, int(min(least, _LONGEST))) or text)
            fitting = (t for t in known if not self.shapes.misfits(path, t, "response"))
            return next(fitting, text)
        while len(text) < min(least, _LONGEST):
            text += text or "text"
        limit = int(min(most, max(least, len(text) if least <= 4 else least)))
        return text[: max(limit, 0)]


def _given(node: Map) -> Iterator[JSON]:
    """Yield the values that a schema itself gives: its examples, constants, and what it lists."""
    yield from (node[key] for key in ("example", "x-example") if node.get(key) is not None)
    examples = node.get("examples")
    yield from examples if isinstance(examples, Seq) else ()
    yield from (node[key] for key in ("const", "default") if node.get(key) is not None)
    values = node.get("enum")
    yield from (v for v in (values if isinstance(values, Seq) else ())[:_MOST] if v is not None)


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
