"""The words that tell the alternatives of a union apart, in the names of their classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from venuekit import naming
from venuekit.normalisation.hints import Hint
from venuekit.normalisation.kinds import constants, is_constant, is_object_class, kinds_of
from venuekit.normalisation.merging import merged, whole_schema
from venuekit.normalisation.reading import Document, Node, branches_of

_KINDS = {"array": "List", "object": "Object", "string": "Text", "integer": "Number",
          "number": "Number", "boolean": "Flag"}  # fmt: skip

_CONSTANTS = frozenset({"enum", "const", "x-extensible-enum"})


def branch_hints(
    document: Document, union: Node, branches: Sequence[Node], hint: Hint
) -> list[Hint]:
    """What the class of each alternative may be called, in a union that `hint` is for.

    By what it refers to, its tag, its value, or what only it has; as the union where no other one
    has a class. Those that nothing tells apart are numbered: else their order decides nothing.
    """
    targets = [naming.pascal_inside(target) for b in branches for target in _references(b)]
    if len(set(targets)) == len(branches):
        return [hint.then(target) for target in targets]
    wholes = [whole_schema(document, branch) for branch in branches]
    named = [not _is_plain(branch, whole) for branch, whole in zip(branches, wholes, strict=True)]
    if sum(named) == 1 and _is_alone(union, wholes, named):
        kinds = [_kind(whole) or "Value" for whole in wholes]
        return [Hint((hint.names[0], *hint.then(kind).names)) for kind in kinds]
    wire = union.get("discriminator").text("propertyName")
    tags = [_tags(document, whole) for whole in wholes]
    often = Counter(wire for known in tags for wire in known)
    shared = sorted(often, key=lambda name: (name != wire, -often[name], name))
    claims: dict[str, tuple[str, ...]] = {}
    for number, (branch, whole) in enumerate(zip(branches, wholes, strict=True)):
        others = [other for n, other in enumerate(wholes) if n != number]
        told = [tags[number][w] for w in shared if w in tags[number]]
        words = [*_bases(branch), *told, *_own(whole, others)]
        forms = [*map(naming.pascal_inside, words), f"Option{number + 1}"]
        claims[str(number)] = tuple(dict.fromkeys(forms))
    names = naming.settle(claims, separator="")
    return [hint.then(names[str(number)]) for number in range(len(branches))]


def only_class(
    document: Document, union: Node, branches: Sequence[Node], hint: Hint
) -> tuple[Node, Hint] | None:
    """The object of a union that is an object or null, and what its class may be called."""
    places = [n for n, branch in enumerate(branches) if kinds_of(branch) != ("null",)]
    if len(places) != 1 or len(branches) == 1 or _CONSTANTS & set(union.map()):
        return None
    whole = merged(document, branches[places[0]])
    is_class = is_object_class(whole) and kinds_of(whole) in ((), ("object",))
    if not is_class or branches_of(whole) or _CONSTANTS & set(whole.map()):
        return None
    return whole, branch_hints(document, union, branches, hint)[places[0]]


def _is_alone(union: Node, wholes: Sequence[Node], named: Sequence[bool]) -> bool:
    """Whether the only class of a union may have its name: of a component if that is all of it."""
    if not union.is_component:
        return True
    [only] = (whole for whole, is_named in zip(wholes, named, strict=True) if is_named)
    texts = all(isinstance(value, str) for value in constants(only)) and bool(constants(only))
    allowed = {"null", "string"} if texts else {"null"}
    others = (whole for whole, is_named in zip(wholes, named, strict=True) if not is_named)
    return all(set(kinds_of(whole)) <= allowed and not constants(whole) for whole in others)


def _is_plain(branch: Node, whole: Node) -> bool:
    """Whether an alternative is null, or any value of a kind: it has no class."""
    if "$ref" in branch.map() or not whole.map():
        return False
    if is_constant(branch, constants(branch)):
        return True
    unions = {"enum", "oneOf", "anyOf", "x-extensible-enum"} & set(whole.map())
    return not unions and not {"array", "object"} & set(kinds_of(whole)) and bool(kinds_of(whole))


def _bases(branch: Node) -> list[str]:
    """The name of what an alternative refers to, or of the only one that it extends."""
    found = [name for member in branch.get("allOf").items() for name in _references(member)]
    return _references(branch) or (found if len(found) == 1 else [])


def _references(branch: Node) -> list[str]:
    """The last word of a reference; none where there is no reference."""
    name = branch.text("$ref").rpartition("/")[2]
    return [name] if name else []


def _tags(document: Document, whole: Node) -> dict[str, str]:
    """The properties of an object that have one text as their only value."""
    found: dict[str, str] = {}
    for wire, prop in whole.get("properties").entries():
        values = constants(whole_schema(document, prop)) if prop.map() else []
        if len(values) == 1 and isinstance(values[0], str):
            found[wire] = values[0]
    return found


def _own(whole: Node, others: Sequence[Node]) -> Iterator[str]:
    """The only value, the kind, or a property that no other alternative has."""
    values = constants(whole)
    if len(values) == 1:
        yield str(values[0])
    kind = _kind(whole)
    if kind and kind not in map(_kind, others):
        yield kind
    required = set(whole.get("required").strings())
    known = {wire for other in others for wire in other.get("properties").map()}
    declared = sorted(whole.get("properties").map(), key=lambda wire: (wire not in required, wire))
    yield from (f"with-{wire}" for wire in declared if wire not in known)


def _kind(whole: Node) -> str:
    found = {_KINDS.get(kind, "") for kind in kinds_of(whole) if kind != "null"}
    return found.pop() if len(found) == 1 else ""
