"""Security schemes into credentials of the client, and the computed ones into signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from venuekit import naming
from venuekit.diagnostics import Report
from venuekit.ir import Scheme, Signature
from venuekit.normalisation.reading import Document, Node

_ALGORITHMS = {f"hmac-sha{bits}": f"sha{bits}" for bits in (256, 384, 512)}
_KEY_ENCODINGS = ("utf-8", "hex", "base64", "base64url")
_ENCODINGS = ("hex", "base64", "base64url")
_TIMES = ("s", "ms", "ns", "iso")
_PARTS = frozenset({"timestamp", "method", "path", "query", "body"})
_KEYS = frozenset({"algorithm", "key", "message", "timestamp", "encoding", "headers", "query"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True)
class Schemes:
    """Reads the requirements of operations and keeps the schemes that they need."""

    document: Document
    overrides: Mapping[str, str]
    report: Report
    used: set[str] = field(default_factory=set[str])
    _schemes: dict[str, Scheme | None] = field(default_factory=dict[str, Scheme | None])

    def requirements(self, operation: Node) -> tuple[tuple[str, ...], ...]:
        """The alternatives of an operation, each the names of all schemes that it needs at once."""
        node = operation.get("security")
        if not isinstance(node.value, list):
            node = self.document.node.get("security")
        alternatives: list[tuple[str, ...]] = []
        for alternative in node.items():
            names = self._alternative(alternative)
            if names is not None and names not in alternatives:
                alternatives.append(names)
        return tuple(alternatives)

    def _alternative(self, alternative: Node) -> tuple[str, ...] | None:
        """The schemes of one alternative; None where no client can fulfil it."""
        schemes = [self._scheme(id_) for id_, _ in alternative.entries()]
        known = [scheme for scheme in schemes if scheme is not None]
        computed = {
            ("header", wire.lower())
            for scheme in known
            if scheme.signature
            for wire, _ in scheme.signature.headers
        } | {
            ("query", wire)
            for scheme in known
            if scheme.signature
            for wire, _ in scheme.signature.query
        }
        kept = [s for s in known if s.signature or _carried_by(s) not in computed]
        if not kept and alternative.map() and not known:
            return None
        return tuple(scheme.id for scheme in kept)

    def all(self, needed: set[str]) -> tuple[Scheme, ...]:
        return tuple(s for s in self._schemes.values() if s is not None and s.id in needed)

    def _scheme(self, id_: str) -> Scheme | None:
        if id_ not in self._schemes:
            defined = self.document.node.get("components", "securitySchemes", id_)
            node = self.document.resolve(defined)
            self._schemes[id_] = self._read(id_, node) if node.map() else None
        return self._schemes[id_]

    def _read(self, id_: str, node: Node) -> Scheme | None:
        if id_ in self.overrides:
            self.used.add(id_)
        name = self.overrides.get(id_) or naming.credential(id_)
        signature = self._signature(node.get("x-signature")) if node.get("x-signature") else None
        kind = node.text("type")
        if signature is not None:
            return Scheme(id=id_, name=signature.key, kind="signature", signature=signature,
                          description=node.text("description"))  # fmt: skip
        if kind == "apiKey" and node.text("name") and node.text("in") in (
            "header", "query", "cookie",
        ):  # fmt: skip
            return Scheme(id=id_, name=name, kind=kind, location=node.text("in"),
                          wire=node.text("name"), description=node.text("description"))  # fmt: skip
        if kind == "http":
            scheme = node.text("scheme")
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", scheme):
                return None
            return Scheme(id=id_, name=name, kind="http", wire=scheme,
                          description=node.text("description"))  # fmt: skip
        if kind in ("oauth2", "openIdConnect"):
            return Scheme(id=id_, name=name, kind="http", wire="Bearer",
                          description=node.text("description"))  # fmt: skip
        return None

    def _signature(self, node: Node) -> Signature | None:
        """Read `x-signature`; whatever is wrong in it is an error, for it is our own extension."""
        before = len(self.report)
        for key, entry in node.entries():
            if key not in _KEYS:
                self._wrong(entry, f"x-signature has no '{key}'")
        algorithm = _ALGORITHMS.get(node.text("algorithm"))
        if algorithm is None:
            self._wrong(node.get("algorithm"), f"algorithm must be one of {', '.join(_ALGORITHMS)}")
        key_name = node.get("key").text("name")
        if not key_name.isidentifier():
            self._wrong(node.get("key"), "key needs a name, the keyword of the client")
        key_encoding = node.get("key").text("encoding") or "utf-8"
        self._one_of(node.get("key", "encoding"), key_encoding, _KEY_ENCODINGS)
        encoding, timestamp = node.text("encoding"), node.text("timestamp") or "s"
        self._one_of(node.get("encoding"), encoding, _ENCODINGS)
        self._one_of(node.get("timestamp"), timestamp, _TIMES)
        message = node.text("message")
        self._template(node.get("message"), message, _PARTS)
        headers = self._carriers(node.get("headers"))
        query = self._carriers(node.get("query"))
        if not any("{signature}" in value for _, value in (*headers, *query)):
            self._wrong(node, "nothing that x-signature sends holds '{signature}'")
        if len(self.report) > before or algorithm is None:
            return None
        return Signature(
            algorithm=algorithm,
            key=key_name,
            key_encoding=key_encoding,
            message=message,
            timestamp=timestamp,
            encoding=encoding,
            headers=headers,
            query=query,
        )

    def _carriers(self, node: Node) -> tuple[tuple[str, str], ...]:
        for _, entry in node.entries():
            self._template(entry, str(entry.value), frozenset({"signature", "timestamp"}))
        return tuple((wire, str(entry.value)) for wire, entry in node.entries())

    def _template(self, node: Node, text: str, known: frozenset[str]) -> None:
        found = _PLACEHOLDER.findall(text)
        unknown = [name for name in found if name not in known]
        if not found or unknown or "{" in _PLACEHOLDER.sub("", text):
            names = ", ".join("{" + name + "}" for name in sorted(known))
            self._wrong(node, f"'{text}' must be a template over {names}")

    def _one_of(self, node: Node, value: str, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            self._wrong(node, f"'{value}' is none of {', '.join(allowed)}")

    def _wrong(self, node: Node, message: str) -> None:
        self.report.error("VK330", message, self.document.place(node))


def _carried_by(scheme: Scheme) -> tuple[str, str]:
    """Where a credential travels, comparable with what signatures write."""
    wire = scheme.wire.lower() if scheme.location == "header" else scheme.wire
    return scheme.location, wire
