"""JSON pointers (RFC 6901), and the places that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from venuekit.diagnostics import Place
from venuekit.sources.tree import JSON, Map, Seq, place_of


def escape(token: str | int) -> str:
    """One token as it is written in a pointer."""
    return str(token).replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """One token of a pointer as it is meant."""
    return token.replace("~1", "/").replace("~0", "~")


def pointer(tokens: Iterable[str | int]) -> str:
    """The pointer of a path: `("paths", "/a", "get")` is `/paths/~1a/get`."""
    return "".join(f"/{escape(token)}" for token in tokens)


def tokens_of(text: str) -> list[str]:
    """The path of a pointer; a leading `#` is dropped."""
    return [unescape(token) for token in text.removeprefix("#").split("/")[1:]]


def scheme_name(name: str) -> str:
    """The name of the security scheme that a requirement names, also by a URI (OpenAPI 3.2)."""
    *_, end = name.partition("#/components/securitySchemes/")
    return unescape(end) if end and "/" not in end else name


def step(node: JSON, token: str | int) -> str | int | None:
    """The key or the index by which a token names a child of the node, if it has that child."""
    if isinstance(node, Map):
        return str(token) if str(token) in node else None
    if isinstance(node, Seq):
        text = str(token)
        if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
            return None
        return int(text) if len(text) < 10 and int(text) < len(node) else None
    return None


def child(node: JSON, key: str | int) -> JSON:
    """The child of a key or an index that `step` has given."""
    if isinstance(node, Map) and isinstance(key, str):
        return node[key]
    if isinstance(node, Seq) and isinstance(key, int):
        return node[key]
    raise KeyError(key)


def locate(root: Map | Seq, path: str | Sequence[str | int]) -> Place:
    """The place of what a pointer names, or of the deepest ancestor that exists.

    The place has the pointer that was asked for.
    """
    tokens = tokens_of(path) if isinstance(path, str) else path
    node: JSON = root
    place = place_of(root)
    for token in tokens:
        key = step(node, token)
        if key is None or not isinstance(node, Map | Seq):
            break
        place = place_of(node, key)
        node = child(node, key)
    return replace(place, pointer=pointer(tokens))
