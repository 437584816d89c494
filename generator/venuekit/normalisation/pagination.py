"""`x-pagination` into how listings are read page by page; the grammar is in docs/pagination.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from venuekit.diagnostics import Report
from venuekit.ir import (
    ANY,
    BOOL,
    NONE,
    STR,
    Api,
    Field,
    ListOf,
    MapOf,
    Model,
    ModelClass,
    Operation,
    Pagination,
    Parameter,
    Tagged,
    TupleOf,
    Type,
    UnionOf,
    joined,
)
from venuekit.normalisation.reading import Document, Node
from venuekit.records import dataclass

_PAGE = ("parameter", "body")
# What each kind needs one of, and what else it may say.
_KEYS: Mapping[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "cursor": ((_PAGE, ("next", "header")), ("end", "more")),
    "page": ((_PAGE,), ("start", "total", "more")),
    "offset": ((_PAGE,), ("total", "more")),
    "link": ((), ("next", "header", "more")),
    "last-id": ((_PAGE, ("id",)), ("more",)),
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

Path = tuple[str, ...]


@dataclass(slots=True)
class Paginations:
    """Reads how listings are paged; one that is not sound is left out with a warning."""

    document: Document
    api: Api
    report: Report
    _models: dict[str, ModelClass] = field(default_factory=dict[str, ModelClass])
    _aliases: dict[str, Type] = field(default_factory=dict[str, Type])

    def read(self, nodes: Sequence[Node]) -> Api:
        """The API with the pagination of its operations, which stand at `nodes`."""
        self._models = {model.name: model for model in self.api.models}
        self._aliases = dict(self.api.aliases)
        found = [
            replace(operation, pagination=self._of(operation, node.get("x-pagination")))
            for operation, node in zip(self.api.operations, nodes, strict=True)
        ]
        return replace(self.api, operations=tuple(found))

    def _of(self, operation: Operation, node: Node) -> Pagination | None:
        if not node or not self._is_well_formed(node):
            return None
        before = len(self.report)
        kind, data = node.text("kind"), operation.returns
        items = _path(node.get("items"))
        item = self._item(node, data, items)
        argument = self._argument(operation, node)
        following, header = _path(node.get("next")), node.text("header")
        if kind == "link" and not following and not header:
            header = "Link"
        identifier = _path(node.get("id"))
        self._require(node.get("next"), data, following)
        self._require(node.get("more"), data, _path(node.get("more")), BOOL)
        self._require(node.get("total"), data, _path(node.get("total")))
        self._require(node.get("id"), item, identifier)
        if len(self.report) > before:
            return None
        return Pagination(
            kind=kind,
            item=item,
            items=items,
            argument=argument.name if argument else "",
            field=_path(node.get("body")),
            next=following,
            header=header,
            ends=_ends(node.get("end")),
            id=identifier,
            more=_path(node.get("more")),
            total=_path(node.get("total")),
            start=_start(node, argument),
            is_text=argument is not None and _without_null(argument.type) == STR,
        )

    # What is written.

    def _is_well_formed(self, node: Node) -> bool:
        """Whether it has the keys of its kind, with values of their form."""
        kind = node.text("kind")
        if kind not in _KEYS:
            self._unsound(node, f"x-pagination needs a kind: {', '.join(_KEYS)}")
            return False
        before = len(self.report)
        groups, optional = _KEYS[kind]
        known = {"kind", "items", *optional, *(key for group in groups for key in group)}
        for key, entry in node.entries():
            if key not in known:
                self._unsound(entry, f"x-pagination of kind {kind} has no '{key}'")
            elif not _is_of_form(key, entry):
                self._unsound(entry, f"'{key}' of x-pagination must be {_form(key)}")
        if kind == "link":
            groups = (("next", "header"),) if {"next", "header"} <= set(node.map()) else ()
        for group in groups:
            if len([key for key in group if node.get(key)]) != 1:
                choice = " or ".join(f"'{key}'" for key in group)
                self._unsound(node, f"x-pagination of kind {kind} needs {choice}, and one alone")
        return len(self.report) == before

    # What it names.

    def _argument(self, operation: Operation, node: Node) -> Parameter | None:
        """The parameter that asks for a page, where it is none of the body's fields."""
        wire = node.text("parameter")
        for parameter in operation.parameters if wire else ():
            if parameter.wire == wire and parameter.location != "path":
                return parameter
        if wire:
            self._missing(node.get("parameter"), f"{operation.id} has no parameter '{wire}'")
        path = _path(node.get("body"))
        if path and not any(
            c.kind == "json" for c in (operation.body and operation.body.contents) or ()
        ):
            self._missing(node.get("body"), f"{operation.id} has no body of JSON")
        elif path and operation.body:
            self._require(node.get("body"), operation.body.contents[0].type or ANY, path)
        return None

    def _item(self, node: Node, data: Type, path: Path) -> Type:
        """The type of the items of a reply."""
        lists = [t for t in self._at(data, path) if isinstance(t, ListOf)]
        lists += [t for t in self._members(data) if isinstance(t, ListOf) and path]
        if lists:
            return joined(tuple(found.item for found in lists))
        if ANY not in self._at(data, path):
            place = node.get("items") if path else node
            where = f"at '{node.text('items')}' of its reply" if path else "its reply"
            self._missing(place, f"there is no list {where}")
        return ANY

    def _require(self, node: Node, type_: Type, path: Path, wanted: Type | None = None) -> None:
        found = [t for t in self._at(type_, path) if t != NONE] if path else []
        if path and not found:
            self._missing(node, f"nothing is documented at '{node.value}'")
        elif wanted and found and not {ANY, wanted} & set(found):
            self._missing(node, f"what is documented at '{node.value}' is no boolean")

    def _at(self, type_: Type, path: Path) -> list[Type]:
        """What a path leads to, of each member of a union."""
        found = list(self._members(type_))
        for token in path:
            found = [m for t in found for part in self._part(t, token) for m in self._members(part)]
        return found

    def _members(self, type_: Type, depth: int = 0) -> Iterator[Type]:
        match type_:
            case UnionOf(members) | Tagged(members):
                for member in members:
                    yield from self._members(member, depth)
            case Model(name) if name in self._aliases and depth < 20:
                yield from self._members(self._aliases[name], depth + 1)
            case _:
                yield type_

    def _part(self, type_: Type, token: str) -> Iterator[Type]:
        match type_:
            case Model(name) if name in self._models:
                model = self._models[name]
                known = [f.type for f in self._fields(model) if f.wire == token]
                yield from known
                if not known and model.extras is not None:
                    yield model.extras
            case MapOf(value):
                yield value
            case TupleOf(items) if token.isdecimal() and int(token) < len(items):
                yield items[int(token)]
            case ListOf(item) if token.isdecimal():
                yield item
            case _:
                if type_ == ANY:
                    yield ANY

    def _fields(self, model: ModelClass) -> Iterator[Field]:
        for _ in range(20):
            yield from model.fields
            if model.base not in self._models:
                return
            model = self._models[model.base]

    # Messages.

    def _unsound(self, node: Node, message: str) -> None:
        self._warn("VK360", message, node)

    def _missing(self, node: Node, message: str) -> None:
        self._warn("VK361", f"x-pagination: {message}", node)

    def _warn(self, code: str, message: str, node: Node) -> None:
        help_ = "see docs/pagination.md; without it the operation has no iterator over its pages"
        self.report.warning(code, message, self.document.place(node), help_)


def _is_of_form(key: str, node: Node) -> bool:
    value = node.value
    match key:
        case "start":
            return isinstance(value, int) and not isinstance(value, bool)
        case "end":
            texts = list(node.strings())
            return isinstance(value, str) or (bool(texts) and len(texts) == len(list(node.items())))
        case "kind" | "parameter":
            return isinstance(value, str) and bool(value)
        case "header":
            return isinstance(value, str) and bool(_TOKEN.fullmatch(value))
        case _:  # the empty pointer is the whole (RFC 6901, section 5), as where none is given
            is_whole = key == "items" and value == ""
            return is_whole or (isinstance(value, str) and value.startswith("/"))


def _form(key: str) -> str:
    return {
        "start": "a whole number",
        "end": "a text, or a list of them",
        "parameter": "the name of a parameter",
        "header": "the name of a header",
    }.get(key, "a JSON pointer such as /data")


def _path(node: Node) -> Path:
    """The tokens of a JSON pointer (RFC 6901)."""
    text = node.value if isinstance(node.value, str) else ""
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in text.split("/")[1:])


def _ends(node: Node) -> Path:
    return (node.value,) if isinstance(node.value, str) else node.strings()


def _start(node: Node, argument: Parameter | None) -> int:
    """The number of the first page: as written, else what is documented as the default, else 1."""
    if node.text("kind") != "page":
        return 0
    value = node.map().get("start")
    if isinstance(value, int):
        return value
    default = argument.default if argument else ""
    return int(default) if re.fullmatch(r"\d+", default) else 1


def _without_null(type_: Type) -> Type:
    if isinstance(type_, UnionOf):
        rest = tuple(member for member in type_.members if member != NONE)
        return rest[0] if len(rest) == 1 else type_
    return type_
