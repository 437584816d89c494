"""A document in, an `Api` out: every decision about meaning falls here."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from venuekit import naming
from venuekit.config import ClientSettings, Selector
from venuekit.diagnostics import Report
from venuekit.ir import Api, Body, Content, Operation, Parameter, Response, Server
from venuekit.normalisation.bodies import with_files
from venuekit.normalisation.classes import Renaming
from venuekit.normalisation.constraints import Constraints
from venuekit.normalisation.operations import Endpoint, Operations, endpoints, method_names
from venuekit.normalisation.reading import Document
from venuekit.normalisation.schemas import Schemas
from venuekit.normalisation.security import Schemes
from venuekit.sources import Map

_NAME_WORDS = 3  # of a server's description that make a constant


def normalise(
    document: Map, settings: ClientSettings, report: Report, *, http: str = "httpx"
) -> Api | None:
    """Decide everything that the generated client needs to know; None where an error was found."""
    before = report.has_errors
    source = Document(document)
    chosen = _chosen(endpoints(source, report), settings, report)
    schemes = Schemes(source, settings.credentials, report)
    schemas = Schemas.of(source, report)
    constraints = Constraints(source, schemas.families, report)
    schemas.read_components()
    names, used_operations = method_names(source, chosen, settings.names.operations, report)
    reader = Operations(
        source, schemas, constraints, names, settings.names.parameters, report, set()
    )
    operations = [reader.read(e, schemes.requirements(e.node)) for e in chosen]
    models, enums, renaming = schemas.classes.settled(settings.names.models)
    needed = {id_ for o in operations for alternative in o.security for id_ in alternative}
    used_schemes = schemes.all(needed)
    info = source.node.get("info")
    servers = _servers(source, settings, report)
    _report_unused(settings, ("names", "operations"), used_operations, report)
    _report_unused(settings, ("names", "models"), renaming.used, report)
    _report_unused(settings, ("names", "parameters"), reader.used, report)
    _report_unused(settings, ("credentials",), schemes.used, report)
    if report.has_errors and not before:
        return None
    keywords = {scheme.id: scheme.name for scheme in used_schemes}
    models, finals = with_files(
        models, [_final(o, renaming, keywords, constraints) for o in operations]
    )
    return Api(
        name=settings.name,
        title=info.text("title") or settings.name,
        version=str(info.map().get("version", "")),
        description=info.text("description"),
        http=http,
        servers=servers,
        schemes=used_schemes,
        operations=finals,
        models=models,
        enums=enums,
        rules=constraints.table(_rules_of(operations)),
        aliases=schemas.classes.named_aliases(renaming),
    )


def _rules_of(operations: Iterable[Operation]) -> Iterable[Mapping[str, object]]:
    """The rules of everything that is sent."""
    for operation in operations:
        bodies = operation.body.contents if operation.body else ()
        for sent in (*operation.parameters, *bodies):
            if sent.rules:
                yield sent.rules


def _final(
    operation: Operation, renaming: Renaming, keywords: dict[str, str], constraints: Constraints
) -> Operation:
    """Put the names of classes and credentials into an operation."""

    def contents(found: Iterable[Content]) -> tuple[Content, ...]:
        return tuple(
            replace(
                c,
                type=None if c.type is None else renaming.type(c.type),
                rules=constraints.pruned(c.rules or {}) or None,
            )
            for c in found
        )

    def parameter(found: Parameter) -> Parameter:
        rules = constraints.pruned(found.rules or {}) or None
        return replace(found, type=renaming.type(found.type), rules=rules)

    def response(found: Response) -> Response:
        return replace(found, contents=contents(found.contents))

    body = operation.body
    renamed: Body | None = replace(body, contents=contents(body.contents)) if body else None
    return replace(
        operation,
        parameters=tuple(map(parameter, operation.parameters)),
        body=renamed,
        responses=tuple(map(response, operation.responses)),
        headers=renaming.type(operation.headers) if operation.headers else None,
        security=tuple(
            tuple(keywords[id_] for id_ in alternative) for alternative in operation.security
        ),
    )


def _chosen(found: Sequence[Endpoint], settings: ClientSettings, report: Report) -> list[Endpoint]:
    """The operations that the settings include and do not exclude."""
    used: set[Selector] = set()

    def matches(endpoint: Endpoint, selectors: Sequence[Selector]) -> bool:
        hits = [s for s in selectors if _selects(s, endpoint)]
        used.update(hits)
        return bool(hits)

    chosen = [
        endpoint
        for endpoint in found
        if (matches(endpoint, settings.include) or not settings.include)
        and not matches(endpoint, settings.exclude)
    ]
    for selector in (*settings.include, *settings.exclude):
        if selector not in used:
            report.error(
                "VK304", f"no operation has {selector.kind} '{selector.value}'", selector.place
            )
    return chosen


def _selects(selector: Selector, endpoint: Endpoint) -> bool:
    match selector.kind:
        case "tag":
            return selector.value in endpoint.tags
        case "path":
            return fnmatch.fnmatchcase(endpoint.path, selector.value)
        case _:
            return selector.value == endpoint.id


def _servers(source: Document, settings: ClientSettings, report: Report) -> tuple[Server, ...]:
    found: dict[str, str] = {}
    for node in source.node.get("servers").items():
        url = _with_defaults(node.text("url"), node.get("variables").map())
        if re.match(r"https?://", url):
            found.setdefault(url.rstrip("/"), node.text("description"))
    named = {url.rstrip("/"): constant for constant, url in settings.servers.items()}
    for url, constant in named.items():
        if url not in found:
            report.error(
                "VK305",
                f"the document has no server '{url}'",
                settings.place("servers", constant),
                f"its servers are: {', '.join(found) or 'none'}",
            )
    claims = {url: _constants(url, description) for url, description in found.items()}
    names = naming.settle(claims, {u: c for u, c in named.items() if u in found})
    return tuple(
        Server(name=names[url], url=url, description=description)
        for url, description in found.items()
    )


def _with_defaults(url: str, variables: Map) -> str:
    for name, variable in variables.items():
        default = variable.get("default") if isinstance(variable, Map) else None
        if isinstance(default, str):
            url = url.replace("{" + name + "}", default)
    return url


def _constants(url: str, description: str) -> tuple[str, ...]:
    """A server's constant: its short description, else its host, else all of its URL."""
    host = re.sub(r"^https?://", "", url).partition("/")[0]
    found = [naming.constant(host), naming.constant(re.sub(r"^https?://", "", url))]
    if 0 < len(naming.words(description)) <= _NAME_WORDS:
        found.insert(0, naming.constant(description))
    return tuple(found)


def _report_unused(
    settings: ClientSettings, table: tuple[str, ...], used: Iterable[str], report: Report
) -> None:
    overrides = settings.credentials if table[0] == "credentials" else getattr(
        settings.names, table[-1]
    )  # fmt: skip
    for key in overrides:
        if key not in set(used):
            report.error(
                "VK306",
                f"nothing in the document is called '{key}'",
                settings.place(*table, key),
                "remove the line, or correct the name",
            )
