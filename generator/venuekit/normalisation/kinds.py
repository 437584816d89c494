"""What a schema says about a value on its own: its kinds, its nulls, its constants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from venuekit import naming
from venuekit.normalisation.merging import ANNOTATIONS, NAMING, merged
from venuekit.normalisation.reading import Document, Node, branches_of, scalar
from venuekit.sources import JSON, Map, Seq, is_of_type

Constant = str | int | float | bool


def kinds_of(schema: Node) -> tuple[str, ...]:
    """The JSON types that a schema names, or that its keywords are about."""
    keywords = schema.map()
    kind = keywords.get("type")
    if isinstance(kind, str):
        return (kind,)
    if isinstance(kind, list):
        return tuple(str(k) for k in kind)
    if (
        "properties" in keywords
        or "patternProperties" in keywords
        or isinstance(keywords.get("additionalProperties"), Map)
    ):
        return ("object",)
    return ("array",) if "items" in keywords or "prefixItems" in keywords else ()


def is_object_class(schema: Node) -> bool:
    """Whether a schema is of objects with declared properties."""
    properties = schema.map().get("properties")
    return isinstance(properties, Map) and bool(properties) and "object" in (
        *kinds_of(schema), "" if kinds_of(schema) else "object"
    )  # fmt: skip


def allows_null(schema: Node) -> bool:
    """Whether a schema names null besides other values."""
    values = schema.map().get("enum")
    return (
        schema.flag("nullable")
        or ("null" in kinds_of(schema) and kinds_of(schema) != ("null",))
        or (isinstance(values, list) and None in values)
    )


def no_null(schema: Node) -> bool:
    """Whether an enum spells out its values without null; then null is no value of it."""
    values = schema.map().get("enum")
    return isinstance(values, list) and None not in values and not schema.flag("nullable")


def lists_null(document: Document, branches: Iterable[Node]) -> bool:
    """Whether one of several alternatives is null, and nothing else."""
    return any(kinds_of(document.resolve(branch)) == ("null",) for branch in branches)


def admits_null(document: Document, schema: Node, depth: int = 0) -> bool:
    """Whether null is a value of a schema, by any of its spellings, or for want of a type."""
    if schema.value is False:
        return False
    if depth > 20 or not schema.map() or schema.flag("nullable"):
        return True
    if "$ref" in schema.map() and not (set(schema.map()) - ANNOTATIONS - {"$ref"}):
        target = document.target(schema)
        return target is None or admits_null(document, target, depth + 1)
    whole = merged(document, schema)
    if "$ref" in whole.map():
        bare = Node(Map({"$ref": whole.map()["$ref"]}), whole.pointer)
        return admits_null(document, bare, depth + 1)
    keywords = whole.map()
    if kinds_of(whole.get("not")) == ("null",):
        return False
    if allows_null(whole):
        return not no_null(whole)
    if "const" in keywords:
        return keywords["const"] is None
    if isinstance(keywords.get("enum"), list):
        return False
    branches = branches_of(whole)
    if branches and any(admits_null(document, branch, depth + 1) for branch in branches):
        return True
    return kinds_of(whole) == ("null",) or not (kinds_of(whole) or branches)


def enum_listed(schema: Node) -> list[JSON] | None:
    """The only values that a schema admits; None where it lists none."""
    keywords = schema.map()
    listed = [keywords["const"]] if "const" in keywords else keywords.get("enum")
    if not isinstance(listed, list):
        return None
    named = keywords.get("type")
    kinds = kinds_of(schema) if named is not None else ()
    return [_meant(value, kinds) for value in listed] if kinds else list(listed)


def _meant(value: JSON, kinds: Sequence[str]) -> JSON:
    """A constant as its schema's type has it: `1` is "1" for a string, and the other way round.

    Of an integer `1.0` is `1` (JSON Schema 2020-12, section 6.1.1), and is sent as that.
    """
    if isinstance(value, float) and value.is_integer() and "integer" in kinds:
        return value if "number" in kinds else int(value)
    if value is None or isinstance(value, Map | Seq) or is_of_type(value, kinds):
        return value
    text = value if isinstance(value, str) else getattr(value, "text", None) or json.dumps(value)
    if "string" in kinds:
        return text
    try:
        read: object = json.loads(text)
    except ValueError:
        return value
    is_scalar = isinstance(read, int | float)
    return read if is_scalar and is_of_type(read, kinds) else value


def constants(schema: Node) -> list[Constant]:
    """The listed values that are no containers, null or repetitions."""
    listed = enum_listed(schema)
    if listed is None:
        extensible = schema.map().get("x-extensible-enum")
        listed = list(extensible) if isinstance(extensible, list) else []
    values: list[Constant] = []
    for item in listed:
        value = scalar(item)
        if value is not None and not any(value == v and type(value) is type(v) for v in values):
            values.append(plain_scalar(value))
    return values


def is_constant(schema: Node, values: Sequence[Constant]) -> bool:
    """Whether a text or number is all that a schema admits, and no class of values has a name."""
    if not values or not all(isinstance(value, str | int) for value in values):
        return False
    if "const" in schema.map():
        return True
    is_named = schema.is_component or bool(NAMING & set(schema.map()))
    return len(values) == 1 and not is_named and not isinstance(values[0], bool)


def members(schema: Node, values: Sequence[Constant]) -> tuple[tuple[str, Constant], ...]:
    """The name of each value of an enumeration."""
    given = schema.map().get("x-enum-varnames") or schema.map().get("x-enumNames")
    labels = (
        [str(v) for v in given] if isinstance(given, list) and len(given) == len(values) else []
    )
    claims: dict[str, tuple[str, ...]] = {}
    for index, value in enumerate(values):
        label = naming.member(labels[index]) if labels else naming.member(value)
        text = str(value)
        claims[repr(value)] = (
            label,
            *(naming.member(form(text)) for form in (naming.spelled, naming.cased)),
        )
    names = naming.settle(claims)
    return tuple((names[repr(value)], value) for value in values)


def plain_scalar(value: Constant) -> Constant:
    """The value as Python's own type."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, int) else float(value)


def plain(value: JSON) -> object:
    """A value of the document as plain Python, for a literal."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if value is None else plain_scalar(value)
