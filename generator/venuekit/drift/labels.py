"""Where in a component or an operation something stands, in few words: `legs[].price`."""

from __future__ import annotations

from venuekit.drift.reading import Node, Pointer, Side

_ROOTS = {"paths": 3, "webhooks": 3, "components": 3}


def label(side: Side, at: Pointer) -> str:
    """The path to a place as people say it; empty for a component or an operation itself."""
    start = _ROOTS.get(at[0], len(at)) if at else 0
    words = ""
    index = start
    while index < len(at):
        token = at[index]
        step = 2
        following = at[index + 1] if index + 1 < len(at) else ""
        match token:
            case "properties" | "headers":
                words = f"{words}.{following}" if words else following
            case "responses" if index == start:
                words = following
            case "requestBody" if index == start:
                words, step = "body", 1
            case "parameters":
                words = _name(side, at[: index + 2])
            case "items" | "prefixItems":
                words, step = f"{words}[]", 1
            case "additionalProperties":
                words, step = f"{words}{{}}", 1
            case "content" | "oneOf" | "anyOf" | "allOf":
                pass
            case _:
                step = 1
        index += step
    return words


def _name(side: Side, at: Pointer) -> str:
    node = Node(side.root, ())
    for token in at:
        items = list(node.items())
        node = items[int(token)] if items and token.isdigit() else node.get(token)
    return side.follow(node).text("name")
