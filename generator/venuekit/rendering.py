"""An `Api` in, the templated modules of its client out; the only use of jinja2."""

from __future__ import annotations

import builtins
import marshal
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from venuekit import credentials, plans, prose
from venuekit.annotations import annotation, given, given_or_none
from venuekit.caching import Cache, code, key_of
from venuekit.flavours import FLAVOURS, Flavour, arriving_type, paged_type
from venuekit.grouping import groups
from venuekit.installed import version
from venuekit.ir import (
    NONE,
    Api,
    Body,
    Content,
    Operation,
    Parameter,
    reading,
)
from venuekit.samples import Samples
from venuekit.shadowing import unshadowed
from venuekit.shelving import shelves, whole
from venuekit.wording import (
    ERRORS,
    client_text,
    construction,
    deprecation,
    example,
    method_text,
    outcome,
)

# What annotations in the body of a client may name, and a method may be called.
_TYPE_NAMES = frozenset({*dir(builtins), "date", "datetime", "models", "time_", "timedelta"})
_EXPORTS: Mapping[str, tuple[str, ...]] = {
    "client": ("AsyncClient", "AsyncRawClient", "Client", "RawClient", "Server"),
    "errors": (
        *ERRORS.values(),
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


class _Compiled(BytecodeCache):
    """Keeps what templates were compiled to, for the other clients of a run and for other runs."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}
        self._fresh: dict[str, str] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name alone: what a template is compiled to does not depend on where it lies."""
        return name

    def get_source_checksum(self, source: str) -> str:
        return source  # to be hashed with the name

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(_compiled_key(bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            key = _compiled_key(bucket.key, bucket.checksum)
            self._codes[key] = bucket.code
            self._fresh[key] = b64encode(marshal.dumps(bucket.code)).decode()

    def recall(self, environment: Environment, cache: Cache) -> None:
        """Load what earlier runs have compiled of the templates of an environment."""
        loader, known = environment.loader, self._codes
        assert loader is not None
        names = environment.list_templates(extensions=["jinja"])
        keys = [_compiled_key(name, loader.get_source(environment, name)[0]) for name in names]
        found = cache.get(key for key in keys if key not in known)
        for key, text in found.items():
            known[key] = marshal.loads(b64decode(text))  # noqa: S302 - our own, as Python's are

    def keep(self, cache: Cache) -> None:
        """Remember what this run has compiled."""
        cache.put(self._fresh)
        self._fresh.clear()


def _compiled_key(name: str, source: str) -> str:
    return key_of("template", code(), version("jinja2"), sys.version, name, source)


_COMPILED = _Compiled()
_MODELS = "models.py.jinja"
_Models = Callable[[Mapping[str, str]], dict[PurePosixPath, str]]


def render(
    api: Api, folders: Sequence[Path], cache: Cache | None = None
) -> tuple[dict[PurePosixPath, str], _Models]:
    """Render every template that is not a part of another, by path below the client's folder.

    The models are what the second result makes of the sources of the classes, by name and in
    order: all other modules need not wait for these. A template in the first of `folders` hides
    its namesakes in the others. `cache` knows what earlier runs have compiled.
    """
    environment = _environment(api, folders)
    if cache:
        _COMPILED.recall(environment, cache)
    found = groups(api)
    context = {
        "api": api,
        "dict": dict,
        "exports": _exports(api),
        "flavours": FLAVOURS,
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
        if name != _MODELS
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
    environment.get_template(_MODELS)  # compiled while others wait for the classes

    def models(classes: Mapping[str, str]) -> dict[PurePosixPath, str]:
        found = dict(_models(environment, context, api, classes))
        if cache:
            _COMPILED.keep(cache)
        return found

    return texts, models


def _models(
    environment: Environment, context: Mapping[str, Any], api: Api, sources: Mapping[str, str]
) -> Iterator[tuple[PurePosixPath, str]]:
    """The module of models, or the package that takes its place."""
    template = environment.get_template(_MODELS)
    parts = shelves(api, sources)
    if not parts:
        header = _header(api, _MODELS)
        text = template.render(**context, shelf=whole(api, sources), header=header)
        yield PurePosixPath("models.py"), text
        return
    folder = PurePosixPath("models")
    template = environment.get_template("parts/models.jinja")
    header = "The models, by tag; each module is imported when it is needed. Generated by venuekit."
    yield folder / "__init__.py", template.render(**context, shelves=parts, header=header)
    template = environment.get_template("parts/classes.jinja")
    for shelf in parts:
        header = f"Models: {shelf.name.replace('_', ' ').strip()}. Generated by venuekit."
        text = template.render({**context, "shelf": shelf, "header": header, "dots": ".."})
        yield folder / f"{shelf.name}.py", text


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

    def shown(operation: Operation) -> str:
        return example(operation, samples)

    def paged_example(operation: Operation) -> str:
        return f"for item in {samples.call(operation, 'client.paged')}:\n    ..."

    def given_parameter(parameter: Parameter) -> str:
        if parameter.required:
            return given(parameter.type, values)
        return f"{given_or_none(parameter.type, values)} = None"

    filters: dict[str, Callable[..., Any]] = environment.filters
    filters.update(
        accepted=_accepted,
        annotation=annotation,
        body_plan=plans.body_plan,
        body_type=plans.body_type,
        cell=prose.cell,
        client_text=client_text,
        code=prose.code,
        construction=construction,
        content_type=plans.content_type,
        contents_plan=_contents_plan,
        core_arguments=_core_arguments,
        credential=credentials.credential,
        deprecation=deprecation,
        docstring=prose.docstring,
        example=shown,
        given=given_parameter,
        given_body=given_body,
        has_keywords=_has_keywords,
        http_import=_http_import,
        literal=repr,
        markdown=prose.markdown,
        method_text=method_text,
        outcome=outcome,
        paged_example=paged_example,
        paged_type=paged_type,
        paging_plan=plans.paging_plan,
        parameter_plan=plans.parameter_plan,
        reading=reading,
        reply=_reply,
        arriving=arriving_type,
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


def _has_keywords(operation: Operation) -> bool:
    return bool(operation.body) or any(not p.is_positional for p in operation.parameters)


def _core_arguments(api: Api, flavour: Flavour) -> str:
    return credentials.core_arguments(api, flavour.http, flavour.secret)


# Texts.
