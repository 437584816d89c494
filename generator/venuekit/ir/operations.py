"""Operations: their parameters, bodies, responses and pages; and the whole API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from venuekit.ir.media import EVENTS, essence_of
from venuekit.ir.models import EnumClass, ModelClass
from venuekit.ir.security import Scheme
from venuekit.ir.servers import Server, ServerTemplate
from venuekit.ir.types import ANY, BYTES, NONE, STR, Scalar, Type, UnionOf, members_of
from venuekit.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of an operation, outside the body."""

    name: str
    wire: str
    location: str
    type: Type
    required: bool
    style: str
    explode: bool
    allow_reserved: bool = False
    media: str | None = None  # of a `content` parameter
    rules: Mapping[str, object] | None = field(default=None, hash=False)  # checked when sent
    variable: str = ""  # in the path, where it is not just the name in braces
    encodings: tuple[Encoding, ...] = ()  # of a form that is a query string
    description: str = ""
    deprecated: bool = False
    is_secret: bool = False  # of format password, or write only; or some value inside of it is
    secret_names: tuple[str, ...] = ()  # of its values in a query, where they have names there
    default: str = ""  # what the venue takes where it is left out, as JSON
    constant: str | int | bool | None = None  # what is sent unless the caller gives it
    example: object = field(default=None, hash=False)

    @property
    def is_asked(self) -> bool:
        """Whether a call must give it."""
        return self.required and self.constant is None

    @property
    def is_positional(self) -> bool:
        return self.location == "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a property of a form, or a part of a multipart body, is written."""

    wire: str = ""  # of the property; empty for a part that has only a position
    media: str = ""  # empty for what its value suggests
    style: str = ""  # empty where the media type decides
    explode: bool = False
    allow_reserved: bool = False
    headers: tuple[tuple[str, str], ...] = ()  # those that can have one value only
    is_headed: bool = False  # has headers of which callers give the values
    is_verbatim: bool = False  # a text that is of the media type already, as contentMediaType says


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A media type and the type of its content; None where the document gives no schema."""

    media: str
    type: Type | None
    rules: Mapping[str, object] | None = field(default=None, hash=False)  # checked when sent
    is_sequence: bool = False  # of items that come one by one; `type` is that of an item
    events: tuple[tuple[str, Type], ...] = ()  # of the data of events that the document names
    encodings: tuple[Encoding, ...] = ()
    items: Encoding | None = None  # of the parts that have no encoding of their own
    files: tuple[str, ...] = ()  # properties that are files, by their wire names
    encoded: tuple[str, ...] = ()  # properties that are bytes as text, such as base64
    example: object = field(default=None, hash=False)

    @property
    def essence(self) -> str:
        """The media type without its parameters."""
        return essence_of(self.media)

    @property
    def kind(self) -> str:
        """How the bytes are read and written.

        json, form, multipart, text, binary; events and lines for what comes item by item.
        """
        essence = self.essence
        if self.is_sequence:
            return "events" if essence == EVENTS else "lines"
        if essence == "application/x-www-form-urlencoded":
            return "form"
        if essence.startswith("multipart/"):
            return "multipart"
        if self.type == BYTES:
            return "binary"
        if essence in _JSON_MEDIA or essence.endswith("+json"):
            return "json"
        is_open = essence in ("*/*", "application/*")
        if is_open and self.type is not None:
            return "text" if self.type == STR else "json"
        if essence == "text/plain" and _has_numbers_only(self.type):
            return "json"  # as which their text is read and written
        if essence.startswith("text/") or essence.endswith(_TEXT_MEDIA):
            return "text"
        return "binary"


def _has_numbers_only(type_: Type | None) -> bool:
    return type_ is not None and all(member in _NUMBERS for member in members_of(type_))


_NUMBERS = frozenset(map(Scalar, ("int", "float", "bool", "DecimalNumber")))


_JSON_MEDIA = frozenset({"application/json", "application/x-json", "text/json"})


_TEXT_MEDIA = ("+xml", "/xml", "+yaml", "yaml", "/csv", "/javascript", "/graphql", "/sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The request body of an operation."""

    contents: tuple[Content, ...]
    required: bool
    description: str = ""

    @property
    def is_choice(self) -> bool:
        """Whether a caller may have to say which media type it is."""
        return len(self.contents) > 1 or any("*" in content.media for content in self.contents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the document says about a status, a range of statuses, or all others."""

    status: str  # "200", "4XX" or "default"
    description: str = ""
    contents: tuple[Content, ...] = ()

    @property
    def is_sequence(self) -> bool:
        """Whether its body can only arrive item by item."""
        return bool(self.contents) and all(c.is_sequence for c in self.contents)

    @property
    def data(self) -> Type:
        """The type of its body as a whole, over all media types."""
        kinds: dict[Type, None] = {}
        for content in self.contents:
            if not content.is_sequence:
                kinds[reading(content)] = None
        if not kinds:
            return NONE
        members = tuple(kinds)
        return members[0] if len(members) == 1 else UnionOf(members)


def reading(content: Content) -> Type:
    """The Python type that a body of this media type is read as."""
    match content.kind:
        case "json":
            return content.type or ANY
        case "text" | "form":
            return STR
        case "events":
            return content.type or STR
        case "lines":
            return content.type or ANY
        case _:
            return BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """How the next page of a listing is asked for (`x-pagination`); paths are by wire names."""

    kind: str  # cursor, page, offset, link, last-id
    item: Type
    items: tuple[str, ...] = ()  # where the items are in a reply
    argument: str = ""  # our name of the parameter that asks for a page
    field: tuple[str, ...] = ()  # where that stands in the body, if it is no parameter
    next: tuple[str, ...] = ()  # where a reply has the cursor or the link
    header: str = ""  # the header that has it, if no body does
    ends: tuple[str, ...] = ()  # cursors that end it
    id: tuple[str, ...] = ()  # where an item has its id
    more: tuple[str, ...] = ()  # where a reply says whether there is more
    total: tuple[str, ...] = ()  # where it says how many pages, or for `offset` items, there are
    start: int = 0  # the number of the first page
    is_text: bool = False  # whether the parameter is a string


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of the client."""

    id: str  # theirs, as written; METHOD and path where there is none
    name: str  # ours, final
    method: str
    path: str
    summary: str = ""
    description: str = ""
    deprecated: bool = False
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()  # keys of schemes: OR of AND
    scopes: tuple[tuple[str, str], ...] = ()  # key of a scheme, scopes of its token
    servers: tuple[tuple[str, str], ...] = ()  # the client's server to this operation's own
    headers: Type | None = None  # the class of its successes' documented headers
    json_headers: tuple[str, ...] = ()  # of these, those whose value is JSON
    pagination: Pagination | None = None

    @property
    def constant(self) -> str:
        return self.name.upper()

    @property
    def veiled_path(self) -> str:
        """The path as it may be shown, where an argument in it is a secret."""
        is_secret = any(p.is_secret and p.location == "path" for p in self.parameters)
        return self.path if is_secret else ""

    @property
    def successes(self) -> tuple[Response, ...]:
        """The documented successes.

        A redirect is one where nothing better is, and `default` where there is neither.
        """
        return (
            tuple(r for r in self.responses if r.status[0] == "2")
            or tuple(r for r in self.responses if r.status[0] == "3" and r.status != "304")
            or tuple(r for r in self.responses if r.status == "default")
        )

    @property
    def errors(self) -> tuple[Response, ...]:
        successes = self.successes
        return tuple(r for r in self.responses if r not in successes)

    @property
    def items(self) -> tuple[Content, ...]:
        """What its successes hold that arrives item by item."""
        return tuple(c for r in self.successes for c in r.contents if c.is_sequence)

    @property
    def is_stream(self) -> bool:
        """Whether its method returns items as they arrive: where no whole body is documented."""
        contents = [c for r in self.successes for c in r.contents]
        return bool(contents) and all(c.is_sequence for c in contents)

    @property
    def is_download(self) -> bool:
        """Whether a success is a file, or may be one."""
        contents = [c for r in self.successes for c in r.contents]
        return not self.items and any(
            c.kind == "binary" or c.essence == "text/csv" for c in contents
        )

    @property
    def returns(self) -> Type:
        return joined(tuple(response.data for response in self.successes))


def ordered(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Parameters as a method takes them: positional ones, then what must be given."""
    return tuple(sorted(parameters, key=lambda p: not p.is_positional and not p.is_asked))


def joined(types: tuple[Type, ...]) -> Type:
    """One type for several; null comes last."""
    members: dict[Type, None] = {}
    for type_ in types:
        for member in members_of(type_):
            members[member] = None
    if not members:
        return NONE
    if ANY in members:
        return ANY
    if len(members) == 1:
        return next(iter(members))
    ordered = [m for m in members if m != NONE] + [m for m in members if m == NONE]
    return UnionOf(tuple(ordered))


_MANY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Everything that the templates show."""

    name: str  # of the package
    title: str
    version: str
    description: str = ""
    http: str = "httpx"
    servers: tuple[Server, ...] = ()
    default_server: str = ""  # name of its constant
    server_templates: tuple[ServerTemplate, ...] = ()
    relative_servers: tuple[str, ...] = ()  # that no URL of the document makes whole
    schemes: tuple[Scheme, ...] = ()
    operations: tuple[Operation, ...] = ()
    models: tuple[ModelClass, ...] = ()
    enums: tuple[EnumClass, ...] = ()
    aliases: tuple[tuple[str, Type], ...] = ()
    twins: tuple[tuple[str, str], ...] = ()  # second names of classes
    rules: tuple[tuple[str, Mapping[str, object]], ...] = ()  # those that others refer to
    features: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def sent(self) -> tuple[Type, ...]:
        """The types of bodies and arguments."""
        bodies = (c.type for o in self.operations if o.body for c in o.body.contents if c.type)
        return (*bodies, *(p.type for o in self.operations for p in o.parameters))

    @property
    def answered(self) -> tuple[Type, ...]:
        """The types of answers."""
        responses = (r for o in self.operations for r in o.responses)
        return tuple(c.type for r in responses for c in r.contents if c.type)

    @property
    def inner(self) -> tuple[Type, ...]:
        """The types of all fields and undeclared properties, and those that have names."""
        fields = (field.type for model in self.models for field in model.fields)
        extras = (model.extras for model in self.models if model.extras is not None)
        return (*fields, *extras, *(type_ for _, type_ in self.aliases))

    @property
    def constants(self) -> dict[str, tuple[str | int | float | bool, ...]]:
        """The values of each enumeration, by all of its names."""
        found = {e.name: tuple(value for _, value in e.members) for e in self.enums}
        return found | {name: found[twin] for name, twin in self.twins if twin in found}

    @property
    def credentials(self) -> tuple[Scheme, ...]:
        """The schemes by the keywords of the client: the first of each."""
        found: dict[str, Scheme] = {}
        for scheme in self.schemes:
            found.setdefault(scheme.name, scheme)
        return tuple(found.values())

    @property
    def secrets(self) -> tuple[tuple[str, str], ...]:
        """What must not be shown: where it stands in a request, and its name there."""
        found: dict[tuple[str, str], None] = {}
        for scheme in self.schemes:
            if scheme.signature:
                signed = (c for c in scheme.signature.carriers if c.is_secret)
                found.update(dict.fromkeys((c.location, c.wire) for c in signed))
            elif scheme.kind == "apiKey":
                found[scheme.location, scheme.wire] = None
            elif scheme.kind != "held":
                found["header", "Authorization"] = None
        for operation in self.operations:
            for parameter in operation.parameters:
                if parameter.is_secret:
                    for name in parameter.secret_names or (parameter.wire,):
                        found[parameter.location, name] = None
        return tuple(found)

    @property
    def error_body(self) -> Type:
        """What `StatusError.body` may hold besides None.

        Where it may be of more classes than anybody tells apart, it is Any: type checkers and
        formatters go down a union by recursion.
        """
        bodies = tuple(r.data for o in self.operations for r in o.errors if r.data != NONE)
        body = joined(bodies)
        return ANY if isinstance(body, UnionOf) and len(body.members) > _MANY else body
