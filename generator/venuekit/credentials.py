"""Security schemes, signatures and servers as generated code and its docstrings write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from venuekit import prose
from venuekit.ir import (
    Api,
    Carrier,
    Scheme,
    ServerTemplate,
    ServerVariable,
    Signature,
    SignedCredential,
    SignedDigest,
    SignedHeader,
    SignedPart,
    SignedPiece,
    SignedPieces,
    SignedText,
)


def security_features(api: Api) -> Iterator[str]:
    """What the runtime must hold of security and servers."""
    for scheme in api.schemes:
        yield from _scheme_features(scheme)
    if any(scheme.key != scheme.name for scheme in api.schemes):
        yield from ("shared-keys", "printing")
    elif not all(_is_header_key(scheme) for scheme in api.schemes):
        yield "printing"
    elif api.schemes:
        yield "header-keys"
        if all(len(operation.security) < 2 for operation in api.operations):
            yield "one-way"
    if any(operation.veiled_path for operation in api.operations):
        yield "path-secrets"
    if veiled(api) or any(operation.veiled_path for operation in api.operations):
        yield "query-secrets"
    if any(operation.servers for operation in api.operations):
        yield "operation-servers"
    if api.server_templates:
        yield "server-templates"


def _scheme_features(scheme: Scheme) -> Iterator[str]:
    if not scheme.is_basic:
        yield "secrets"
    if scheme.signature:
        yield "signature"
        yield from _signing_features(scheme.signature)
    elif scheme.kind in ("apiKey", "held"):
        yield f"{scheme.location or scheme.kind}-key"
    else:
        yield "basic" if scheme.is_basic else "http-auth"
    if scheme.flow:
        yield "client-credentials"
    if scheme.flow and scheme.flow.discovers:
        yield "discovery"


def _is_header_key(scheme: Scheme) -> bool:
    return scheme.kind == "apiKey" and scheme.location == "header" and not scheme.flow


def _signing_features(signature: Signature) -> Iterator[str]:
    if "nonce" in signature.parts:
        yield "nonce"
    yield from (f"signed-{c.location}" for c in signature.carriers if c.location != "header")
    yield from (f"signed-{part}" for part in signature.parts if part not in ("query", "body"))
    if "%" in signature.timestamp:
        yield "time-pattern"
    yield from _piece_features(signature.pieces)


def _piece_features(pieces: Iterable[SignedPiece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, SignedHeader):
            yield "signed-header"
        if isinstance(piece, SignedDigest) and piece.algorithm == "hmac":
            yield "signed-hmac"


def exports(api: Api) -> Iterator[tuple[str, str]]:
    """What the package exports besides what every client has: module and name."""
    if any(scheme.flow for scheme in api.schemes):
        yield "_runtime", "ClientCredentials"
        yield "errors", "TokenError"
    yield from (("client", template.name) for template in api.server_templates)


def veiled(api: Api) -> tuple[str, ...]:
    """The parameters of the query that are shown nowhere, as the query has them."""
    return tuple(sorted({quote(wire, safe="") for place, wire in api.secrets if place == "query"}))


# Schemes.


def scheme_plan(scheme: Scheme) -> str:
    """The construction of a scheme."""
    if scheme.signature is not None:
        return _signature_plan(scheme, scheme.signature)
    if scheme.kind == "held":
        return f"Scheme({scheme.name!r}, 'held')"
    kind = "basic" if scheme.is_basic else scheme.location or "http"
    arguments = [repr(scheme.name), repr(kind)]
    if not scheme.is_basic:
        arguments.append(repr(scheme.wire))
    if scheme.flow:
        given = [
            f"{name}={value!r}"
            for name, value in (
                ("url", scheme.flow.url),
                ("urls", dict(scheme.flow.urls)),
                ("method", scheme.flow.method),
                ("discovers", scheme.flow.discovers),
            )
            if value
        ]
        arguments.append(f"flow=Flow({', '.join(given)})")
    return f"Scheme({', '.join(arguments)})"


def _signature_plan(scheme: Scheme, signature: Signature) -> str:
    arguments = [
        f"name={scheme.name!r}",
        f"algorithm={signature.algorithm!r}",
        f"key_encoding={signature.key_encoding!r}",
        f"message=lambda r: {_expression(signature.message)}",
        f"timestamp={signature.timestamp!r}",
        f"encoding={signature.encoding!r}",
    ]
    if signature.expires:
        arguments.append(f"expires={signature.expires}")
    for name, is_after in (("before", False), ("after", True)):
        written = [_carrier(c) for c in signature.carriers if c.is_signature is is_after]
        if written:
            arguments.append(f"{name}=({', '.join(written)},)")
    if "nonce" in signature.parts and signature.nonce == "uuid":
        arguments.append("nonce=unique")
    return f"Signature({', '.join(arguments)},)"


def _carrier(carrier: Carrier) -> str:
    return f"({carrier.location!r}, {carrier.wire!r}, lambda r: {_expression(carrier.pieces)})"


def _expression(pieces: SignedPieces) -> str:
    """The bytes of pieces, as an expression over `r`, the request that is being signed."""
    return " + ".join(map(_piece, pieces)) or "b''"


def _piece(piece: SignedPiece) -> str:
    match piece:
        case SignedPart(name):
            return f"r.{name.replace('.', '_')}"
        case SignedHeader(name):
            return f"r.header({name!r})"
        case SignedCredential(name):
            return f"r.call.held[{name!r}].encode()"
        case SignedText(text):
            return repr(text.encode())
        case SignedDigest():
            return _digest(piece)


def _digest(piece: SignedDigest) -> str:
    raw = _expression(piece.pieces)
    if piece.algorithm == "hmac":
        raw = f"r.hmac({raw})"
    elif piece.algorithm:
        raw = f"hashlib.{piece.algorithm}({raw}).digest()"
    elif len(piece.pieces) > 1:
        raw = f"({raw})"
    match piece.encoding:
        case "hex":
            return f"{raw}.hex().encode()"
        case "hex-upper":
            return f"{raw}.hex().upper().encode()"
        case "base64":
            return f"base64.b64encode({raw})"
        case "base64url":
            return f"base64.urlsafe_b64encode({raw})"
        case _:
            return raw


def credential(scheme: Scheme) -> str:
    """The type of a credential; `S` and `P` are what a callable returns that is given for one."""
    value, returned = ("tuple[str, str]", "P") if scheme.is_basic else ("str", "S")
    fetched = "ClientCredentials | " if scheme.flow else ""
    return f"{fetched}{value} | Callable[[], {returned}] | None"


def core_arguments(api: Api, http: str, returned: str) -> str:
    """The types of a flavour's core: its HTTP client, and what callables for credentials return.

    `returned` is the form of the latter, from the value that is wanted.
    """
    kinds = {"secrets": "str", "basic": "tuple[str, str]"}
    values = [returned.format(value) for kind, value in kinds.items() if kind in api.features]
    return ", ".join([http, *values])


# Servers.


def server_variable(variable: ServerVariable) -> str:
    """The type and the default of a variable of a server."""
    values = ", ".join(map(repr, variable.allowed))
    type_ = f"Literal[{values}]" if values else "str"
    return type_ if variable.default is None else f"{type_} = {variable.default!r}"


def server_filling(variable: ServerVariable) -> str:
    """What the runtime is told about a variable, and its value."""
    told = (repr(variable.wire), variable.name, repr(variable.allowed), repr(variable.in_path))
    return f"({', '.join(told)})"


def server_text(template: ServerTemplate) -> str:
    """The docstring of the function that fills in a server's variables."""
    lines = [template.description or "The URL of a server, with its variables filled in.", ""]
    lines += [f"`{template.url}`", "", "Args:"]
    for variable in template.variables:
        what = " ".join(variable.description.split()) or f"`{variable.wire}` in the URL."
        lines.append(f"    {variable.name}: {what}")
    return "\n".join(lines)


# Texts.


def argument_texts(api: Api) -> list[str]:
    """What a client's docstring says of its server and its credentials."""
    lines = ["    server: One of `Server`, or any base URL."]
    if api.server_templates:
        names = " or ".join(f"`{template.name}`" for template in api.server_templates)
        lines[0] = f"    server: One of `Server`, what {names} returns, or any base URL."
    if api.relative_servers:
        lines[0] += f" In the document it ends with {' or '.join(api.relative_servers)}."
    if not api.default_server:
        lines[0] = lines[0].replace("URL.", "URL; no default.")
    for scheme in api.credentials:
        what = prose.sentence(scheme.description) or f"`{scheme.id}`."
        if scheme.signature:
            what = "The key that requests are signed with; it is never sent."
        kind = "A user and a password" if scheme.is_basic else "A string"
        if scheme.flow:
            kind = "`ClientCredentials` that tokens are fetched with, a token"
        lines.append(f"    {scheme.name}: {what} {kind}, or a callable that returns it.")
    return lines


def signing_texts(api: Api) -> list[str]:
    """What a client's docstring says of the time and the nonce of signatures."""
    used = {part for s in api.schemes if s.signature for part in s.signature.parts}
    lines: list[str] = []
    if any(scheme.signature for scheme in api.schemes):
        lines.append("    clock: Returns the seconds since 1970 that requests are signed with.")
    if "nonce" in used:
        lines.append("    nonce: Returns the nonce of a request, which must differ for each.")
    return lines
