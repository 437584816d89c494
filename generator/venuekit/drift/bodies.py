"""Bodies compared: what is sent, and what a media type holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from venuekit.drift.reading import Node, Pointer, Side
from venuekit.drift.rules import Direction, Verdict
from venuekit.drift.schemas import visit_schema
from venuekit.drift.walking import Use, Walk, is_elsewhere
from venuekit.ir import Content
from venuekit.likeness import equal
from venuekit.sources import JSON, Map


def compare_body(walk: Walk, old: Node, new: Node, at: tuple[Pointer, Pointer]) -> None:
    """Compare what is sent."""
    one, other = walk.old.follow(old), walk.new.follow(new)
    has, gets = bool(one.get("content").map), bool(other.get("content").map)
    if has and gets:
        if not walk.same(one.value, other.value) or is_elsewhere(one.pointer, other.pointer):
            pair = ("body", one.pointer, other.pointer)
            walk.visit(pair, lambda: _compare_body(walk, one, other))
    elif gets:
        required = other.flag("required")
        rule = "required-body-added" if required else "optional-body-added"
        word = "required" if required else "optional"
        walk.add(
            rule,
            "request",
            (at[0], other.pointer),
            f"a body is new, and {word}",
            new=media_of(other),
        )
    elif has:
        walk.add(
            "body-removed",
            "request",
            (one.pointer, at[1]),
            "the body is gone",
            old=media_of(one),
            gone=True,
        )


def media_of(node: Node) -> str:
    return ", ".join(node.get("content").map)


def _compare_body(walk: Walk, old: Node, new: Node) -> None:
    was, is_ = old.flag("required"), new.flag("required")
    if was != is_:
        rule = "body-became-required" if is_ else "body-became-optional"
        walk.add(
            rule,
            "request",
            (old.pointer, new.pointer),
            f"the body is {'required' if is_ else 'optional'} now",
            old=was,
            new=is_,
        )
    one, other = contents(old), contents(new)
    for media, content in one.items():
        if media in other:
            compare_content(walk, media, (content, other[media]), "request")
            _compare_encoding(walk, content, other[media])
        else:
            # The client sends the first of several.
            other_one: Verdict | None = None if media == next(iter(one)) else "risk"
            walk.add(
                "request-media-type-removed",
                "request",
                (content.pointer, new.pointer),
                f"a body of {media} is not taken any more",
                old=media,
                gone=True,
                wire=other_one,
                source="ok" if _is_taken(walk, content, other.values()) else other_one,
            )
    for media, content in other.items():
        if media not in one:
            walk.add(
                "request-media-type-added",
                "request",
                (old.pointer, content.pointer),
                f"a body of {media} is taken",
                new=media,
            )


def _is_taken(walk: Walk, content: Node, others: Iterable[Node]) -> bool:
    """Whether callers give the same for another media type: a model of the same fields."""
    schema = content.get("schema")
    flat = walk.old_schemas.flat((schema,))
    held = [walk.old_schemas.flat(nodes) for nodes in flat.properties.values()]
    held.extend(walk.old_schemas.flat(one.items) for one in list(held) if one.items)
    if flat.types != frozenset({"object"}) or any(one.format == "binary" for one in held):
        return False  # a file is another thing in a form
    return any(walk.same(schema.value, other.get("schema").value) for other in others)


def contents(node: Node) -> dict[str, Node]:
    """The content of each media type, without what differs in spelling alone."""
    return {
        media.partition(";")[0].strip().lower(): content
        for media, content in node.get("content").entries()
    }


def compare_content(walk: Walk, media: str, nodes: tuple[Node, Node], direction: Direction) -> None:
    """Compare what is sent or read as a media type."""
    one, other = walk.old.follow(nodes[0]), walk.new.follow(nodes[1])
    key = "schema" if one.get("schema").value is not None else "itemSchema"
    found = [(n.get(key),) if n.get(key).value is not None else () for n in (one, other)]
    kind = Content(media=media, type=None).kind
    flats = walk.old_schemas.flat(found[0]), walk.new_schemas.flat(found[1])
    plain = [flat.is_any or flat.is_text for flat in flats]
    # A schema says of bytes no more than that they are some, and of a text that it is one.
    if all(plain) and (kind == "binary" or (kind == "text" and any(f.is_any for f in flats))):
        return
    visit_schema(walk, found[0], found[1], Use(direction, is_body=direction == "request"))


def _compare_encoding(walk: Walk, old: Node, new: Node) -> None:
    one, other = old.get("encoding"), new.get("encoding")
    for name in dict.fromkeys([*one.map, *other.map]):
        before, after = one.map.get(name), other.map.get(name)
        sent = _part_headers(walk.old, one.get(name))
        now_sent = _part_headers(walk.new, other.get(name))
        for header in (header for header in sent if header in now_sent):
            nodes = (sent[header].get("schema"), now_sent[header].get("schema"))
            schemas = [(node,) if node.value is not None else () for node in nodes]
            visit_schema(walk, schemas[0], schemas[1], Use("request"))
        if not equal(_encoded(before, sent), _encoded(after, now_sent)):
            at = ((*one.pointer, name), (*other.pointer, name))
            walk.add(
                "encoding-changed",
                "request",
                at,
                f"the part '{name}' is encoded otherwise",
                old=before,
                new=after,
                gone=name not in other.map,
            )


def _part_headers(side: Side, encoding: Node) -> dict[str, Node]:
    """The headers of a part, by their names in small letters."""
    return {name.lower(): side.follow(node) for name, node in encoding.get("headers").entries()}


def _encoded(encoding: JSON, headers: Mapping[str, Node]) -> JSON:
    """What an encoding says, with its headers but their schemas, which have a meaning of theirs."""
    if not isinstance(encoding, Map):
        return encoding
    kept = Map((key, value) for key, value in encoding.items() if key != "headers")
    for name in sorted(headers):
        kept[f"header {name}"] = headers[name].flag("required")
    return kept
