"""Copies of parts with what belongs into them; what else they refer to is noted for later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from venuekit.bundling.kinds import DOCUMENT, SECTIONS, SWAGGER_SECTIONS, Expected, children
from venuekit.bundling.library import Document, Library, Refusal, Target, Tokens, joined
from venuekit.bundling.steps import Key, Slot, Step
from venuekit.diagnostics import Place, Report
from venuekit.records import dataclass
from venuekit.sources import (
    JSON,
    Map,
    Seq,
    clone,
    new_map,
    place_of,
    pointer,
    put,
    remove,
)

_ANYTHING = "anything"  # where the grammar expects no part
_WITHOUT = ("path item", "operation", "media type")  # which a client can be made without
_HELP = {
    "": "correct the reference",
    _ANYTHING: "correct the reference",
    "path item": "correct the reference: its operations are left out",
    "operation": "correct the reference: the operation is left out",
}
_DEPTH = 250  # of values, as in a text that is read
_CHAIN = 50  # parts within parts, each from another reference
_SCHEMA = Expected("part", "schema")
_MOST = 250_000  # values that are put in the place of references
_STAND_INS: Mapping[str, Mapping[str, JSON]] = {
    "response": {"description": ""},
    "request body": {"content": Map()},
    "header": {"schema": Map()},
    "parameter": {"name": "unknown", "in": "query", "schema": Map()},
    "security scheme": {"type": "http", "scheme": "basic"},
    "link": {"operationId": "unknown"},
}


@dataclass(slots=True)
class Expansion:
    """One bundle in the making."""

    library: Library
    root: Document
    report: Report
    slots: dict[Key, list[Slot]] = field(default_factory=dict[Key, list[Slot]])
    targets: dict[Key, Target] = field(default_factory=dict[Key, Target])
    homes: dict[Key, list[tuple[str, str]]] = field(
        default_factory=dict[Key, list[tuple[str, str]]]
    )
    """The components of the document itself that are nothing but a name for a part elsewhere."""
    adopted: dict[Key, tuple[str, str]] = field(default_factory=dict[Key, tuple[str, str]])
    """The components that came with a whole file of components."""
    failures: dict[tuple[str, str, str, bool], list[Place]] = field(
        default_factory=dict[tuple[str, str, str, bool], list[Place]]
    )
    dropped: list[tuple[Seq, Map]] = field(default_factory=list[tuple[Seq, Map]])
    copied: int = 0
    sections: Mapping[str, str] = field(default_factory=lambda: SECTIONS)
    prefix: Tokens = ("components",)
    is_legacy: bool = False

    def __post_init__(self) -> None:
        root = self.root.root
        assert isinstance(root, Map)
        if "swagger" in root:
            self.sections, self.prefix = SWAGGER_SECTIONS, ()
        self.is_legacy = not str(root.get("openapi", "")).startswith(("3.1", "3.2"))

    def document(self, copy: Map) -> None:
        """Expand the document itself, in its copy."""
        holder = new_map(place_of(copy), [("", copy)])
        base = self.root.base_at(())
        self._walk([Step(holder, "", DOCUMENT, self.root, (), is_own=True, base=base)])

    def finish(self) -> None:
        """Drop the parameters that are not found, and report what is not, each cause once."""
        for owner, node in self.dropped:
            remove(owner, next(n for n, item in enumerate(owner) if item is node))
        for (code, message, help, is_error), places in self.failures.items():
            more = f" ({len(places)} references)" if len(places) > 1 else ""
            report = self.report.error if is_error else self.report.warning
            report(code, f"{message}{more}", min(places), help)

    def part(self, target: Target, kind: str) -> JSON:
        """A copy of a part of another document, expanded."""
        copy = clone(target.value)
        self._count(copy)
        holder = new_map(place_of(copy) if isinstance(copy, Map | Seq) else Place(""))
        put(holder, "", copy)
        if isinstance(copy, Map) and kind == "schema":
            self._shed(copy, target.document)
        expected = Expected("part", kind)
        chain, base = (target.key,), target.document.base_at(target.tokens)
        document, tokens = target.document, target.tokens
        self._walk(
            [Step(holder, "", expected, document, tokens, is_own=False, chain=chain, base=base)]
        )
        return holder[""]

    def _shed(self, schema: Map, document: Document) -> None:
        """Leave out what only a file of its own needs; what is used of it becomes components."""
        if not document.anchors:
            for key in ("definitions", "$defs"):
                if key in schema:
                    remove(schema, key)
        if self.is_legacy and "$schema" in schema:
            remove(schema, "$schema")

    def _walk(self, stack: list[Step]) -> None:
        while stack:
            step = stack.pop()
            if isinstance(step.value, Map) and step.expected == _SCHEMA:
                name = step.value.get("$id")
                step.base = joined(step.base, name) if isinstance(name, str) else step.base
            if not self._settle(step):
                continue
            value = step.value
            if not isinstance(value, Map | Seq):
                continue
            if step.depth > _DEPTH:
                message = f"with what it refers to, values are nested more than {_DEPTH} deep"
                self.report.error("VK107", message, place_of(value))
                continue
            if step.expected == _SCHEMA and isinstance(value, Map):
                self._mapping(step, value)
                if step.document is not self.root and isinstance(value.get("$id"), str):
                    remove(value, "$id")  # references start in the bundle now
            below = [
                replace(
                    step,
                    owner=value,
                    at=key,
                    expected=expected,
                    path=(*step.path, str(key)),
                    depth=step.depth + 1,
                )
                for key, expected in children(value, step.expected)
                if isinstance(_at(value, key), Map | Seq)
            ]
            stack.extend(reversed(below))

    def _settle(self, step: Step) -> bool:
        """Deal with a reference, where there is one; False where nothing is left to look at."""
        while True:
            node = step.value
            reference = node.get("$ref") if isinstance(node, Map) else None
            if not isinstance(node, Map) or not isinstance(reference, str):
                return True
            reference = self._identified(step, node, reference)
            if self._stays(step, reference):
                return True
            if len(step.chain) > _CHAIN or self.copied > _MOST:
                self._too_much(node, step)
                return False
            if step.expected.is_referable and step.expected.kind in self.sections:
                self._refer(step, node, reference)
                return True
            if not self._inline(step, node, reference):
                return False

    def _identified(self, step: Step, node: Map, reference: str) -> str:
        """The reference, where it names what has an `$id` in its own file, by that."""
        uri, _, fragment = reference.partition("#")
        if not uri or not step.document.ids:
            return reference
        known = next((u for u in (joined(step.base, uri), uri) if u in step.document.ids), None)
        if known is None:
            return reference
        reference = f"{known}#{fragment}"
        found = self.library.target(step.document, reference, self.report)
        if step.document is self.root and isinstance(found, Target):
            reference = f"#{pointer(found.tokens)}"
            put(node, "$ref", reference)
        return reference

    def _stays(self, step: Step, reference: str) -> bool:
        """Whether a reference is left: one of the document itself, where the grammar has some."""
        if not self._is_own(step.document, reference):
            return False
        if step.expected.is_referable or step.expected.how == "free":
            return True
        return not isinstance(self.library.target(self.root, reference, self.report), Target)

    def _is_own(self, document: Document, reference: str) -> bool:
        """Whether a reference is one of the document itself, within it."""
        if document is not self.root:
            return False
        return reference.startswith("#") or reference.partition("#")[0] in document.ids

    def _too_much(self, node: Map, step: Step) -> None:
        message = "references lead into one another too often for one document"
        help = "let them name components instead of parts within parts"
        self._fail("VK124", message, help, step.place, is_error=True)
        remove(node, "$ref")

    # References that stay references.

    def _refer(self, step: Step, node: Map, reference: str) -> None:
        found = self._canonical(step.document, reference, step.place, step.expected.kind)
        if found is None:
            self._stand_in(step)
            return
        if found.document is self.root:
            put(node, "$ref", f"#{pointer(found.tokens)}")
            return
        key = (step.expected.kind, *found.key)
        self.targets.setdefault(key, found)
        home = self._home(step)
        if home is not None and len(node) == 1:
            self.homes.setdefault(key, []).append(home)
        self.slots.setdefault(key, []).append(Slot(node, "$ref"))

    def _home(self, step: Step) -> tuple[str, str] | None:
        """The section and the name of a component of the document itself."""
        section = (*self.prefix, self.sections.get(step.expected.kind, "?"))
        is_one = step.is_own and step.path[:-1] == section
        return (section[-1], step.path[-1]) if is_one else None

    def _canonical(
        self, document: Document, reference: str, place: Place, kind: str
    ) -> Target | None:
        """The end of a reference, through parts that are nothing but references."""
        passed: set[tuple[str, Tokens]] = set()
        first = reference
        while True:
            found = self._find(document, reference, first, place, kind)
            if found is None:
                return None
            value = found.value
            on = value.get("$ref") if isinstance(value, Map) and len(value) == 1 else None
            if found.key in passed:
                message = f"reference goes round in a circle and never reaches a {kind}"
                help = f"let one of them be a {kind}"
                self._fail("VK207", f"{message}: '{_short(first)}'", help, place, is_error=True)
                return None
            passed.add(found.key)
            if isinstance(on, str):
                document, reference = found.document, on
            elif isinstance(value, Map) or (kind == "schema" and isinstance(value, bool)):
                return found
            else:
                article = "an" if kind[0] in "aeiou" else "a"
                message = f"reference to '{_short(first)}', where {article} {kind} is expected"
                help = f"refer to {article} {kind}"
                self._fail("VK208", f"{message}, but it is none", help, place, is_error=False)
                return None

    def _find(
        self, document: Document, reference: str, first: str, place: Place, kind: str
    ) -> Target | None:
        """What a reference names; why it names nothing is told where the first one stands."""
        found = self.library.target(document, reference, self.report)
        if not isinstance(found, Refusal):
            return found
        is_error = not kind or (kind != _ANYTHING and not found.is_missing)
        help = found.help or _HELP.get(kind, f"define the {kind}, or correct the reference")
        message = f"reference to '{_short(first)}', {found.message}"
        self._fail(found.code, message, help, place, is_error=is_error)
        return None

    def _fail(self, code: str, message: str, help: str, place: Place, *, is_error: bool) -> None:
        self.failures.setdefault((code, message, help, is_error), []).append(place)

    def _stand_in(self, step: Step) -> None:
        """Put in the place of what is missing the least that its kind can be."""
        node = step.value
        assert isinstance(node, Map)
        kind = step.expected.kind if step.expected.how == "part" else ""
        remove(node, "$ref")
        if kind == "parameter" and isinstance(step.owner, Seq):
            self.dropped.append((step.owner, node))
        for key, value in _STAND_INS.get(kind, {}).items():
            put(node, key, clone(value), place_of(node))

    def _mapping(self, step: Step, schema: Map) -> None:
        """Note the schemas that a discriminator names."""
        discriminator = schema.get("discriminator")
        if not isinstance(discriminator, Map):
            return
        mapping = discriminator.get("mapping")
        named = [(mapping, name) for name in mapping] if isinstance(mapping, Map) else []
        for mapping, name in [*named, (discriminator, "defaultMapping")]:
            value = mapping.get(name)
            if not isinstance(value, str):
                continue
            reference = self._mapped(step.document, value)
            if reference is None or self._is_own(step.document, reference):
                continue
            place = place_of(mapping, name)
            found = self._canonical(step.document, reference, place, "schema")
            if found is None:
                remove(mapping, name)
            elif found.document is self.root:
                put(mapping, name, f"#{pointer(found.tokens)}")
            else:
                key = ("schema", *found.key)
                self.targets.setdefault(key, found)
                self.slots.setdefault(key, []).append(Slot(mapping, name))

    def _mapped(self, document: Document, value: str) -> str | None:
        """The reference that a value of a mapping is; None where it is the name of a component."""
        if "/" in value or "#" in value or value.endswith((".yaml", ".yml", ".json")):
            return value
        if document is self.root:
            return None
        for section in ("components/schemas", "definitions"):
            reference = f"#/{section}/{value}"
            if isinstance(self.library.target(document, reference, self.report), Target):
                return reference
        return None

    # References that are replaced by what they name.

    def _inline(self, step: Step, node: Map, reference: str) -> bool:
        kind = step.expected.kind
        is_free = step.expected.how == "free"
        known = kind if step.expected.how == "part" and kind in _WITHOUT else ""
        place, wanted = step.place, _ANYTHING if is_free else known
        found = self._find(step.document, reference, reference, place, wanted)
        if found is None:
            if not is_free:
                remove(node, "$ref")
            return False
        if found.key in step.chain:
            message = f"reference goes round in a circle: '{_short(reference)}'"
            help = "let one of them be written out, or name a component"
            self._fail("VK207", message, help, place, is_error=not is_free)
            remove(node, "$ref")
            return False
        self._adopt(step, found)
        value = found.document.text if found.document.text is not None else clone(found.value)
        self._count(value)
        if isinstance(value, Map):
            for key in [key for key in node if key != "$ref"]:
                put(value, key, node[key], place_of(node, key))
        step.put(value, found)
        return True

    def _adopt(self, step: Step, found: Target) -> None:
        """Let the components of a file be those of the document, where it takes all of them."""
        if not step.is_own:
            return
        sections: dict[Tokens, str] = {
            (*self.prefix, section): kind for kind, section in self.sections.items()
        }
        value = found.value
        if step.path in sections and isinstance(value, Map):
            self._adopt_each(sections[step.path], step.path[-1], found, value)
        elif step.path == ("components",) and isinstance(value, Map):
            for kind, section in self.sections.items():
                inner = value.get(section)
                if isinstance(inner, Map):
                    part = Target(found.document, (*found.tokens, section), inner)
                    self._adopt_each(kind, section, part, inner)

    def _adopt_each(self, kind: str, section: str, found: Target, parts: Map) -> None:
        for name, part in parts.items():
            if not (isinstance(part, Map) and "$ref" in part):
                key = (kind, found.document.location, (*found.tokens, name))
                self.adopted.setdefault(key, (section, name))

    def _count(self, value: JSON) -> None:
        stack = [value]
        while stack:
            self.copied += 1
            node = stack.pop()
            if isinstance(node, Map):
                stack.extend(node.values())
            elif isinstance(node, Seq):
                stack.extend(node)


def _at(node: Map | Seq, key: str | int) -> JSON:
    if isinstance(node, Map):
        return node[str(key)]
    assert isinstance(key, int)
    return node[key]


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."
