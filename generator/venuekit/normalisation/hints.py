"""What a schema without a name may be called: by its title, or by what it is part of."""

from __future__ import annotations

from venuekit import naming
from venuekit.normalisation.reading import Document, Node, Pointer
from venuekit.normalisation.statuses import successes
from venuekit.records import dataclass

_TITLE_WORDS = 5
STRUCTURE = frozenset(
    """paths components schemas properties items content schema responses requestBody parameters
    oneOf anyOf allOf additionalProperties application/json""".split()
)


# Kinds of components that hold schemas: their role, and the words of a name that tell it already.
_SHARED = {
    "responses": ("Response", frozenset({"response", "error", "errors", "problem", "result"})),
    "requestBodies": ("Request", frozenset({"request", "body", "payload"})),
    "parameters": ("Parameter", frozenset({"parameter", "param", "query"})),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What an inline schema may be called, the shortest name first."""

    names: tuple[str, ...]

    def then(self, word: str) -> Hint:
        """The hint for something inside: each name with one more word."""
        return Hint(tuple(f"{name}{naming.pascal_inside(word)}" for name in self.names))


def title_of(schema: Node, hint: Hint) -> str:
    """The title of an inline schema, where it is short enough for a class, and says something.

    Frameworks write a title for every property, parameter and reply, of nothing but its name.
    """
    if schema.is_component:
        return ""
    title = schema.text("title") or schema.text("x-readme-ref-name")
    if len(naming.words(title)) > _TITLE_WORDS or _is_repeated(schema, title, hint):
        return ""
    return title


def _is_repeated(schema: Node, title: str, hint: Hint) -> bool:
    """Whether a title only repeats what its place says; an object's is taken for meant."""
    pointer = schema.pointer
    if schema.get("properties") or schema.get("allOf"):
        return False
    said = naming.joined(title)
    if pointer[-2:-1] == ("properties",):
        return said == naming.joined(pointer[-1])
    if pointer[-1:] != ("schema",):
        return False
    place = naming.joined(hint.names[0])
    if pointer[-3:-2] == ("parameters",) or pointer[:2] == ("components", "parameters"):
        return place.startswith(said) or place.endswith(said)
    return place in (said, said.removeprefix("response") + "response")


def inside(schema: Node, hint: Hint) -> Hint:
    """The hint for what is in a schema: wherever one of a title stands, it is the same class."""
    title = title_of(schema, hint)
    return Hint((naming.class_(title),)) if title else hint


def own_hint(document: Document, schema: Node) -> Hint:
    """What a schema may be called that others refer to: by its own place.

    One that stands inside of a component is called as it is there.
    """
    pointer = schema.pointer
    last = next((t for t in reversed(pointer) if not t.isdecimal()), "Schema")
    if schema.is_component:
        forms = (last, naming.spelled(last), naming.cased(last))
        return Hint(tuple(map(naming.class_, forms)))
    if pointer[-2:-1] != ("$defs",) and (found := _hint_inside(document, pointer)) is not None:
        return found
    words = "-".join(t for t in pointer if t not in STRUCTURE)
    return Hint(tuple(map(naming.class_, (words,) if last in STRUCTURE else (last, words))))


def _hint_inside(document: Document, pointer: Pointer) -> Hint | None:
    """The hint for a part of a component, an operation or `$defs`, as its reader comes to it.

    Many tools bundle documents by references to where a schema came first.
    """
    root = _root(document, pointer)
    if root is None:
        return None
    hint, start = root
    defined = [n + 2 for n, word in enumerate(pointer[start:-2], start) if word == "$defs"]
    node = document.at(pointer[: max([start, *defined])])
    if node is None:
        return None
    if defined:
        start, hint = max(defined), own_hint(document, node)
    rest = iter(pointer[start:])
    for token in rest:
        hint, node = inside(node, hint), node.get(token)
        match token:
            case "properties":
                name = next(rest, None)
                if name is None:
                    return None
                hint, node = hint.then(name), node.get(name)
            case "items":
                hint = hint.then("Item")
            case "additionalProperties":
                hint = hint.then("Value")
            case "allOf":
                index = next(rest, "")
                node = next((n for n in node.items() if n.pointer[-1] == index), node)
            case _:
                return None
    return hint


def _root(document: Document, pointer: Pointer) -> tuple[Hint, int] | None:
    """What the schema around a part may be called, and how long the pointer to it is."""
    match pointer:
        case ("components", "schemas", _, *_):
            node = document.at(pointer[:3])
            return None if node is None else (own_hint(document, node), 3)
        case ("components", "responses" | "requestBodies", _, "content", _, "schema", *_):
            return shared_hint(Node(None, pointer[:3]), Hint(("",))), 6
        case ("components", "parameters", _, "schema", *_):
            return shared_hint(Node(None, pointer[:3]), Hint(("",))), 4
        case ("paths", path, method, role, *rest):
            operation = document.at(pointer[:3])
            if operation is None:
                return None
            hint = operation_hint(operation, method, path)
            match (role, *rest):
                case ("requestBody", "content", _, "schema", *_):
                    return hint.then("Request"), 7
                case ("parameters", number, "schema", *_):
                    parameter = document.at((*pointer[:4], number))
                    return (hint.then(parameter.text("name")), 6) if parameter else None
                case ("responses", status, "content", _, "schema", *_):
                    is_success = status in successes(operation)
                    return response_hint(hint, status, is_success=is_success), 8
                case _:
                    return None
        case _:
            return None


def base_hint(document: Document, prop: Node) -> Hint:
    """The hint for the component that a property stands in: those who inherit it share its type."""
    component = Node(None, prop.pointer[:3])
    return own_hint(document, document.at(component.pointer) or component)


def operation_hint(operation: Node, method: str, path: str) -> Hint:
    """What stands in an operation is called by its id, or by its method and path."""
    return Hint((naming.pascal(operation.text("operationId") or f"{method.lower()} {path}"),))


def response_hint(operation: Hint, status: str, *, is_success: bool) -> Hint:
    """A response is called by its operation, and by its status where that has several."""
    role = "Response" if is_success else "Error"
    forms = (role, f"{naming.pascal_inside(status)}{role}")
    return Hint(tuple(f"{base}{form}" for base in operation.names for form in forms))


def shared_hint(node: Node, hint: Hint) -> Hint:
    """What is inside of a shared response, body or parameter is called by that, whoever uses it.

    Inside of what is one operation's own it is called by `hint`.
    """
    pointer = node.pointer
    if len(pointer) != 3 or pointer[0] != "components" or pointer[1] not in _SHARED:
        return hint
    role, telling = _SHARED[pointer[1]]
    if not pointer[2][:1].isalpha():  # a status, most often
        return Hint((f"{role}{naming.pascal_inside(pointer[2])}",))
    name = naming.pascal(pointer[2])
    tells = any(word.casefold() in telling for word in naming.words(name))
    return Hint((name if tells else f"{name}{role}",))
