"""JSONPath (RFC 9535): what a query selects, with its parent and its path."""

from __future__ import annotations

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathNode

from venuekit.records import dataclass
from venuekit.sources import JSON, Map, Seq
from venuekit.sources.limits import DEPTH


class BadQuery(Exception):
    """A text that is no query."""


class TooDeep(Exception):
    """A document that cannot be searched to its end."""


@dataclass(frozen=True, slots=True)
class Match:
    """A value that a query selects; the root has no parent."""

    value: JSON
    parent: Map | Seq | None
    path: tuple[str | int, ...]

    def __str__(self) -> str:
        return "$" + "".join(f"[{token!r}]" for token in self.path)


class _Environment(JSONPathEnvironment):
    """Searches as deep as documents may be."""

    max_recursion_depth = DEPTH + 2


class Query:
    """A query of RFC 9535, ready to be asked of documents."""

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._compiled = _Environment().compile(text)
        except JSONPathError as error:
            cause = str(error.args[0]) if error.args else "it cannot be read"
            at = f" at character {error.token.index + 1}" if error.token else ""
            raise BadQuery(f"{cause}{at}") from error
        except (RecursionError, ArithmeticError, ValueError) as error:
            raise BadQuery(str(error)) from error

    def find(self, document: Map) -> list[Match]:
        """What the query selects, each value once."""
        try:
            found = {node.location: node for node in self._compiled.find(document)}
        except (JSONPathError, RecursionError) as error:
            raise TooDeep from error
        return [_match(node) for node in found.values()]


def _match(node: JSONPathNode) -> Match:
    parent = node.parent.value if node.parent else None
    assert parent is None or isinstance(parent, Map | Seq)
    value = node.value
    assert value is None or isinstance(value, bool | int | float | str | Map | Seq)
    return Match(value, parent, node.location)
