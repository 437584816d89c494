"""Which operation a request is for: paths matched piece by piece, the most literal one first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from urllib.parse import unquote, urlsplit

from venuekit.records import dataclass
from venuekit.sources import Map, Seq
from venuekit.validation.references import Parts
from venuekit.validation.rules import Endpoint, endpoints_of

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_WIDE = re.compile(r"\{([^{}=]+)=([^{}]*)\}")  # `{name=shelves/*}`, of gRPC's mapping
# What a segment is made of: a literal, then variables and literals in turn.
_Pieces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """An operation that a path may lead to."""

    endpoint: Endpoint
    segments: tuple[_Pieces, ...]
    wide: tuple[tuple[str, int, int], ...] = ()
    """The variables of several segments, with the first and behind the last of these."""

    @property
    def rank(self) -> tuple[int, ...]:
        """Literal segments come before those that hold a variable, and mixed ones between."""
        return tuple(
            0 if len(pieces) == 1 else 2 if not any(pieces[::2]) else 1 for pieces in self.segments
        )

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The values of the variables, as they were written; None where the path is another."""
        values: dict[str, str] = {}
        for pieces, text in zip(self.segments, segments, strict=True):
            found = _match(pieces, text)
            if found is None:
                return None
            values |= found
        return values | {name: "/".join(segments[i:end]) for name, i, end in self.wide}


@dataclass(frozen=True, slots=True)
class Routes:
    """All operations of a document."""

    by_length: Mapping[int, list[Route]] = field(hash=False)
    prefixes: tuple[str, ...]

    @classmethod
    def of(cls, parts: Parts) -> Routes:
        by_length: dict[int, list[Route]] = {}
        for endpoint in endpoints_of(parts):
            path = re.split(r"[?#]", endpoint.url, maxsplit=1)[0]
            path, wide = _narrowed(path)
            segments = tuple(tuple(_VARIABLE.split(text)) for text in _split(path))
            by_length.setdefault(len(segments), []).append(Route(endpoint, segments, wide))
        for routes in by_length.values():
            routes.sort(key=lambda route: route.rank)
        return cls(by_length, _prefixes(parts))

    def find(self, path: str) -> list[tuple[Route, dict[str, str]]]:
        """The routes that a path matches, the best first; that of a server's URL may lead it."""
        for prefix in ("", *self.prefixes):
            if path.startswith(f"{prefix}/") or not prefix:
                segments = _split(path.removeprefix(prefix))
                found = [
                    (route, values)
                    for route in self.by_length.get(len(segments), ())
                    if (values := route.match(segments)) is not None
                ]
                if found:
                    return found
        return []


def _narrowed(path: str) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """The path with each variable of several segments as these, and where they are."""
    text, end = "", 0
    wide: list[tuple[str, int, int]] = []
    for found in _WIDE.finditer(path):
        text += path[end : found.start()]
        first, end = text.count("/") - 1, found.end()
        text += found[2].replace("**", "*").replace("*", f"{{{found[1]}}}")
        wide.append((found[1], first, text.count("/")))
    return text + path[end:], tuple(wide)


def _split(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _match(pieces: _Pieces, text: str) -> dict[str, str] | None:
    """Match a segment from left to right; each variable ends where the next literal begins."""
    if len(pieces) == 1:
        return {} if unquote(pieces[0]) == unquote(text) else None
    if len(pieces) == 3 and not pieces[0] and not pieces[2]:
        return {pieces[1]: text} if text else None
    values: dict[str, str] = {}
    if not text.startswith(pieces[0]):
        return None
    position = len(pieces[0])
    for index in range(1, len(pieces), 2):
        name, literal, is_last = pieces[index], pieces[index + 1], index + 2 == len(pieces)
        if is_last:
            end = len(text) - len(literal) if text.endswith(literal) else -1
        else:
            end = text.find(literal, position + 1)
        if end <= position:
            return None
        values[name] = text[position:end]
        position = end + len(literal)
    return values


def _prefixes(parts: Parts) -> tuple[str, ...]:
    """The paths of the URLs of all servers, the longest first."""
    found = {
        urlsplit(url).path.rstrip("/")
        for holder in _holders(parts)
        for url in _urls(holder.get("servers"))
    }
    return tuple(sorted(found - {""}, key=lambda path: (-len(path), path)))


def _holders(parts: Parts) -> Iterator[Map]:
    yield parts.document
    for endpoint in endpoints_of(parts):
        yield from (endpoint.item.node, endpoint.operation.node)


def _urls(servers: object) -> Iterable[str]:
    for server in servers if isinstance(servers, Seq) else ():
        url = server.get("url") if isinstance(server, Map) else None
        variables = server.get("variables") if isinstance(server, Map) else None
        if isinstance(url, str):
            pieces = _VARIABLE.split(url)
            pieces[1::2] = [_default(variables, name) for name in pieces[1::2]]
            yield "".join(pieces)


def _default(variables: object, name: str) -> str:
    variable = variables.get(name) if isinstance(variables, Map) else None
    return str(variable.get("default", "")) if isinstance(variable, Map) else ""
