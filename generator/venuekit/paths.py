"""The variables of a path, in all spellings in use, and which parameter each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter

from venuekit import naming
from venuekit.records import dataclass

_VARIABLE = re.compile(r"\{([^{}]*)\}")
# Of RFC 6570 (`{+path}`, `{ids*}`), and of gRPC's `google.api.http` (`{name=shelves/*}`).
_SPELLING = re.compile(r"([+#./;?&]?)([^=]*?)(?:\*|\+|:\d+|=(.*))?", re.DOTALL)

_COMMON = frozenset({"id", "name"})
_AKIN = 0.75  # of the letters of both names


@dataclass(frozen=True, slots=True)
class Variable:
    """A place in a path that a value takes."""

    text: str
    """As it stands in the path, with its braces."""
    name: str
    """Of its parameter; where that is not defined, what the braces hold."""
    is_defined: bool
    has_slashes: bool
    """Whether a value may be several segments of the path, and keeps what stands between them."""

    @property
    def is_plain(self) -> bool:
        """Whether it is written as OpenAPI wants it, or as all read it: `{name}`, `{+name}`."""
        return self.text in (f"{{{self.name}}}", f"{{+{self.name}}}")


def variables(path: str, defined: Iterable[str]) -> list[Variable]:
    """The variables of a path in order, each once; `defined` are its parameters' names.

    A variable that no parameter defines is taken for one that no variable has place for, where the
    two differ in spelling only, or where there is one of each and their names are akin.
    """
    names = list(dict.fromkeys(defined))
    found: dict[str, Variable] = {}
    for inner in _VARIABLE.findall(path):
        operator, bare, pattern = _SPELLING.fullmatch(inner).groups("")  # pyright: ignore[reportOptionalMemberAccess]  # it takes everything
        name = inner if inner in names or not bare else bare
        has_slashes = operator in ("+", "#") if name != inner else False
        has_slashes = has_slashes or "/" in pattern or "**" in pattern
        variable = Variable(f"{{{inner}}}", name, name in names, has_slashes)
        found.setdefault(name, variable)
    missing = [name for name in found if name not in names]
    spare = [name for name in names if name not in found]
    for name, other in _pairs(missing, spare):
        place = found[name]
        found[name] = Variable(place.text, other, True, place.has_slashes)
    return list(found.values())


def _pairs(missing: list[str], spare: list[str]) -> Iterable[tuple[str, str]]:
    for name in list(missing):
        alike = [other for other in spare if naming.snake(other) == naming.snake(name)]
        if len(alike) == 1:
            yield name, alike[0]
            missing.remove(name)
            spare.remove(alike[0])
    if len(missing) == len(spare) == 1 and _are_akin(missing[0], spare[0]):
        yield missing[0], spare[0]


def _are_akin(one: str, other: str) -> bool:
    """Whether two names have a word in common, or are one but for a slip: `petId`, `pteId`."""
    forms = naming.snake(one), naming.snake(other)
    words = [set(form.split("_")) for form in forms]
    if words[0] <= words[1] or words[1] <= words[0] or words[0] & words[1] - _COMMON:
        return True
    import difflib

    return difflib.SequenceMatcher(None, *forms).ratio() >= _AKIN


def is_balanced(path: str) -> bool:
    """Whether the braces of a path match."""
    try:
        list(Formatter().parse(path))
    except ValueError:
        return False
    return True
