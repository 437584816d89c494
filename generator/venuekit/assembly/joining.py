"""Documents of one API joined into one: what is equal once, what is not an error at both places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venuekit.assembly.hoisting import is_noise
from venuekit.assembly.inheritance import by_url, lower, settle_security, settle_servers
from venuekit.diagnostics import Place, Report
from venuekit.grammar import METHODS
from venuekit.likeness import Path, difference
from venuekit.records import dataclass
from venuekit.sources import JSON, Float, Map, Seq, append, locate, new_map, place_of, pointer, put

_VERSION = re.compile(r"(3)\.(\d{1,3})(?:\.(\d{1,3}))?", re.ASCII)
_HELP = (
    "the pages are of two states of the API: fetch both again; or leave one out, by `sources` in "
    "client.toml, and write what it adds into openapi.yaml"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A document to be joined; `whole` where it is no fragment of a page but a file of its own."""

    document: Map
    hoisted: frozenset[str]  # names of schemas that were inlined
    whole: bool


def join(parts: Sequence[Part], report: Report) -> Map | None:
    """Join documents, in their order; they are used up. None where they contradict each other."""
    if len(parts) == 1:
        return parts[0].document
    settle_security([(part.document, part.whole) for part in parts])
    settle_servers([part.document for part in parts])
    joining = _Joining(parts[0], report)
    for part in parts[1:]:
        joining.add(part)
    return joining.result if joining.sound else None


class _Joining:
    """The document that is being made; `sound` until a contradiction is met."""

    def __init__(self, first: Part, report: Report) -> None:
        self.result = first.document
        self.hoisted = first.hoisted
        self.whole = first.whole
        self.report = report
        self.sound = True

    def add(self, part: Part) -> None:
        other = part.document
        if not self._is_same_api(other) or not self._is_same_dialect(other):
            return
        self.hoisted |= part.hoisted
        self._info(other, descriptive=not (part.whole or self.whole))
        for key, value in other.items():
            match key, value:
                case "openapi" | "info" | "_id", _:
                    continue
                case "servers", Seq():
                    self._servers(other, value)
                case "security", Seq():
                    if value:
                        self._either(other, (key,), "the root's security")
                case "tags", Seq():
                    self._tags(other, value)
                case "paths" | "webhooks", Map():
                    self._path_items(other, key, value)
                case "components", Map():
                    self._components(other, value)
                case _:
                    self._either(other, (key,), f"the root's {key}")

    def _is_same_api(self, other: Map) -> bool:
        mine, theirs = _text(self.result, "info", "title"), _text(other, "info", "title")
        if not mine or not theirs or mine == theirs:
            return True
        first = locate(self.result, ("info", "title"))
        self._error(
            "VK132",
            f"the page is of another API: it is of {theirs!r}, {first} of {mine!r}",
            locate(other, ("info", "title")),
            "one client is made of one API: give each its own folder; "
            "an openapi.yaml written by hand has the `info.title` of the pages",
        )
        return False

    def _is_same_dialect(self, other: Map) -> bool:
        """Whether a schema means the same in both; from 3.1 on, later versions only add."""
        mine, theirs = _version(self.result), _version(other)
        if mine is None or theirs is None:
            return True
        if (mine < (3, 1) or theirs < (3, 1)) and mine[:2] != theirs[:2]:
            first = locate(self.result, ("openapi",))
            self._error(
                "VK134",
                f"the page is of version {_shown(theirs)}, {first} of {_shown(mine)}: "
                "the two read the same schema differently",
                locate(other, ("openapi",)),
                "fetch all pages again; an openapi.yaml written by hand is of the pages' version",
            )
            return False
        if theirs > mine and "openapi" in other:
            put(self.result, "openapi", other["openapi"], place_of(other, "openapi"))
        return True

    def _info(self, other: Map, *, descriptive: bool) -> None:
        mine, theirs = self.result.get("info"), other.get("info")
        if not isinstance(mine, Map) or not isinstance(theirs, Map):
            if isinstance(theirs, Map):
                put(self.result, "info", theirs, place_of(other, "info"))
            return
        versions = mine.get("version"), theirs.get("version")
        same = None in versions or versions[0] == versions[1]
        if not same:
            first = locate(self.result, ("info", "version"))
            self.report.warning(
                "VK133",
                f"the page is of version {versions[1]}, {first} of version {versions[0]}",
                locate(other, ("info", "version")),
                "fetch all pages again",
            )
        for key, value in theirs.items():
            if key not in mine:
                put(mine, key, value, place_of(theirs, key))
            elif same and descriptive and not is_noise(key):
                if (path := difference(mine[key], value, is_noise)) is None:
                    continue
                first = locate(self.result, ("info", key, *path))
                place = locate(other, ("info", key, *path))
                message = f"the page says something else of the API's {key} than {first}"
                self.report.warning("VK133", message, place, "fetch all pages again")

    def _servers(self, other: Map, servers: Seq) -> None:
        mine = self.result.get("servers")
        if not isinstance(mine, Seq) or not mine:
            if servers:
                put(self.result, "servers", servers, place_of(other, "servers"))
            return
        ours, theirs = by_url(mine), by_url(servers)
        alike = ours.keys() == theirs.keys() and len(ours) == len(mine)
        if servers and not (alike and all(_same(ours[url], theirs[url]) for url in ours)):
            path = difference(mine, servers, is_noise) or ()
            self._contradiction("the list of servers", other, ("servers",), path)

    def _tags(self, other: Map, tags: Seq) -> None:
        mine = self.result.get("tags")
        if not isinstance(mine, Seq):
            put(self.result, "tags", tags, place_of(other, "tags"))
            return
        known = {
            name: (index, tag)
            for index, tag in enumerate(mine)
            if isinstance(tag, Map) and isinstance(name := tag.get("name"), str)
        }
        for index, tag in enumerate(tags):
            name = tag.get("name") if isinstance(tag, Map) else None
            if not isinstance(tag, Map) or not isinstance(name, str) or name not in known:
                append(mine, tag, place_of(tags, index))
                continue
            at, old = known[name]
            for key, value in tag.items():
                if key not in old:
                    put(old, key, value, place_of(tag, key))
                elif (path := difference(old[key], value, is_noise)) is not None:
                    where = ("tags", index, key)
                    self._contradiction(f"tag {name!r}", other, where, path, mine=("tags", at, key))

    def _path_items(self, other: Map, kind: str, items: Map) -> None:
        mine = self.result.get(kind)
        if not isinstance(mine, Map):
            put(self.result, kind, items, place_of(other, kind))
            return
        for name, item in items.items():
            old = mine.get(name)
            if not isinstance(old, Map) or not isinstance(item, Map):
                self._either(other, (kind, name), name)
                continue
            for key in ("parameters", "servers"):
                if not _same(old.get(key), item.get(key)):
                    lower(old, key)
                    lower(item, key)
            for key in item:
                what = f"{key.upper()} {name}" if key in METHODS else f"the {key} of {name}"
                self._either(other, (kind, name, key), what)

    def _components(self, other: Map, components: Map) -> None:
        mine = self.result.get("components")
        if not isinstance(mine, Map):
            put(self.result, "components", components, place_of(other, "components"))
            return
        for kind, named in components.items():
            if not isinstance(named, Map) or not isinstance(mine.get(kind, Map()), Map):
                self._either(other, ("components", kind), f"the components' {kind}")
                continue
            if kind not in mine:
                place = place_of(components, kind)
                put(mine, kind, new_map(place), place)
            for name in named:
                inlined = kind == "schemas" and name in self.hoisted
                what = f"{'the inlined schema' if inlined else 'the component'} {name}"
                code = "VK135" if inlined else "VK131"
                self._either(other, ("components", kind, name), what, code)

    def _either(self, other: Map, path: Path, what: str, code: str = "VK131") -> None:
        """Take a part that only the other document has; one that both have must be the same."""
        *parents, key = path
        mine, theirs = _at(self.result, parents), _at(other, parents)
        assert isinstance(key, str)
        if key not in mine:
            put(mine, key, theirs[key], place_of(theirs, key))
        elif is_noise(key):
            return
        elif (found := difference(mine[key], theirs[key], is_noise)) is not None:
            self._contradiction(what, other, path, found, code=code)

    def _contradiction(
        self,
        what: str,
        other: Map,
        path: Path,
        inside: Path,
        *,
        mine: Path | None = None,
        code: str = "VK131",
    ) -> None:
        first = locate(self.result, (*(mine or path), *inside))
        where = f" in {pointer(inside)}" if inside else ""
        message = f"{what} contradicts {first}{where}"
        self._error(code, message, locate(other, (*path, *inside)), _HELP)

    def _error(self, code: str, message: str, place: Place, help: str) -> None:
        self.sound = False
        self.report.error(code, message, place, help)


def _at(document: Map, path: Sequence[str | int]) -> Map:
    node: JSON = document
    for key in path:
        assert isinstance(node, Map)
        node = node[str(key)]
    assert isinstance(node, Map)
    return node


def _same(left: JSON, right: JSON) -> bool:
    return difference(left, right, is_noise) is None


def _text(document: Map, *path: str) -> str:
    node: JSON = document
    for key in path:
        node = node.get(key) if isinstance(node, Map) else None
    return node if isinstance(node, str) else ""


def _version(document: Map) -> tuple[int, int, int] | None:
    """The version of OpenAPI, None where it cannot be told."""
    written = document.get("openapi")
    found = _VERSION.fullmatch(written.text if isinstance(written, Float) else str(written))
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def _shown(version: tuple[int, int, int]) -> str:
    return f"OpenAPI {version[0]}.{version[1]}"
