"""Request bodies: their media types, and how forms and multipart bodies write their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from venuekit.diagnostics import Report
from venuekit.ir import (
    BYTES,
    FILE,
    Body,
    Content,
    Encoding,
    Field,
    ListOf,
    Model,
    ModelClass,
    Operation,
    Scalar,
    Type,
    UnionOf,
    alternatives_of,
)
from venuekit.normalisation.merging import whole_schema
from venuekit.normalisation.reading import Document, Node, scalar
from venuekit.sources import JSON, Map, Seq

TABS = "tabDelimited"
"""A style that OpenAPI lacks and Swagger 2.0 has, as `collectionFormat: tsv`."""


def style_of(node: Node) -> str:
    """The style that a parameter or an encoding names."""
    return TABS if node.text("x-collection-format") == "tsv" else node.text("style")


def encodings(
    document: Document, content: Node, media: str
) -> tuple[tuple[Encoding, ...], Encoding | None]:
    """The encodings of a media type: by property or position, and the one for all other items.

    Those of anything but a form are to be ignored (OpenAPI 3.1.1, section 4.8.14.1).
    """
    if not media.strip().lower().startswith(("multipart/", "application/x-www-form-urlencoded")):
        return (), None
    named = [_encoding(document, node, wire) for wire, node in content.get("encoding").entries()]
    placed = [_encoding(document, node) for node in content.get("prefixEncoding").items()]
    items = content.get("itemEncoding")
    rest = _encoding(document, items) if items.map() else None
    by_wire = {encoding.wire: encoding for encoding in named}
    for wire, medium in _media(document, content) if media.lower().startswith("multipart/") else ():
        held = by_wire.get(wire, Encoding(wire=wire))
        if not held.style:
            by_wire[wire] = replace(held, media=held.media or medium, is_verbatim=True)
    return (*by_wire.values(), *placed), rest


def report_nested(document: Document, content: Node, id: str, report: Report) -> None:
    """Warn of parts that are multipart themselves, whose own parts are not written."""
    entries = [*content.get("encoding").entries(), ("", content.get("itemEncoding"))]
    entries += [(str(at), node) for at, node in enumerate(content.get("prefixEncoding").items())]
    for wire, node in entries:
        found = [key for key in _NESTED if key in node.map()]
        if found:
            named = f"'{wire}'" if wire else "each item"
            report.warning(
                "VK352",
                f"{id} writes no parts inside of a part: {found[0]} of {named} is left out",
                document.place(node.get(found[0])),
                "describe that part as bytes (format: binary) in an overlay, and give it written",
            )


_NESTED = ("encoding", "prefixEncoding", "itemEncoding")


def _media(document: Document, content: Node) -> Iterator[tuple[str, str]]:
    """The media types that the properties of a form name themselves, or their items do."""
    schema = whole_schema(document, content.get("schema"))
    for wire, prop in schema.get("properties").entries():
        whole = whole_schema(document, prop)
        item = whole_schema(document, whole.get("items"))
        medium = whole.text("contentMediaType") or item.text("contentMediaType")
        if not medium and (whole.text("contentEncoding") or item.text("contentEncoding")):
            medium = "application/octet-stream"  # OpenAPI 3.1.1, Encoding Object, contentType
        if medium:
            yield wire, medium


def _encoding(document: Document, node: Node, wire: str = "") -> Encoding:
    keywords = node.map()
    is_styled = any(k in keywords for k in ("style", "explode", "allowReserved"))
    style = (style_of(node) or "form") if is_styled else ""
    explode = keywords.get("explode")
    headers: list[tuple[str, str | None]] = []
    for name, entry in node.get("headers").entries():
        schema = document.resolve(document.resolve(entry).get("schema"))
        if name.lower() != "content-type":
            headers.append((name, _only_value(schema)))
    return Encoding(
        wire=wire,
        media=node.text("contentType").strip(),
        style=style,
        explode=explode if isinstance(explode, bool) else style in ("form", "deepObject"),
        allow_reserved=node.flag("allowReserved"),
        headers=tuple((name, value) for name, value in headers if value is not None),
        is_headed=any(value is None for _, value in headers),
    )


def _only_value(schema: Node) -> str | None:
    """The one value that a schema allows, as text."""
    listed = [node.value for node in schema.get("enum").items()]
    values = [schema.map()["const"]] if "const" in schema.map() else listed
    value = scalar(values[0]) if len(values) == 1 else None
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def with_files(
    models: Sequence[ModelClass], operations: Sequence[Operation]
) -> tuple[tuple[ModelClass, ...], tuple[Operation, ...]]:
    """Let the binary properties of multipart bodies be files, not only bytes."""
    by_name = {model.name: model for model in models}
    changed: set[str] = set()

    def content(found: Content) -> Content:
        if found.kind != "multipart" or found.type is None:
            return found
        names = [
            m.name
            for m in alternatives_of(found.type)
            if isinstance(m, Model) and m.name in by_name
        ]
        for name in names:  # which grows: a class has the fields of its base too
            if (base := by_name[name].base) in by_name and base not in names:
                names.append(base)
        changed.update(names)
        fields = [field for name in names for field in by_name[name].fields]
        files = dict.fromkeys(f.wire for f in fields if _holds(f.type, (BYTES, FILE)))
        encoded = dict.fromkeys(f.wire for f in fields if _holds(f.type, _ENCODED))
        return replace(found, files=tuple(files), encoded=tuple(encoded))

    def body(found: Body | None) -> Body | None:
        return replace(found, contents=tuple(map(content, found.contents))) if found else None

    done = tuple(replace(operation, body=body(operation.body)) for operation in operations)
    return tuple(_filed(m) if m.name in changed else m for m in models), done


def _filed(model: ModelClass) -> ModelClass:
    def field(found: Field) -> Field:
        return replace(found, type=_as_file(found.type))

    return replace(model, fields=tuple(map(field, model.fields)))


_ENCODED = (Scalar("Base64"), Scalar("Base64Url"))


def _holds(type_: Type, kinds: Sequence[Type]) -> bool:
    """Whether a value of a type may be of one of the kinds, or a list of them."""
    return any(
        m in kinds or (isinstance(m, ListOf) and _holds(m.item, kinds))
        for m in alternatives_of(type_)
    )


def _as_file(type_: Type) -> Type:
    match type_:
        case ListOf(item):
            return ListOf(_as_file(item))
        case UnionOf(members):
            return UnionOf(tuple(map(_as_file, members)))
        case _:
            return FILE if type_ == BYTES else type_


def example(document: Document, *nodes: Node) -> JSON:
    """The first example of a parameter, of a body, or of their schema."""
    for node in nodes:
        known = document.resolve(node).map()
        if known.get("example") is not None:
            return known["example"]
        several = known.get("examples")
        if isinstance(several, Seq) and several:
            return several[0]
        if isinstance(several, Map):
            for key in several:
                named = document.resolve(document.resolve(node).get("examples", key)).map()
                if named.get("value") is not None:
                    return named["value"]
    return None
