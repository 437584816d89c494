"""Rules of operations: names, paths, parameters, bodies, answers, servers and credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venuekit.ir import is_json
from venuekit.sources import Map, Seq, scheme_name
from venuekit.validation.misplaced import SECTIONS, elsewhere, is_root
from venuekit.validation.parameters import check_parameters
from venuekit.validation.parts import Part, Path
from venuekit.validation.prose import promised_statuses
from venuekit.validation.references import Parts
from venuekit.validation.rules import Endpoint, Rules, endpoints_of
from venuekit.validation.slips import misspelt

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_STATUS = re.compile(r"default|[1-5](?:\d\d|XX)|x-.*", re.DOTALL)
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|\{[^{}]*\})://|\{")
_ADD = "add the one that the venue gives, or `default`"
_SCHEME_TYPES = ("apiKey", "http", "oauth2", "openIdConnect", "mutualTLS")


def check_operations(rules: Rules) -> None:
    """Report what the standard lets pass and a client suffers from."""
    endpoints = list(endpoints_of(rules.parts))
    _check_servers(rules, endpoints)
    _check_names(rules, endpoints)
    _check_shapes(rules)
    _check_security(rules)
    _check_forms(rules)
    check_parameters(rules, endpoints)
    first: dict[Path, Endpoint] = {}  # several paths may refer to one path item
    for endpoint in endpoints:
        first.setdefault(endpoint.operation.path, endpoint)
    for endpoint in first.values():
        _check_body(rules, endpoint)
        _check_responses(rules, endpoint)


def _check_forms(rules: Rules) -> None:
    """A parameter or a header that has two forms at once."""
    for kind in ("parameter", "header"):
        for part in rules.parts.of_kind(kind):
            if "schema" in part.node and "content" in part.node:
                name = str(part.node.get("name", part.path[-1]))[:80]
                says = f"{kind} '{name}' must not have both 'schema' and 'content'"
                said = f"{says} (OpenAPI {rules.version})"
                rules.warn("VK203", said, part.path, "remove one of the two")


def _check_servers(rules: Rules, endpoints: list[Endpoint]) -> None:
    document = rules.parts.document
    urls = [
        (("servers", index), server) for index, server in enumerate(_items(document, "servers"))
    ]
    is_told = "servers" in document or misspelt(document, "servers")
    if not urls and not (is_told and not isinstance(document.get("servers"), Seq)):
        bare = [
            endpoint
            for endpoint in endpoints
            if not _items(endpoint.item.node, "servers")
            and not _items(endpoint.operation.node, "servers")
        ]
        if bare:
            help = f"name one{rules.into_overlay()} under servers"
            rules.warn("VK210", "the document names no server", ("servers",), help)
        return
    for path, server in urls:
        url = server.get("url") if isinstance(server, Map) else None
        if not isinstance(url, str) or not isinstance(server, Map):
            continue
        if not _SCHEME.match(url):
            rules.warn(
                "VK211",
                f"the server '{url[:100]}' is relative, so it says no host",
                (*path, "url"),
                "name the whole URL",
            )
        variables = server.get("variables")
        for name in dict.fromkeys(_TEMPLATE.findall(url)):
            if not isinstance(variables, Map) or name not in variables:
                says = f"the server's variable '{name[:60]}' has no default"
                rules.warn("VK229", says, (*path, "url"), "define it under variables")


def _check_names(rules: Rules, endpoints: list[Endpoint]) -> None:
    first: dict[str, Endpoint] = {}
    seen: set[Path] = set()
    for endpoint in endpoints:
        path = endpoint.operation.path
        if path in seen:
            continue
        seen.add(path)
        name = endpoint.operation.node.get("operationId")
        if name is not None and not isinstance(name, str):
            continue  # which the standard has something to say of
        if name is None and misspelt(endpoint.operation.node, "operationId"):
            continue
        if not name:
            title = f"{endpoint.method.upper()} {endpoint.url}"
            help = f"give it one{rules.into_overlay(*path)}"
            rules.warn("VK212", f"{title} has no operationId", path, help)
        elif (other := first.setdefault(name, endpoint)) is not endpoint:
            where = rules.place(*other.operation.path, "operationId")
            title = f"{other.method.upper()} {other.url}"
            rules.warn(
                "VK213",
                f"the operationId '{name[:80]}' is that of {title} at {where} too",
                (*path, "operationId"),
                "give each operation one of its own; until then, they are named otherwise",
            )


def _check_shapes(rules: Rules) -> None:
    first: dict[str, str] = {}
    paths = rules.parts.document.get("paths")
    is_empty_inside = isinstance(paths, Map) and paths.get("components", "") is None
    for url, item in paths.items() if isinstance(paths, Map) else ():
        if not url.startswith(("/", "x-")):
            rules.settled |= {("paths",), ("paths", url)}
            if url in SECTIONS and is_empty_inside:
                continue  # which is said of that
            says = f"'{url[:200]}' is no path; its operations are left out"
            help = "a path begins with '/'; what is before it is a server's"
            if is_root(url, item):
                says = f"'{url}' is no path, and what is in it is not looked for among the paths"
                help = "indent it less: it belongs to the document"
            rules.warn("VK231", says, ("paths", url), help)
            continue
        other = first.setdefault(_TEMPLATE.sub("{}", url), url)
        if other != url:
            says = f"the path '{url}' differs from '{other}' in the names of parameters only"
            rules.warn("VK217", says, ("paths", url), "join the two, or let them differ")


def _check_security(rules: Rules) -> None:
    document = rules.parts.document
    schemes = dict(_schemes(rules.parts))
    for name, scheme in schemes.items():
        kind = scheme.node.get("type")
        if isinstance(kind, str) and kind not in _SCHEME_TYPES:
            says = f"security scheme '{name[:80]}' has the unknown type '{kind[:40]}'"
            help = f"it is one of {', '.join(_SCHEME_TYPES)}"
            rules.warn("VK225", says, (*scheme.path, "type"), help)
            rules.settled |= {scheme.path, (*scheme.path, "type")}
    components = document.get("components")
    if misspelt(components if isinstance(components, Map) else (), "securitySchemes"):
        return  # none of them is known
    uses = [((), document)]
    uses += [(part.path, part.node) for part in rules.parts.of_kind("operation")]
    reported = elsewhere(document).get("securitySchemes", set[str]())  # once, or where they stand
    for path, node in uses:
        for index, requirement in enumerate(_items(node, "security")):
            for name in requirement if isinstance(requirement, Map) else ():
                if name in schemes or name in reported or scheme_name(name) in schemes:
                    continue
                reported.add(name)
                where = (*path, "security", index, name)
                rules.warn(
                    "VK204",
                    f"security scheme '{name}' is used but never defined",
                    where,
                    f"define it{rules.into_overlay(*where)} under components.securitySchemes",
                )


def _schemes(parts: Parts) -> Iterator[tuple[str, Part]]:
    """The security schemes by name; a broken reference is one that is reported already."""
    components = parts.by_path.get(("components",))
    schemes = components.node.get("securitySchemes") if components is not None else None
    for name in schemes if isinstance(schemes, Map) else ():
        path = ("components", "securitySchemes", name)
        part = parts.resolve(path) or parts.by_path.get(path)
        if part is not None:
            yield name, part


def _check_body(rules: Rules, endpoint: Endpoint) -> None:
    if "requestBody" not in endpoint.operation.node:
        return
    path = (*endpoint.operation.path, "requestBody")
    if rules.version == "3.0" and endpoint.method in ("get", "head", "delete"):
        says = (
            f"{endpoint.title} has a body, which OpenAPI 3.0 ignores for {endpoint.method.upper()}"
        )
        rules.warn("VK218", says, path, "it is sent all the same; OpenAPI 3.1 allows it")
    body = rules.parts.resolve(path)
    if body is not None:
        _check_content(rules, body, f"the body of {endpoint.title}")


def _check_content(rules: Rules, owner: Part, title: str) -> None:
    for media, part in rules.parts.children(owner, "content"):
        if "schema" not in part.node and "itemSchema" not in part.node and is_json(media):
            rules.warn(
                "VK220",
                f"{title} has no schema for {media[:60]}",
                part.path,
                "add it, or what is sent is not checked",
            )


def _check_responses(rules: Rules, endpoint: Endpoint) -> None:
    path = (*endpoint.operation.path, "responses")
    responses = endpoint.operation.node.get("responses")
    if not isinstance(responses, Map):
        node = endpoint.operation.node
        is_told = "responses" in node or misspelt(node, "responses")
        if not is_told and rules.version != "3.0":
            rules.warn("VK219", f"{endpoint.title} has no response for a success", path[:-1], _ADD)
        return
    unknown = [key for key in responses if not _STATUS.fullmatch(key)]
    for key in unknown:
        is_small = _STATUS.fullmatch(key.upper()) is not None
        says = f"'{key[:60]}' is no status of a response of {endpoint.title}; it is "
        says += f"read as {key.upper()}" if is_small else "left out"
        rules.warn("VK228", says, (*path, key), "write three digits, 4XX, or default")
        rules.settled |= {path, (*path, key)}
    statuses = [key for key in responses if not key.startswith("x-")]
    if not unknown and not any(key[0] in "23d" or key == "101" for key in statuses):
        rules.warn("VK219", f"{endpoint.title} has no response for a success", path, _ADD)
        rules.settled.add(path)
    _check_promises(rules, endpoint, statuses)


def _check_promises(rules: Rules, endpoint: Endpoint, statuses: list[str]) -> None:
    if "default" in statuses:
        return
    known = {status.upper() for status in statuses}
    reported: set[int] = set()
    for key in ("description", "summary"):
        text = endpoint.operation.node.get(key)
        for status in promised_statuses(text) if isinstance(text, str) else ():
            if str(status) in known or f"{status // 100}XX" in known or status in reported:
                continue
            reported.add(status)
            rules.warn(
                "VK221",
                f"the {key} of {endpoint.title} speaks of status {status}, which has no response",
                (*endpoint.operation.path, key),
                f"add the response {status}{rules.into_overlay(*endpoint.operation.path)}",
            )


def _items(node: Map, key: str) -> Seq:
    value = node.get(key)
    return value if isinstance(value, Seq) else Seq()
