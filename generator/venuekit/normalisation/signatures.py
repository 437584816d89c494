"""`x-signature` into how requests are signed; the grammar is in docs/signing.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import (
    Carrier,
    Signature,
    SignedDigest,
    SignedHeader,
    SignedPart,
    SignedPieces,
    SignedText,
)
from venuekit.normalisation.reading import Document, Node
from venuekit.records import dataclass

_ALGORITHMS = {f"hmac-sha{bits}": f"sha{bits}" for bits in (256, 384, 512)}
_KEY_ENCODINGS = ("utf-8", "hex", "base64", "base64url")
_ENCODINGS = ("hex", "hex-upper", "base64", "base64url")
_TIMES = ("s", "ms", "us", "ns", "iso")
_NONCES = ("increasing", "uuid")
_DIGESTS = ("sha256", "sha384", "sha512")
_CARRIERS = {"headers": "header", "query": "query", "body": "body"}
_PARTS = (
    "timestamp", "nonce", "method", "method.lower", "path", "query", "query.sorted", "target",
    "url", "host", "body",
)  # fmt: skip
_SENT = ("signature", "timestamp", "nonce")
_KEYS = frozenset({"algorithm", "key", "message", "timestamp", "nonce", "encoding", *_CARRIERS})
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
        if not key_name.isidentifier() or naming.credential(key_name) == f"{key_name}_":
            self._wrong(node.get("key"), "key needs a name, the keyword of the client")
        key_encoding = self._one_of(node.get("key", "encoding"), _KEY_ENCODINGS, "utf-8")
        encoding = self._one_of(node.get("encoding"), _ENCODINGS, "")
        timestamp = self._one_of(node.get("timestamp"), _TIMES, "s")
        nonce = self._one_of(node.get("nonce"), _NONCES, "increasing")
        message = self._template(node.get("message"), _PARTS)
        carriers = tuple(self._carriers(node))
        if len(self.report) == before and not any(c.is_signature for c in carriers):
            self._wrong(node, "nothing that x-signature sends holds '{signature}'")
        if len(self.report) > before or algorithm is None:
            return None
        return key_name, Signature(
            algorithm=algorithm,
            key_encoding=key_encoding,
            message=message,
            timestamp=timestamp,
            nonce=nonce,
            encoding=encoding,
            carriers=carriers,
        )

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
        if all(isinstance(piece, SignedText) for piece in pieces):
            names = ", ".join("{" + name + "}" for name in known)
            self._wrong(node, f"'{text}' must be a template over {names}")
        return pieces

    def _one_of(self, node: Node, allowed: tuple[str, ...], default: str) -> str:
        value = node.value if node else default
        if not isinstance(value, str) or value not in allowed:
            self._wrong(node, f"'{value}' is none of {', '.join(allowed)}")
            return default
        return value

    def _wrong(self, node: Node, message: str) -> None:
        self.report.error("VK330", message, self.document.place(node))


def parse(text: str, known: tuple[str, ...]) -> SignedPieces:
    """Read a template: text, `{part}`, `{header:Name}`, `{sha256:...}` or `{sha256.hex:...}`."""
    pieces, rest = _pieces(text, known, depth=0)
    if rest:
        raise Unsound("it closes a brace that it did not open")
    return pieces


def _pieces(text: str, known: tuple[str, ...], depth: int) -> tuple[SignedPieces, str]:
    found: list[SignedPart | SignedHeader | SignedText | SignedDigest] = []
    while text and text[0] != "}":
        plain = re.match(r"[^{}]*", text)
        if plain and plain[0]:
            found.append(SignedText(plain[0]))
            text = text[plain.end() :]
            continue
        piece, text = _piece(text[1:], known, depth)
        found.append(piece)
    return tuple(found), text


def _piece(
    text: str, known: tuple[str, ...], depth: int
) -> tuple[SignedPart | SignedHeader | SignedDigest, str]:
    """Read what follows an opening brace, and the brace that closes it."""
    name = (re.match(r"[^:{}]*", text) or [""])[0]
    text = text[len(name) :]
    if not text.startswith(":"):
        if not text.startswith("}"):
            raise Unsound("it opens a brace that it does not close")
        if name not in known:
            names = ", ".join("{" + part + "}" for part in known)
            raise Unsound(f"'{name}' is no part; there are {names}")
        return SignedPart(name), text[1:]
    algorithm, _, encoding = name.partition(".")
    if name == "header":
        header = (re.match(r"[^{}]*", text[1:]) or [""])[0]
        if not _TOKEN.fullmatch(header) or not text[1 + len(header) :].startswith("}"):
            raise Unsound("'{header:}' needs the name of a header")
        return SignedHeader(header), text[len(header) + 2 :]
    if algorithm not in _DIGESTS or (encoding and encoding not in _ENCODINGS) or depth > 3:
        raise Unsound(f"'{name}' is no digest; there are {', '.join(_DIGESTS)}, and '.hex' of each")
    pieces, rest = _pieces(text[1:], known, depth + 1)
    if not rest:
        raise Unsound("it opens a brace that it does not close")
    return SignedDigest(algorithm, encoding, pieces), rest[1:]
