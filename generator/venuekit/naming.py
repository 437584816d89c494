"""Names: from the words of a document to Python identifiers, once and for all."""

from __future__ import annotations

import builtins
import functools
import hashlib
import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

# Attributes of pydantic.BaseModel (2.10 to 2.14) that a field must not shadow.
_MODEL_ATTRIBUTES = frozenset(
    """copy dict json schema validate construct parse_obj parse_raw parse_file from_orm
    schema_json update_forward_refs self cls fields mro""".split()
)
# Names that annotations in a class body use; a field of that name would hide them.
_TYPE_NAMES = frozenset({"str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "type"})
_METHOD_NAMES = frozenset(
    {
        "raw",
        "close",
        "aclose",
        "with_options",
        "http",
        "server",
        "streamed",
        "schemes",
        "veiled",
        "paged",
    }
)
_ARGUMENT_NAMES = frozenset({"self", "body", "cls"})
# Of the constructor's own arguments, and what it calls: credentials are its arguments, too.
_CLIENT_ARGUMENTS = frozenset(
    """self server http timeout retry lenient authenticate clock nonce dict super httpx threading
    callable""".split()
)
# Names that the package exports or the generated modules import.
_CLASS_NAMES = frozenset(
    """Client AsyncClient RawClient AsyncRawClient Server Model Reply Retry Problem Unset UNSET
    Error TransportError ResponseError StatusError UnexpectedStatus InvalidBody InvalidRequest
    ItemStream AsyncItemStream FileDownload AsyncFileDownload ServerSentEvent
    StreamedClient AsyncStreamedClient
    PagedItems AsyncPagedItems PagedClient AsyncPagedClient PagingError
    MissingCredentials BadRequest Unauthorized Forbidden NotFound Conflict Unprocessable
    ClientCredentials TokenError
    TooManyRequests ServerError ErrorBody
    Any Annotated Literal Mapping Callable Awaitable Enum IntEnum UUID Decimal Timestamp
    Date DateOrTimestamp Time Duration OPEN HIDDEN LATER Later LazyModule FileLike ByteSource
    AsyncByteSource SMART RULES TYPE_CHECKING ByTag Named Base64Text Base64UrlText DateText
    DecimalNumber DecimalText DurationText TimeText UuidText Field TypeAlias TypeAliasType None True
    False""".split()
)
_SPELLED = {
    "-": "Dash", "_": "Underscore", ".": "Dot", " ": "Space", "/": "Slash", ":": "Colon",
    "+": "Plus", "*": "Star", "<": "Less", ">": "Greater", "=": "Equal", "!": "Not",
    "$": "Dollar", "#": "Hash", "@": "At", "&": "And", "%": "Percent", "|": "Or", "~": "Tilde",
}  # fmt: skip

_KNOWN = 1 << 16  # names that are remembered: a document says most of them many times
_LONGEST = 200  # real names stay below 150
_LONGEST_FILE = 100  # bytes; file systems take 255, and paths on Windows 260 in all
_DEVICES = {"aux", "con", "nul", "prn"}  # of Windows: no file may have their names
_LATIN = frozenset("ßæøœđłþðħßÆØŒĐŁÞÐĦ")  # letters of their own; the others are ASCII with marks
_EASTERN = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC ITERATION")
# One of these tells a word of its script from a word of Latin letters.
_TELLING = {
    "CYRILLIC": frozenset("бджзийлфцчшщъыьэюяБГДЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯЄєЇїҐґ"),
    "GREEK": frozenset("βγδεζηθλμξπσςφψωΓΔΘΛΞΠΣΦΨΩ"),
}
_PIECE = re.compile("U[0-9A-F]{4,}|[A-Za-z]+|[0-9]+")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\dA-Z_]+|[A-Z]+|\d+|[^\W_]")


def words(text: str) -> list[str]:
    """Split at case changes and at everything that no identifier holds.

    >>> words("getHTTPOrders-v2")
    ['get', 'HTTP', 'Orders', 'v', '2']
    """
    if text.isascii():
        return _WORD.findall(text.replace("'", ""))
    text = unicodedata.normalize("NFKC", text).replace("'", "")
    text = "".join(str(unicodedata.digit(c, c)) for c in text)
    found: list[str] = []
    for word in _WORD.findall(text):
        found += [word] if _is_plain(word) else _PIECE.findall(_told(word))
    return found


def _told(word: str) -> str:
    """A word with the code points of the letters that could be taken for others."""
    return "".join(c if c.isascii() else f" U{ord(c):04X} " for c in word)


def _is_plain(word: str) -> bool:
    """Whether a word is read as what it is: of one script, told from Latin, left to right."""
    scripts = {"LATIN" if letter.isascii() else _script(letter) for letter in word}
    if scripts <= {"LATIN", "EASTERN"}:
        return word.isidentifier() or word.isdigit()
    return len(scripts) == 1 and not _TELLING.get(scripts.pop(), frozenset[str]()).isdisjoint(word)


@functools.cache
def _script(letter: str) -> str:
    """The script of a letter; empty where names cannot have it."""
    if letter in _LATIN:
        return "LATIN"
    if len(letter.lower()) != 1 or len(letter.upper()) != 1:
        return ""
    if unicodedata.normalize("NFD", letter)[0].isascii():
        return "LATIN"
    if unicodedata.name(letter, "").startswith(_EASTERN):
        return "EASTERN"
    if "\u0400" <= letter <= "\u045f" or letter in "Ґґ":
        return "CYRILLIC"
    return "GREEK" if "\u0386" <= letter <= "\u03ce" else ""


@functools.lru_cache(maxsize=_KNOWN)
def snake(text: str) -> str:
    """snake_case; digits stay with the word before them.

    >>> snake("orderID"), snake("APCA-API-KEY-ID"), snake("getV2Orders"), snake("1a")
    ('order_id', 'apca_api_key_id', 'get_v2_orders', 'n1_a')
    """
    joined = _joined(words(text))
    name = "_".join(word.lower() for word in joined)
    if not name:
        name = _joined_spelling(text).lower() or "empty"
    return _shortened(name if name[0].isidentifier() else f"n{name}", text)


@functools.lru_cache(maxsize=_KNOWN)
def pascal(text: str) -> str:
    """PascalCase; capitals inside a word are kept.

    >>> pascal("canceled-order_response"), pascal("HTTPError"), pascal("v2.order")
    ('CanceledOrderResponse', 'HTTPError', 'V2Order')
    """
    name = pascal_inside(text)
    return _shortened(name if name[0].isidentifier() else f"N{name}", text)


@functools.lru_cache(maxsize=_KNOWN)
def pascal_inside(text: str) -> str:
    """PascalCase behind another name, where it may begin with a digit.

    >>> pascal_inside("2fa"), pascal_inside("canceled-order")
    ('2Fa', 'CanceledOrder')
    """
    name = "".join(word[0].upper() + word[1:] for word in words(text))
    return name or _joined_spelling(text) or "Empty"


def joined(text: str) -> str:
    """The words alone, to compare names that are written in different ways.

    >>> joined("Service Tier") == joined("service_tier")
    True
    """
    return "".join(words(text)).casefold()


def _shortened(name: str, text: str) -> str:
    """The name, or the beginning of one that nobody could read, told apart by its whole text."""
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    separator = "_" if name.islower() else "X"
    return f"{name[: _LONGEST - 20]}{separator}{digest}"


def constant(text: str) -> str:
    """UPPER_SNAKE_CASE."""
    return snake(text).upper()


def _joined(found: Sequence[str]) -> list[str]:
    """Put digits back to the word before them: `v`, `2` is `v2`."""
    result: list[str] = []
    for word in found:
        if word.isdigit() and result and not result[-1][-1].isdigit():
            result[-1] += word
        else:
            result.append(word)
    return result


def _joined_spelling(text: str) -> str:
    return "".join(_SPELLED.get(c, f"U{ord(c):04X}") for c in text)


def _unreserved(name: str, reserved: Iterable[str]) -> str:
    taken = keyword.iskeyword(name) or keyword.issoftkeyword(name) and name == "type"
    return f"{name}_" if taken or name in reserved else name


@functools.lru_cache(maxsize=_KNOWN)
def field(wire: str) -> str:
    """The attribute of a model for a property."""
    name = _unreserved(snake(wire), _MODEL_ATTRIBUTES | _TYPE_NAMES)
    return f"{name}_" if name.startswith("model_") else name


def module(name: str) -> str:
    """A name that a module can have, on every system, for one in snake_case."""
    data = name.encode()
    if len(data) > _LONGEST_FILE:
        kept = data[: _LONGEST_FILE - 20].decode(errors="ignore")
        name = f"{kept}_{hashlib.sha256(data).hexdigest()[:12]}"
    if not name.isidentifier():
        return f"tag_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in _DEVICES else name


def method(operation_id: str) -> str:
    """The method of a client for an operationId."""
    return _unreserved(snake(operation_id), _METHOD_NAMES)


def argument(wire: str) -> str:
    """The keyword of a method for a parameter."""
    return _unreserved(snake(wire), _ARGUMENT_NAMES)


def credential(scheme: str) -> str:
    """The keyword of the client for a security scheme."""
    return _unreserved(snake(scheme), _CLIENT_ARGUMENTS)


@functools.lru_cache(maxsize=_KNOWN)
def class_(text: str) -> str:
    """The class for a schema's name; what the package itself exports gets a suffix."""
    name = pascal(text)
    if name in _CLASS_NAMES or keyword.iskeyword(name) or hasattr(builtins, name):
        return f"{name}Model"
    return name


def member(value: object) -> str:
    """The member of an enumeration for a value.

    >>> member("-name"), member(-1), member("+1h")
    ('MINUS_NAME', 'MINUS_1', 'PLUS_1H')
    """
    if value is True or value is False:
        return str(value).upper() + "_"
    text = str(value)
    if isinstance(value, int | float):
        text = text.replace("-", "minus_").replace(".", "_point_")
    name = constant(text) if words(text) else constant(_joined_spelling(text) or "EMPTY")
    sign = {"-": "MINUS", "+": "PLUS"}.get(text[:1], "")
    if sign and (found := words(text)):
        # Behind a sign a digit needs no letter before it.
        is_marked = not found[0][0].isidentifier()
        name = f"{sign}_{name.removeprefix('N') if is_marked else name}"
    return f"{name}_" if name in ("MRO", "NAME", "VALUE") else name


@functools.lru_cache(maxsize=_KNOWN)
def spelled(text: str) -> str:
    """A longer name that keeps what snake and pascal drop: `a-b` is `aDashB`."""
    pieces = re.split(r"([^0-9A-Za-z]+)", text)
    return "".join(
        _joined_spelling(piece) if index % 2 else piece[:1].upper() + piece[1:]
        for index, piece in enumerate(pieces)
    )


def cased(text: str) -> str:
    """A longer name that keeps the case, which snake and pascal drop: `T` is `T upper`."""
    if text.upper() == text.lower():
        return text
    if text in (text.upper(), text.lower()):
        return f"{text} {'upper' if text == text.upper() else 'lower'}"
    return f"{text} {'camel' if text[0].islower() else 'pascal'}"


def settle(
    claims: Mapping[str, Sequence[str]],
    first: Mapping[str, str] | None = None,
    *,
    separator: str = "_",
) -> dict[str, str]:
    """Give each claimant the first of its candidates that no other wants, in any order of claims.

    What is in `first` (claimant to name) is granted beforehand. A candidate that several claimants
    want at the same step goes to none of them. Who has run out of candidates gets the last of them
    with a mark of its own, which a separator parts from a name of one case: none in classes.
    """
    granted: dict[str, str] = dict(first or {})
    taken: set[str] = set(granted.values())
    step = 0
    open_claims = {key: names for key, names in claims.items() if key not in granted}
    while open_claims:
        wanted: dict[str, list[str]] = {}
        for key, candidates in open_claims.items():
            over = step - len(candidates) + 1
            last = candidates[-1]
            name = candidates[step] if over <= 0 else _marked(last, key, over, separator)
            wanted.setdefault(name, []).append(key)
        for name, keys in wanted.items():
            if len(keys) == 1 and name not in taken:
                granted[keys[0]] = name
                del open_claims[keys[0]]
        taken.update(granted.values())
        step += 1
    return granted


def _marked(name: str, key: str, length: int, separator: str) -> str:
    """A name with a digest of what it stands for, the longer the more often it is taken."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[: length + 3]
    if name.upper() == name:
        return f"{name}{separator}{digest.upper()}"
    return f"{name}{separator}{digest}" if name.lower() == name else f"{name}{digest.upper()}"


def fields(wires: Sequence[str]) -> dict[str, str]:
    """Name the fields of one class, each by its wire name, so that no two share a name."""
    exact = {wire: wire for wire in wires if field(wire) == wire}
    if len(exact) == len(wires):
        return exact
    forms = (str, spelled, cased)
    claims = {wire: tuple(field(form(wire)) for form in forms) for wire in wires}
    return settle(claims, exact)
