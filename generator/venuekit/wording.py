"""What is said in docstrings and in API.md, in the words of the document."""

from __future__ import annotations

from venuekit import credentials, plans, prose
from venuekit.annotations import annotation
from venuekit.flavours import FLAVOURS, Flavour, arriving_type
from venuekit.ir import NONE, Api, Operation, Parameter, Response
from venuekit.samples import Samples

ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "Unprocessable",
    "429": "TooManyRequests",
}


def client_text(api: Api, flavour: Flavour) -> str:
    if flavour.wait:
        return (
            f"{api.title} {api.version}, awaited: all as in `Client`, but `http` is an"
            f" `{flavour.http}`, and a callable for a credential may be async."
        )
    lines = [f"{api.title} {api.version}.", ""]
    if about := prose.opening(api.description):
        lines += [about, ""]
    lines += ["Args:"]
    lines += credentials.argument_texts(api)
    lines += [
        f"    http: Your own `{flavour.http}`; it stays yours to close.",
        "    timeout: Seconds for each of connecting, sending and receiving.",
        "    retry: When a request is sent again; `NO_RETRY` for never.",
        "    lenient: Return what fits of a body; the rest is in `problems`.",
        "    authenticate: False where your own `http` client authenticates.",
    ]
    lines += credentials.signing_texts(api)
    return "\n".join(lines)


def method_text(operation: Operation) -> str:
    summary = operation.summary or operation.description or operation.id
    lines = [summary.rstrip(".") + "." if "\n" not in summary else summary, ""]
    if operation.description and operation.description.strip() != operation.summary.strip():
        lines += [operation.description, ""] if operation.summary else []
    lines += [f"`{operation.method} {operation.path}`", ""]
    if operation.deprecated:
        lines += ["Deprecated.", ""]
    arguments = [f"    {p.name}: {_about(p)}" for p in operation.parameters]
    if operation.body:
        media = plans.request_media(operation)
        arguments.append(f"    body: {prose.first_paragraph(operation.body.description) or media}")
        if operation.body.is_choice:
            arguments.append(f"    content_type: {plans.content_type_text(operation.body)}")
    if arguments:
        lines += ["Args:", *arguments, ""]
    raised = [
        f"    {_error(r.status)}: {prose.first_paragraph(r.description) or r.status} ({r.status})"
        for r in operation.errors
    ]
    if told := _arrival(operation):
        lines += ["Returns:", f"    {told}", ""]
    if raised:
        lines += ["Raises:", *raised]
    return "\n".join(lines)


def _arrival(operation: Operation) -> str:
    """How to read an answer that arrives piece by piece."""
    streamed = f"`client.streamed.{operation.name}(...)`"
    if operation.is_stream:
        return "The items as they arrive; a `with` block releases the connection for sure."
    if operation.items:
        return f"The whole body; {streamed} returns the items of a stream as they arrive."
    if operation.pagination:
        paged = f"`client.paged.{operation.name}(...)`"
        return f"A page; {paged} iterates over the items of all pages."
    if operation.is_download:
        return f"The whole body; {streamed} reads it as it arrives, or saves it to a file."
    return ""


def _about(parameter: Parameter) -> str:
    """What the documentation of a method says about a parameter."""
    said = prose.first_paragraph(parameter.description)
    text = said or f"`{parameter.wire}` in {parameter.location}"
    if parameter.constant is not None:
        text = f"{prose.sentence(text)} It is `{parameter.constant!r}`."
    elif parameter.default:
        text = f"{prose.sentence(text)} The venue's default is `{parameter.default}`."
    return f"Deprecated. {text}" if parameter.deprecated else text


def _error(status: str) -> str:
    if status in ERRORS:
        return ERRORS[status]
    return "ServerError" if status[0] == "5" else "StatusError"


def outcome(operation: Operation, response: Response) -> str:
    if response in operation.successes:
        if response.is_sequence:
            return f"returns `{prose.code(arriving_type(operation, FLAVOURS[0]))}`"
        return f"returns `{prose.code(annotation(response.data))}`"
    body = "" if response.data == NONE else f", body `{prose.code(annotation(response.data))}`"
    return f"raises `{_error(response.status)}`{body}"


def construction(api: Api) -> str:
    arguments: list[str] = []
    if not api.default_server:
        arguments.append(f"Server.{api.servers[0].name}" if api.servers else '"https://…"')
    for scheme in api.credentials:
        secret = '("user", "…")' if scheme.is_basic else '"…"'
        arguments.append(f"{scheme.name}={secret}")
    imports = "Client, Server" if len(api.servers) > 1 else "Client"
    return f"from {api.name} import {imports}\n\nclient = Client({', '.join(arguments)})"


def deprecation(operation: Operation) -> str:
    """The mark of a deprecated operation (PEP 702)."""
    return f"@_deprecated({f'{operation.method} {operation.path} is deprecated'!r})"


def example(operation: Operation, samples: Samples) -> str:
    if operation.is_stream:
        return iteration(operation, samples, "client")
    return samples.call(operation, before="" if operation.returns == NONE else "result = ")


def iteration(operation: Operation, samples: Samples, client: str) -> str:
    """An example that takes item after item."""
    return f"{samples.call(operation, client, before='for item in ')}:\n    ..."
