"""References: what each one names, and those that name nothing, go elsewhere or go round."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import field
from typing import cast

from venuekit.diagnostics import Report
from venuekit.grammar import GRAMMAR
from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq, locate, pointer
from venuekit.validation.misplaced import elsewhere
from venuekit.validation.parts import Part, Path, Plain, find, parts_of, plain_copy, twin_of
from venuekit.validation.slips import nearest

_STAND_INS: Mapping[str, dict[str, Plain]] = {
    "schema": {},
    "response": {"description": ""},
    "request body": {"content": {}},
    "header": {"schema": {}},
    "security scheme": {"type": "http", "scheme": "basic"},
    "link": {"operationId": "unknown"},
}


@dataclass(slots=True)
class Parts:
    """All parts of a document by path, and where their references lead."""

    document: Map
    plain: dict[str, Plain]
    by_path: dict[Path, Part] = field(default_factory=dict[Path, Part])
    targets: dict[Path, Path] = field(default_factory=dict[Path, Path])
    anchors: dict[str, Path] = field(default_factory=dict[str, Path])

    def add(self, found: Iterable[Part]) -> list[Part]:
        """Add parts; return those that refer to others."""
        referring: list[Part] = []
        for part in found:
            self.by_path[part.path] = part
            if part.reference is not None:
                referring.append(part)
            if part.kind == "schema":
                for key in ("$anchor", "$dynamicAnchor", "$id"):
                    name = part.node.get(key)
                    if isinstance(name, str):
                        sign = "" if key == "$id" else "#"
                        self.anchors.setdefault(sign + name, part.path)
        return referring

    def of_kind(self, kind: str) -> Iterator[Part]:
        return (part for part in self.by_path.values() if part.kind == kind)

    def resolve(self, path: Path) -> Part | None:
        """The part at a path, or the one that its references lead to."""
        seen: set[Path] = set()
        while path not in seen and (target := self.targets.get(path)) is not None:
            seen.add(path)
            path = target
        part = self.by_path.get(path)
        return None if part is None or part.reference is not None else part

    def children(self, part: Part, key: str) -> Iterator[tuple[str, Part]]:
        """The resolved parts in a list or a mapping of a part, by key."""
        value = part.node.get(key)
        if isinstance(value, Map):
            keys: Iterable[str | int] = value
        else:
            keys = range(len(value)) if isinstance(value, Seq) else ()
        for name in keys:
            found = self.resolve((*part.path, key, name))
            if found is not None:
                yield str(name), found


def read_parts(document: Map, report: Report) -> Parts:
    """Find all parts; report broken references and replace them in the plain copy."""
    plain = cast("dict[str, Plain]", plain_copy(document))
    parts = Parts(document, plain)
    waiting = deque(parts.add(parts_of("document", (), document, plain)))
    broken: list[Part] = []
    causes: dict[tuple[str, str, str], list[Part]] = {}
    while waiting:
        part = waiting.popleft()
        found = _resolve(parts, part)
        if isinstance(found, str):
            broken.append(part)
            if found:
                causes.setdefault((found, part.reference or "", part.kind), []).append(part)
            continue
        path, node = found
        parts.targets[part.path] = path
        if path not in parts.by_path:
            twin = twin_of(plain, path)
            waiting.extend(parts.add(parts_of(part.kind, path, node, twin, part.use)))
    misplaced = elsewhere(document) if causes else {}
    for (code, reference, kind), those in causes.items():
        if code == "VK205" and _is_elsewhere(misplaced, reference):
            continue
        _report_broken(parts, report, code, reference, kind, those)
    broken += _report_cycles(parts, report)
    for part in broken:
        parts.targets.pop(part.path, None)
        _replace(part)
    _check_mappings(parts, report, {reference for _, reference, _ in causes})
    return parts


def _is_elsewhere(sections: Mapping[str, Container[str]], reference: str) -> bool:
    """Whether what a reference names stands where it should not, which is said of that."""
    match reference.split("/"):
        case ["#", "components", section, name]:
            return name in sections.get(section, ())
        case _:
            return False


def _replace(part: Part) -> None:
    """Put in the place of a broken part the least that the standard takes for its kind."""
    part.plain.clear()
    if part.kind == "parameter":
        part.plain.update({"name": pointer(part.path), "in": "query", "schema": {}})
    else:
        part.plain.update(_STAND_INS.get(part.kind, {}))


def _resolve(parts: Parts, part: Part) -> tuple[Path, JSON] | str:
    """What the reference of a part names, or the code of what is wrong with it.

    The code is empty where a component is no part at all, which the standard says of that.
    """
    reference = part.reference or ""
    if (anchored := parts.anchors.get(reference)) is not None:
        return anchored, parts.by_path[anchored].node
    if not reference.startswith("#"):
        return "VK206"
    found = find(parts.document, reference) if reference[1:2] in ("/", "") else None
    for end in range(len(part.path), 0, -1) if found is None else ():
        root = parts.by_path.get(part.path[:end])
        if root is not None and "$id" in root.node:  # what is in it starts there
            found = find(parts.document, f"{pointer(root.path)}{reference[1:]}")
            break
    if found is None:
        return "VK205"
    path, node = found
    if _fits(part.kind, parts.by_path.get(path), node):
        return found
    is_component = len(path) == 3 and path[0] == "components"
    _, kind = GRAMMAR["components"].get(str(path[1]), ("", "")) if is_component else ("", "")
    return "" if kind == part.kind and not isinstance(node, Map) else "VK208"


def _report_broken(
    parts: Parts, report: Report, code: str, reference: str, kind: str, those: list[Part]
) -> None:
    """Report what several references have in common, at the first of them."""
    article = "an" if kind[0] in "aeiou" else "a"
    says, help = {
        "VK205": ("which does not exist", f"define the {kind}, or correct the reference"),
        "VK206": ("which is outside this document and is not read", f"put the {kind} into it"),
        "VK208": (
            f"where {article} {kind} is expected, but it is none",
            f"refer to {article} {kind}",
        ),
    }[code]
    if code == "VK208" and kind == "media type" and "/schemas/" in reference:
        help = "put the reference into 'schema'"
    if code == "VK205" and (near := _near(parts, reference, kind)):
        help = f"{help}: is '{near}' meant?"
    more = f" ({len(those)} references)" if len(those) > 1 else ""
    place = locate(parts.document, (*those[0].path, "$ref"))
    report.warning(code, f"reference to {_short(reference)}, {says}{more}", place, help)


def _near(parts: Parts, reference: str, kind: str) -> str:
    """A reference to the component that is called as a broken one says, or nearly so."""
    name = reference.rpartition("/")[2]
    for section, (_, held) in GRAMMAR["components"].items():
        components = parts.document.get("components")
        found = components.get(section) if isinstance(components, Map) else None
        if held == kind and isinstance(found, Map):
            near = name if name in found else nearest(name, found)
            return f"#/components/{section}/{near}" if near else ""
    return ""


def _fits(kind: str, known: Part | None, node: JSON) -> bool:
    if isinstance(node, bool):
        return kind == "schema"
    if not isinstance(node, Map):
        return False
    return known is None or known.kind == kind or {known.kind, kind} == {"header", "parameter"}


def _check_mappings(parts: Parts, report: Report, told: Container[str]) -> None:
    """Report what a discriminator's mapping, or its default, names in vain, if not `told`."""
    for part in parts.of_kind("schema"):
        discriminator = part.node.get("discriminator")
        if not isinstance(discriminator, Map):
            continue
        mapping = discriminator.get("mapping")
        named = (
            [(("mapping", v), t) for v, t in mapping.items()] if isinstance(mapping, Map) else []
        )
        for at, target in [*named, (("defaultMapping",), discriminator.get("defaultMapping"))]:
            if not isinstance(target, str) or target in told:
                continue
            named = ("components", "schemas", target) in parts.by_path
            elsewhere = not target.startswith("#") and ("/" in target or "." in target)
            if named or elsewhere or target in parts.anchors:
                continue
            if target.startswith("#") and find(parts.document, target) is not None:
                continue
            place = locate(parts.document, (*part.path, "discriminator", *at))
            message = f"reference to {_short(target)}, which does not exist"
            help = "define the schema, or correct the value"
            report.warning("VK205", message, place, help)


def _report_cycles(parts: Parts, report: Report) -> list[Part]:
    """Report parts that are made of nothing but themselves, once a circle."""
    edges: dict[Path, list[Path]] = {source: [target] for source, target in parts.targets.items()}
    for part in parts.of_kind("schema"):
        branches = part.node.get("allOf")
        if isinstance(branches, Seq):
            edges.setdefault(part.path, []).extend(
                (*part.path, "allOf", index) for index in range(len(branches))
            )
    broken: list[Part] = []
    for circle in _circles(edges):
        members = [path for path in circle if path in parts.targets]
        first = min(members, key=lambda path: locate(parts.document, path))
        names = dict.fromkeys(pointer(parts.targets[path]) for path in members)
        shown = ", ".join(f"#{name}" for name in list(names)[:3])
        report.warning(
            "VK207",
            f"reference goes round in a circle and never reaches a {parts.by_path[first].kind}: "
            f"{_short(shown)}",
            locate(parts.document, (*first, "$ref")),
            f"let one of them be a {parts.by_path[first].kind}",
        )
        broken += [parts.by_path[path] for path in members]
    return broken


def _circles(edges: Mapping[Path, list[Path]]) -> Iterator[list[Path]]:
    """Yield the strongly connected components that hold a circle (Tarjan, without recursion)."""
    index: dict[Path, int] = {}
    low: dict[Path, int] = {}
    trail: dict[Path, None] = {}
    for root in edges:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        trail[root] = None
        work = [(root, iter(edges[root]))]
        while work:
            node, rest = work[-1]
            child = next(rest, None)
            if child is not None:
                if child not in index:
                    index[child] = low[child] = len(index)
                    trail[child] = None
                    work.append((child, iter(edges.get(child, ()))))
                elif child in trail:
                    low[node] = min(low[node], index[child])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                circle: list[Path] = []
                while trail and (not circle or circle[-1] != node):
                    circle.append(trail.popitem()[0])
                if len(circle) > 1 or node in edges.get(node, ()):
                    yield circle


def _short(text: str) -> str:
    return f"'{text}'" if len(text) <= 120 else f"'{text[:117]}...'"
