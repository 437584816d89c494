"""Security: schemes by the types and flows of OpenAPI, and what operations require of them."""

from __future__ import annotations

from venuekit.sources import JSON, Map, Seq, append, new_map, new_seq, place_of, put
from venuekit.upgrading.state import State, keep, new_like

_FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}
_OF_FLOWS = ("authorizationUrl", "tokenUrl", "refreshUrl", "scopes")


def upgrade_security(state: State, result: Map) -> None:
    """Put the schemes of the original among the components of the result."""
    if "security" in result:
        put(result, "security", upgrade_requirements(state, result["security"]))
    schemes = state.document.get("securityDefinitions")
    if not isinstance(schemes, Map):
        return
    place = place_of(state.document, "securityDefinitions")
    found = new_map(place)
    for name, scheme in schemes.items():
        renamed = state.name("securitySchemes", name)
        upgraded = _scheme(scheme) if isinstance(scheme, Map) else scheme
        put(found, renamed, upgraded, place_of(schemes, name))
    components = result.get("components")
    if not isinstance(components, Map):
        components = new_map(place)
        put(result, "components", components, place)
    put(components, "securitySchemes", found, place)


def _scheme(scheme: Map) -> Map:
    result = new_like(scheme)
    kind = scheme.get("type")
    for key in scheme:
        if key == "type" and kind == "basic":
            keep(scheme, key, result, value="http")
            put(result, "scheme", "basic", place_of(scheme, key))
        elif key == "flow" and kind == "oauth2":
            put(result, "flows", _flows(scheme), place_of(scheme, key))
        elif kind != "oauth2" or key not in _OF_FLOWS:
            keep(scheme, key, result)
    return result


def _flows(scheme: Map) -> Map:
    place = place_of(scheme, "flow")
    flow = new_map(place)
    for key in _OF_FLOWS:
        if key in scheme:
            keep(scheme, key, flow)
    if "scopes" not in flow:
        put(flow, "scopes", new_map(place), place)
    written = scheme["flow"]
    name = _FLOWS.get(written, written) if isinstance(written, str) else str(written)
    return new_map(place, [(name, flow)])


def upgrade_requirements(state: State, requirements: JSON) -> JSON:
    """Security requirements, by the names that the schemes have now."""
    if not isinstance(requirements, Seq):
        return requirements
    result = new_seq(place_of(requirements))
    for index, requirement in enumerate(requirements):
        changed = requirement
        if isinstance(requirement, Map):
            changed = new_like(requirement)
            for name in requirement:
                keep(requirement, name, changed, state.name("securitySchemes", name))
        append(result, changed, place_of(requirements, index))
    return result
