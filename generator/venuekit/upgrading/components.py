"""Definitions, parameters and responses that are given once, as components."""

from __future__ import annotations

import re
from collections.abc import Iterable

from venuekit import naming
from venuekit.sources import JSON, Map, Seq, new_map, place_of, put
from venuekit.upgrading.bodies import request_body
from venuekit.upgrading.media import of_root
from venuekit.upgrading.parameters import upgrade_parameter
from venuekit.upgrading.responses import upgrade_response
from venuekit.upgrading.schemas import upgrade_schema
from venuekit.upgrading.state import State, entries, is_allowed, keep

_SECTIONS = {
    "schemas": "definitions",
    "parameters": "parameters",
    "responses": "responses",
    "securitySchemes": "securityDefinitions",
}


def name_components(state: State) -> None:
    """Find names for what has one that OpenAPI does not allow, such as `Page«Order»`."""
    for section, key in _SECTIONS.items():
        names = [name for name, _ in entries(state.document.get(key))]
        for old, new in allowed_names(names).items():
            state.names[section, old] = new


def allowed_names(names: Iterable[str]) -> dict[str, str]:
    """A name that OpenAPI allows for each that it does not, whatever their order."""
    listed = list(names)
    odd = [name for name in listed if not is_allowed(name)]
    kept = {name: name for name in listed if is_allowed(name)}
    claims = {
        name: (
            re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_") or naming.pascal(name),
            naming.pascal(name),
            naming.spelled(name),
        )
        for name in odd
    }
    claims = {
        name: tuple(c for c in found if is_allowed(c)) or (naming.pascal(name),)
        for name, found in claims.items()
    }
    settled = naming.settle({**claims, **{n: (n,) for n in kept}}, kept)
    return {name: settled[name] for name in odd}


def upgrade_components(state: State, result: Map) -> None:
    """Put the components of the original into the result, each under the name that it has now."""
    components = new_map(place_of(state.document))
    _schemas(state, components)
    _parameters(state, components)
    _responses(state, components)
    own = state.document.get("components")
    for key, value in entries(own):
        if key not in components and isinstance(own, Map):
            keep(own, key, components, value=value)
    if components:
        first = next(iter(components))
        put(result, "components", components, place_of(components, first))


def _section(state: State, components: Map, section: str, key: str) -> tuple[Map, Map] | None:
    """The old section and a new one in its place; None where the original has none."""
    old = state.document.get(key)
    if not isinstance(old, Map):
        return None
    place = place_of(state.document, key)
    new = new_map(place)
    put(components, section, new, place)
    state.move((key,), ("components", section))
    return old, new


def _schemas(state: State, components: Map) -> None:
    if (found := _section(state, components, "schemas", "definitions")) is None:
        return
    old, new = found
    for name, schema in old.items():
        upgrade_schema(state, schema)
        renamed = state.name("schemas", name)
        keep(old, name, new, renamed)
        state.move(("definitions", name), ("components", "schemas", renamed))
    _map_renamed(state, old)


def _map_renamed(state: State, schemas: Map) -> None:
    """Say which value of a discriminator names a schema that could not keep its name."""
    renamed = {old: new for (section, old), new in state.names.items() if section == "schemas"}
    for old, new in sorted(renamed.items()):
        for base in _bases(state, schemas, old):
            discriminator = base.get("discriminator")
            if not isinstance(discriminator, Map):
                continue
            mapping = discriminator.setdefault("mapping", new_map(place_of(discriminator)))
            if isinstance(mapping, Map):
                mapping.setdefault(old, f"#/components/schemas/{new}")


def _bases(state: State, schemas: Map, name: str) -> list[Map]:
    """A schema and those that it extends."""
    found: list[Map] = []
    waiting: list[JSON] = [schemas.get(name)]
    while waiting:
        node = state.resolved(waiting.pop())
        if node is None or any(node is known for known in found):
            continue
        found.append(node)
        branches = node.get("allOf")
        waiting.extend(branches if isinstance(branches, Seq) else ())
    return found


def _parameters(state: State, components: Map) -> None:
    """Parameters stay ones, a body becomes a request body; a form's fields go where it is."""
    old = state.document.get("parameters")
    if not isinstance(old, Map):
        return
    place = place_of(state.document, "parameters")
    parameters, bodies = new_map(place), new_map(place)
    for name, node in old.items():
        whole = state.resolved(node)
        where = whole.get("in") if whole is not None else None
        renamed = state.name("parameters", name)
        if where == "formData":
            continue
        if where == "body" and whole is not None:
            new: tuple[str | int, ...] = ("components", "requestBodies", renamed)
            body = request_body(state, whole, of_root(state, "consumes"), ("parameters", name), new)
            put(bodies, renamed, body, place_of(old, name))
        else:
            new = ("components", "parameters", renamed)
            upgraded = upgrade_parameter(state, node, ("parameters", name), new)
            put(parameters, renamed, upgraded, place_of(old, name))
        state.move(("parameters", name), new)
    for section, found in (("parameters", parameters), ("requestBodies", bodies)):
        if found:
            put(components, section, found, place)


def _responses(state: State, components: Map) -> None:
    if (found := _section(state, components, "responses", "responses")) is None:
        return
    old, new = found
    produces = of_root(state, "produces")
    for name, node in old.items():
        renamed = state.name("responses", name)
        here = ("components", "responses", renamed)
        upgraded = upgrade_response(state, node, produces, ("responses", name), here)
        put(new, renamed, upgraded, place_of(old, name))
        state.move(("responses", name), here)
