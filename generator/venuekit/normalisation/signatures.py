"""`x-signature` into how requests are signed; the grammar is in docs/signing.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import (
    Carrier,
    Signature,
    SignedCredential,
    SignedDigest,
    SignedHeader,
    SignedPart,
    SignedPiece,
    SignedPieces,
    SignedText,
)
from venuekit.normalisation.reading import Document, Node
from venuekit.records import dataclass

_ALGORITHMS = {f"hmac-sha{bits}": f"sha{bits}" for bits in (256, 384, 512)}
_KEY_ENCODINGS = ("utf-8", "hex", "base64", "base64url")
_ENCODINGS = ("hex", "hex-upper", "base64", "base64url")
_TIMES = ("s", "ms", "us", "ns", "iso")
_PATTERN = re.compile(r"(%[YmdHMS]|[^%{}])+")
_LATEST = 7 * 24 * 3600
_NONCES = ("increasing", "uuid")
_DIGESTS = ("sha256", "sha384", "sha512", "hmac")
# In the order in which they are written: what is in a header may be a digest of the others.
_CARRIERS = {"body": "body", "query": "query", "headers": "header"}
_PARTS = (
    "timestamp", "expires", "nonce", "method", "method.lower", "path", "query", "query.sorted",
    "target", "url", "host", "body",
)  # fmt: skip
_SENT = ("signature", *_PARTS)
_KEYS = frozenset(
    {"algorithm", "key", "message", "timestamp", "expires", "nonce", "encoding", *_CARRIERS}
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Unsound(ValueError):
    """A template that breaks the grammar; the text says how."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Reads signatures; whatever is wrong in one is an error, for it is our own extension."""

    document: Document
    report: Report

    def read(self, node: Node) -> tuple[str, Signature] | None:
        """The keyword of the key, and the signature."""
        before = len(self.report)
        for key, entry in node.entries():
            if key not in _KEYS:
                self._wrong(entry, f"x-signature has no '{key}'")
        algorithm = _ALGORITHMS.get(node.text("algorithm"))
        if algorithm is None:
            self._wrong(node.get("algorithm"), f"algorithm must be one of {', '.join(_ALGORITHMS)}")
        key_name = node.get("key").text("name")
        if not _is_keyword(key_name):
            self._wrong(node.get("key"), "key needs a name, the keyword of the client")
        key_encoding = self._one_of(node.get("key", "encoding"), _KEY_ENCODINGS, "utf-8")
        encoding = self._one_of(node.get("encoding"), _ENCODINGS, "")
        timestamp = self._time(node.get("timestamp"))
        expires = self._seconds(node.get("expires"))
        nonce = self._one_of(node.get("nonce"), _NONCES, "increasing")
        message = self._template(node.get("message"), _PARTS)
        if all(isinstance(piece, SignedText) for piece in message) and len(self.report) == before:
            self._wrong(node.get("message"), f"message must hold some of {_listed(_PARTS)}")
        carriers = tuple(self._carriers(node))
        if len(self.report) == before and not any(c.is_signature for c in carriers):
            self._wrong(node, "nothing that x-signature sends holds '{signature}'")
        if len(self.report) > before or algorithm is None:
            return None
        signature = Signature(
            algorithm=algorithm,
            key_encoding=key_encoding,
            message=message,
            timestamp=timestamp,
            expires=expires,
            nonce=nonce,
            encoding=encoding,
            carriers=carriers,
        )
        if ("expires" in signature.parts) is not bool(expires):
            self._wrong(node, "'{expires}' and expires, its seconds, need each other")
            return None
        return key_name, signature

    def _carriers(self, node: Node) -> Iterator[Carrier]:
        for key, location in _CARRIERS.items():
            for wire, entry in node.get(key).entries():
                if location == "header" and not _TOKEN.fullmatch(wire):
                    self._wrong(entry, f"'{wire}' is no name of a header")
                pieces = self._template(entry, _SENT)
                yield Carrier(location=location, wire=wire, pieces=pieces)

    def _template(self, node: Node, known: tuple[str, ...]) -> SignedPieces:
        text = str(node.value if node else "")
        try:
            pieces = parse(text, known)
        except Unsound as cause:
            self._wrong(node, f"'{text}' is no template: {cause}")
            return ()
        if not text:
            self._wrong(node, "a template must not be empty")
        return pieces

    def _time(self, node: Node) -> str:
        if isinstance(node.value, str) and "%" in node.value and _PATTERN.fullmatch(node.value):
            return node.value
        return self._one_of(node, (*_TIMES, "%Y-%m-%dT%H:%M:%S"), "s")

    def _seconds(self, node: Node) -> int:
        value = node.value if node else 0
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LATEST:
            self._wrong(node, f"expires must be seconds, from 1 to {_LATEST}")
            return 0
        return value

    def _one_of(self, node: Node, allowed: tuple[str, ...], default: str) -> str:
        value = node.value if node else default
        if not isinstance(value, str) or value not in allowed:
            self._wrong(node, f"'{value}' is none of {', '.join(allowed)}")
            return default
        return value

    def _wrong(self, node: Node, message: str) -> None:
        self.report.error("VK330", message, self.document.place(node))


def _is_keyword(name: str) -> bool:
    return name.isidentifier() and naming.credential(name) != f"{name}_"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join("{" + name + "}" for name in names)


def parse(text: str, known: tuple[str, ...]) -> SignedPieces:
    """Read a template: text, `{part}`, `{header:Name}`, `{credential:name}`, `{sha256.hex:...}`."""
    pieces, rest = _pieces(text, known, depth=0)
    if rest:
        raise Unsound("it closes a brace that it did not open")
    return pieces


def _pieces(text: str, known: tuple[str, ...], depth: int) -> tuple[SignedPieces, str]:
    found: list[SignedPiece] = []
    while text and text[0] != "}":
        plain = re.match(r"[^{}]*", text)
        if plain and plain[0]:
            found.append(SignedText(plain[0]))
            text = text[plain.end() :]
            continue
        piece, text = _piece(text[1:], known, depth)
        found.append(piece)
    return tuple(found), text


def _piece(text: str, known: tuple[str, ...], depth: int) -> tuple[SignedPiece, str]:
    """Read what follows an opening brace, and the brace that closes it."""
    name = (re.match(r"[^:{}]*", text) or [""])[0]
    text = text[len(name) :]
    if not text.startswith(":"):
        if not text.startswith("}"):
            raise Unsound("it opens a brace that it does not close")
        if name not in known:
            raise Unsound(f"'{name}' is no part; there are {_listed(known)}")
        return SignedPart(name), text[1:]
    if name in ("header", "credential"):
        given = (re.match(r"[^{}]*", text[1:]) or [""])[0]
        is_name = _TOKEN.fullmatch(given) if name == "header" else _is_keyword(given)
        if not is_name or not text[1 + len(given) :].startswith("}"):
            what = "the name of a header" if name == "header" else "a keyword of the client"
            raise Unsound(f"'{{{name}:}}' needs {what}")
        piece = SignedHeader(given) if name == "header" else SignedCredential(given)
        return piece, text[len(given) + 2 :]
    algorithm, _, encoding = ("", "", name) if name in _ENCODINGS else name.partition(".")
    if algorithm not in ("", *_DIGESTS) or encoding not in ("", *_ENCODINGS) or depth > 3:
        others = ", ".join(_ENCODINGS)
        raise Unsound(
            f"'{name}' is no digest; there are {', '.join(_DIGESTS)}, '.hex' and the like of each,"
            f" and {others}"
        )
    pieces, rest = _pieces(text[1:], known, depth + 1)
    if not rest:
        raise Unsound("it opens a brace that it does not close")
    return SignedDigest(algorithm, encoding, pieces), rest[1:]
