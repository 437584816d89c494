"""An `Api` in, the templated modules of its client out; the only use of jinja2."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from venuekit import credentials, plans, prose
from venuekit.annotations import annotation, by_tag, cases_of, given
from venuekit.features import types
from venuekit.grouping import groups
from venuekit.ir import (
    NONE,
    Api,
    Body,
    Content,
    Model,
    Operation,
    Parameter,
    Response,
    Scheme,
    Tagged,
    Type,
    parts,
    reading,
)
from venuekit.samples import Samples
from venuekit.shadowing import unshadowed

# What annotations in the body of a client may name, and a method may be called.
_TYPE_NAMES = frozenset({*dir(builtins), "date", "datetime", "models", "time_", "timedelta"})
_ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "Unprocessable",
    "429": "TooManyRequests",
}
_EXPORTS: Mapping[str, tuple[str, ...]] = {
    "client": ("AsyncClient", "AsyncRawClient", "Client", "RawClient", "Server"),
    "errors": (
        *_ERRORS.values(),
        "Error", "InvalidBody", "InvalidRequest", "MissingCredentials", "Problem", "ResponseError",
         "ServerError", "StatusError", "TransportError", "UnexpectedStatus",
    ),
    "_runtime": ("NO_RETRY", "Reply", "Retry"),
}  # fmt: skip
_FEATURE_EXPORTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("arriving", "client", ("AsyncStreamedClient", "StreamedClient")),
    ("bodies", "_runtime", ("UNSET", "Unset")),
    ("downloads", "_runtime", ("AsyncFileDownload", "FileDownload")),
    ("events", "_runtime", ("ServerSentEvent",)),
    ("items", "_runtime", ("AsyncItemStream", "ItemStream")),
    ("pages", "client", ("AsyncPagedClient", "PagedClient")),
    ("pages", "errors", ("PagingError",)),
    ("pages", "_runtime", ("AsyncPagedItems", "PagedItems")),
)


@dataclass(frozen=True, slots=True)
class Flavour:
    """What the sync and the async client are called, and how they wait."""

    client: str
    raw: str
    core: str
    http: str
    define: str
    wait: str
    caller: str
    secret: str
    streamed: str
    stream: str
    download: str
    paged: str
    pages: str

    def names(self, features: frozenset[str]) -> tuple[str, ...]:
        """The names of the classes that have methods for operations."""
        streamed = (self.streamed,) if "arriving" in features else ()
        paged = (self.paged,) if "pages" in features else ()
        return (self.raw, *streamed, *paged, self.client)


_FLAVOURS = (
    Flavour("Client", "RawClient", "SyncCore", "httpx.Client", "def", "",
            "Callable[..., Reply[Any{0}]]", "Callable[[], {0}]",
            "StreamedClient", "ItemStream", "FileDownload", "PagedClient", "PagedItems"),
    Flavour("AsyncClient", "AsyncRawClient", "AsyncCore", "httpx.AsyncClient", "async def",
            "await ", "Callable[..., Awaitable[Reply[Any{0}]]]",
            "Callable[[], {0} | Awaitable[{0}]]",
            "AsyncStreamedClient", "AsyncItemStream", "AsyncFileDownload",
            "AsyncPagedClient", "AsyncPagedItems"),
)  # fmt: skip


class _Compiled(BytecodeCache):
    """Keeps what templates were compiled to, for the other clients of a run."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def render(api: Api, classes: Sequence[str], folders: Sequence[Path]) -> dict[PurePosixPath, str]:
    """Render every template that is not a part of another, by path below the client's folder.

    A template in the first of `folders` hides its namesakes in the others.
    """
    environment = _environment(api, folders)
    found = groups(api)
    context = {
        "aliases": _aliases(api),
        "families": _families(api),
        "api": api,
        "dict": dict,
        "classes": classes,
        "exports": _exports(api),
        "flavours": _FLAVOURS,
        "client_operations": () if found else api.operations,
        "groups": found,
        "nothing": NONE,
    }
    names = environment.list_templates(
        filter_func=lambda name: name.endswith(".jinja") and not name.startswith("parts/")
    )
    texts = {
        PurePosixPath(name.removesuffix(".jinja")): environment.get_template(name).render(
            **context, header=_header(api, name)
        )
        for name in sorted(names)
    }
    clients = [PurePosixPath("client.py")]
    part = environment.get_template("parts/operations.jinja")
    for group in found:
        clients.append(PurePosixPath("operations", f"{group.name}.py"))
        header = f"The operations of {group.name.replace('_', ' ')}. Generated by venuekit."
        texts[clients[-1]] = part.render(**context, group=group, header=header)
    if found:
        header = "The operations, by tag; each module is imported when it is needed."
        texts[PurePosixPath("operations", "__init__.py")] = f'"""{header}"""\n'
    if any(operation.name in _TYPE_NAMES for operation in api.operations):
        texts.update({client: unshadowed(texts[client]) for client in clients})
    return texts


def _families(api: Api) -> list[tuple[str, str]]:
    """The cases of each base class, by the name that annotations use."""
    found = {part for type_ in types(api) for part in parts(type_) if isinstance(part, Tagged)}
    named = {cases_of(t): by_tag(t.wire, t.cases) for t in found if t.has_base}
    return sorted(named.items())


def _environment(api: Api, folders: Sequence[Path]) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        bytecode_cache=_COMPILED,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and Markdown; texts go through filters
    )
    values = {e.name: tuple(value for _, value in e.members) for e in api.enums}

    def given_body(body: Body, flavour: Flavour) -> str:
        return plans.given_body(body, values, is_async=bool(flavour.wait))

    samples = Samples.of(api)

    def example(operation: Operation) -> str:
        return _example(operation, samples)

    def paged_example(operation: Operation) -> str:
        return f"for item in {samples.call(operation, 'client.paged')}:\n    ..."

    def given_parameter(parameter: Parameter) -> str:
        return given(parameter.type, values)

    filters: dict[str, Callable[..., Any]] = environment.filters
    filters.update(
        accepted=_accepted,
        annotation=annotation,
        body_plan=plans.body_plan,
        cell=prose.cell,
        client_text=_client_text,
        code=prose.code,
        construction=_construction,
        content_type=plans.content_type,
        contents_plan=_contents_plan,
        credential=_credential,
        deprecation=_deprecation,
        docstring=prose.docstring,
        example=example,
        given=given_parameter,
        given_body=given_body,
        has_keywords=_has_keywords,
        http_import=_http_import,
        literal=repr,
        markdown=prose.markdown,
        method_text=_method_text,
        outcome=_outcome,
        paged_example=paged_example,
        paged_type=_paged_type,
        paging_plan=plans.paging_plan,
        parameter_plan=plans.parameter_plan,
        reading=reading,
        reply=_reply,
        arriving=_arriving_type,
        scheme_plan=credentials.scheme_plan,
        server_filling=credentials.server_filling,
        server_text=credentials.server_text,
        server_variable=credentials.server_variable,
        veiled=credentials.veiled,
    )
    return environment


def _header(api: Api, template: str) -> str:
    what = {
        "__init__": f"{api.title} {api.version}: a typed client, sync and async.",
        "client": "The clients: a method an operation, sync and async.",
        "models": "The models: what is sent and what comes back.",
        "errors": "What can go wrong: one tree of exceptions.",
        "_runtime": "What all operations share: requests out, answers in.",
    }.get(template.partition(".")[0], api.title)
    return f"{what} Generated by venuekit."


def _http_import(name: str) -> str:
    return "import httpx" if name == "httpx" else f"import {name} as httpx"


def _exports(api: Api) -> list[tuple[str, tuple[str, ...]]]:
    classes = (*(m.name for m in api.models), *(e.name for e in api.enums))
    aliases = tuple(name for name, _ in api.aliases)
    found = [*_EXPORTS.items()]
    for feature, module, names in _FEATURE_EXPORTS:
        if feature in api.features:
            found.append((module, names))
    if classes or aliases:
        twins = tuple(name for name, _ in api.twins)
        found.append(("models", (*classes, *aliases, *twins)))
    joined: dict[str, set[str]] = {}
    for module, names in [*found, *((home, (name,)) for home, name in credentials.exports(api))]:
        joined.setdefault(module, set()).update(names)
    return sorted((module, tuple(sorted(names))) for module, names in joined.items())


def _aliases(api: Api) -> list[tuple[str, str]]:
    """The value of each alias, after those that it is made of; quoted where they form a cycle."""
    types = dict(api.aliases)
    found: dict[str, str] = {}

    def ready(type_: Type) -> bool:
        names = {part.name for part in parts(type_) if isinstance(part, Model)}
        return all(name in found for name in names & set(types))

    while len(found) < len(types):
        chosen = [n for n, t in types.items() if n not in found and ready(t)]
        for name in chosen:
            found[name] = annotation(types[name], "models")
        if not chosen:
            name = next(n for n in types if n not in found)
            found[name] = repr(annotation(types[name], "models"))
    return list(found.items())


# Plans: what the runtime is told about an operation.


def _accepted(operation: Operation, *, streamed: bool = False) -> str:
    """The media types that an operation may answer with; rather those of successes."""
    wanted: dict[str, str] = {}
    is_known = any(response.status[0] == "2" for response in operation.responses)
    for response in operation.responses:
        quality = ";q=0.9" if is_known and response.status[0] != "2" else ""
        contents = [c for c in response.contents if streamed or c.kind not in ("events", "lines")]
        if streamed and response.status[0] in "2d":
            contents = _streamed(contents)
        for content in contents:
            wanted.setdefault(content.media, quality)
    if len(wanted) == 1:
        return next(iter(wanted))
    return ", ".join(map("".join, wanted.items())) or "*/*"


def _streamed(contents: Sequence[Content]) -> Sequence[Content]:
    """What may arrive piece by piece: items where there are any, else what is no JSON."""
    items = [content for content in contents if content.kind in ("events", "lines")]
    return items or [content for content in contents if content.kind != "json"] or contents


def _contents_plan(contents: Sequence[Content]) -> str:
    return f"({''.join(_content_plan(content) + ', ' for content in contents)})"


def _content_plan(content: Content) -> str:
    type_ = f"lambda: {annotation(reading(content), 'plan')}"
    if content.kind != "json":
        kinds = {"text": "text", "form": "text", "events": "events", "lines": "lines"}
        kind = kinds.get(content.kind, "binary")
        return f"Content({type_}, {content.media!r}, {kind!r})"
    media = "" if content.media == "application/json" else f", {content.media!r}"
    rules = f", rules={content.rules!r}" if content.rules else ""
    return f"Content({type_}{media}{rules})"


# Signatures: what callers see.


def _reply(operation: Operation, data: str | None = None) -> str:
    """The raw reply of an operation, with the class of its documented headers."""
    headers = f", {annotation(operation.headers)}" if operation.headers else ""
    return f"Reply[{data or annotation(operation.returns)}{headers}]"


def _arriving_type(operation: Operation, flavour: Flavour) -> str:
    """What an operation returns that is read as it arrives."""
    if not operation.items:
        return flavour.download
    items: dict[str, None] = {}
    for content in operation.items:
        text = annotation(reading(content))
        items[f"ServerSentEvent[{text}]" if content.kind == "events" else text] = None
    return f"{flavour.stream}[{' | '.join(items)}]"


def _paged_type(operation: Operation, flavour: Flavour) -> str:
    """What an operation returns that is read over all its pages."""
    item = operation.pagination.item if operation.pagination else NONE
    return f"{flavour.pages}[{annotation(item)}]"


def _has_keywords(operation: Operation) -> bool:
    return bool(operation.body) or any(not p.is_positional for p in operation.parameters)


def _credential(scheme: Scheme, flavour: Flavour) -> str:
    return credentials.credential(scheme, flavour.secret)


# Texts.


def _client_text(api: Api, flavour: Flavour) -> str:
    if flavour.wait:
        return (
            f"{api.title} {api.version}, awaited: all as in `Client`, but `http` is an"
            f" `{flavour.http}`, and a callable for a credential may be async."
        )
    lines = [f"{api.title} {api.version}.", ""]
    if api.description:
        lines += [api.description, ""]
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


def _method_text(operation: Operation) -> str:
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
        arguments.append(f"    body: {_sentence(operation.body.description, media)}")
        if operation.body.is_choice:
            arguments.append(f"    content_type: {plans.content_type_text(operation.body)}")
    if arguments:
        lines += ["Args:", *arguments, ""]
    raised = [
        f"    {_error(r.status)}: {_sentence(r.description, r.status)} ({r.status})"
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
    text = _sentence(parameter.description, f"`{parameter.wire}` in {parameter.location}")
    if parameter.default:
        text = f"{text.rstrip('.')}. The venue's default is `{parameter.default}`."
    return f"Deprecated. {text}" if parameter.deprecated else text


def _sentence(text: str, otherwise: str) -> str:
    return " ".join(prose.tidy(text).split("\n\n")[0].split()) or otherwise


def _error(status: str) -> str:
    if status in _ERRORS:
        return _ERRORS[status]
    return "ServerError" if status[0] == "5" else "StatusError"


def _outcome(operation: Operation, response: Response) -> str:
    if response in operation.successes:
        if response.is_sequence:
            return f"returns `{prose.code(_arriving_type(operation, _FLAVOURS[0]))}`"
        return f"returns `{prose.code(annotation(response.data))}`"
    body = "" if response.data == NONE else f", body `{prose.code(annotation(response.data))}`"
    return f"raises `{_error(response.status)}`{body}"


def _construction(api: Api) -> str:
    arguments: list[str] = []
    if not api.default_server:
        arguments.append(f"Server.{api.servers[0].name}" if api.servers else '"https://…"')
    for scheme in api.credentials:
        secret = '("user", "…")' if scheme.is_basic else '"…"'
        arguments.append(f"{scheme.name}={secret}")
    imports = "Client, Server" if len(api.servers) > 1 else "Client"
    return f"from {api.name} import {imports}\n\nclient = Client({', '.join(arguments)})"


def _deprecation(operation: Operation) -> str:
    """The mark of a deprecated operation (PEP 702)."""
    return f"@_deprecated({f'{operation.method} {operation.path} is deprecated'!r})"


def _example(operation: Operation, samples: Samples) -> str:
    call = samples.call(operation)
    if operation.is_stream:
        return f"for item in {call}:\n    ..."
    return call if operation.returns == NONE else f"result = {call}"
