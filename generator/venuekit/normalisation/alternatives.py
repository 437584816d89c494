"""Types of scalars and of alternatives: what a schema says that becomes no class."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from venuekit.ir import (
    ANY,
    BOOL,
    BYTES,
    INT,
    NONE,
    NUMBER,
    STR,
    Model,
    OpenEnum,
    Scalar,
    Tagged,
    Type,
    UnionOf,
    alternatives_of,
    joined,
)
from venuekit.normalisation.kinds import Constant, is_object_class
from venuekit.normalisation.merging import extends, whole_schema
from venuekit.normalisation.patterns import portable
from venuekit.normalisation.reading import Document, Node, Pointer, branches_of
from venuekit.normalisation.variants import Variants
from venuekit.sources import Map, Seq

_UNKNOWN = Scalar("Model")
_FORMATS = {
    "date-time": Scalar("Timestamp"),
    "date": Scalar("Date"),
    "time": Scalar("Time"),
    "duration": Scalar("Duration"),
    "uuid": Scalar("UUID"),
    "decimal": Scalar("Decimal"),
    "byte": Scalar("Base64"),
    "base64url": Scalar("Base64Url"),
    "binary": BYTES,
}
_DECIMALS = {Scalar("Decimal"), Scalar("DecimalNumber")}
_ENCODINGS = {"base64": Scalar("Base64"), "base64url": Scalar("Base64Url")}


def scalar_type(kind: str, schema: Node) -> Type:
    """The type of a kind of values that are neither objects nor arrays."""
    match kind:
        case "string":
            return string_type(schema)
        case "integer":
            return INT
        case "number":
            return Scalar("DecimalNumber") if schema.text("format") == "decimal" else NUMBER
        case "boolean":
            return BOOL
        case "null":
            return NONE
        case _:
            return ANY


_TEXTUAL = re.compile(r"text/|application/(.*[+/])?(json|xml|yaml|javascript|graphql|jwt)\b")


def string_type(schema: Node) -> Type:
    """The type of a string; one with the content of a binary medium and no encoding is bytes."""
    media = schema.text("contentMediaType").lower()
    if "/" in media and not _TEXTUAL.match(media) and not _is_written(schema):
        return BYTES
    encoding = schema.text("contentEncoding").lower()
    if encoding in _ENCODINGS and schema.text("format") in ("", "byte", "binary", encoding):
        return _ENCODINGS[encoding]
    return _FORMATS.get(schema.text("format"), STR)


def _is_written(schema: Node) -> bool:
    """Whether a string says how it is written."""
    return any(schema.map().get(key) for key in ("format", "contentEncoding", "pattern"))


def constant_type(value: Constant) -> Type:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT
    return Scalar("float") if isinstance(value, float) else STR


def joined_types(members: Iterable[Type]) -> Type:
    """Join types: a plain string beside an open enumeration of strings adds nothing.

    A number beside decimals that are texts is a plain one: two `Decimal`s could not be told apart.
    """
    whole = tuple(members)
    type_ = joined(whole) if whole else ANY
    if not isinstance(type_, UnionOf):
        return type_
    if _DECIMALS <= set(type_.members):
        plain = (NUMBER if part == Scalar("DecimalNumber") else part for part in type_.members)
        return joined_types(plain)
    enums = [part for part in type_.members if isinstance(part, OpenEnum)]
    loose = {part.base for part in enums} & set(type_.members)
    return joined(
        tuple(
            replace(part, is_loose=True) if part in enums and part.base in loose else part
            for part in type_.members
            if part not in loose
        )
    )


def without_null(type_: Type) -> Type:
    """The type of what is not null."""
    if not isinstance(type_, UnionOf):
        return type_
    return joined_types(member for member in type_.members if member != NONE)


def is_spread(document: Document, schema: Node) -> bool:
    """Whether an object declares properties of its own beside alternatives that declare more."""
    branches = branches_of(schema) if is_object_class(schema) else []
    return bool(branches) and all(
        is_object_class(whole_schema(document, branch)) for branch in branches
    )


def spread(document: Document, schema: Node, branches: Sequence[Node]) -> list[Node]:
    """The alternatives, each with what the object declares beside them."""
    if all(extends(document, branch, schema.pointer) for branch in branches):
        return list(branches)
    own = Map(
        {k: v for k, v in schema.map().items() if k not in ("oneOf", "anyOf", "discriminator")}
    )
    own.pop("title", None)
    return [Node(Map({"allOf": Seq([own, b.value])}), b.pointer) for b in branches]


def tagged(
    document: Document,
    variants: Variants,
    branches: Sequence[Node],
    types: Sequence[Type],
    aliases: Container[str],
) -> Type:
    """The union that a discriminator tells apart, of what is a class in each alternative.

    A union with another discriminator is such an alternative too.
    """
    classes: dict[Pointer, str] = {}
    told = {node.pointer for _, node in variants.cases}
    for branch, type_ in zip(variants.of(branches), types, strict=True):
        for part in alternatives_of(type_):
            pointer = document.resolve(branch).pointer
            if isinstance(part, Model) and (part.name not in aliases or pointer in told):
                classes.setdefault(pointer, part.name)
    cases = [(tag, classes[n.pointer]) for tag, n in variants.cases if n.pointer in classes]
    found = tuple(Model(name) for name in dict.fromkeys(classes.values()))
    if variants.otherwise is not None and variants.otherwise.pointer in classes:
        otherwise = classes[variants.otherwise.pointer]
        return Tagged(found, variants.wire, tuple(cases), otherwise=otherwise)
    return Tagged((*found, _UNKNOWN), variants.wire, tuple(cases))


def undeclared(schema: Node) -> list[Node]:
    """The schemas of undeclared properties; none where the document does not type them."""
    extra = schema.get("additionalProperties")
    if "additionalProperties" not in schema.map():
        extra = schema.get("unevaluatedProperties")
    patterned = [node for _, node in sorted(schema.get("patternProperties").entries())]
    if not extra.map() and (extra.value is not False or not patterned):
        return []
    return [node for node in (*patterned, extra) if node.map()]


def names_of_undeclared(schema: Node) -> tuple[str, ...]:
    """The patterns of the names that undeclared properties have, in the dialect of Rust.

    None where any name is documented, or where a pattern cannot be told from others.
    """
    key = "additionalProperties"
    key = key if key in schema.map() else "unevaluatedProperties"
    if schema.get(key).value is not False:
        return ()
    patterns = [portable(name) for name, _ in schema.get("patternProperties").entries()]
    return tuple(sorted(filter(None, patterns))) if all(patterns) else ()
