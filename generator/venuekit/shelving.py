"""What the modules of models hold, as the templates show it: one, or many of a large document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from venuekit.annotations import annotation, by_tag, cases_of
from venuekit.features import types
from venuekit.grouping import Part, names_in, parts
from venuekit.ir import Api, Tagged, Type, UnionOf, class_names
from venuekit.ir import parts as parts_of
from venuekit.layout import WIDTH
from venuekit.qualification import qualified, qualified_class
from venuekit.records import dataclass

_Item = TypeVar("_Item", bound="tuple[str, Any] | tuple[str, str, str]")
_Texts = tuple[tuple[str, str], ...]  # each with its name
_Families = tuple[tuple[str, str, str], ...]  # name, type and value of each
_ROOM = WIDTH - len("    : TypeAlias = ")  # for a name and its value in a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A module of models: the texts of all that is in it."""

    name: str = "models"
    families: _Families = ()  # what tells the cases of a base class
    classes: tuple[str, ...] = ()
    aliases: _Texts = ()
    circles: tuple[tuple[str, str, str], ...] = ()
    """The aliases that lead to themselves: their names, what checkers follow, and their values."""
    twins: _Texts = ()
    rules: tuple[tuple[str, Mapping[str, object]], ...] = ()
    exports: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()  # the other modules that its annotations name
    has_base: bool = False
    """Whether the class that all models extend is in it."""


def whole(api: Api, classes: Mapping[str, str]) -> Shelf:
    """All models in one module; `classes` are their sources by name, in order."""
    straight, circles = _aliases(api)
    return Shelf(
        families=families(api),
        classes=tuple(classes.values()),
        aliases=straight,
        circles=_circles(circles, dict(api.aliases), {}),
        twins=api.twins,
        rules=api.rules,
        has_base=bool(api.models),
    )


def base() -> Shelf:
    """The module of the class that all models of a large document extend."""
    return Shelf(name="_model", has_base=True)


def shelves(api: Api, classes: Mapping[str, str]) -> tuple[Shelf, ...]:
    """The models of a large document in modules; none where one module is enough."""
    found = parts(api)
    if not found:
        return ()
    homes = {name: part.name for part in found for name in part.classes}
    ruled = {name: part.name for part in found for name in part.rules}
    everything = families(api)
    homes |= {name: homes[name.rpartition("_CASES")[0]] for name, *_ in everything}
    cases, sources = _by_home(everything, homes), _by_home(classes.items(), homes)
    aliases, circles = (_by_home(texts, homes) for texts in _aliases(api))
    twins = _by_home(api.twins, homes)
    rules, used = _by_home(api.rules, ruled), _used(api)

    def shelf(part: Part) -> Shelf:
        home = part.name
        named = {n for name in part.classes for n in used.get(name, ()) if homes.get(n) != home}
        distant = {name: f"_{homes[name]}" for name in named if name in homes}
        crossing = {n for n in part.classes if not distant.keys().isdisjoint(used.get(n, ()))}
        return Shelf(
            name=home,
            families=tuple(cases.get(home, ())),
            classes=tuple(
                qualified_class(text, distant) if name in crossing else text
                for name, text in sources.get(home, ())
            ),
            # What a quoted value names is looked for when it is needed.
            aliases=tuple(
                (name, repr(qualified(text, distant)) if name in crossing else text)
                for name, text in aliases.get(home, ())
            ),
            circles=_circles(circles.get(home, ()), dict(api.aliases), distant),
            twins=tuple(twins.get(home, ())),
            rules=tuple(rules.get(home, ())),
            exports=tuple(sorted([*part.classes, *(name for name, *_ in cases.get(home, ()))])),
            elsewhere=tuple(sorted({homes[name] for name in distant})),
        )

    return tuple(map(shelf, found))


def _circles(
    texts: Iterable[tuple[str, str]], types: Mapping[str, Type], distant: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """The aliases that lead to themselves, as checkers and as pydantic take them.

    A text that does not fit into a line is a text for each member: nothing else folds it.
    """
    found: list[tuple[str, str, str]] = []
    for name, text in texts:
        value = repr(qualified(text, distant))
        type_, declared = types[name], value
        if len(name) + len(value) > _ROOM and isinstance(type_, UnionOf):
            members = (qualified(annotation(m, "models"), distant) for m in type_.members)
            declared = f"_Union[{', '.join(map(repr, members))},]"
        found.append((name, declared, value))
    return tuple(found)


def _by_home(items: Iterable[_Item], homes: Mapping[str, str]) -> dict[str, list[_Item]]:
    """What has a name, each where it belongs."""
    found: dict[str, list[_Item]] = {}
    for item in items:
        found.setdefault(homes[item[0]], []).append(item)
    return found


def _used(api: Api) -> dict[str, set[str]]:
    """The names in the annotations of each class and alias."""
    found: dict[str, Iterable[Type]] = {}
    for model in api.models:
        extras = [] if model.extras is None else [model.extras]
        found[model.name] = [*(field.type for field in model.fields), *extras]
    found.update({name: [type_] for name, type_ in api.aliases})
    names = {name: {n for type_ in each for n in names_in(type_)} for name, each in found.items()}
    return {
        name: used | {f"{cases}_LATER" for cases in used if cases.endswith("_CASES")}
        for name, used in names.items()
    }


def families(api: Api) -> _Families:
    """The cases of each base class, by the name that annotations use.

    Each with its type: mypy infers none where the modules import each other.
    """
    found = {part for type_ in types(api) for part in parts_of(type_) if isinstance(part, Tagged)}
    named = {cases_of(t): ("ByTag", by_tag(t)) for t in found if t.has_base}
    late = [field.type for model in api.models for field in model.fields if field.is_late]
    for part in (part for type_ in late for part in parts_of(type_)):
        if isinstance(part, Tagged) and part.has_base:
            named[f"{cases_of(part)}_LATER"] = ("Later", f"Later({cases_of(part)})")
    return tuple((name, *of) for name, of in sorted(named.items()))


def _aliases(api: Api) -> tuple[_Texts, _Texts]:
    """The value of each alias after those that it is made of; and of those that lead in a circle.

    A circle of several is followed by type checkers only where each is declared a `TypeAlias`.
    """
    types = dict(api.aliases)
    sorter = TopologicalSorter({n: sorted(class_names([types[n]]) & types.keys()) for n in types})
    with suppress(CycleError):  # what leads to none is sorted all the same
        sorter.prepare()
    ordered: list[str] = []
    while ready := sorted(sorter.get_ready()):
        ordered += ready
        sorter.done(*ready)
    texts = {name: annotation(type_, "models") for name, type_ in types.items()}
    straight = tuple((name, texts.pop(name)) for name in ordered)
    return straight, tuple(texts.items())
