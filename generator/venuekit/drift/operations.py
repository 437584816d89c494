"""Operations compared: which old one is which new one, their names, and what is in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from venuekit.drift import python
from venuekit.drift.bodies import compare_body
from venuekit.drift.endpoints import VARIABLE, Endpoint, endpoints, matched, named
from venuekit.drift.lifecycle import compare_lifecycle
from venuekit.drift.parameters import compare_parameters
from venuekit.drift.reading import Node, Pointer
from venuekit.drift.responses import compare_responses
from venuekit.drift.rules import Verdict
from venuekit.drift.schemas import visit_schema
from venuekit.drift.security import Security, compare_requirements
from venuekit.drift.servers import compare_own_servers
from venuekit.drift.walking import Use, Walk
from venuekit.grammar import METHODS
from venuekit.records import dataclass
from venuekit.sources import Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A source that was not found, why, and the operations that it describes."""

    source: str
    reason: str
    routes: Collection[str]  # as `METHOD /path`


def compare_operations(
    walk: Walk, sides: tuple[Sequence[Endpoint], Sequence[Endpoint]], missing: Sequence[Missing]
) -> None:
    """Compare the operations of both sides; those of a source that is missing are not gone."""
    old = named(sides[0], python.methods(walk.old.root))
    new = named(sides[1], python.methods(walk.new.root))
    pairs = matched(old, new)
    security = Security(walk)
    holders = {other.name: other.route for other in new if other.name}
    for one, other in pairs:
        taken = holders.get(one.name, "") if one.name != other.name else ""
        walk.root(
            other.id,
            ("operation", one.node.pointer, other.node.pointer),
            lambda one=one, other=other, taken=taken: _compare(walk, one, other, taken, security),
        )
    for source in missing:
        _missing(walk, source, old)
    kept = {one.route for one, _ in pairs}.union(*(source.routes for source in missing))
    for one in old:
        if one.route not in kept:
            walk.root(one.id, ("gone", one.node.pointer), lambda one=one: _gone(walk, one))
    known = {other.route for _, other in pairs}
    for other in new:
        if other.route not in known:
            walk.root(other.id, ("new", other.node.pointer), lambda other=other: _new(walk, other))


def compare_webhooks(walk: Walk) -> None:
    """Compare what the venue sends by itself."""
    old = {e.route: e for e in endpoints(walk.old, "webhooks")}
    new = {e.route: e for e in endpoints(walk.new, "webhooks")}
    for route, one in old.items():
        other = new.get(route)
        name = f"webhook {one.path}"
        if other is None:
            walk.root(
                name,
                ("gone", one.node.pointer),
                lambda one=one: walk.add(
                    "webhook-removed",
                    "response",
                    (one.node.pointer, ("webhooks",)),
                    f"the webhook '{one.path}' is gone",
                    old=one.path,
                    gone=True,
                ),
            )
        elif not walk.same(one.node.value, other.node.value):
            walk.root(
                name,
                ("webhook", one.node.pointer, other.node.pointer),
                lambda one=one, other=other: _compare_call(walk, one.node, other.node),
            )
    for route, other in new.items():
        if route not in old:
            walk.root(
                f"webhook {other.path}",
                ("new", other.node.pointer),
                lambda other=other: walk.add(
                    "webhook-added",
                    "response",
                    (("webhooks",), other.node.pointer),
                    f"the webhook '{other.path}' is new",
                    new=other.path,
                ),
            )


def _missing(walk: Walk, missing: Missing, old: Sequence[Endpoint]) -> None:
    """Note a source that is missing, once for all its operations, at the first of them."""
    described = [one for one in old if one.route in missing.routes]
    at: Pointer = described[0].node.pointer if described else ()

    def note() -> None:
        message = f"{missing.source} is missing: {missing.reason}"
        walk.add("source-missing", "response", (at, at), message, old=missing.source, gone=True)

    for one in described:
        walk.root(one.id, ("missing", missing.source, one.node.pointer), note)
    if not described:
        walk.root(None, ("missing", missing.source), note)


def _gone(walk: Walk, one: Endpoint) -> None:
    at = (one.node.pointer, ("paths",))
    walk.add("operation-removed", "response", at, f"{one.route} is gone", old=one.route, gone=True)


def _new(walk: Walk, other: Endpoint) -> None:
    at = (("paths",), other.node.pointer)
    walk.add("operation-added", "response", at, f"{other.route} is new", new=other.route)


def _compare(walk: Walk, old: Endpoint, new: Endpoint, taken: str, security: Security) -> None:
    """Compare an operation; `taken` is the route that has the name of its method now."""
    at = (old.node.pointer, new.node.pointer)
    variables = [VARIABLE.findall(e.path) for e in (old, new)]
    if old.shape != new.shape or _are_exchanged(*variables):
        source: Verdict | None = None if variables[0] == variables[1] else "breaking"
        walk.add(
            "operation-moved",
            "response",
            at,
            f"{old.route} is {new.route} now",
            old=old.route,
            new=new.route,
            source=source,
        )
    if old.name != new.name:
        now = f", and {old.name} is {taken}" if taken else ""
        walk.add(
            "operation-renamed",
            "response",
            at,
            f"the method {old.name} is called {new.name} now{now}",
            old=old.name,
            new=new.name,
        )
    elif old.node.text("operationId") != new.node.text("operationId"):
        one, other = old.node.text("operationId"), new.node.text("operationId")
        walk.add(
            "operation-id-changed",
            "response",
            at,
            f"the operationId was {one or 'not given'} and is {other or 'not given'}",
            old=one or None,
            new=other or None,
        )
    compare_requirements(walk, old.node, new.node, security)
    compare_own_servers(walk, (old.item, old.node), (new.item, new.node))
    if (
        walk.same(old.node.value, new.node.value)
        and walk.same(old.item.map.get("parameters"), new.item.map.get("parameters"))
        and old.path == new.path
    ):
        return
    compare_lifecycle(walk, "response", (old.node.map, new.node.map), at)
    _compare_tags(walk, old.node, new.node)
    compare_parameters(walk, (old.item, old.node, old.path), (new.item, new.node, new.path))
    compare_body(walk, old.node.get("requestBody"), new.node.get("requestBody"), at)
    compare_responses(walk, old.node.get("responses"), new.node.get("responses"))
    _compare_callbacks(walk, old.node, new.node)


def _are_exchanged(old: list[str], new: list[str]) -> bool:
    """Whether variables of a path stand in each other's places: the values now go astray."""
    return [name for name in old if name in new] != [name for name in new if name in old]


def _compare_tags(walk: Walk, old: Node, new: Node) -> None:
    one, other = ([n.value for n in node.get("tags").items()] for node in (old, new))
    if sorted(map(str, one)) != sorted(map(str, other)):
        at = ((*old.pointer, "tags"), (*new.pointer, "tags"))
        walk.add(
            "tags-changed",
            "response",
            at,
            f"the tags were {_listed(one)} and are {_listed(other)}",
            old=Seq(one),
            new=Seq(other),
        )


def _listed(values: list[object] | list[str] | object) -> str:
    items = [str(v) for v in values] if isinstance(values, list) else []  # type: ignore[misc]
    return ", ".join(items) or "none"


def _compare_callbacks(walk: Walk, old: Node, new: Node) -> None:
    one = {name: walk.old.follow(node) for name, node in old.get("callbacks").entries()}
    other = {name: walk.new.follow(node) for name, node in new.get("callbacks").entries()}
    for name, node in one.items():
        if name not in other:
            walk.add(
                "callback-removed",
                "response",
                (node.pointer, new.pointer),
                f"the callback '{name}' is gone",
                old=name,
                gone=True,
            )
            continue
        items = dict(other[name].entries())
        for expression, item in node.entries():
            if expression in items:
                _compare_items(walk, walk.old.follow(item), walk.new.follow(items[expression]))
            else:
                walk.add(
                    "callback-removed",
                    "response",
                    (item.pointer, other[name].pointer),
                    f"the callback '{name}' to {expression} is gone",
                    old=expression,
                    gone=True,
                )
        for expression, item in items.items():
            if expression not in node.map:
                walk.add(
                    "callback-added",
                    "response",
                    (node.pointer, item.pointer),
                    f"the callback '{name}' to {expression} is new",
                    new=expression,
                )
    for name, node in other.items():
        if name not in one:
            walk.add(
                "callback-added",
                "response",
                (old.pointer, node.pointer),
                f"the callback '{name}' is new",
                new=name,
            )


def _compare_items(walk: Walk, old: Node, new: Node) -> None:
    for method in METHODS:
        one, other = old.get(method), new.get(method)
        if one.value is not None and other.value is not None:
            _compare_call(walk, one, other)


def _compare_call(walk: Walk, old: Node, new: Node) -> None:
    """Compare a request that the venue makes: what it sends is what receivers read."""
    one = walk.old.follow(old.get("requestBody")).get("content")
    other = walk.new.follow(new.get("requestBody")).get("content")
    after = dict(other.entries())
    for media, content in one.entries():
        if media in after:
            schemas = content.get("schema"), after[media].get("schema")
            found = [(node,) if node.value is not None else () for node in schemas]
            visit_schema(walk, found[0], found[1], Use("response"))
        else:
            walk.add(
                "response-media-type-removed",
                "response",
                (content.pointer, other.pointer),
                f"{media} is gone",
                old=media,
                gone=True,
            )
    for media, content in after.items():
        if media not in one.map:
            at = (one.pointer, content.pointer)
            walk.add("response-media-type-added", "response", at, f"{media} is new", new=media)
    compare_lifecycle(walk, "response", (old.map, new.map), (old.pointer, new.pointer))
