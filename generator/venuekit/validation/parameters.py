"""Rules of parameters: those that a path lacks or has no place for, and repeated ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from venuekit.paths import Variable, is_balanced, variables
from venuekit.records import dataclass
from venuekit.sources import Seq
from venuekit.validation.parts import Part, Path
from venuekit.validation.references import Parts
from venuekit.validation.rules import Endpoint, Rules
from venuekit.validation.slips import misspelt

_LOCATIONS = ("path", "query", "header", "cookie", "querystring")
_Use = tuple[Path, str, str]
"""A parameter: where it stands, its name, and the text that paths have for it, empty if none."""


def check_parameters(rules: Rules, endpoints: Sequence[Endpoint]) -> None:
    """Compare paths with the parameters of their operations."""
    faults = _Faults(rules)
    for endpoint in endpoints:
        defined = _defined(rules, endpoint)
        found = variables(endpoint.url, defined)
        faults.note(endpoint, defined, found, is_whole=_is_whole(rules.parts, endpoint))
        _check_required(rules, defined, {variable.name for variable in found})
    faults.report()


def _defined(rules: Rules, endpoint: Endpoint) -> dict[str, Part]:
    """The path parameters of an operation, by their names; a word of those that come twice."""
    found: dict[tuple[str, str], Part] = {}
    for owner in (endpoint.item, endpoint.operation):
        own: set[tuple[str, str]] = set()
        for index, parameter in rules.parts.children(owner, "parameters"):
            name, where = parameter.node.get("name"), parameter.node.get("in")
            if not isinstance(name, str) or not isinstance(where, str):
                continue
            place = (*owner.path, "parameters", int(index))
            if (name, where) in own and place not in rules.settled:
                says = f"the {where} parameter '{name[:80]}' of {endpoint.title} is given twice"
                rules.warn("VK226", says, place, "remove one of the two")
                rules.settled.add(place)
            own.add((name, where))
            found[name, where] = parameter
    return {name: part for (name, where), part in found.items() if where == "path"}


def _check_required(rules: Rules, defined: Mapping[str, Part], placed: set[str]) -> None:
    for name, parameter in defined.items():
        if parameter.node.get("required") is not True:
            if name in placed:
                says = f"the path parameter '{name[:80]}' is not marked as required"
                rules.warn("VK216", says, parameter.path, "set required to true")
            rules.settled |= {parameter.path, (*parameter.path, "required")}


def _is_whole(parts: Parts, endpoint: Endpoint) -> bool:
    """Whether all parameters of an operation are known: none is broken, and said to be so."""
    if any(misspelt(owner.node, "parameters") for owner in (endpoint.item, endpoint.operation)):
        return False
    for part in _own_parameters(parts, endpoint):
        if part.reference is not None and parts.resolve(part.path) is None:
            return False
        if part.reference is None and part.node.get("in") not in _LOCATIONS:
            return False
    return True


def _own_parameters(parts: Parts, endpoint: Endpoint) -> Iterator[Part]:
    for owner in (endpoint.item, endpoint.operation):
        listed = owner.node.get("parameters")
        for index in range(len(listed) if isinstance(listed, Seq) else 0):
            part = parts.by_path.get((*owner.path, "parameters", index))
            if part is not None:
                yield part


@dataclass(frozen=True, slots=True)
class _Faults:
    """What paths and their parameters do not have in common, each said once."""

    rules: Rules
    missing: dict[tuple[Path, str], list[Endpoint]] = field(
        default_factory=dict[tuple[Path, str], list[Endpoint]]
    )
    """By the path's place, and by the variable."""
    surplus: dict[_Use, list[Endpoint]] = field(default_factory=dict[_Use, list[Endpoint]])

    def note(
        self,
        endpoint: Endpoint,
        defined: Mapping[str, Part],
        found: Sequence[Variable],
        *,
        is_whole: bool,
    ) -> None:
        """Note the faults of one operation; `is_whole` says that all its parameters are known."""
        plain = {variable.name for variable in found if variable.is_plain}
        texts = {variable.name: variable.text for variable in found}
        for name, part in defined.items():
            if name not in plain and is_balanced(endpoint.url):
                self.surplus.setdefault((part.path, name, texts.get(name, "")), []).append(endpoint)
        for variable in found:
            if not variable.is_defined and is_whole:
                name = variable.text[1:-1].removeprefix("+")
                self.missing.setdefault((endpoint.item.path, name), []).append(endpoint)

    def report(self) -> None:
        often = Counter(name for _, name in self.missing)
        told: dict[_Use, str] = {}
        for (path, name), those in self.missing.items():
            spare = self._spare(path) if often[name] == 1 else None
            if spare is not None:
                told[spare] = name
                continue
            titles, variable = _titles(those), _braced(name)
            says = f"the parameter '{variable}' of the path is not defined for {titles}"
            owner = "path" if len(those) > 1 else "operation"
            help = f"add it to the parameters of the {owner}"
            self.rules.warn("VK214", says, those[0].operation.path, help)
        for use, those in self.surplus.items():
            path, name, text = use
            says = f"the path of {_titles(those)} has no '{_braced(name)}', which is a parameter"
            help = "write it into the path, or correct its name"
            if text:
                short = name[:80]
                says = f"the path of {_titles(those)} has '{text[:80]}' for the parameter '{short}'"
                help = f"write '{_braced(name)}' into the path, or correct its name"
            elif use in told:
                says = f"{says}, and has '{_braced(told[use])}', which is none"
            self.rules.warn("VK215", says, (*path, "name"), help)

    def _spare(self, path: Path) -> _Use | None:
        """The only parameter without a place of a path that has only one variable too many."""
        if sum(other == path for other, _ in self.missing) > 1:
            return None
        found = [
            use
            for use, those in self.surplus.items()
            if not use[2] and any(endpoint.item.path == path for endpoint in those)
        ]
        return found[0] if len(found) == 1 else None


def _braced(name: str) -> str:
    return f"{{{name[:80]}}}"


def _titles(those: Sequence[Endpoint]) -> str:
    if len(those) == 1:
        return those[0].title
    of_path = " of the path" if len({endpoint.item.path for endpoint in those}) == 1 else ""
    return f"{those[0].title} and {len(those) - 1} more{of_path}"
