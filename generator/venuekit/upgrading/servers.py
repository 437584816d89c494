"""Servers: host, base path and schemes, of the document and of single operations."""

from __future__ import annotations

from venuekit.sources import JSON, Map, Seq, append, new_map, new_seq, place_of, put
from venuekit.upgrading.state import State, keep, new_like, strings

_AZURE = "x-ms-parameterized-host"
_ORDER = ("https", "wss", "http", "ws")


def upgrade_servers(state: State, document: Map, result: Map) -> None:
    """Say where the API is; nothing where the original does not."""
    host, base = _text(document, "host"), _base(document)
    schemes = strings(document.get("schemes")) or []
    key = "host" if host else "basePath" if base else "schemes"
    place = place_of(document, key)
    if isinstance(document.get(_AZURE), Map):
        servers = new_seq(place_of(document, _AZURE))
        append(servers, _parameterized(state, document, base, schemes))
    elif host or base:
        if host and not schemes:
            state.warn(
                "VK243",
                f"the document does not say how '{host[:100]}' is reached: https is taken",
                state.place("host"),
                "name it under schemes",
            )
        servers = new_seq(place)
        for url in _urls(host, base, schemes or ["https"]):
            append(servers, new_map(place, [("url", url)]), place)
    else:
        return
    put(result, "servers", servers, place_of(servers))


def upgrade_schemes(state: State, operation: Map, result: Map) -> None:
    """Give an operation servers of its own where its schemes are not those of the document."""
    document = state.document
    own, usual = strings(operation.get("schemes")), strings(document.get("schemes")) or []
    host = _text(document, "host")
    if not own or not host or set(own) == set(usual) or "servers" in document:
        return
    place = place_of(operation, "schemes")
    servers = new_seq(place)
    for url in _urls(host, _base(document), own):
        append(servers, new_map(place, [("url", url)]), place)
    put(result, "servers", servers, place)


def _urls(host: str, base: str, schemes: list[str]) -> list[str]:
    """The addresses, the encrypted ones first."""
    if not host:
        return [base or "/"]
    ordered = sorted(dict.fromkeys(schemes), key=lambda s: _ORDER.index(s) if s in _ORDER else 9)
    return [f"{scheme}://{host}{base}" for scheme in ordered]


def _base(document: Map) -> str:
    base = _text(document, "basePath").rstrip("/")
    return base if not base or base.startswith("/") else f"/{base}"


def _text(document: Map, key: str) -> str:
    value = document.get(key)
    return value.strip() if isinstance(value, str) else ""


def _parameterized(state: State, document: Map, base: str, schemes: list[str]) -> Map:
    """The server that an extension of Azure's describes, with variables in its host."""
    written = document[_AZURE]
    assert isinstance(written, Map)
    template = _text(written, "hostTemplate")
    if written.get("useSchemePrefix") is not False:
        template = f"{(schemes or ['https'])[0]}://{template}"
    variables = new_like(written)
    parameters = written.get("parameters")
    for node in parameters if isinstance(parameters, Seq) else ():
        whole = state.resolved(node)
        name = whole.get("name") if whole is not None else None
        if whole is None or not isinstance(name, str) or "{" + name + "}" not in template:
            continue
        put(variables, name, _variable(whole), place_of(whole))
    server = new_like(written)
    put(server, "url", f"{template}{base}", place_of(written, "hostTemplate"))
    if variables:
        put(server, "variables", variables, place_of(written, "parameters"))
    return server


def _variable(parameter: Map) -> Map:
    variable = new_like(parameter)
    for key in ("default", "enum", "description"):
        if key in parameter:
            keep(parameter, key, variable)
    values: JSON = parameter.get("enum")
    if "default" not in variable and isinstance(values, Seq) and values:
        put(variable, "default", values[0], place_of(parameter, "enum"))
    return variable
