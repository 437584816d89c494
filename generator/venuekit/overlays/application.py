"""Actions at work on a document, each on the result of the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from venuekit.diagnostics import Place, Report
from venuekit.likeness import equal
from venuekit.overlays.queries import Match, Query, TooDeep
from venuekit.overlays.reading import Action, Path
from venuekit.sources import JSON, Map, Seq, append, clone, locate, place_of, pointer, put, remove
from venuekit.sources.limits import DEPTH

_MENDED = "the venue may have mended its page: remove the action"
_MOVED = "the venue may have mended or moved this: remove the action, or mend its target"
_TWO_STEPS = "remove the old value in an action of its own, then add the new one"

Kind = Literal["object", "array", "primitive"]


def apply_actions(document: Map, actions: Iterable[Action], report: Report) -> Map:
    """Apply actions in order; the input is not modified."""
    if _depth(document) > DEPTH:
        report.error("VK149", f"values are nested more than {DEPTH} deep", locate(document, ()))
        return document
    result = clone(document)
    for action in actions:
        _Work(action, result, report).run()
    return result


class _Work:
    """One action at work; it knows whether it has changed anything."""

    def __init__(self, action: Action, document: Map, report: Report) -> None:
        self.action = action
        self.document = document
        self.report = report
        self.changed = False
        self.failed = False

    def run(self) -> None:
        target = self.action.target
        matches = self._find(target)
        if matches is None:
            return
        if not matches:
            self._error("VK141", f"the target {target.text} matches nothing", _MOVED)
        elif self.action.verb == "remove":
            self._remove(matches)
        elif (value := self._value()) is not None and self._fits(matches, value[0]):
            self._add(matches, value[0])
        if not self.changed and not self.failed:
            message = f"the action changes nothing: {target.text} is already as it says"
            self._error("VK142", message, _MENDED)

    def _find(self, query: Query) -> list[Match] | None:
        try:
            return query.find(self.document)
        except TooDeep:
            self._too_deep()
            return None

    def _remove(self, matches: list[Match]) -> None:
        """Remove from the back, so that the items that remain to be removed do not move."""
        for found in matches:
            if found.parent is None:
                self._error("VK144", "the root of a document cannot be removed")
                return
            item = isinstance(found.parent, Seq) and _kind(found.value) == "primitive"
            if item and self.action.version == "1.0":
                message = f"{found} is a primitive item of an array, which 1.0 cannot remove"
                self._error("VK144", message, "write `overlay: 1.1.0`")
                return
        for found in sorted(matches, key=_index, reverse=True):
            match found.parent, found.path[-1]:
                case Map() as parent, str(key):
                    remove(parent, key)
                case Seq() as parent, int(key):
                    remove(parent, key)
                case _:
                    raise AssertionError(found)
        self.changed = True

    def _value(self) -> tuple[JSON] | None:
        """What is added: the update, or a snapshot of the one value that is copied."""
        if self.action.source is None:
            return (self.action.value,)
        matches = self._find(self.action.source)
        if matches is None:
            return None
        if len(matches) == 1:
            return (clone(matches[0].value),)
        self.failed = True
        count = f"{len(matches)} values" if matches else "nothing"
        self.report.error(
            "VK146",
            f"the source {self.action.source.text} selects {count}, a copy takes exactly one",
            self.action.value_place,
            "" if matches else _MENDED,
        )
        return None

    def _fits(self, matches: list[Match], value: JSON) -> bool:
        """Whether the value can be added to every match, by the rules of the version."""
        kinds = {_kind(found.value): found for found in reversed(matches)}
        new = _kind(value)
        if self.action.version == "1.0" and "primitive" in kinds:
            message = f"{kinds['primitive']} is a primitive, which 1.0 cannot update"
            self._error("VK144", message, "target its object, or write `overlay: 1.1.0`")
        elif self.action.version == "1.1" and len(kinds) > 1:
            shown = ", ".join(f"{found} ({kind})" for kind, found in sorted(kinds.items()))
            self._error("VK144", f"the target selects values of several kinds: {shown}")
        elif "object" in kinds and new != "object":
            self._error("VK144", f"{_named(new)} cannot be merged into an object")
        elif "primitive" in kinds and new != "primitive":
            self._error("VK144", f"{_named(new)} cannot replace a primitive", _TWO_STEPS)
        return not self.failed

    def _add(self, matches: list[Match], value: JSON) -> None:
        depth = _depth(value)
        for found in matches:
            if len(found.path) + depth > DEPTH:
                self._too_deep()
                return
            if isinstance(found.value, Map) and isinstance(value, Map):
                self._merge(found.value, value, ())
            elif isinstance(found.value, Seq):
                self._extend(found.value, value, (), spread=self.action.version == "1.1")
            else:
                self._replace(found, value)

    def _merge(self, target: Map, value: Map, path: Path) -> None:
        for key, new in value.items():
            here = (*path, key)
            place = place_of(value, key)
            if key not in target:
                put(target, key, clone(new), place)
                self.changed = True
                continue
            old = target[key]
            if isinstance(old, Map) and isinstance(new, Map):
                self._merge(old, new, here)
            elif isinstance(old, Seq) and isinstance(new, Seq):
                self._extend(old, new, here, spread=True)
            elif _kind(old) != _kind(new):
                self.failed = True
                there = f"{_named(_kind(old))} at {place_of(target, key)}"
                message = f"`{key}` is {_named(_kind(new))} here and {there}"
                self.report.error("VK144", message, self._placed(place, here), _TWO_STEPS)
            elif not equal(old, new):
                put(target, key, new, place)
                self.changed = True

    def _extend(self, target: Seq, value: JSON, path: Path, *, spread: bool) -> None:
        items = [(value, self.action.value_place, path)]
        if isinstance(value, Seq) and spread:
            items = [(item, place_of(value, i), (*path, i)) for i, item in enumerate(value)]
        before = list(target)
        for item, place, here in items:
            if any(equal(item, other) for other in before):
                message = "the list already has the item that the action adds"
                self.report.warning("VK148", message, self._placed(place, here), _MENDED)
            append(target, clone(item), place)
            self.changed = True

    def _replace(self, found: Match, value: JSON) -> None:
        if equal(found.value, value):
            return
        match found.parent, found.path[-1]:
            case Map() as parent, str(key):
                put(parent, key, value, self.action.value_place)
            case Seq() as parent, int(key):
                put(parent, key, value, self.action.value_place)
            case _:
                raise AssertionError(found)
        self.changed = True

    def _placed(self, place: Place, path: Path) -> Place:
        """The place of a part of what is added: where an update says it, or the copy itself."""
        whole = self.action.value_place
        if self.action.source is not None:
            return whole
        return replace(place, pointer=whole.pointer + pointer(path))

    def _too_deep(self) -> None:
        message = f"the action makes or meets values that are nested more than {DEPTH} deep"
        self._error("VK149", message)

    def _error(self, code: str, message: str, help: str = "") -> None:
        self.failed = True
        self.report.error(code, message, self.action.place, help)


def _depth(node: JSON) -> int:
    """How many containers are inside one another, at most."""
    level = [node] if isinstance(node, Map | Seq) else []
    depth = 0
    while level:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
    return depth


def _children(node: Map | Seq) -> list[Map | Seq]:
    values = node.values() if isinstance(node, Map) else node
    return [value for value in values if isinstance(value, Map | Seq)]


def _kind(value: JSON) -> Kind:
    if isinstance(value, Map):
        return "object"
    return "array" if isinstance(value, Seq) else "primitive"


def _named(kind: Kind) -> str:
    return "a primitive" if kind == "primitive" else f"an {kind}"


def _index(found: Match) -> int:
    key = found.path[-1]
    return key if isinstance(key, int) else 0
