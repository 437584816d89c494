"""Parameters compared, wherever they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from venuekit import naming
from venuekit.drift.lifecycle import compare_lifecycle
from venuekit.drift.reading import Node, Side
from venuekit.drift.rules import Verdict
from venuekit.drift.schemas import visit_schema
from venuekit.drift.walking import Use, Walk, is_elsewhere
from venuekit.paths import variables
from venuekit.sources import JSON

Key: TypeAlias = tuple[str, str]
Owners: TypeAlias = tuple[Node, Node, str]
"""The path item, the operation, and the path."""

_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_IGNORED = frozenset({"accept", "content-type", "authorization"})


def compare_parameters(walk: Walk, old: Owners, new: Owners) -> None:
    """Compare the parameters of an operation, those of its path included."""
    before, after = parameters(walk.old, old), parameters(walk.new, new)
    pairs = [(key, key) for key in before if key in after]
    left = [key for key in before if key not in after]
    right = [key for key in after if key not in before]
    orders = _template(old[2], before), _template(new[2], after)
    for match in (_same_position(*orders), _same_name, _same_argument):
        for one in list(left):
            other = next((key for key in right if match(one, key)), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    for one, other in pairs:
        _compare_names(walk, before[one], after[other], one, other)
        _visit(walk, before[one], after[other])
    for key in left:
        node = before[key]
        walk.add(
            "parameter-removed",
            "request",
            (node.pointer, new[1].pointer),
            f"the parameter '{key[1]}' in {key[0]} is gone",
            old=_name(key),
            gone=True,
        )
    for key in right:
        node = after[key]
        required = key[0] == "path" or node.flag("required")
        rule = "required-parameter-added" if required else "optional-parameter-added"
        word = "required" if required else "optional"
        walk.add(
            rule,
            "request",
            (old[1].pointer, node.pointer),
            f"the {word} parameter '{key[1]}' in {key[0]} is new",
            new=_name(key),
        )


def parameters(side: Side, owners: Owners) -> dict[Key, Node]:
    """The parameters that an operation has in the end, those of headers in lower case."""
    item, operation, path = owners
    found: dict[Key, Node] = {}
    for owner in (item, operation):
        for entry in owner.get("parameters").items():
            node = side.follow(entry)
            location, name = node.text("in"), node.text("name")
            wire = name.lower() if location == "header" else name
            if location not in _STYLES and location != "querystring":
                continue
            if not (location == "header" and wire in _IGNORED):
                found[location, wire] = node
    template = _template(path, found)
    for name in template:
        found.setdefault(("path", name), Node(None, operation.pointer))
    return {k: n for k, n in found.items() if k[0] != "path" or k[1] in template}


def _template(path: str, known: Iterable[Key]) -> list[str]:
    """The names of the parameters that a path has place for, in order."""
    return [found.name for found in variables(path, (name for at, name in known if at == "path"))]


def _same_position(before: list[str], after: list[str]) -> Callable[[Key, Key], bool]:
    def match(one: Key, other: Key) -> bool:
        if one[0] != "path" or other[0] != "path" or len(before) != len(after):
            return False
        return before.index(one[1]) == after.index(other[1])

    return match


def _same_name(one: Key, other: Key) -> bool:
    return one[1].lower() == other[1].lower() and one[0] != other[0]


def _same_argument(one: Key, other: Key) -> bool:
    return one[0] == other[0] and naming.argument(one[1]) == naming.argument(other[1])


def _compare_names(walk: Walk, old: Node, new: Node, one: Key, other: Key) -> None:
    at = (old.pointer, new.pointer)
    if one[0] != other[0]:
        source: Verdict | None = "breaking" if one[0] == "path" else None
        walk.add(
            "parameter-moved",
            "request",
            at,
            f"the parameter '{one[1]}' is sent in {other[0]}, not in {one[0]}",
            old=_name(one),
            new=_name(other),
            source=source,
        )
    elif one != other and one[0] == "path":
        same = naming.argument(one[1]) == naming.argument(other[1])
        walk.add(
            "parameter-renamed",
            "request",
            at,
            f"the parameter '{one[1]}' in path is called '{other[1]}' now",
            old=_name(one),
            new=_name(other),
            source="ok" if same else None,
        )
    elif one != other:
        walk.add(
            "parameter-respelled",
            "request",
            at,
            f"the parameter '{one[1]}' is spelled '{other[1]}' now",
            old=_name(one),
            new=_name(other),
        )


def _visit(walk: Walk, old: Node, new: Node) -> None:
    if walk.same(old.value, new.value) and not is_elsewhere(old.pointer, new.pointer):
        return
    pair = ("parameter", old.pointer, new.pointer)
    walk.visit(pair, lambda: _compare(walk, old, new))


def _compare(walk: Walk, old: Node, new: Node) -> None:
    at = (old.pointer, new.pointer)
    name = new.text("name") or old.text("name")
    was, is_ = (n.flag("required") or n.text("in") == "path" or n.value is None for n in (old, new))
    if was != is_:
        rule = "parameter-became-required" if is_ else "parameter-became-optional"
        word = "required" if is_ else "optional"
        walk.add(rule, "request", at, f"the parameter '{name}' is {word} now", old=was, new=is_)
    _compare_emptiness(walk, old, new, name)
    compare_lifecycle(walk, "request", (old.map, new.map), at, f"the parameter '{name}'")
    if old.text("in") == new.text("in") and old.value is not None and new.value is not None:
        one, other = _style(old), _style(new)
        scalar = [_is_scalar(walk, side, node) for side, node in enumerate((old, new))]
        if any(scalar):  # nothing of one value is exploded
            one, other = (style.replace(", exploded", "") for style in (one, other))
        if one != other:
            walk.add(
                "parameter-style-changed",
                "request",
                at,
                f"the parameter '{name}' was serialised as {one} and is as {other}",
                old=one,
                new=other,
            )
    (before, first), (after, second) = _schema(old), _schema(new)
    if before != after:
        walk.add(
            "parameter-media-changed",
            "request",
            at,
            f"the parameter '{name}' was {before or 'text'} and is {after or 'text'}",
            old=before or None,
            new=after or None,
        )
    nodes = [(node,) if node.value is not None else () for node in (first, second)]
    visit_schema(
        walk,
        nodes[0],
        nodes[1],
        Use(
            "request",
            is_text=not (before or after),
            was_optional=not was,
            is_optional=not is_,
            is_argument=True,
        ),
    )


def _compare_emptiness(walk: Walk, old: Node, new: Node, name: str) -> None:
    """Compare whether a query may have the name without a value, which only text has anyway."""
    was, is_ = (n.flag("allowEmptyValue") and n.text("in") == "query" for n in (old, new))
    if was == is_:
        return
    rule = "type-widened" if is_ else "type-narrowed"
    message = f"the parameter '{name}' may {'be empty now' if is_ else 'not be empty any more'}"
    text = walk.old_schemas.flat((old.get("schema"),)).is_text
    walk.add(rule, "request", (old.pointer, new.pointer), message, old=was, new=is_,
             source="ok" if text else None)  # fmt: skip


def _is_scalar(walk: Walk, side: int, node: Node) -> bool:
    """Whether a parameter holds one value, no list and no object."""
    schema = node.get("schema")
    flat = (walk.new_schemas if side else walk.old_schemas).flat((schema,))
    return flat.types is not None and flat.types.isdisjoint(("array", "object"))


def _style(node: Node) -> str:
    """How a parameter is serialised, in words."""
    style = node.text("style") or _STYLES.get(node.text("in"), "form")
    explode: JSON = node.map.get("explode")
    exploded = explode if isinstance(explode, bool) else style in ("form", "cookie")
    reserved = ", reserved characters as they are" if node.flag("allowReserved") else ""
    return f"{style}{', exploded' if exploded else ''}{reserved}"


def _schema(node: Node) -> tuple[str, Node]:
    for media, content in node.get("content").entries():
        return media, content.get("schema")
    return "", node.get("schema")


def _name(key: Key) -> str:
    return f"{key[0]} {key[1]}"
