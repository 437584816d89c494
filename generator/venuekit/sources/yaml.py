"""YAML 1.2 read as JSON from the events of libyaml, with the place of every key and item.

Plain scalars mean what JSON says: `true`, `null` (also `~` and nothing) and JSON's numbers; all
others are strings, and so is every key. `True`, `NULL` and their like count as in YAML's core
schema. The merge key `<<` is obeyed as in YAML 1.1, since documents in use rely on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from venuekit.diagnostics import Report
from venuekit.sources.faults import Explanation, explained, unprintable
from venuekit.sources.limits import (
    DEPTH,
    EXPANSION,
    Refusal,
    fits,
    repeated,
    too_deep,
    unfit,
)
from venuekit.sources.tree import JSON, Float, Map, Origin, Seq, Table, clone

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CORE = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_WORDS: dict[str, JSON] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_OTHERWISE_IN_1_1 = re.compile(
    r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*_[\d_]*"
    r"|[-+]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?|=",
    re.ASCII,
)


def read(origin: Origin, report: Report, *, hints: bool = False) -> JSON:
    """Read a YAML text; None if an error was reported. See `venuekit.sources.read_yaml`."""
    reading = _Reading(origin, report, hints)
    try:
        value = reading.root()
    except Refusal as refusal:
        place = origin.place(refusal.offset)
        report.error(refusal.code, refusal.message, place, help=refusal.help)
        return None
    except yaml.YAMLError as broken:
        found = _explained(broken, origin.text)
        place = origin.place(found.offset)
        report.error("VK103", f"broken YAML: {found.problem}", place, help=found.help)
        return None
    return None if reading.repeats else value


class _Anchored(NamedTuple):
    value: JSON
    text: str | None
    size: int
    height: int


class _Reading:
    """One text on its way through the parser's events."""

    def __init__(self, origin: Origin, report: Report, hints: bool) -> None:
        self.origin = origin
        self.report = report
        self.hints = hints
        self.repeats = False
        self._next: Callable[[], Event] = _Loader(origin.text).get_event
        self._tables: list[Table] = []
        self._plain: dict[str, JSON] = dict(_WORDS)
        self._anchors: dict[str, _Anchored | None] = {}
        self._read = 0
        self._expanded = 0
        self._deepest = 0
        self._differing: set[int] = set()

    def root(self) -> JSON:
        self.origin.know(self._tables)
        event = self._next()
        while isinstance(event, StreamStartEvent | DocumentStartEvent):
            event = self._next()
        if isinstance(event, StreamEndEvent):
            raise Refusal("VK103", "broken YAML: the text is empty", 0)
        start = event.start_mark.index
        value = self._value(event, 1)
        while isinstance(event := self._next(), DocumentEndEvent):
            pass
        if isinstance(event, DocumentStartEvent) and not _is_empty(self._next()):
            raise Refusal(
                "VK106",
                "a second YAML document begins here",
                event.start_mark.index,
                help="give each document a file of its own",
            )
        if value is None:
            raise Refusal("VK103", "broken YAML: the text holds nothing but null", start)
        return value

    def _value(self, event: Event, depth: int) -> JSON:
        self._read += 1
        if isinstance(event, ScalarEvent):
            value = self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = _Anchored(value, event.value, 1, 0)
            return value
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        if depth > DEPTH:
            raise too_deep(event.start_mark.index)
        assert isinstance(event, MappingStartEvent | SequenceStartEvent)
        if event.anchor:
            return self._anchored(event, depth)
        self._deepest = max(self._deepest, depth)
        return self._container(event, depth)

    def _anchored(self, event: MappingStartEvent | SequenceStartEvent, depth: int) -> JSON:
        """Read a container that aliases may name, and measure it."""
        size = self._read + self._expanded
        deepest, self._deepest = self._deepest, depth
        self._anchors[event.anchor] = None
        value = self._container(event, depth)
        self._anchors[event.anchor] = _Anchored(
            value, None, self._read + self._expanded - size + 1, self._deepest - depth + 1
        )
        self._deepest = max(self._deepest, deepest)
        return value

    def _container(self, event: MappingStartEvent | SequenceStartEvent, depth: int) -> JSON:
        if isinstance(event, MappingStartEvent):
            self._require(event, "map")
            return self._map(event, depth)
        self._require(event, "seq")
        return self._seq(event, depth)

    def _map(self, event: MappingStartEvent, depth: int) -> Map:
        node, marks = Map(), dict[str, int]()
        merged: list[tuple[int, JSON]] = []
        node.origin, node.number = self.origin, len(self._tables)
        self._tables.append((event.start_mark.index, marks))
        while not isinstance(named := self._next(), MappingEndEvent):
            offset: int = named.start_mark.index
            key = self._key(named)
            content = self._next()
            value = self._value(content, depth + 1)
            if key == "<<" and _is_plain(named):
                merged.append((offset, value))
            elif key in node:
                self.repeats = True
                repeated(self.report, key, self.origin.place(offset))
            else:
                node[key] = value
                marks[key] = offset
                if self._differing and key in ("enum", "const"):
                    self._hint(content.start_mark.index, value)
        for offset, value in merged:
            _merge(node, marks, value, offset)
        return node

    def _seq(self, event: SequenceStartEvent, depth: int) -> Seq:
        node, marks = Seq(), list[int]()
        node.origin, node.number = self.origin, len(self._tables)
        self._tables.append((event.start_mark.index, marks))
        while not isinstance(item := self._next(), SequenceEndEvent):
            marks.append(item.start_mark.index)
            node.append(self._value(item, depth + 1))
        return node

    def _key(self, event: Event) -> str:
        """The text of a key as it is written: `200`, `true` and `1.10` are strings."""
        self._read += 1
        if isinstance(event, ScalarEvent):
            self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = _Anchored(event.value, event.value, 1, 0)
            return event.value
        if isinstance(event, AliasEvent):
            found = self._anchors.get(event.anchor)
            if found is not None and found.text is not None:
                return found.text
        raise Refusal(
            "VK103",
            "broken YAML: a key must be a single value",
            event.start_mark.index,
            help="quote a key that begins with a bracket",
        )

    def _scalar(self, event: ScalarEvent) -> JSON:
        text = event.value
        if event.tag is not None and event.tag != "!":
            return self._tagged(event)
        if not _is_plain(event):
            return text
        if text in self._plain:
            value = self._plain[text]
        else:
            value = self._plain[text] = _resolved(text, event.start_mark.index)
        if self.hints and isinstance(value, str) and _OTHERWISE_IN_1_1.fullmatch(text):
            self._differing.add(event.start_mark.index)
        return value

    def _tagged(self, event: ScalarEvent) -> JSON:
        """The value of a scalar whose tag says what it is."""
        text, offset = event.value, event.start_mark.index
        self._require(event, "str", "int", "float", "bool", "null")
        kind = event.tag.removeprefix(_CORE)
        if kind == "str":
            return text
        value = _resolved(text, offset)
        if kind == "float" and type(value) is int:
            return Float(text)
        wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}[kind]
        if isinstance(value, wanted) and not (kind == "int" and isinstance(value, bool)):
            return value
        raise Refusal("VK105", f"'{text}' is no value of the tag !!{kind}", offset)

    def _require(
        self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, *kinds: str
    ) -> None:
        tag = event.tag
        if tag is None or tag == "!" or tag.removeprefix(_CORE) in kinds:
            return
        shown = f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag
        raise Refusal(
            "VK105",
            f"the tag {shown} has no meaning in JSON",
            event.start_mark.index,
            help="remove the tag, or write the value that it stands for",
        )

    def _alias(self, event: AliasEvent, depth: int) -> JSON:
        """A copy of what an alias names: what is done to one place is not done to the other."""
        name, offset = event.anchor, event.start_mark.index
        if name not in self._anchors:
            says = f"broken YAML: no anchor is named '{name}'"
            raise Refusal("VK103", says, offset, help="quote a text that begins with '*'")
        found = self._anchors[name]
        if found is None:
            raise Refusal("VK107", f"the alias '{name}' stands inside of what it names", offset)
        self._expanded += found.size
        if self._expanded > EXPANSION:
            raise Refusal("VK107", f"aliases add more than {EXPANSION} values", offset)
        deepest = depth + found.height - 1
        if deepest > DEPTH:
            raise too_deep(offset)
        self._deepest = max(self._deepest, deepest)
        return clone(found.value)

    def _hint(self, offset: int, value: JSON) -> None:
        """Warn of the values at `enum` or `const` that YAML 1.1 reads otherwise."""
        if isinstance(value, Seq):
            marks = self._tables[value.number][1]
            assert isinstance(marks, list)
            found = [(mark, item) for mark, item in zip(marks, value, strict=True)]
        else:
            found = [(offset, value)]
        for mark, item in found:
            if mark in self._differing:
                self.report.warning(
                    "VK109",
                    f"{item} is a string here, and something else to tools that read YAML 1.1",
                    self.origin.place(mark),
                    help=f"write it in quotes: '{item}'",
                )


def _is_plain(event: Event) -> bool:
    return isinstance(event, ScalarEvent) and not event.style and event.tag is None


def _is_empty(event: Event) -> bool:
    return _is_plain(event) and isinstance(event, ScalarEvent) and not event.value


def _resolved(text: str, offset: int) -> JSON:
    """What a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if not (found := _NUMBER.fullmatch(text)):
        return text
    if not fits(text):
        raise unfit(text, offset)
    if not found.lastindex:
        return int(text)
    number = float(text)
    return number if repr(number) == text else Float(text)


def _merge(node: Map, marks: dict[str, int], value: JSON, offset: int) -> None:
    """Add to an object what its merge key names and it does not say itself."""
    sources = value if isinstance(value, Seq) else [value]
    for source in sources:
        if not isinstance(source, Map):
            raise Refusal("VK103", "broken YAML: '<<' needs an object to merge", offset)
        found = source.origin.table(source.number)[1]
        assert isinstance(found, dict)
        for key, content in source.items():
            if key not in node:
                node[key] = content
                marks[key] = found[key]


def _explained(broken: yaml.YAMLError, text: str) -> Explanation:
    """Where a text stops being YAML, and why."""
    if not isinstance(broken, yaml.MarkedYAMLError) or broken.problem_mark is None:
        return unprintable(text)
    problem = " ".join(part for part in (broken.problem, broken.context) if part)
    offset = broken.problem_mark.index
    opening = broken.context_mark.index if broken.context_mark else offset
    return explained(text, problem, offset, opening)
