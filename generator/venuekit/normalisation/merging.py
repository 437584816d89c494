"""`allOf` merged away: one schema that says what all of its parts say."""

from __future__ import annotations

from venuekit.normalisation.reading import Document, Node, Pointer
from venuekit.sources import JSON, Map, Seq

_SILENT = frozenset(
    "title description default example examples deprecated externalDocs xml nullable".split()
)
ANNOTATIONS = _SILENT | {"readOnly", "writeOnly", "$comment", "summary"}
"""Keywords that say nothing of which values a schema admits, null aside."""
NAMING = frozenset("x-extensible-enum x-enum-varnames x-enumNames x-readme-ref-name".split())
"""Extensions that decide about the class of a schema, or the names of its members."""
SINGLE = ("pattern", "multipleOf", "propertyNames")
"""Keywords of which a merged schema has the last one; the others are conditions."""
_LIMITS = ("min", "max", "exclusive")  # how the keywords of limits begin
_JOINED = ("properties", "required", "enum", "items", "additionalProperties")
_TITLES = ("title", "x-readme-ref-name")
_LIMIT = 5_000  # parts of one schema


def merged(document: Document, schema: Node) -> Node:
    """The schema with its `allOf`, and a `$ref` that has siblings, merged into it.

    A sole reference is left a reference where nothing beside it adds anything. The pointer stays
    that of the schema, so that its class keeps its name.
    """
    keywords = schema.map()
    if "allOf" not in keywords and not _has_siblings(document, schema):
        return schema
    reference = _sole_reference(document, schema)
    if reference is not None:
        return Node(reference, schema.pointer)
    result = Map()
    for part in _parts(document, schema, set()):
        for key, value in part.map().items():
            _put(result, key, value)
    if not {"discriminator", "oneOf", "anyOf"} & set(keywords) and not {"oneOf", "anyOf"} & set(
        result
    ):
        result.pop("discriminator", None)  # it tells what extends the base from what does not
    for key in _SILENT:
        if key in keywords:
            result[key] = keywords[key]
    return Node(result, schema.pointer)


def remarks(document: Document, prop: Node) -> tuple[str, bool]:
    """The description of a property, its own or its target's, and whether it is deprecated."""
    whole = merged(document, prop)
    said = whole if "$ref" in whole.map() else prop
    description = said.text("description") or document.resolve(said).text("description")
    return description, said.flag("deprecated")


def whole_schema(document: Document, schema: Node) -> Node:
    """The merged schema that a schema is, however many references lead to it."""
    whole = merged(document, document.resolve(schema))
    seen: set[Pointer] = set()
    while "$ref" in whole.map() and whole.pointer not in seen:
        seen.add(whole.pointer)
        whole = merged(document, document.resolve(whole))
    return whole


def _sole_reference(document: Document, schema: Node) -> Map | None:
    """A schema that is one reference, with what is said beside it or in other members of `allOf`.

    None where these say more than the reference: what only annotates a value, or repeats the type
    of the target, adds nothing. A component has a name of its own: beside it, or in further
    members, everything counts that is not a mere description.
    """
    silent = _SILENT if schema.is_component else ANNOTATIONS
    members = schema.map().get("allOf", Seq())
    if not isinstance(members, list) or not all(isinstance(member, Map) for member in members):
        return None
    own = Map({key: value for key, value in schema.map().items() if key != "allOf"})
    sayings = [own, *(member for member in members if isinstance(member, Map))]
    references = {str(saying["$ref"]) for saying in sayings if "$ref" in saying}
    if len(references) != 1 or (schema.is_component and len(sayings) != 2):
        return None
    result = Map({"$ref": references.pop()})
    target = document.target(Node(result, schema.pointer))
    for saying in sayings:
        is_bare = "$ref" in saying and document.is_legacy  # what is beside it has no meaning
        for key, value in saying.items() if not is_bare else ():
            if key in silent:
                result.setdefault(key, value)
            elif key != "$ref" and (
                schema.is_component or not _adds_nothing(document, key, value, target)
            ):
                return None
    return result


def _adds_nothing(document: Document, key: str, value: JSON, target: Node | None) -> bool:
    """Whether a keyword beside a reference says no more than the reference does."""
    if key.startswith("x-"):
        return key not in NAMING
    if key in ("properties", "required"):
        return not value
    if key != "type" or target is None:
        return False
    found = parts(document, target)
    return any(
        part.map().get("type") == value or (value == "object" and part.map().get("properties"))
        for part in found
    )


def parts(document: Document, schema: Node) -> list[Node]:
    """The schemas that a schema is made of by `allOf` and `$ref`: each with its own keywords."""
    if not {"allOf", "$ref"} & set(schema.map()):
        return [schema]
    return [Node(part.value, schema.pointer) for part in _parts(document, schema, set())]


def inherited(document: Document, schema: Node) -> dict[int, Node]:
    """The properties of a schema that components declare which it is made of.

    Each stands where it is declared; the key is the identity (`id`) of its value, which merging
    leaves as it is.
    """
    if not {"allOf", "$ref"} & set(schema.map()):
        return {}
    found: dict[int, Node] = {}
    for part in _parts(document, schema, set()):
        own = part.pointer[: len(schema.pointer)] == schema.pointer
        if part.pointer[:2] == ("components", "schemas") and not own:
            found.update((id(prop.value), prop) for _, prop in part.get("properties").entries())
    return found


def extends(document: Document, schema: Node, base: Pointer) -> bool:
    """Whether a schema is made of another by `allOf`, in however many steps."""
    seen: set[Pointer] = set()
    _parts(document, document.resolve(schema), seen)
    return base in seen


def _has_siblings(document: Document, schema: Node) -> bool:
    keywords = schema.map()
    return (
        "$ref" in keywords and not document.is_legacy and bool(set(keywords) - {"$ref"} - _SILENT)
    )


def _parts(document: Document, schema: Node, seen: set[Pointer]) -> list[Node]:
    """The schemas that together make up one, in the order in which they are written."""
    found: list[Node] = []
    waiting = [(schema, False)]  # the next one is the last
    while waiting:
        part, is_finished = waiting.pop()
        if is_finished:
            found.append(part)
            continue
        if part.pointer in seen or len(seen) > _LIMIT:
            continue
        seen.add(part.pointer)
        keywords = part.map()
        own = Map({k: v for k, v in keywords.items() if k not in ("allOf", "$ref")})
        if part.pointer[: len(schema.pointer)] != schema.pointer:
            for key in _TITLES:  # they are another schema's
                own.pop(key, None)
        for key in ("oneOf", "anyOf"):
            if key in own and _is_met(document, part.get(key), seen):
                del own[key]
                own.pop("discriminator", None)
        target = document.target(part) if "$ref" in keywords else None
        members = [(member, False) for member in part.get("allOf").items()]
        waiting += [(Node(own, part.pointer), True), *reversed(members)]
        if target is not None:
            waiting.append((target, False))
    return found


def _is_met(document: Document, branches: Node, parts: set[Pointer]) -> bool:
    """Whether a union is met because the whole holds one of its branches: a base of its cases."""
    return any(
        "$ref" in branch.map() and document.resolve(branch).pointer in parts
        for branch in branches.items()
    )


def _put(result: Map, key: str, value: JSON) -> None:
    """Add what a part says about a keyword to what the parts before it said."""
    held = result.get(key)
    if held is None:
        result[key] = value
    elif key == "properties" and isinstance(held, Map) and isinstance(value, Map):
        joined = Map(held)
        for name, prop in value.items():
            joined[name] = _both(joined[name], prop) if name in joined else prop
        result[key] = joined
    elif key == "required" and isinstance(held, list) and isinstance(value, list):
        result[key] = Seq([*held, *(name for name in value if name not in held)])
    elif key == "enum" and isinstance(held, list) and isinstance(value, list):
        result[key] = Seq([item for item in held if item in value] or value)
    elif key == "type":
        result[key] = _common_type(held, value)
    elif key in ("oneOf", "anyOf") and isinstance(held, list) and isinstance(value, list):
        result[key] = Seq([*held, *value])
    elif key.startswith(_LIMITS) and _are_numbers(held, value):
        narrower = max if "min" in key.lower() else min
        result[key] = narrower(held, value, key=_number)
    elif key == "additionalProperties" and (held is False or value is True):
        pass
    elif key in ("items", "additionalProperties") and isinstance(held, Map) and value is not False:
        result[key] = _both(held, value)
    elif key not in _SILENT or key not in result:
        result[key] = value


def _common_type(one: JSON, other: JSON) -> JSON:
    """The kinds that two parts allow; an integer is a number too."""
    ours, theirs = (kind if isinstance(kind, list) else [kind] for kind in (one, other))
    common = [kind for kind in ours if kind in theirs or (kind == "integer" and "number" in theirs)]
    if "number" in ours and "integer" in theirs and not {"number", "integer"} & {*map(str, common)}:
        common.append("integer")
    if isinstance(one, list) and isinstance(other, list):
        return Seq(common or one)
    return common[0] if common else other if isinstance(one, list) else one


def _both(first: JSON, second: JSON) -> JSON:
    """A property that two parts declare: what both say; in what they contradict, the later one."""
    if first == second or not isinstance(first, Map) or not isinstance(second, Map):
        return second
    if not set(second) - _SILENT:
        return first
    if "$ref" in second:
        return second
    if "$ref" in first:
        return Map({"allOf": Seq([first, second])})
    if any(key in first and key in second and first[key] != second[key] for key in SINGLE):
        silent = {key: value for key, value in second.items() if key in _SILENT}
        return Map({"allOf": Seq([first, second]), **silent})
    joined = Map(first)
    for key, value in second.items():
        if key in first and (key in _JOINED or key.startswith(_LIMITS)):
            _put(joined, key, value)
        else:
            joined[key] = value
    return joined


def _are_numbers(*values: JSON) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _number(value: JSON) -> float:
    return value if isinstance(value, int | float) else 0.0
