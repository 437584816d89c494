"""Servers compared: where clients send to, and by which constants callers choose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from venuekit.drift import python
from venuekit.drift.reading import Node, Pointer, Side
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import Walk
from venuekit.sources import Map

Owners: TypeAlias = tuple[Node, Node]
"""A path item, and the operation in it."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/@{}]*")  # no capital means anything in it


def compare_servers(walk: Walk, bases: tuple[str, str] = ("", "")) -> None:
    """Compare the servers of the documents by URL, then by constant.

    `bases` are what the URLs of either side end with where the paths make up for the difference.
    """
    old, new = _servers(walk.old), _servers(walk.new)
    before, after = _constants(walk.old), _constants(walk.new)
    constants = {url: before.get(url, url) for url in old}, {u: after.get(u, u) for u in new}
    kept = [url for url in old if url in new]
    for url in kept:
        if constants[0][url] != constants[1][url]:
            walk.add("server-renamed", "request", (old[url], new[url]),
                     f"{constants[0][url]} is called {constants[1][url]} now",
                     old=constants[0][url], new=constants[1][url])  # fmt: skip
        _compare_variables(walk, _node(walk.old, old[url]), _node(walk.new, new[url]))
    if kept != [url for url in new if url in old]:
        walk.add("servers-reordered", "request", (("servers",), ("servers",)),
                 "the servers are listed in another order")  # fmt: skip
    gone = [url for url in old if url not in new]
    fresh = [url for url in new if url not in old]
    for one in list(gone):
        other = _successor(one, gone, fresh, constants)
        if other is None:
            continue
        gone.remove(one)
        fresh.remove(other)
        same = one not in before or constants[0][one] == constants[1][other]
        is_shifted = one.removesuffix(bases[0]) == other.removesuffix(bases[1])
        message = f"{one} is {other} now{', and the paths make up for it' if is_shifted else ''}"
        wire = "ok" if is_shifted else _goes_astray(one, other)
        walk.add("server-changed", "request", (old[one], new[other]), message,
                 old=one, new=other, wire=wire, source="ok" if same else "breaking")  # fmt: skip
    for one in gone:
        held: Verdict | None = "ok" if constants[0][one] in constants[1].values() else None
        wire = None if any(_parted(url)[0] for url in new) else "risk"  # it may be where it was
        walk.add("server-removed", "request", (old[one], ("servers",)), f"{one} is gone",
                 old=one, gone=True, wire=wire, source=held)  # fmt: skip
    for other in fresh:
        source: Verdict | None = "breaking" if len(old) == 1 and len(new) > 1 else None
        walk.add("server-added", "request", (("servers",), new[other]), f"{other} is new",
                 new=other, source=source)  # fmt: skip


def _goes_astray(old: str, new: str) -> Verdict | None:
    """Whether requests to a server go astray that is written without scheme, or without host."""
    (host, path), (other, now) = _parted(old), _parted(new)
    if path != now or "" not in (host, other):
        is_same = (host, path) == (other, now) and any(url[:2] == "//" for url in (old, new))
        return "ok" if is_same else None
    return "risk"  # the document does not say where it is


def _compare_variables(walk: Walk, old: Node, new: Node) -> None:
    """Compare what callers may choose in the URL of a server: the arguments of `server_url`."""
    before, after = _variables(old), _variables(new)
    nodes = old.get("variables"), new.get("variables")
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        at = tuple(node.get(name).pointer if values is not None else node.pointer
                   for node, values in zip(nodes, (one, other), strict=True))  # fmt: skip
        shown = [None if values is None else " or ".join(values) or "anything"
                 for values in (one, other)]  # fmt: skip
        said = f"the variable '{name}' of the server"
        if other is None or (one is not None and other and (not one or set(one) - set(other))):
            walk.add("server-variable-narrowed", "request", (at[0], at[1]),
                     f"{said} takes only {shown[1]}" if other else f"{said} is gone",
                     old=shown[0], new=shown[1], gone=other is None)  # fmt: skip
        if one is None or (other is not None and one and (not other or set(other) - set(one))):
            walk.add("server-variable-widened", "request", (at[0], at[1]),
                     f"{said} takes {shown[1]}" if one else f"{said} is new",
                     old=shown[0], new=shown[1])  # fmt: skip


def _variables(server: Node) -> dict[str, list[str]]:
    """The variables that the URL of a server has, each with its values if they are listed."""
    variables = server.get("variables")
    return {
        name: [str(value.value) for value in variables.get(name).get("enum").items()]
        for name in _VARIABLE.findall(server.text("url"))
    }


def _node(side: Side, pointer: Pointer) -> Node:
    return next(node for node in side.node.get("servers").items() if node.pointer == pointer)


def _successor(
    one: str, gone: list[str], fresh: list[str], constants: tuple[dict[str, str], dict[str, str]]
) -> str | None:
    """What a server became: the one of the same constant, or the only other one."""
    for other in fresh:
        if constants[0][one] == constants[1][other]:
            return other
    return fresh[0] if len(gone) == len(fresh) == 1 else None


def compare_own_servers(walk: Walk, old: Owners, new: Owners) -> None:
    """Compare where an operation is sent to, if it or its path has servers of its own."""
    (before, old_at), (after, new_at) = _own(walk.old, old), _own(walk.new, new)
    if not before and not after:
        return
    one, other = list(before or _servers(walk.old)), list(after or _servers(walk.new))
    at = (old_at, new_at)
    if not set(one) <= set(other):
        names = _constants(walk.old, old), _constants(walk.new, new)
        gone = {names[0].get(url) for url in one} - set(names[1].values())
        walk.add("server-changed", "request", at,
                 f"was sent to {_listed(one)} and is sent to {_listed(other)}",
                 old=_listed(one), new=_listed(other), source="breaking" if gone else "ok",
                 gone=not after)  # fmt: skip
    elif set(one) != set(other):
        fresh = [url for url in other if url not in one]
        walk.add("server-added", "request", at, f"may be sent to {_listed(fresh)} too",
                 new=_listed(fresh), gone=not after)  # fmt: skip


def _own(side: Side, owners: Owners) -> tuple[dict[str, Pointer], Pointer]:
    """The servers of an operation, else of its path, and where they are listed."""
    for owner in reversed(owners):
        found = _servers(side, owner)
        if found:
            return found, (*owner.pointer, "servers")
    return {}, owners[1].pointer


def _listed(urls: Iterable[str]) -> str:
    return " or ".join(urls) or "no server of the document"


def _servers(side: Side, owner: Node | None = None) -> dict[str, Pointer]:
    """The servers by their URLs, variables at their defaults."""
    found: dict[str, Pointer] = {}
    for node in (owner or side.node).get("servers").items():
        url = _filled(node).rstrip("/")
        if url:
            found.setdefault(url, node.pointer)
    return found


def _constants(side: Side, owners: Owners | None = None) -> dict[str, str]:
    held = python.constants(side.root, *(owner.map for owner in owners or ()))
    return {_cased(url): name for url, name in held.items()}


def _cased(url: str) -> str:
    return _HOST.sub(lambda found: found[0].lower(), url)


def _filled(node: Node) -> str:
    """The URL with its variables at their defaults, which are no templates themselves."""
    defaults = {
        name: variable.text("default")
        for name, variable in node.get("variables").entries()
        if isinstance(variable.value, Map)
    }
    url = _VARIABLE.sub(lambda found: defaults.get(found[1]) or found[0], node.text("url"))
    return _cased(url)


def hosts(side: Side) -> set[str]:
    """The hosts of all servers, of those that name one."""
    return {host.casefold() for url in _servers(side) if (host := _parted(url)[0])}


def base(side: Side) -> str:
    """The path that the URLs of all servers end with; empty where they differ in it."""
    found = {_parted(url)[1] for url in _servers(side)}
    return found.pop() if len(found) == 1 else ""


def _parted(url: str) -> tuple[str, str]:
    """The host of a URL and its path, which are told apart by the first slash after the host."""
    _, is_absolute, rest = url.partition("//")
    host, slash, path = rest.partition("/") if is_absolute else ("", "/", url.lstrip("/"))
    return host, f"{slash}{path}" if path else ""
