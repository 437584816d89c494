"""The models of a large document in modules of a size to read, by the tags that use them."""

from __future__ import annotations

import builtins
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import cast

from venuekit import naming
from venuekit.annotations import cases_of
from venuekit.grouping.operations import Group, by_tag
from venuekit.ir import Api, Content, Model, OpenEnum, Operation, Tagged, Type
from venuekit.ir import parts as parts_of
from venuekit.records import dataclass

_MANY = 500  # classes, fields and constants that one module takes
_LINES = 2  # of a module of a larger document, for each of these
_FOLDED = 90  # characters of a line of documentation
_QUOTES = 2  # lines, around a documentation of several
_SMALL = 12  # the part of that for which a first word has a module of its own
_SHARED = "shared"  # what operations of several tags use
_OTHERS = "others"  # what no operation uses
# What the package itself has, besides builtins; a checker takes `models.models` for the package.
_PACKAGE = {"rules", "import_module", "models"}
_SEVERAL = ""
# The tag and the module of the operations that use something, as far as that is one; None if none.
_Users = tuple[str, str] | None
_Node = tuple[str, str]  # what it is (a class or a rule), and its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one module of models holds."""

    name: str
    classes: tuple[str, ...]  # models, enumerations, aliases and second names
    rules: tuple[str, ...]  # the names of the document for what is checked


@dataclass(slots=True)
class _Unit:
    """What is in one module with a class: those that it extends and that extend it, its rules."""

    name: str
    classes: list[str] = field(default_factory=list[str])
    rules: list[str] = field(default_factory=list[str])
    size: int = 0
    users: _Users = None

    @property
    def words(self) -> list[str]:
        return [word.lower() for word in naming.words(self.name)]


def has_parts(api: Api) -> bool:
    """Whether the models are too many for one module."""
    return sum(_sizes(api).values()) > _MANY


def parts(api: Api) -> tuple[Part, ...]:
    """The models in modules, in the order of their names; none if there are few.

    What the operations of one tag use is in the module of the tag, what several use is shared.
    What is too much for a module is parted by the first words of the names. Classes that extend
    each other stay together: a module needs no other one to be imported.
    """
    if not has_parts(api):
        return ()
    groups, units = by_tag(api), _units(api, _lengths(api))
    for unit, users in _users(api, groups, units).items():
        units[unit].users = users
    homes: dict[str, list[_Unit]] = {}
    for name in sorted(units):
        homes.setdefault(_home(units[name]), []).append(units[name])
    found: dict[str, list[_Unit]] = {}
    for home in sorted(homes):
        for name, members in _split(home, homes[home]).items():
            found.setdefault(name, []).extend(members)
    taken = {name for unit in units.values() for name in unit.classes} | _PACKAGE
    return tuple(
        Part(
            name=f"{name}_" if name in taken or hasattr(builtins, name) else name,
            classes=tuple(sorted(c for unit in found[name] for c in unit.classes)),
            rules=tuple(sorted(r for unit in found[name] for r in unit.rules)),
        )
        for name in sorted(found)
    )


def _home(unit: _Unit) -> str:
    """The module of a unit, if it were never too large."""
    return _OTHERS if unit.users is None else unit.users[0] or _SHARED


def _split(home: str, units: list[_Unit]) -> dict[str, list[_Unit]]:
    """Part what is too large by the groups of the tag, and then by the words of the names."""
    by_group: dict[str, list[_Unit]] = {}
    for unit in units:
        by_group.setdefault(unit.users[1] if unit.users else _SEVERAL, []).append(unit)
    if len(by_group) == 1:
        return _split_by_words(home, units, 0)
    found: dict[str, list[_Unit]] = {}
    for name, members in _relieved(home, by_group).items():
        for inner, chosen in _split_by_words(name, members, 0).items():
            found.setdefault(inner, []).extend(chosen)
    return found


def _split_by_words(name: str, units: list[_Unit], depth: int) -> dict[str, list[_Unit]]:
    by_word: dict[str, list[_Unit]] = {}
    for unit in units:
        words = unit.words
        word = naming.module(f"{name}_{words[depth]}") if depth < len(words) else ""
        by_word.setdefault(word, []).append(unit)
    if _size(units) <= _long() or set(by_word) == {""}:
        return _runs(name, units)
    if len(by_word) == 1:  # a word that all begin with
        return _split_by_words(name, units, depth + 1)
    found: dict[str, list[_Unit]] = {}
    for inner, members in _relieved(name, by_word).items():
        split = (
            _runs(name, members) if inner == name else _split_by_words(inner, members, depth + 1)
        )
        for each, chosen in split.items():
            found.setdefault(each, []).extend(chosen)
    return found


def _relieved(name: str, units: Mapping[str, list[_Unit]]) -> dict[str, list[_Unit]]:
    """Take the largest out of a module until the others fit, or are too small for modules."""
    left = dict(units)
    found: dict[str, list[_Unit]] = {}
    sizes = {inner: _size(members) for inner, members in units.items()}
    remains = sum(sizes.values())
    for inner in sorted(set(units) - {""}, key=lambda inner: (-sizes[inner], inner)):
        if remains <= _long() or sizes[inner] < _long() // _SMALL:
            break
        found[inner] = left.pop(inner)
        remains -= sizes[inner]
    if left:
        found.setdefault(name, []).extend(unit for members in left.values() for unit in members)
    return found


def _runs(name: str, units: list[_Unit]) -> dict[str, list[_Unit]]:
    """Cut what no name parts into runs of a size to read, numbered from the second."""
    found: dict[str, list[_Unit]] = {name: []}
    run, size = name, 0
    for unit in units:
        if size and size + unit.size > _long():
            run, size = f"{name}_{len(found) + 1}", 0
        found.setdefault(run, []).append(unit)
        size += unit.size
    return found


def _size(units: Iterable[_Unit]) -> int:
    return sum(unit.size for unit in units)


def _long() -> int:
    """The lines that a module has at most, where its parts have names to part it by."""
    return _MANY * _LINES


# What belongs together, and how much it is.


def _sizes(api: Api) -> dict[_Node, int]:
    """How many classes, fields and constants there are."""
    return {
        **{("class", model.name): 1 + len(model.fields) for model in api.models},
        **{("class", enum.name): 1 + len(enum.members) for enum in api.enums},
        **{("class", name): 1 for name, _ in (*api.aliases, *api.twins)},
        **{("rule", name): _extent(rule) for name, rule in api.rules},
    }


def _lengths(api: Api) -> dict[_Node, int]:
    """About how many lines everything takes, with what is said of it."""
    found = _sizes(api)
    for model in api.models:
        said = sum(_told(field.description) for field in model.fields)
        found["class", model.name] += 2 + _told(model.description) + said
    for enum in api.enums:
        found["class", enum.name] += 2 + _told(enum.description)
    return found


def _told(text: str) -> int:
    """About how many lines a documentation takes, with an empty one below it."""
    lines = text.strip().splitlines()
    folded = sum(1 + len(line) // _FOLDED for line in lines)
    return folded + (_QUOTES if len(lines) > 1 else 0) + (1 if lines else 0)


def _extent(rule: object) -> int:
    """How many keys and items a rule has."""
    if isinstance(rule, Mapping):
        return sum(1 + _extent(value) for value in cast("Mapping[str, object]", rule).values())
    if isinstance(rule, list | tuple):
        return sum(map(_extent, cast("Sequence[object]", rule)))
    return 0


def _units(api: Api, sizes: Mapping[_Node, int]) -> dict[str, _Unit]:
    bases = {model.name: model.base for model in api.models}
    bases |= dict(api.twins)
    names = {name for kind, name in sizes if kind == "class"}
    units: dict[str, _Unit] = {}
    for (kind, name), size in sizes.items():
        class_ = naming.class_(name) if kind == "rule" else name
        root = _root(class_, bases) if class_ in names else name
        unit = units.setdefault(root, _Unit(root))
        (unit.classes if kind == "class" else unit.rules).append(name)
        unit.size += size
    return units


def _root(name: str, bases: Mapping[str, str]) -> str:
    while bases.get(name):
        name = bases[name]
    return name


# What uses what.


def _users(api: Api, groups: Sequence[Group], units: Mapping[str, _Unit]) -> dict[str, _Users]:
    """The operations that reach each unit, by their tag and their module."""
    unit_of = {("class", name): unit.name for unit in units.values() for name in unit.classes}
    unit_of |= {("rule", name): unit.name for unit in units.values() for name in unit.rules}
    edges: dict[str, set[str]] = {name: set() for name in units}
    for node, needed in _needs(api):
        edges[unit_of[node]].update(unit_of[n] for n in needed if n in unit_of)
    found = dict[str, _Users].fromkeys(units)
    for group in groups:
        for node in (n for o in group.operations for n in _needed_by(o)):
            if node in unit_of:
                found[unit_of[node]] = _both(found[unit_of[node]], (group.tag, group.name))
    waiting = deque(name for name in units if found[name])
    while waiting:
        name = waiting.popleft()
        for needed in edges[name]:
            both = _both(found[needed], found[name])
            if both != found[needed]:
                found[needed] = both
                waiting.append(needed)
    return found


def _both(one: _Users, other: _Users) -> _Users:
    """The users of what is used by these and by those."""
    if one is None or other is None:
        return one or other
    tag, module = one
    return (tag if tag == other[0] else _SEVERAL, module if module == other[1] else _SEVERAL)


def _needs(api: Api) -> Iterator[tuple[_Node, set[_Node]]]:
    for model in api.models:
        types = [field.type for field in model.fields]
        yield ("class", model.name), _named([*types, *([model.extras] if model.extras else [])])
    for name, type_ in api.aliases:
        yield ("class", name), _named([type_])
    for name, rule in api.rules:
        yield ("rule", name), {("rule", other) for other in _rules_of(rule)}


def _needed_by(operation: Operation) -> set[_Node]:
    contents: list[Content] = [c for r in operation.responses for c in r.contents]
    contents += operation.body.contents if operation.body else ()
    types = [p.type for p in operation.parameters]
    types += [content.type for content in contents if content.type]
    types += [operation.headers] if operation.headers else []
    rules = [*(p.rules for p in operation.parameters), *(content.rules for content in contents)]
    return _named(types) | {("rule", name) for rule in rules for name in _rules_of(rule)}


def _named(types: Iterable[Type]) -> set[_Node]:
    types = tuple(types)
    cases = {p.cases for type_ in types for p in parts_of(type_) if isinstance(p, Tagged)}
    names = {name for type_ in types for name in names_in(type_)}
    return {("class", name) for name in names.union(*(dict(c).values() for c in cases))}


def names_in(type_: Type) -> Iterator[str]:
    """The names of what is in the models that the spelling of a type has in them."""
    for part in parts_of(type_):
        match part:
            case Model(name) | OpenEnum(name):
                yield name
            case Tagged(has_base=True):
                yield cases_of(part)
            case _:
                pass


def _rules_of(rule: object) -> Iterator[str]:
    """The names of the shared rules that a rule refers to."""
    if isinstance(rule, Mapping):
        for key, value in cast("Mapping[str, object]", rule).items():
            if key == "is" and isinstance(value, str):
                yield value
            elif key == "cases" and isinstance(value, Mapping):
                named = cast("Mapping[str, object]", value).values()
                yield from (name for name in named if isinstance(name, str))
            elif key != "enum":
                yield from _rules_of(value)
    elif isinstance(rule, list | tuple):
        for item in cast("Sequence[object]", rule):
            yield from _rules_of(item)
