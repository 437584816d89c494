"""Paths: operations with a request body in the place of parameters in body and form."""

from __future__ import annotations

from venuekit.sources import JSON, Map, Seq, append, new_seq, place_of, put
from venuekit.upgrading.bodies import form_body, request_body
from venuekit.upgrading.media import for_errors, for_schema, of_operation, of_root
from venuekit.upgrading.parameters import upgrade_parameter
from venuekit.upgrading.responses import upgrade_response
from venuekit.upgrading.security import upgrade_requirements
from venuekit.upgrading.servers import upgrade_schemes
from venuekit.upgrading.state import Path, State, entries, keep, new_like

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_MOVED = frozenset({"parameters", "consumes", "produces", "schemes", "responses", "security"})
_IN_BODIES = ("body", "formData")


def upgrade_paths(state: State, result: Map) -> None:
    """Put the paths of the original into the result."""
    for key in ("paths", "webhooks"):
        items = state.document.get(key)
        if isinstance(items, Map) and (key == "paths" or key not in result):
            new = new_like(items)
            for name, item in items.items():
                put(new, name, _path_item(state, item, (key, name)), place_of(items, name))
            put(result, key, new, place_of(state.document, key))


def _path_item(state: State, item: JSON, path: Path) -> JSON:
    if not isinstance(item, Map):
        return item
    result = new_like(item)
    shared = list(_parameters(item, path))
    for key in item:
        operation = item[key]
        if key == "parameters":
            kept = _kept_parameters(state, item, path)
            if kept:
                put(result, key, kept, place_of(item, key))
        elif key in _METHODS and isinstance(operation, Map):
            upgraded = _operation(state, operation, (*path, key), shared)
            put(result, key, upgraded, place_of(item, key))
        else:
            if key == "$ref" and isinstance(operation, str):
                state.refer(result)
            keep(item, key, result)
    return result


def _operation(state: State, operation: Map, path: Path, shared: list[tuple[Path, JSON]]) -> Map:
    result = new_like(operation)
    for key in operation:
        if key == "parameters":
            kept = _kept_parameters(state, operation, path)
            if kept:
                put(result, key, kept, place_of(operation, key))
        elif key == "responses":
            put(result, key, _responses(state, operation, path), place_of(operation, key))
        elif key == "security":
            security = upgrade_requirements(state, operation[key])
            put(result, key, security, place_of(operation, key))
        elif key not in _MOVED:
            keep(operation, key, result)
    body = _body(state, operation, path, [*shared, *_parameters(operation, path)])
    if body is not None and "requestBody" not in result:
        put(result, "requestBody", body, place_of(operation, "parameters"))
    upgrade_schemes(state, operation, result)
    return result


def _parameters(owner: Map, path: Path) -> list[tuple[Path, JSON]]:
    listed = owner.get("parameters")
    items = listed if isinstance(listed, Seq) else ()
    return [((*path, "parameters", index), node) for index, node in enumerate(items)]


def _where(state: State, node: JSON) -> JSON:
    whole = state.resolved(node)
    return whole.get("in") if whole is not None else None


def _kept_parameters(state: State, owner: Map, path: Path) -> JSON:
    """The parameters that stay ones."""
    listed = owner.get("parameters")
    if not isinstance(listed, Seq):
        return listed
    result = new_seq(place_of(owner, "parameters"))
    for index, node in enumerate(listed):
        if _where(state, node) not in _IN_BODIES:
            old = (*path, "parameters", index)
            new = (*path, "parameters", len(result))
            state.move(old, new)
            append(result, upgrade_parameter(state, node, old, new), place_of(listed, index))
    return result


def _body(
    state: State, operation: Map, path: Path, parameters: list[tuple[Path, JSON]]
) -> Map | None:
    """The request body of an operation, of its own parameters or of those of its path."""
    bodies = [found for found in parameters if _where(state, found[1]) == "body"]
    fields: dict[JSON, tuple[Path, Map]] = {}
    for old, node in parameters:
        whole = state.resolved(node)
        if whole is not None and whole.get("in") == "formData":
            fields[whole.get("name")] = (old, whole)
    own = [found for found in bodies if found[0][: len(path)] == path]
    if len(own) > 1 or (own and fields):
        message = "an operation has one body: what is said of another one is left out"
        extra = own[1][0] if len(own) > 1 else next(iter(fields.values()))[0]
        state.warn("VK242", message, state.place(*extra), "describe one body, or one form")
    consumes = of_operation(state, operation, "consumes")
    new = (*path, "requestBody")
    if bodies:
        old, node = own[0] if own else bodies[-1]
        whole = state.resolved(node)
        assert whole is not None
        reference = node.get("$ref") if isinstance(node, Map) else None
        is_shared = isinstance(reference, str) and _is_shared(reference, "parameters")
        if isinstance(node, Map) and is_shared and "consumes" not in operation:
            return state.referring(node)
        state.move(old, new)
        return request_body(state, whole, consumes, old, new)
    return form_body(state, list(fields.values()), consumes, new) if fields else None


def _is_shared(reference: str, section: str) -> bool:
    return reference.startswith(f"#/{section}/") and reference.count("/") == 2


def _responses(state: State, operation: Map, path: Path) -> JSON:
    responses = operation["responses"]
    if not isinstance(responses, Map):
        return responses
    produces = of_operation(state, operation, "produces")
    result = new_like(responses)
    for status, node in entries(responses):
        here = (*path, "responses", status)
        whole = state.resolved(node)
        is_error = status[:1] not in ("1", "2", "3", "x")
        medias = for_errors(state, produces, whole) if is_error else produces
        found = node
        if "produces" in operation and not _is_as_shared(state, node, whole, medias):
            # What all operations share says nothing of the media types of this one.
            found = whole if whole is not None and "schema" in whole else node
        upgraded = upgrade_response(state, found, medias, here, here)
        put(result, status, upgraded, place_of(responses, status))
    return result


def _is_as_shared(state: State, node: JSON, whole: Map | None, medias: list[str] | None) -> bool:
    """Whether a response is one that operations share, in the media types that it has there."""
    reference = node.get("$ref") if isinstance(node, Map) else None
    if whole is None or not isinstance(reference, str) or not _is_shared(reference, "responses"):
        return False
    schema = whole.get("schema")
    return for_schema(state, medias, schema) == for_schema(
        state, of_root(state, "produces"), schema
    )
