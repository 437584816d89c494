"""Servers compared: where clients send to, and by which constants callers choose."""

from __future__ import annotations

import re

from venuekit.drift import python
from venuekit.drift.reading import Node, Pointer, Side
from venuekit.drift.rules import Verdict
from venuekit.drift.walking import Walk
from venuekit.sources import Map

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def compare_servers(walk: Walk) -> None:
    """Compare the servers of the documents by URL, then by constant."""
    old, new = _servers(walk.old), _servers(walk.new)
    before, after = python.constants(walk.old.root), python.constants(walk.new.root)
    constants = {url: before.get(url, url) for url in old}, {u: after.get(u, u) for u in new}
    kept = [url for url in old if url in new]
    for url in kept:
        if constants[0][url] != constants[1][url]:
            walk.add("server-renamed", "request", (old[url], new[url]),
                     f"{constants[0][url]} is called {constants[1][url]} now",
                     old=constants[0][url], new=constants[1][url])  # fmt: skip
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
        same = constants[0][one] == constants[1][other]
        walk.add("server-changed", "request", (old[one], new[other]), f"{one} is {other} now",
                 old=one, new=other, source="ok" if same else "breaking")  # fmt: skip
    for one in gone:
        held: Verdict | None = "ok" if constants[0][one] in constants[1].values() else None
        walk.add("server-removed", "request", (old[one], ("servers",)), f"{one} is gone",
                 old=one, gone=True, source=held)  # fmt: skip
    for other in fresh:
        source: Verdict | None = "breaking" if len(old) == 1 and len(new) > 1 else None
        walk.add("server-added", "request", (("servers",), new[other]), f"{other} is new",
                 new=other, source=source)  # fmt: skip


def _successor(
    one: str, gone: list[str], fresh: list[str], constants: tuple[dict[str, str], dict[str, str]]
) -> str | None:
    """What a server became: the one of the same constant, or the only other one."""
    for other in fresh:
        if constants[0][one] == constants[1][other]:
            return other
    return fresh[0] if len(gone) == len(fresh) == 1 else None


def _servers(side: Side) -> dict[str, Pointer]:
    """The servers by their URLs, variables at their defaults."""
    found: dict[str, Pointer] = {}
    for node in side.node.get("servers").items():
        url = _filled(node).rstrip("/")
        if url:
            found.setdefault(url, node.pointer)
    return found


def _filled(node: Node) -> str:
    """The URL with its variables at their defaults, which are no templates themselves."""
    defaults = {
        name: variable.text("default")
        for name, variable in node.get("variables").entries()
        if isinstance(variable.value, Map)
    }
    return _VARIABLE.sub(lambda found: defaults.get(found[1]) or found[0], node.text("url"))


def hosts(side: Side) -> set[str]:
    """The hosts of all servers."""
    urls = _servers(side)
    return {url.partition("://")[2].partition("/")[0].lower() or url for url in urls}
