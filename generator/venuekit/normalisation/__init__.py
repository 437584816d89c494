"""A document in, an `Api` out: every decision about meaning falls here."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from venuekit.config import ClientSettings, Selector
from venuekit.diagnostics import Report
from venuekit.ir import Api, Body, Content, Operation, Parameter, Response, Scheme
from venuekit.normalisation.bodies import with_files
from venuekit.normalisation.classes import Renaming
from venuekit.normalisation.constraints import Constraints
from venuekit.normalisation.depths import parted
from venuekit.normalisation.fixed import with_constants
from venuekit.normalisation.operations import Endpoint, Operations, endpoints, method_names
from venuekit.normalisation.pagination import Paginations
from venuekit.normalisation.reading import Document, Node, Pointer
from venuekit.normalisation.schemas import Schemas
from venuekit.normalisation.security import Schemes, Security
from venuekit.normalisation.servers import Servers
from venuekit.normalisation.shown import with_shown_kinds
from venuekit.normalisation.written import without_credentials, without_signed_fields
from venuekit.sources import Map


def normalise(
    document: Map,
    settings: ClientSettings,
    report: Report,
    *,
    http: str = "httpx",
    urls: Mapping[str, str] | None = None,
    classes: dict[Pointer, tuple[str, ...]] | None = None,
) -> Api | None:
    """Decide everything that the generated client needs to know; None where an error was found.

    `urls` says where documents were fetched from, by their files. `classes` takes the names of the
    classes of inline schemas, by their places.
    """
    before = report.has_errors
    source = Document(with_shown_kinds(document, report))
    chosen = _chosen(endpoints(source, report), settings, report)
    owners = [_owner(endpoint) for endpoint in chosen]
    places = Servers(source, settings, urls or {}, report)
    servers = places.read(owners)
    schemes = Schemes(source, settings.credentials, report, servers)
    schemas = Schemas.of(source, report)
    constraints = Constraints(source, schemas.families, report)
    schemas.read_components()
    names, used_operations = method_names(source, chosen, settings.names.operations, report)
    reader = Operations(source, schemas, constraints, names, settings, report, set())
    security = [schemes.requirements(e.node) for e in chosen]
    # In an order that is not the document's: who comes first may decide a name.
    by_path = sorted(chosen, key=lambda endpoint: (endpoint.path, endpoint.method))
    read = {endpoint.route: reader.read(endpoint) for endpoint in by_path}
    operations = [read[endpoint.route] for endpoint in chosen]
    models, enums, renaming = schemas.classes.settled(settings.names.models)
    if classes is not None:
        classes.update(schemas.classes.by_place(renaming))
    called = [*(c.name for c in (*models, *enums)), *schemas.classes.alias_names(renaming)]
    _report_shared(settings, "models", called, report)
    _report_shared(settings, "operations", names.values(), report)
    needed = {id_ for needs in security for ways in needs.alternatives for id_ in ways}
    used_schemes = schemes.all(needed)
    info = source.node.get("info")
    _report_unused(settings, ("names", "operations"), used_operations, report)
    _report_unused(settings, ("names", "models"), renaming.used, report)
    _report_unused(settings, ("names", "parameters"), reader.used, report)
    _report_unused(settings, ("credentials",), schemes.used, report)
    if report.has_errors and not before:
        return None
    models, finals = with_files(
        models, [_final(operation, renaming, constraints) for operation in operations]
    )
    by_id = {scheme.id: scheme for scheme in used_schemes}
    api = Api(
        name=settings.name,
        title=info.text("title") or settings.name,
        version=str(info.map().get("version", "")),
        description=info.text("description"),
        http=http,
        servers=servers,
        default_server=places.default(servers),
        server_templates=places.templates(owners),
        relative_servers=tuple(places.relative),
        schemes=used_schemes,
        operations=tuple(
            replace(_secured(operation, needs, by_id), servers=places.own(owner, servers))
            for operation, needs, owner in zip(finals, security, owners, strict=True)
        ),
        models=parted(models, aliases := schemas.classes.named_aliases(renaming)),
        enums=enums,
        rules=constraints.table(_rules_of(operations)),
        aliases=aliases,
        twins=schemas.classes.named_twins(renaming.names),
    )
    nodes = [endpoint.node for endpoint in chosen]
    api = with_constants(without_signed_fields(source, api, nodes, report))
    return Paginations(source, api, report).read(nodes)


def _rules_of(operations: Iterable[Operation]) -> Iterable[Mapping[str, object]]:
    """The rules of everything that is sent."""
    for operation in operations:
        bodies = operation.body.contents if operation.body else ()
        for sent in (*operation.parameters, *bodies):
            if sent.rules:
                yield sent.rules


def _owner(endpoint: Endpoint) -> Node:
    """Whose servers an operation uses: its own, else those of its path."""
    own = endpoint.node.get("servers")
    return endpoint.node if any(own.items()) else endpoint.item


def _secured(operation: Operation, needs: Security, schemes: Mapping[str, Scheme]) -> Operation:
    """Put what an operation needs into it, by the keys of schemes."""
    return replace(
        operation,
        parameters=without_credentials(operation.parameters, schemes, needs.alternatives),
        security=tuple(tuple(schemes[id_].key for id_ in way) for way in needs.alternatives),
        scopes=tuple((schemes[id_].key, scopes) for id_, scopes in needs.scopes),
    )


def _final(operation: Operation, renaming: Renaming, constraints: Constraints) -> Operation:
    """Put the names of classes into an operation."""

    def contents(found: Iterable[Content]) -> tuple[Content, ...]:
        return tuple(
            replace(
                c,
                type=None if c.type is None else renaming.type(c.type),
                events=tuple((name, renaming.type(type_)) for name, type_ in c.events),
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


def _report_shared(
    settings: ClientSettings, table: str, names: Iterable[str], report: Report
) -> None:
    """Report names that the settings give to several things of a table which are not the same."""
    code, what = _SHARED[table]
    counts = Counter(names)
    given: Mapping[str, str] = getattr(settings.names, table)
    for name, key in {name: key for key, name in given.items()}.items():
        if counts[name] > 1:
            report.error(
                code,
                f"several {what} would be called {name}",
                settings.place("names", table, key),
                "give each a name of its own",
            )


_SHARED = {"models": ("VK301", "different classes"), "operations": ("VK302", "operations")}


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
