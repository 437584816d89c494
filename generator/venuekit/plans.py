"""What the runtime is told about parameters and bodies, and what a caller may give for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from venuekit.annotations import annotation, checked, given, given_kinds
from venuekit.ir import (
    ANY,
    NONE,
    STR,
    Api,
    Body,
    Content,
    Encoding,
    ListOf,
    LiteralOf,
    MapOf,
    Model,
    OpenEnum,
    Operation,
    Pagination,
    Parameter,
    Scalar,
    Tagged,
    TupleOf,
    Type,
    UnionOf,
    is_nullable,
    parts,
    reading,
)

_STREAMED = frozenset({"binary", "lines", "multipart"})
_TYPED = frozenset({"json", "form", "lines", "multipart", "text"})
_FORMS = frozenset({"form", "multipart"})
_ARGUMENTS = frozenset({"array-arguments", "object-arguments"})


def features(api: Api) -> frozenset[str]:
    """What the requests of a document use, and the runtime must therefore hold."""
    found: set[str] = set()
    for operation in api.operations:
        for parameter in operation.parameters:
            found.update(_parameter_features(api, parameter))
        if operation.body:
            found.update(_body_features(operation.body))
    if found & {"in-path", "in-query", "in-cookie", "in-querystring", "form-pairs", "styles"}:
        found.add("escaping")
    if found & {"in-path", "in-header", "styles", "form-fields", *_ARGUMENTS}:
        found.add("listing")
    if "choice" in found and found & {"json-body", "lines-body", "form-body"}:
        found.add("fitting-choice")
    if found & {"in-header", "choice", "multipart-body"}:
        found.add("printing")
    return frozenset(found)


def _parameter_features(api: Api, parameter: Parameter) -> Iterator[str]:
    yield "parameters"
    yield f"in-{parameter.location}"
    if parameter.deprecated:
        yield "deprecated-arguments"
    if parameter.variable:
        yield "variables"
    if parameter.location in ("query", "cookie"):
        yield "styles"
    if parameter.media is not None:
        kind = Content(media=parameter.media, type=parameter.type).kind
        yield "form-fields" if kind == "form" else "content-parameters"
        if kind == "form":
            yield from ("form-pairs", "styles", "numbers")
            yield from _encoding_features(parameter.encodings)
        return
    aliases = dict(api.aliases)
    kinds = set(_kinds(parameter.type, aliases))
    yield from (f"{kind}-arguments" for kind in kinds - {"primitive"})
    if any(p in (ANY, Scalar("float")) for p in parts(parameter.type)) or "object" in kinds:
        yield "numbers"
    if parameter.allow_reserved:
        yield "reserved"
    if parameter.style in ("label", "matrix", "deepObject", "cookie"):
        yield parameter.style
    yield from _delimiters(parameter.style)


def _delimiters(style: str) -> Iterator[str]:
    if style in ("spaceDelimited", "pipeDelimited", "tabDelimited"):
        yield "delimited"
    if style == "tabDelimited":
        yield "tabs"


def _kinds(type_: Type, aliases: Mapping[str, Type]) -> Iterator[str]:
    match type_:
        case ListOf() | TupleOf():
            yield "array"
        case MapOf():
            yield "object"
        case Model(name):
            yield "object"
            if name in aliases:
                yield "array"
        case UnionOf(members) | Tagged(members):
            for member in members:
                yield from _kinds(member, aliases)
        case Scalar("Any"):
            yield from ("array", "object")
        case _:
            yield "primitive"


def _body_features(body: Body) -> Iterator[str]:
    yield "bodies"
    if body.is_choice:
        yield "choice"
    for content in body.contents:
        yield f"{content.kind}-body"
        if content.kind == "text" and _rules(content):
            yield "text-rules"
        if "*" in content.media:
            yield "open-body"
        if content.kind in _STREAMED or "*" in content.media:
            yield "uploads"
        if content.kind in _FORMS:
            yield from ("form-fields", "numbers")
        encodings = [*content.encodings, *([content.items] if content.items else [])]
        if content.kind == "form":
            yield "form-pairs"
        if content.kind == "form" or any(e.style for e in encodings):
            yield "styles"
        yield from _encoding_features(encodings)


def _encoding_features(encodings: Iterable[Encoding]) -> Iterator[str]:
    for encoding in encodings:
        yield from _delimiters(encoding.style)
        if encoding.style == "deepObject":
            yield "deepObject"
        if encoding.style:
            yield from ("array-arguments", "object-arguments")
        if encoding.allow_reserved:
            yield "reserved"


# Plans.


def parameter_plan(parameter: Parameter) -> str:
    """The arguments of a `Parameter` of the runtime."""
    arguments = [
        repr(parameter.name),
        repr(parameter.wire),
        repr(parameter.location),
        f"Content(lambda: {checked(parameter.type)})",
    ]
    if parameter.required:
        arguments.append("required=True")
    if parameter.style != "simple":
        arguments.append(f"style={parameter.style!r}")
    if parameter.explode:
        arguments.append("explode=True")
    if parameter.allow_reserved:
        arguments.append("reserved=True")
    if parameter.deprecated:
        arguments.append("deprecated=True")
    if parameter.rules:
        arguments.append(f"rules={parameter.rules!r}")
    if parameter.variable:
        arguments.append(f"variable={parameter.variable!r}")
    if parameter.media is not None:
        kind = Content(media=parameter.media, type=parameter.type).kind
        form = kind if kind in ("json", "form") else "text"
        arguments.append(f"form={form!r}")
        if parameter.encodings:
            arguments.append(f"encodings={_encodings(parameter.encodings)}")
    return ", ".join(arguments)


def body_plan(body: Body) -> str:
    """The contents that a body may have."""
    return f"({''.join(_content_plan(content) + ', ' for content in body.contents)})"


def _content_plan(content: Content) -> str:
    arguments = [f"lambda: {_plan_type(content)}"]
    kind = content.kind if content.kind in _TYPED else "binary"
    if kind != "json":
        arguments += [repr(content.media), repr(kind)]
    elif content.media != "application/json":
        arguments.append(repr(content.media))
    rules = _rules(content)
    if rules:
        arguments.append(f"rules={rules!r}")
    if kind in _FORMS and content.encodings:
        arguments.append(f"encodings={_encodings(content.encodings)}")
    if content.items:
        arguments.append(f"items={_encoding(content.items)}")
    if content.files:
        arguments.append(f"files={content.files!r}")
    if content.encoded:
        arguments.append(f"encoded={content.encoded!r}")
    return f"Content({', '.join(arguments)})"


def _rules(content: Content) -> Mapping[str, object]:
    """What is checked of a body: of a text only what its schema says of texts."""
    is_checked = content.kind in _TYPED - {"text"} or (
        content.kind == "text" and all(map(_is_text, parts(content.type or ANY)))
    )
    return content.rules or {} if is_checked else {}


def _is_text(type_: Type) -> bool:
    return type_ == STR or isinstance(type_, OpenEnum | LiteralOf)


def _plan_type(content: Content) -> str:
    if content.kind not in ("json", "lines", *_FORMS):
        return "str" if content.kind == "text" else "bytes"
    if content.kind in _FORMS and content.type in (None, ANY):
        return "dict[str, Any]" if content.kind == "form" else "Any"
    return annotation(content.type or ANY, "plan")


def paging_plan(pagination: Pagination) -> str:
    """How the pages of an operation follow each other."""
    names = ("items", "argument", "field", "next", "header", "ends", "id", "more", "total")
    given = [(name, getattr(pagination, name)) for name in names]
    arguments = [repr(pagination.kind), *(f"{name}={value!r}" for name, value in given if value)]
    if pagination.start:
        arguments.append(f"start={pagination.start}")
    if pagination.is_text:
        arguments.append("is_text=True")
    return f"Paging({', '.join(arguments)})"


def _encodings(encodings: tuple[Encoding, ...]) -> str:
    keyed = ((encoding.wire or n, encoding) for n, encoding in enumerate(encodings))
    items = (f"{key!r}: {_encoding(encoding)}" for key, encoding in keyed)
    return "{" + ", ".join(items) + ",}"


def _encoding(encoding: Encoding) -> str:
    arguments: list[str] = []
    if encoding.media and not encoding.style:
        arguments.append(f"media={encoding.media!r}")
    if encoding.style:
        arguments.append(f"style={encoding.style!r}")
    if encoding.style and encoding.explode:
        arguments.append("explode=True")
    if encoding.allow_reserved:
        arguments.append("reserved=True")
    if encoding.headers:
        arguments.append(f"headers={encoding.headers!r}")
    if encoding.is_verbatim and encoding.media.endswith("json"):
        arguments.append("verbatim=True")
    return f"Encoding({', '.join(arguments)})"


# What a caller gives.


def given_body(
    body: Body,
    values: Mapping[str, tuple[object, ...]],
    aliases: Mapping[str, Type],
    *,
    is_async: bool,
) -> str:
    """Spell what a caller may give for a body, with its default where it may be left out."""
    kinds = [k for content in body.contents for k in _given_kinds(content, values, is_async)]
    text = " | ".join(dict.fromkeys(kinds))
    if body.required:
        return text
    return f"{text} | Unset = UNSET" if _may_be_null(body, aliases) else f"{text} | None = None"


def passed_body(body: Body, aliases: Mapping[str, Type]) -> str:
    """The argument of a body as the runtime takes it: None says there that it is null."""
    is_left_out = not body.required and not _may_be_null(body, aliases)
    given = "UNSET if body is None else body" if is_left_out else "body"
    return f"chosen({given}, content_type)" if body.is_choice else given


def _may_be_null(body: Body, aliases: Mapping[str, Type]) -> bool:
    """Whether null is a value of a body, so that None cannot leave it out."""

    def may_be(type_: Type) -> bool:
        match type_:
            case Model(name) if name in aliases:
                return may_be(aliases[name])
            case UnionOf(members):
                return any(map(may_be, members))
            case _:
                return is_nullable(type_)

    return any(c.kind == "json" and may_be(c.type or ANY) for c in body.contents)


def _given_kinds(
    content: Content, values: Mapping[str, tuple[object, ...]], is_async: bool
) -> list[str]:
    """Spell each kind of value that a caller may give for a body of a media type."""
    match content.kind:
        case "json":
            return given_kinds(content.type or ANY, values)
        case "form" | "multipart":
            if content.type in (None, ANY, NONE):
                is_form = content.kind == "form"
                return ["Mapping[str, Any]", *([] if is_form else ["Sequence[Any]"])]
            return given_kinds(content.type or ANY, values)
        case "text":
            return [annotation(STR)]
        case "lines":
            item = f"{given(content.type or ANY, values)} | bytes"
            awaited = [f"AsyncIterable[{item}]"] if is_async else []
            return [f"Iterable[{item}]", *awaited, "EncodedSource"]
        case _:
            return ["AsyncByteSource" if is_async else "ByteSource"]


def body_type(body: Body) -> str:
    """Spell what a body is, of each media type, as the index of methods has it."""
    return " | ".join(dict.fromkeys(map(_sent_type, body.contents)))


def _sent_type(content: Content) -> str:
    is_form = content.kind in _FORMS and content.type not in (None, ANY, NONE)
    type_ = content.type or ANY if is_form else reading(content)
    spelled = annotation(MapOf(ANY) if content.kind in _FORMS and not is_form else type_)
    return f"Iterable[{spelled}]" if content.is_sequence else spelled


def content_type(body: Body) -> str:
    """Spell the keyword that chooses a media type."""
    medias = [content.media for content in body.contents]
    if any("*" in media for media in medias):
        return "str | None = None"
    return f"Literal[{', '.join(map(repr, medias))}] | None = None"


def content_type_text(body: Body) -> str:
    """What the documentation of a method says about that keyword."""
    medias = ", ".join(f"`{content.media}`" for content in body.contents)
    if len(body.contents) == 1:
        return f"the media type of the body, one of {medias}"
    return f"one of {medias}; by default the first that a body of its kind can have"


def request_media(operation: Operation) -> str:
    """The media types of an operation's body, for its documentation."""
    contents = operation.body.contents if operation.body else ()
    return ", ".join(f"{'items of ' * c.is_sequence}{c.media}" for c in contents)
