"""Answers compared: statuses, media types and headers."""

from __future__ import annotations

from venuekit.drift.bodies import compare_content, contents, media_of
from venuekit.drift.flattening import Flat, Flattener
from venuekit.drift.lifecycle import compare_lifecycle
from venuekit.drift.reading import Node, Side, dumped
from venuekit.drift.rules import Direction, Verdict
from venuekit.drift.schemas import visit_schema
from venuekit.drift.walking import Use, Walk, is_elsewhere
from venuekit.ir import Content
from venuekit.normalisation.responses import may_be_twin

_OPEN = ("*/*", "application/*")


def compare_responses(walk: Walk, old: Node, new: Node) -> None:
    """Compare what is read, status by status."""
    one, other = _statuses(walk.old, old), _statuses(walk.new, new)
    kinds = [_kinds(walk.old_schemas, one), _kinds(walk.new_schemas, other)]
    gone = [status for status in one if status not in other]
    fresh = [status for status in other if status not in one]
    for status, response in one.items():
        after = other.get(status)
        if after and (
            not walk.same(response.value, after.value)
            or is_elsewhere(response.pointer, after.pointer)
        ):
            _visit_response(walk, response, after, _direction(status, one))
    for old_status, new_status in _exchanged(one, other, gone, fresh):
        gone.remove(old_status)
        fresh.remove(new_status)
        source: Verdict | None = "ok" if kinds[1] <= kinds[0] else None
        at = (one[old_status].pointer, other[new_status].pointer)
        wire: Verdict | None = "risk" if _covers(new_status, old_status) else None
        walk.add(
            "success-status-changed",
            "response",
            at,
            f"the success {old_status} is {new_status} now",
            old=old_status,
            new=new_status,
            wire="ok" if _covers(old_status, new_status) else wire,
            source=source,
        )
        _visit_response(walk, one[old_status], other[new_status], "response")
    for status in gone:
        _status_gone(walk, status, one[status], (one, other), new, kinds)
    for status in fresh:
        _status_new(walk, status, other[status], (one, other), old, kinds)


def _exchanged(
    old: dict[str, Node], new: dict[str, Node], gone: list[str], fresh: list[str]
) -> list[tuple[str, str]]:
    """The success that took the place of another, where there is one of each."""
    before = [status for status in gone if _is_success(status, old)]
    after = [status for status in fresh if _is_success(status, new)]
    return [(before[0], after[0])] if len(before) == len(after) == 1 else []


def _visit_response(walk: Walk, old: Node, new: Node, direction: Direction) -> None:
    pair = ("response", direction, old.pointer, new.pointer)
    walk.visit(pair, lambda: _compare_response(walk, old, new, direction))


def _statuses(side: Side, node: Node) -> dict[str, Node]:
    return {
        status.upper() if status != "default" else status: side.follow(response)
        for status, response in node.entries()
        if not status.startswith("x-")
    }


def _is_success(status: str, statuses: dict[str, Node]) -> bool:
    """`default` is a success where no other is."""
    if status == "default":
        return not any(s.startswith("2") for s in statuses)
    return status.startswith("2")


def _covers(wide: str, status: str) -> bool:
    """Whether a success is one of those that another stands for; `default` is any."""
    return wide == "default" or wide == f"{status[:1]}XX"


def _direction(status: str, statuses: dict[str, Node]) -> Direction:
    return "response" if _is_success(status, statuses) else "error"


def _kinds(flattener: Flattener, statuses: dict[str, Node]) -> set[str]:
    """What the successes are read as, comparable by text."""
    found: set[str] = set()
    for status, response in statuses.items():
        if _is_success(status, statuses):
            held = _asked(flattener, contents(response))
            found.update(_reading(media, content) for media, content in held.items())
            if not held:
                found.add("nothing")
    return found or {"nothing"}


def _asked(flattener: Flattener, found: dict[str, Node]) -> dict[str, Node]:
    """The contents that the client asks for: not those that say what JSON says, in another way."""
    told = [
        dumped(content.get("schema").value)
        for media, content in found.items()
        if Content(media=media, type=None).kind == "json"
    ]
    return {
        media: content
        for media, content in found.items()
        if not may_be_twin(Content(media=media, type=None))
        or dumped(content.get("schema").value) not in told
        or _may_be_text(flattener.flat((content.get("schema"),)))
    }


def _may_be_text(flat: Flat) -> bool:
    return flat.is_any or "string" in (flat.types or ())


def _reading(media: str, content: Node) -> str:
    kind, schema = Content(media=media, type=None).kind, content.get("schema")
    if media in _OPEN and schema.map:  # taken for what the schema can be of
        kind = "text" if schema.text("type") == "string" else "json"
    return f"json {dumped(schema.value)}" if kind == "json" else kind


def _status_gone(
    walk: Walk,
    status: str,
    response: Node,
    sides: tuple[dict[str, Node], dict[str, Node]],
    owner: Node,
    kinds: list[set[str]],
) -> None:
    old, new = sides
    at = (response.pointer, owner.pointer)
    if not _is_success(status, old):
        walk.add(
            "error-status-removed",
            "response",
            at,
            f"the error {status} is gone",
            old=status,
            gone=True,
        )
        return
    source: Verdict | None = "ok" if kinds[1] <= kinds[0] else None
    left = [other for other in new if _is_success(other, new)]
    # Where no success is left, the document does not say what comes.
    wire: Verdict | None = "risk" if all(other in old for other in left) else None
    if any(_covers(other, status) for other in left):
        wire = "risk"
    if left and all(_covers(status, other) for other in left):
        wire = "ok"
    walk.add(
        "success-status-removed",
        "response",
        at,
        f"the success {status} is gone",
        old=status,
        gone=True,
        wire=wire,
        source=source,
    )


def _status_new(
    walk: Walk,
    status: str,
    response: Node,
    sides: tuple[dict[str, Node], dict[str, Node]],
    owner: Node,
    kinds: list[set[str]],
) -> None:
    old, new = sides
    at = (owner.pointer, response.pointer)
    if not _is_success(status, new):
        walk.add(
            "error-status-added", "response", at, f"the error {status} is documented", new=status
        )
        return
    covered = any(_covers(held, status) for held in old if _is_success(held, old))
    # What only becomes one of several types still type-checks where the types are the same.
    source: Verdict | None = "ok" if kinds[1] <= kinds[0] else None
    wire: Verdict | None = "ok" if covered else None
    walk.add(
        "success-status-added",
        "response",
        at,
        f"the success {status} is new",
        new=status,
        wire=wire,
        source=source,
    )


def _compare_response(walk: Walk, old: Node, new: Node, direction: Direction) -> None:
    one, other = contents(old), contents(new)
    if bool(one) != bool(other):
        _compare_presence(walk, old, new, direction)
    else:
        _compare_media(walk, (old, one), (new, other), direction)
    _compare_headers(walk, old.get("headers"), new.get("headers"), direction)


def _compare_presence(walk: Walk, old: Node, new: Node, direction: Direction) -> None:
    at = (old.pointer, new.pointer)
    if new.get("content").map:
        walk.add("response-body-added", direction, at, "has a body now", new=media_of(new))
        return
    wire: Verdict | None = "risk" if direction == "error" else None
    source: Verdict | None = "ok" if direction == "error" else None
    walk.add(
        "response-body-removed",
        direction,
        at,
        "has no body any more",
        old=media_of(old),
        wire=wire,
        source=source,
    )


def _compare_media(
    walk: Walk,
    old: tuple[Node, dict[str, Node]],
    new: tuple[Node, dict[str, Node]],
    direction: Direction,
) -> None:
    (owner, one), (other_owner, other) = old, new
    asked = _asked(walk.old_schemas, one), _asked(walk.new_schemas, other)
    before, after = ({_reading(*found) for found in held.items()} for held in asked)
    if _compare_range(walk, asked, direction):
        return
    for media, content in one.items():
        if media in other:
            compare_content(walk, media, (content, other[media]), direction)
        else:
            source: Verdict | None = "ok" if after <= before else None
            walk.add(
                "response-media-type-removed",
                direction,
                (content.pointer, other_owner.pointer),
                f"{media} is gone",
                old=media,
                gone=True,
                wire=None if media in asked[0] else "ok",
                source=source,
            )
    for media, content in other.items():
        if media not in one:
            source = None if after <= before or direction == "error" else "breaking"
            walk.add(
                "response-media-type-added",
                direction,
                (owner.pointer, content.pointer),
                f"{media} is new",
                new=media,
                source=source,
            )


def _compare_range(
    walk: Walk, asked: tuple[dict[str, Node], dict[str, Node]], direction: Direction
) -> bool:
    """Compare the media types with a range that all of them are in, or the other way round."""
    old, new = asked
    ranges = [found for found in (old, new) if len(found) == 1 and next(iter(found)) in _OPEN]
    if not ranges or not old or not new or old.keys() == new.keys():
        return False
    [(range_, wide)], narrow = ranges[0].items(), new if ranges[0] is old else old
    if not all(media.startswith(range_.rstrip("*").lstrip("*/")) for media in narrow):
        return False
    kind = _reading(range_, wide).partition(" ")[0]
    kinds = {media: _reading(media, held).partition(" ")[0] for media, held in narrow.items()}
    is_alike = set(kinds.values()) == {kind}
    if not is_alike and len(narrow) == 1:
        return False
    before, after = " or ".join(old), " or ".join(new)
    is_read = is_alike or ranges[0] is new  # as it was before
    narrower = ranges[0] is old and "*/*" not in new
    walk.add("response-media-type-removed" if narrower else "response-media-type-added", direction,
             (next(iter(old.values())).pointer, next(iter(new.values())).pointer),
             f"{before} is {after} now", old=before, new=after, wire="ok" if is_read else "risk",
             source="ok" if is_read or direction == "error" else "breaking")  # fmt: skip
    media = next((media for media, held in kinds.items() if held == kind), None)
    if media is not None:
        pair = (wide, narrow[media]) if ranges[0] is old else (narrow[media], wide)
        compare_content(walk, media, pair, direction)
    return True


def _compare_headers(walk: Walk, old: Node, new: Node, direction: Direction) -> None:
    one = {name.lower(): walk.old.follow(node) for name, node in old.entries()}
    other = {name.lower(): walk.new.follow(node) for name, node in new.entries()}
    for name, header in one.items():
        if name in other:
            _visit_header(walk, name, header, other[name], direction)
            continue
        required = header.flag("required")
        source: Verdict | None = "ok" if direction == "error" else None
        rule = f"{'required' if required else 'optional'}-response-header-removed"
        walk.add(
            rule,
            direction,
            (header.pointer, new.pointer),
            f"the header '{name}' is gone",
            old=name,
            source=source,
            gone=True,
        )
    for name, header in other.items():
        if name not in one:
            walk.add(
                "response-header-added",
                direction,
                (old.pointer, header.pointer),
                f"the header '{name}' is new",
                new=name,
            )


def _visit_header(walk: Walk, name: str, old: Node, new: Node, direction: Direction) -> None:
    if walk.same(old.value, new.value):
        return
    pair = ("header", direction, old.pointer, new.pointer)
    walk.visit(pair, lambda: _compare_header(walk, name, old, new, direction))


def _compare_header(walk: Walk, name: str, old: Node, new: Node, direction: Direction) -> None:
    was, is_ = old.flag("required"), new.flag("required")
    if was != is_:
        rule = "response-header-became-required" if is_ else "response-header-became-optional"
        walk.add(
            rule,
            direction,
            (old.pointer, new.pointer),
            f"the header '{name}' is {'always' if is_ else 'not always'} there",
            old=was,
            new=is_,
        )
    compare_lifecycle(
        walk, direction, (old.map, new.map), (old.pointer, new.pointer), f"the header '{name}'"
    )
    held = [next((c for _, c in node.get("content").entries()), node) for node in (old, new)]
    found = [(n.get("schema"),) if n.get("schema").value is not None else () for n in held]
    # Those of successes are typed, and may be absent; those of errors are handed over as they are.
    use = (
        Use("error", was_optional=True, is_optional=True)
        if direction == "response"
        else Use("header")
    )
    visit_schema(walk, found[0], found[1], use)
