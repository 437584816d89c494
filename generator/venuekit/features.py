"""What a document uses, and the runtime of its client must therefore hold."""

from __future__ import annotations

from typing import cast

from venuekit import credentials, plans
from venuekit.annotations import beside_text, has_dates, is_plain
from venuekit.grouping import has_parts, is_parted
from venuekit.ir import (
    NONE,
    Api,
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    OpenEnum,
    Tagged,
    TupleOf,
    Type,
    UnionOf,
    class_names,
    parts,
)
from venuekit.ir import Scalar as ScalarType

_NUMBERS = frozenset(map(ScalarType, ("int", "float", "DecimalNumber")))
_FEW = 25  # models that may be built when the first of them is needed
_KEPT = frozenset(
    {"Timestamp", "Date", "Time", "Duration", "UUID", "Decimal", "Base64", "Base64Url"}
)
# What writes values that a caller gives.
_WRITTEN = frozenset({"form-fields", "json-body", "lines-body", "parameters"})
# What several features need: which of them bring it.
_IMPLIED = {
    "guards": {
        "checks", "choices", "form-fields", "json-body", "lines-body", "named", "pages",
        "parameters", "tags", "later",
    },
    "written": _WRITTEN,
    "Base64": {"Base64Url"},
    # Keys in pointers that are no identifiers.
    "odd-keys": {
        "aliases", "checks", "choices", "extras", "maps", "multipart-body", *_WRITTEN,
    },
    "patterns": {"checks", "named"},
    "nested": {"named"},
    "maps": {"extras"},
    "other-keys": {"http-auth", "cookie-key"},
    "cookies": {"in-cookie", "cookie-key"},
    # What a request has besides its operation and headers that only tell who calls.
    "filled": {
        "basic", "bodies", "client-credentials", "cookie-key", "http-auth", "operation-servers",
        "pages", "parameters", "query", "query-key", "query-secrets", "shared-keys", "signature",
    },
    "statuses": {"ranges", "moved", "arriving"},
    "finite": {
        "array-arguments", "content-parameters", "form-fields", "json-body", "lines-body",
        "object-arguments",
    },
    "media": {"form-fields", "open-body", "signed-body"},
}  # fmt: skip


def features(api: Api) -> frozenset[str]:
    """What the document uses and the runtime must therefore hold."""
    found = _of_types(api) | plans.features(api) | set(credentials.security_features(api))
    found = _of_operations(api, found)
    if "DecimalNumber" in found and found & _WRITTEN:
        found.add("exact-numbers")
    if "Timestamp" in found and found & _WRITTEN:
        found.add("sent-moments")
    if found & {"form-fields", "json-body", "lines-body", "object-arguments"}:
        fields = (field.type for model in api.models for field in model.fields)
        if any(map(_is_number, (part for type_ in set(fields) for part in parts(type_)))):
            found.add("sent-numbers")
    return frozenset(found | {name for name, causes in _IMPLIED.items() if found & causes})


def _is_number(type_: Type) -> bool:
    """Whether pydantic makes a number of a boolean that is given for it."""
    match type_:
        case OpenEnum(_, base):
            return any(map(_is_number, parts(base)))
        case LiteralOf(values):
            return any(isinstance(value, int | float) for value in values)
        case _:
            return type_ in _NUMBERS


def _is_beside_text(type_: Type) -> bool:
    return isinstance(type_, UnionOf) and beside_text(type_.members) is not None


def _of_operations(api: Api, known: set[str]) -> set[str]:
    """What the bodies, statuses and headers of the operations need."""
    found = set(known)
    contents = [c for o in api.operations for r in o.responses for c in r.contents]
    found |= {"text" if c.kind == "form" else c.kind for c in contents} & {"json", "text"}
    found |= {"binary" for c in contents if c.kind in ("binary", "form", "multipart")}
    found |= _arriving(api)
    found |= _of_pages(api)
    if "bodies" in found or any(c.media != "application/json" for c in contents):
        found.add("kinds")
    if any(o.headers for o in api.operations):
        found.add("headers")
    bodies = [content for o in api.operations if o.body for content in o.body.contents]
    if any(e.is_headed for c in bodies for e in (*c.encodings, *([c.items] if c.items else []))):
        found.add("part-headers")
    if any(o.json_headers for o in api.operations):
        found.add("json-headers")
    if any(not o.method.isupper() for o in api.operations):
        found.add("odd-methods")
    if any(r.status[0] == "3" for o in api.operations for r in o.successes):
        found.add("moved")
    if any(len(r.contents) > 1 for o in api.operations for r in o.responses):
        found.add("negotiation")
    if any(field.name != field.wire for model in api.models for field in model.fields):
        found.add("aliases")
    if found & {"parameters", "query-key", "signature"}:
        found.add("query")
    if any(o.method in ("GET", "HEAD") for o in api.operations):
        found |= {"redirects", "query"}
    found |= _of_models(api)
    if any(not r.status.isdigit() for o in api.operations for r in o.responses):
        found.add("ranges")
    return found


def _of_models(api: Api) -> set[str]:
    """What the fields of the models need, and the number of models and operations."""
    found: set[str] = set()
    if any(field.is_late for model in api.models for field in model.fields):
        found.add("later")
    if any(field.is_secret for model in api.models for field in model.fields):
        found.add("hidden")
    if any(model.extras is not None for model in api.models):
        found |= {"extras", "extended"}
    extras = [model for model in api.models if model.extras is not None]
    if any(model.extras_named for model in extras):
        found.add("named")
    if any(model.extras and not is_plain(model.extras) for model in extras):
        found.add("written-extras")
    if any(_names_a_class(field.type) for model in api.models for field in model.fields):
        found.add("extended")
    if "extended" in found or len(api.models) > _FEW:
        found.add("deferred")
    fields = [field for model in api.models for field in model.fields]
    if any(field.required for field in fields):
        found.add("required")
    if any(field.constant is not None for field in fields):
        found.add("constants")
    if is_parted(api):
        found.add("parted")
    if has_parts(api):
        found.add("models-by-tag")
    return found


def types(api: Api) -> list[Type]:
    """Every type that a document's fields, arguments and answers have."""
    return [*api.inner, *api.sent, *api.answered]


def _of_types(api: Api) -> set[str]:
    """What the types of a document need, and what is checked on what is sent."""
    found: set[str] = set()
    used = types(api)
    every = {part for type_ in set(used) for part in parts(type_)}
    scalars = {part.name for part in every if isinstance(part, ScalarType)}
    found |= scalars & {*_KEPT, "DecimalNumber"}
    if scalars & _KEPT:
        found.add("uuids" if scalars & _KEPT == {"UUID"} else "texts")
    if any(map(_is_choice, every)):
        found.add("choices")
    found |= _of_tags(api, every)
    if any(isinstance(part, OpenEnum) and isinstance(part.base, UnionOf) for part in every):
        found.add("mixed")
    if any(isinstance(part, UnionOf) and has_dates(part.members) for part in every):
        found.add("dates")
    if any(isinstance(part, OpenEnum | TupleOf) or _is_beside_text(part) for part in every):
        found.add("open")
    known = {name for name, _ in api.aliases}
    inner = class_names(type_ for _, type_ in api.aliases)
    if known and (has_parts(api) or known & inner):
        found.add("quoted")  # values of aliases, for they name what comes later
    return found | _of_parts(api, used) | _of_rules(api)


def _of_rules(api: Api) -> set[str]:
    """What is checked of what is sent."""
    bodies = [c for o in api.operations if o.body for c in o.body.contents]
    sent = [*(p for o in api.operations for p in o.parameters), *bodies]
    rules = [part.rules for part in sent if part.rules]
    every = (*rules, *(rule for _, rule in api.rules))
    names = {"also": "conditions", "received": "received"}
    listed = {names[key] for key in names if any(_lists(rule, key) for rule in every)}
    return {*(("checks",) if rules else ()), *listed}


def _lists(rule: object, key: str) -> bool:
    """Whether what is checked has a list of this name, however deep it is."""
    waiting = [rule]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            held = cast("dict[str, object]", found)
            if isinstance(held.get(key), list):
                return True
            waiting += held.values()
        elif isinstance(found, list):
            waiting += cast("list[object]", found)
    return False


def _of_tags(api: Api, every: set[Type]) -> set[str]:
    """What it takes to tell the alternatives of unions, and the cases of base classes."""
    tagged = [part for part in every if isinstance(part, Tagged)]
    found = {"tags"} if tagged else set[str]()
    if any(part.inner for part in tagged):
        found.add("inner-tags")
    if any(part.otherwise for part in tagged):
        found.add("default-tags")
    aliases = {name for name, _ in api.aliases}
    if any(class_names(part.members) & aliases for part in tagged):
        found.add("nested-tags")
    return found


def _is_choice(type_: Type) -> bool:
    """Whether an error in a value of this type may name a branch that is no place in the value."""
    if isinstance(type_, UnionOf):
        return len([member for member in type_.members if member != NONE]) > 1
    return isinstance(type_, (OpenEnum, Tagged, TupleOf))


def _names_a_class(type_: Type) -> bool:
    return any(isinstance(part, Model | Tagged | OpenEnum) for part in parts(type_))


def _arriving(api: Api) -> set[str]:
    """What arrives piece by piece: items (events, lines) and downloads."""
    kinds = {content.kind for o in api.operations for content in o.items}
    found: set[str] = {*kinds, *(("items",) if kinds else ())}
    if any(content.events for o in api.operations for content in o.items):
        found.add("named-events")
    if any(o.is_download for o in api.operations):
        found.add("downloads")
    return {*found, *(("arriving",) if found else ())}


def _of_pages(api: Api) -> set[str]:
    """What listings need that are read page by page."""
    found: set[str] = set()
    for pagination in (o.pagination for o in api.operations if o.pagination):
        ways = {"page": "number", "offset": "number", "last-id": "id"}
        found |= {"pages", f"pages-by-{ways.get(pagination.kind, pagination.kind)}"}
        if pagination.argument:
            found.add("pages-by-argument")
        if pagination.field:
            found.add("pages-in-body")
    return found


def _of_parts(api: Api, used: list[Type]) -> set[str]:
    """What it takes to read what fits of a body that does not, part by part."""
    found: set[str] = set()
    headers = [o.headers for o in api.operations if o.headers]
    every = {part for type_ in (*used, *headers) for part in parts(type_)}
    if any(isinstance(part, MapOf) for part in every):
        found.add("maps")
    if any(isinstance(part, MapOf) and part.names for part in every):
        found.add("named")
    whole = (ListOf, MapOf, Model, Tagged)
    unions = [part for part in every if isinstance(part, UnionOf | Tagged)]
    inner = [member for union in unions for member in union.members]
    inner += [f.type for model in api.models for f in model.fields if not f.required]
    if api.aliases or any(isinstance(member, whole) for member in inner):
        found.add("nested")
    return found
