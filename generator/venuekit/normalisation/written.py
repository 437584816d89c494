"""What credentials and signatures write into requests themselves, and callers need not give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from venuekit.diagnostics import Report
from venuekit.ir import (
    Api,
    Model,
    ModelClass,
    Operation,
    Parameter,
    Scheme,
    class_names,
    ordered,
)
from venuekit.normalisation.reading import Document, Node

Way = tuple[str, ...]  # the ids of all schemes that are needed at once


def without_credentials(
    parameters: tuple[Parameter, ...], schemes: Mapping[str, Scheme], ids: tuple[Way, ...]
) -> tuple[Parameter, ...]:
    """The parameters that callers give: not those that every alternative writes itself.

    What only some write need not be given, and has one spelling with them: names of headers are
    the same in any case (RFC 9110, section 5.1), and no request has two of a name.
    """
    ways = [dict(w for id_ in way for w in written_by(schemes[id_])) for way in ids]
    always = set[tuple[str, str]](ways[0]).intersection(*ways) if ways else set[tuple[str, str]]()
    spelled = {key: wire for way in ways for key, wire in way.items()}
    kept = [
        replace(p, wire=spelled[place], required=False, constant=None) if place in spelled else p
        for p, place in ((p, same_place(p.location, p.wire)) for p in parameters)
        if place not in always
    ]
    return ordered(kept)


def written_by(scheme: Scheme) -> Iterator[tuple[tuple[str, str], str]]:
    """What a credential or a signature writes into a request: where, and how it is spelled."""
    if scheme.signature:
        carriers = [(c.location, c.wire) for c in scheme.signature.carriers]
    else:
        carriers = [(scheme.location, scheme.wire)] if scheme.kind == "apiKey" else []
    for location, wire in carriers:
        yield same_place(location, wire), wire


def same_place(location: str, wire: str) -> tuple[str, str]:
    """A place in a request, comparable with others."""
    return location, wire.lower() if location == "header" else wire


def without_signed_fields(
    document: Document, api: Api, endpoints: Sequence[Node], report: Report
) -> Api:
    """The API, where callers need not give the fields of a body that its signature writes.

    Those of a class that is read, or that operations send unsigned, stay required: a warning says
    so.
    """
    required = {m.name: {f.wire for f in m.fields if f.required} for m in api.models}
    sent = [
        (operation, node, name, _written_fields(api, operation) & required.get(name, set()))
        for operation, node in zip(api.operations, endpoints, strict=True)
        for name in _bodies(operation)
    ]
    others = _read(api)
    needless: dict[str, set[str]] = {}
    for _, _, name, wires in sent:
        if needless.setdefault(name, wires) != wires:
            others.add(name)
    for operation, node, name, wires in sent:
        if name in others:
            _report(document, operation, node, wires, report)
    asked = {name: wires for name, wires in needless.items() if name not in others}
    models = (_without(model, asked.get(model.name, set())) for model in api.models)
    return replace(api, models=tuple(models))


def _without(model: ModelClass, wires: set[str]) -> ModelClass:
    """A class some of whose fields need not be given."""
    fields = (replace(f, required=False) if f.wire in wires else f for f in model.fields)
    return replace(model, fields=tuple(fields)) if wires else model


def _report(
    document: Document, operation: Operation, node: Node, wires: set[str], report: Report
) -> None:
    for wire in sorted(wires):
        report.warning(
            "VK331",
            f"the body of {operation.id} requires '{wire}', which its signature writes, and its"
            " class is read or sent elsewhere too: callers must give a value that is not sent",
            document.place(node.get("requestBody")),
            "remove the property by the client's overlay.yaml",
        )


def _written_fields(api: Api, operation: Operation) -> set[str]:
    """The fields of its body that a signature of an operation writes."""
    signatures = {s.key: s.signature for s in api.schemes if s.signature}
    keys = {key for way in operation.security for key in way if key in signatures}
    return {c.wire for key in keys for c in signatures[key].carriers if c.location == "body"}


def _bodies(operation: Operation) -> set[str]:
    """The classes that the body of an operation may be of."""
    contents = operation.body.contents if operation.body else ()
    return {content.type.name for content in contents if isinstance(content.type, Model)}


def _read(api: Api) -> set[str]:
    """The classes that are used elsewhere than as the body of an operation."""
    arguments = [p.type for o in api.operations for p in o.parameters]
    others = [type_ for type_ in api.sent if not isinstance(type_, Model)]
    types = [*api.answered, *api.inner, *arguments, *others]
    return class_names(types) | {model.base for model in api.models}
