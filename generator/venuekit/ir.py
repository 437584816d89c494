"""The intermediate model: what a client needs to know about an API, and nothing of JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type that needs no class of ours: its name as the generated code spells it."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A JSON array of one kind of item."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """A JSON object whose keys are data."""

    value: Type


@dataclass(frozen=True, slots=True)
class Model:
    """A generated class, by its final name."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenEnum:
    """A generated enumeration whose unknown values stay what they are when they are read."""

    name: str
    base: Type


@dataclass(frozen=True, slots=True)
class LiteralOf:
    """One of a few constants; an open one may be read as another value of their kind."""

    values: tuple[str | int | bool, ...]
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A JSON array whose items differ by their place; one of another length is read as a list."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class UnionOf:
    """One of several types, whichever fits best."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several classes, told by the value of a property.

    An object of no known case is read as the first class where that is the base of the others,
    else as a model without fields.
    """

    members: tuple[Type, ...]
    wire: str
    cases: tuple[tuple[str, str], ...]  # value and class
    has_base: bool = False


Type = Scalar | ListOf | MapOf | Model | OpenEnum | LiteralOf | TupleOf | UnionOf | Tagged

ANY = Scalar("Any")
NONE = Scalar("None")
STR = Scalar("str")
INT = Scalar("int")
BOOL = Scalar("bool")
BYTES = Scalar("bytes")
FILE = Scalar("FileLike")
NUMBER = UnionOf((INT, Scalar("float")))


def parts(type_: Type) -> Iterator[Type]:
    """Yield a type and all types that it is made of."""
    yield type_
    match type_:
        case ListOf(inner) | MapOf(inner):
            yield from parts(inner)
        case UnionOf(members) | Tagged(members) | TupleOf(members):
            for member in members:
                yield from parts(member)
        case _:
            pass


def renamed(type_: Type, name: Callable[[str], str]) -> Type:
    """The type with other names for the classes in it."""
    match type_:
        case Model(old):
            return Model(name(old))
        case OpenEnum(old, base):
            return OpenEnum(name(old), base)
        case ListOf(item):
            return ListOf(renamed(item, name))
        case MapOf(value):
            return MapOf(renamed(value, name))
        case TupleOf(items):
            return TupleOf(tuple(renamed(item, name) for item in items))
        case UnionOf(members):
            return UnionOf(tuple(renamed(member, name) for member in members))
        case Tagged(members, _, cases):
            return replace(
                type_,
                members=tuple(renamed(member, name) for member in members),
                cases=tuple((tag, name(class_)) for tag, class_ in cases),
            )
        case _:
            return type_


def nullable(type_: Type) -> Type:
    """The type, or null."""
    if type_ in (ANY, NONE):
        return type_
    members = type_.members if isinstance(type_, UnionOf) else (type_,)
    return type_ if NONE in members else UnionOf((*members, NONE))


def is_nullable(type_: Type) -> bool:
    """Whether null is a value of the type."""
    return type_ in (ANY, NONE) or (isinstance(type_, UnionOf) and NONE in type_.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property of a model."""

    name: str  # ours, final
    wire: str  # theirs, as written
    type: Type
    required: bool
    description: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelClass:
    """A JSON object with declared properties."""

    name: str
    fields: tuple[Field, ...]  # without those of the base
    description: str = ""
    base: str = ""  # the class that it extends
    extras: Type | None = None  # what the values of undeclared properties are
    extras_name: str = "extras"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumClass:
    """An enumeration: member names are ours, values theirs."""

    name: str
    members: tuple[tuple[str, str | int | float | bool], ...]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server by the name of its constant."""

    name: str
    url: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerVariable:
    """A part of a server's URL that the caller chooses."""

    name: str  # keyword of the function
    wire: str
    default: str | None
    allowed: tuple[str, ...] = ()  # every value, where the document lists them
    in_path: bool = False  # may hold a slash
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTemplate:
    """A server whose URL has variables: a function that fills them in."""

    name: str  # of the function
    url: str
    variables: tuple[ServerVariable, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class SignedPart:
    """A part of a request that a signature covers or that is sent with it."""

    name: str  # timestamp, nonce, method, path, query, target, url, host, body, signature...


@dataclass(frozen=True, slots=True)
class SignedHeader:
    """The value of a header of the request."""

    name: str


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text that is the same for every request."""

    text: str


@dataclass(frozen=True, slots=True)
class SignedDigest:
    """A digest over pieces, raw or encoded."""

    algorithm: str  # hashlib's name
    encoding: str  # "", hex, hex-upper, base64, base64url
    pieces: SignedPieces


SignedPieces = tuple["SignedPart | SignedHeader | SignedText | SignedDigest", ...]


def parts_of(pieces: SignedPieces) -> Iterator[str]:
    """Yield the names of the parts that pieces are made of, also within digests."""
    for piece in pieces:
        if isinstance(piece, SignedPart):
            yield piece.name
        elif isinstance(piece, SignedDigest):
            yield from parts_of(piece.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What a signature writes into a request: a header, query parameter or field of the body."""

    location: str  # header, query, body
    wire: str
    pieces: SignedPieces

    @property
    def is_signature(self) -> bool:
        """Whether it can only be written when the signature is known."""
        return "signature" in parts_of(self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How requests are signed (`x-signature`)."""

    algorithm: str  # hashlib's name: sha256, sha384, sha512
    key_encoding: str
    message: SignedPieces
    timestamp: str  # s, ms, us, ns, iso
    nonce: str  # increasing, uuid
    encoding: str
    carriers: tuple[Carrier, ...]

    @property
    def parts(self) -> frozenset[str]:
        """The names of all parts that it uses."""
        return frozenset(
            name
            for pieces in (self.message, *(c.pieces for c in self.carriers))
            for name in parts_of(pieces)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFlow:
    """How a token is fetched with client credentials (RFC 6749, section 4.4)."""

    url: str | None  # absolute, or relative to the server; None where the server must be known
    urls: tuple[tuple[str, str], ...] = ()  # server to token URL, where that is another
    method: str | None = None  # client_secret_basic, client_secret_post; None: either


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A security scheme that a caller gives a credential for."""

    id: str  # theirs, as written
    key: str  # ours, of this scheme alone
    name: str  # keyword of the client; schemes may share one
    kind: str  # apiKey, http, token, signature
    location: str = ""  # header, query or cookie, for apiKey
    wire: str = ""  # the header, query parameter or cookie, for apiKey; the HTTP scheme's name
    description: str = ""
    signature: Signature | None = None
    flow: TokenFlow | None = None

    @property
    def is_basic(self) -> bool:
        return self.kind == "http" and self.wire == "Basic"


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
    is_secret: bool = False  # of format password, or write only
    default: str = ""  # what the venue takes where it is left out, as JSON
    example: object = field(default=None, hash=False)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A media type and the type of its content; None where the document gives no schema."""

    media: str
    type: Type | None
    rules: Mapping[str, object] | None = field(default=None, hash=False)  # checked when sent
    is_sequence: bool = False  # of items that arrive one by one; `type` is that of an item
    encodings: tuple[Encoding, ...] = ()
    items: Encoding | None = None  # of the parts that have no encoding of their own
    files: tuple[str, ...] = ()  # properties that are files, by their wire names
    example: object = field(default=None, hash=False)

    @property
    def essence(self) -> str:
        """The media type without its parameters."""
        return self.media.partition(";")[0].strip().lower()

    @property
    def kind(self) -> str:
        """How the bytes are read and written.

        json, form, multipart, text, binary; events and lines for what arrives item by item.
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
        if essence.startswith("text/") or essence.endswith(_TEXT_MEDIA):
            return "text"
        return "binary"


EVENTS = "text/event-stream"
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


def joined(types: tuple[Type, ...]) -> Type:
    """One type for several; null comes last."""
    members: dict[Type, None] = {}
    for type_ in types:
        for member in type_.members if isinstance(type_, UnionOf) else (type_,):
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
                signed = (c for c in scheme.signature.carriers if c.is_signature)
                found.update(dict.fromkeys((c.location, c.wire) for c in signed))
            elif scheme.kind == "apiKey":
                found[scheme.location, scheme.wire] = None
            else:
                found["header", "Authorization"] = None
        for operation in self.operations:
            for parameter in operation.parameters:
                if parameter.is_secret:
                    found[parameter.location, parameter.wire] = None
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
