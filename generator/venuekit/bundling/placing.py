"""Names for the components that come from elsewhere, and their places in the document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from venuekit import naming
from venuekit.bundling.expansion import Expansion
from venuekit.bundling.library import Tokens
from venuekit.bundling.steps import Key
from venuekit.diagnostics import Report
from venuekit.sources import JSON, Map, new_map, place_of, pointer, put

# Words of the grammar, which say nothing of what a part is about.
_SECTIONS = frozenset(
    """definitions $defs schemas responses parameters examples requestBodies headers
    securitySchemes links callbacks""".split()
)
_STRUCTURE = _SECTIONS | frozenset(
    "components properties paths content schema items allOf anyOf oneOf".split()
)
_ROOTS = frozenset({"index", "_index", "schema", "openapi", "swagger", "main", "root", "api"})


def place_parts(expansion: Expansion, parts: Mapping[Key, JSON], copy: Map, report: Report) -> None:
    """Put parts among the components of a document, and let references name them there."""
    names = dict[Key, str]()
    for section in dict.fromkeys(expansion.sections.values()):
        keys = [key for key in parts if expansion.sections[key[0]] == section]
        names.update(_names(expansion, section, keys, copy, report))
    for key in sorted(parts, key=lambda key: (key[0], names[key])):
        section = expansion.sections[key[0]]
        if key not in expansion.adopted:
            _put(expansion, copy, section, names[key], parts[key])
        where = f"#{pointer((*expansion.prefix, section, names[key]))}"
        for slot in expansion.slots.get(key, ()):
            put(slot.node, slot.name, where)


def _put(expansion: Expansion, copy: Map, section: str, name: str, part: JSON) -> None:
    owner = copy
    place = place_of(part) if isinstance(part, Map) else place_of(copy)
    for step in (*expansion.prefix, section):
        inner = owner.get(step)
        if not isinstance(inner, Map):
            inner = new_map(place)
            put(owner, step, inner, place)
        owner = inner
    put(owner, name, part, place)


def _names(
    expansion: Expansion, section: str, keys: Sequence[Key], copy: Map, report: Report
) -> dict[Key, str]:
    """The names of the parts of one section, the same in whatever order they were found."""
    names = {key: expansion.adopted[key][1] for key in keys if key in expansion.adopted}
    for key in keys:
        homes = sorted(name for where, name in expansion.homes.get(key, ()) if where == section)
        if homes and key not in names:
            natural = _candidates(expansion, key)[0]
            names[key] = natural if natural in homes else homes[0]
    taken = {*_own(expansion, section, copy), *names.values()}
    open_ = {_id(expansion, key): key for key in keys if key not in names}
    claims = {id_: _candidates(expansion, key) for id_, key in open_.items()}
    settled = naming.settle(claims, {f"#{name}": name for name in taken})
    for id_, key in sorted(open_.items()):
        names[key] = settled[id_]
        wanted = claims[id_][0]
        if settled[id_] != wanted and key[0] == "schema":
            target = expansion.targets[key]
            place = place_of(target.value) if isinstance(target.value, Map) else place_of(copy)
            report.warning(
                "VK123",
                f"another schema is called '{wanted}' too; this one becomes '{names[key]}'",
                place,
                f"give it a name of its own under components.{section} of the document",
            )
    return names


def _own(expansion: Expansion, section: str, copy: Map) -> set[str]:
    """The names that the document itself has given."""
    node: JSON = copy
    for step in (*expansion.prefix, section):
        node = node.get(step) if isinstance(node, Map) else None
    return set(node) if isinstance(node, Map) else set()


def _id(expansion: Expansion, key: Key) -> str:
    return f"{expansion.library.label(key[1])}#{pointer(key[2])}"


def _candidates(expansion: Expansion, key: Key) -> tuple[str, ...]:
    """What a part may be called: by its own name, its file, and the folders above, in turn."""
    _, location, tokens = key
    label = expansion.library.label(location)
    split = urlsplit(label)
    path = PurePosixPath(f"{split.netloc}{split.path}" if split.scheme else label)
    folders = [part for part in path.parts[:-1] if part not in ("..", ".", "/")]
    stem = path.name.removesuffix(path.suffix)
    above = [*folders, stem]
    if stem.lower() in _ROOTS and folders:
        above = folders
    own = _own_name(tokens)
    first = own or above.pop()
    found = [first, *("_".join([*above[-n:], first]) for n in range(1, len(above) + 1))]
    suffix = path.suffix.removeprefix(".")
    found.append("_".join([*above, *([stem] if own and stem not in above else []), first, suffix]))
    return tuple(dict.fromkeys(filter(None, map(_allowed, found))))


def _own_name(tokens: Tokens) -> str:
    """The name of a part within its file; empty where it is the file."""
    if not tokens:
        return ""
    is_named = len(tokens) == 1 or tokens[-2] in _SECTIONS
    if is_named and not tokens[-1].isdigit():
        return tokens[-1]
    return "_".join(token for token in tokens if token not in _STRUCTURE)


def _allowed(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_")
