"""Security schemes, and requests that are signed."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.records import dataclass


@dataclass(frozen=True, slots=True)
class SignedPart:
    """A part of a request that a signature covers or that is sent with it."""

    name: str  # timestamp, nonce, method, path, query, target, url, host, body, signature...


@dataclass(frozen=True, slots=True)
class SignedHeader:
    """The value of a header of the request."""

    name: str


@dataclass(frozen=True, slots=True)
class SignedCredential:
    """A credential that is no security scheme of its own, such as the identifier of a key."""

    name: str  # keyword of the client


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text that is the same for every request."""

    text: str


@dataclass(frozen=True, slots=True)
class SignedDigest:
    """A digest over pieces, raw or encoded, or the pieces themselves, encoded."""

    algorithm: str  # hashlib's name; hmac, with the key of the signature; "" for no digest
    encoding: str  # "", hex, hex-upper, base64, base64url
    pieces: SignedPieces


SignedPiece = SignedPart | SignedHeader | SignedCredential | SignedText | SignedDigest
SignedPieces = tuple[SignedPiece, ...]


def within(pieces: SignedPieces) -> Iterator[SignedPiece]:
    """Yield pieces and those that they hold."""
    for piece in pieces:
        yield piece
        if isinstance(piece, SignedDigest):
            yield from within(piece.pieces)


def parts_of(pieces: SignedPieces) -> Iterator[str]:
    """Yield the names of the parts that pieces are made of, also within digests."""
    return (piece.name for piece in within(pieces) if isinstance(piece, SignedPart))


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

    @property
    def is_secret(self) -> bool:
        """Whether it holds what only the caller and the venue know."""
        return self.is_signature or any(
            isinstance(piece, SignedCredential)
            or (isinstance(piece, SignedDigest) and piece.algorithm == "hmac")
            for piece in within(self.pieces)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How requests are signed (`x-signature`)."""

    algorithm: str  # hashlib's name: sha256, sha384, sha512
    key_encoding: str
    message: SignedPieces
    timestamp: str  # s, ms, us, ns, iso, or a pattern as strftime has it
    expires: int  # seconds from the time of the request
    nonce: str  # increasing, uuid
    encoding: str
    carriers: tuple[Carrier, ...]

    @property
    def pieces(self) -> tuple[SignedPiece, ...]:
        """All pieces that it signs and sends."""
        given = (self.message, *(carrier.pieces for carrier in self.carriers))
        return tuple(piece for pieces in given for piece in within(pieces))

    @property
    def parts(self) -> frozenset[str]:
        """The names of all parts that it uses."""
        return frozenset(parts_of(self.pieces))

    @property
    def credentials(self) -> tuple[str, ...]:
        """The keywords of what it needs besides its key."""
        found = (p.name for p in self.pieces if isinstance(p, SignedCredential))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFlow:
    """How a token is fetched with client credentials (RFC 6749, section 4.4)."""

    url: str | None  # absolute, or relative to the server; None where the server must be known
    urls: tuple[tuple[str, str], ...] = ()  # server to token URL, where that is another
    method: str | None = None  # client_secret_basic, client_secret_post; None: either
    discovers: bool = False  # the URL is that of metadata, which say where tokens come from


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A security scheme that a caller gives a credential for."""

    id: str  # theirs, as written
    key: str  # ours, of this scheme alone
    name: str  # keyword of the client; schemes may share one
    kind: str  # apiKey, http, token, signature; held: of a signature, which alone uses it
    location: str = ""  # header, query or cookie, for apiKey
    wire: str = ""  # the header, query parameter or cookie, for apiKey; the HTTP scheme's name
    description: str = ""
    signature: Signature | None = None
    flow: TokenFlow | None = None

    @property
    def is_basic(self) -> bool:
        return self.kind == "http" and self.wire == "Basic"
