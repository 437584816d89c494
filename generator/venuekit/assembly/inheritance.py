"""What a document says once for all of its operations, said to each where documents differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from venuekit.assembly.hoisting import is_noise
from venuekit.diagnostics import Place
from venuekit.grammar import METHODS
from venuekit.likeness import difference
from venuekit.sources import JSON, Map, Seq, append, clone, new_seq, place_of, put, remove


def operations(item: Map) -> Iterator[tuple[str, Map]]:
    """The operations of a path item, by method."""
    for method in METHODS:
        if isinstance(operation := item.get(method), Map):
            yield method, operation


def settle_security(documents: Sequence[tuple[Map, bool]]) -> None:
    """Let the root say what the first document with security says, and operations the rest.

    With each document goes whether it is whole: a whole one that says nothing of security leaves
    it to the others, while the operation of a page that says nothing needs none.
    """
    chosen = next((found for one, _ in documents if (found := _listed(one, "security"))), None)
    if chosen is None:
        return
    for document, whole in documents:
        own = document.get("security")
        if own is None and whole:
            continue
        if own is None or (isinstance(own, Seq) and difference(own, chosen, is_noise) is not None):
            _lower_security(document, own)


def settle_servers(documents: Sequence[Map]) -> None:
    """Let the root have the servers of the first document, and operations those of the others.

    Lists that share a server are left alone: they are two states of one list.
    """
    chosen = next((found for one in documents if (found := _listed(one, "servers"))), None)
    for document in documents:
        own = _listed(document, "servers")
        if chosen is None or own is None or set(by_url(chosen)) & set(by_url(own)):
            continue
        place = place_of(document, "servers")
        for item in _path_items(document):
            for _, operation in operations(item):
                if "servers" not in item and "servers" not in operation:
                    put(operation, "servers", clone(own), place)
        remove(document, "servers")


def lower(item: Map, key: str) -> None:
    """Move the parameters or the servers of a path item down to its operations."""
    own = item.get(key)
    if not isinstance(own, Seq):
        return
    place = place_of(item, key)
    for _, operation in operations(item):
        below = operation.get(key)
        if below is None:
            put(operation, key, clone(own), place)
        elif key == "parameters" and isinstance(below, Seq):
            put(operation, key, _added(own, below, place_of(operation, key)))
    remove(item, key)


def by_url(servers: Seq) -> dict[str, Map]:
    """Servers by their address."""
    return {
        url: server
        for server in servers
        if isinstance(server, Map) and isinstance(url := server.get("url"), str)
    }


def _listed(document: Map, key: str) -> Seq | None:
    """A list of the root, None where it is empty."""
    found = document.get(key)
    return found if isinstance(found, Seq) and found else None


def _lower_security(document: Map, own: JSON) -> None:
    for item in _path_items(document):
        for method, operation in operations(item):
            if "security" in operation:
                continue
            if isinstance(own, Seq):
                put(operation, "security", clone(own), place_of(document, "security"))
            else:
                place = place_of(item, method)
                put(operation, "security", new_seq(place), place)
    if own is not None:
        remove(document, "security")


def _path_items(document: Map) -> Iterator[Map]:
    for key in ("paths", "webhooks"):
        if isinstance(items := document.get(key), Map):
            yield from (item for item in items.values() if isinstance(item, Map))


def _added(above: Seq, below: Seq, place: Place) -> Seq:
    """The parameters of an operation with those of its path that it does not override."""
    taken = [_identity(parameter) for parameter in below]
    result = new_seq(place)
    for index, parameter in enumerate(above):
        if _identity(parameter) not in taken:
            append(result, clone(parameter), place_of(above, index))
    for index, parameter in enumerate(below):
        append(result, parameter, place_of(below, index))
    return result


def _identity(parameter: JSON) -> tuple[JSON, ...]:
    if not isinstance(parameter, Map):
        return ()
    return (parameter.get("$ref"), parameter.get("in"), parameter.get("name"))
