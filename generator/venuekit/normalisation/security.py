"""Security schemes into credentials of the client, and requirements into what operations need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from venuekit import naming
from venuekit.diagnostics import Place, Report
from venuekit.ir import Scheme, Server
from venuekit.normalisation.reading import Document, Node
from venuekit.normalisation.signatures import Signatures
from venuekit.normalisation.tokens import token_flow
from venuekit.normalisation.written import same_place, written_by
from venuekit.records import dataclass
from venuekit.sources import scheme_name

Alternative = tuple[str, ...]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_COOKIE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z\[\]:/-]+")
_FORMS = {"header": _TOKEN, "query": re.compile(".+", re.DOTALL), "cookie": _COOKIE}
_CANONICAL = {"basic": "Basic", "bearer": "Bearer"}
# Schemes whose credential no string is: a connection, or an answer to a challenge. httpx does
# these, by the client that the caller gives.
_BY_HTTP = frozenset({"digest", "negotiate", "ntlm", "mutual", "scram-sha-1", "scram-sha-256"})


@dataclass(frozen=True, slots=True)
class Security:
    """What an operation needs: alternatives of schemes, by their ids, and scopes by scheme."""

    alternatives: tuple[Alternative, ...] = ()
    scopes: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Schemes:
    """Reads the requirements of operations and keeps the schemes that they need."""

    document: Document
    overrides: Mapping[str, str]
    report: Report
    servers: tuple[Server, ...] = ()
    used: set[str] = field(default_factory=set[str])
    _schemes: dict[str, Scheme | None] = field(default_factory=dict[str, Scheme | None])
    _reported: set[str] = field(default_factory=set[str])

    def requirements(self, operation: Node) -> Security:
        """The alternatives of an operation, each the ids of all schemes that it needs at once."""
        node = operation.get("security")
        if not isinstance(node.value, list):
            node = self.document.node.get("security")
        alternatives: list[Alternative] = []
        scopes: dict[str, str] = {}
        for alternative in node.items():
            ids = self._alternative(alternative)
            if ids is None:
                continue
            if ids not in alternatives:
                alternatives.append(ids)
            for key, listed in alternative.entries():
                scopes.setdefault(self._id(key), " ".join(listed.strings()))
        fetched = {s.id for s in self._schemes.values() if s and s.flow}
        return Security(
            tuple(alternatives), tuple((i, t) for i, t in scopes.items() if i in fetched)
        )

    def _alternative(self, alternative: Node) -> Alternative | None:
        """The schemes of one alternative, signatures last; None where no client can fulfil it."""
        ids = [self._id(key) for key, _ in alternative.entries()]
        known = [scheme for scheme in map(self._scheme, ids) if scheme is not None]
        computed = {key for s in known if s.signature for key, _ in written_by(s)}
        kept = [s for s in known if s.signature or same_place(s.location, s.wire) not in computed]
        if not kept and ids and not known and not all(map(self._is_by_http, ids)):
            return None
        self._report_shared(kept, alternative)
        held = [id_ for s in kept for id_ in self._held(s)]
        return tuple(
            dict.fromkeys(
                [
                    *(s.id for s in kept if not s.signature),
                    *held,
                    *(s.id for s in kept if s.signature),
                ]
            )
        )

    def _held(self, scheme: Scheme) -> Iterator[str]:
        """The credentials that a signature needs besides its key, each as a scheme of its own."""
        for name in scheme.signature.credentials if scheme.signature else ():
            id_ = f"{scheme.id}/{name}"
            what = f"The {name.replace('_', ' ')} of the key that requests are signed with."
            held = Scheme(id=id_, key=id_, name=name, kind="held", description=what)
            self._schemes.setdefault(id_, held)
            yield id_

    def _report_shared(self, schemes: Sequence[Scheme], alternative: Node) -> None:
        """Warn of schemes that are required at once and have one place in the request."""
        held: dict[tuple[str, str], Scheme] = {}
        for scheme in (s for s in schemes if not s.signature):
            location, wire = scheme.location or "header", scheme.wire
            wire = wire if scheme.kind == "apiKey" else "Authorization"
            other = held.setdefault(same_place(location, wire), scheme)
            if other is not scheme and f"{other.id} {scheme.id}" not in self._reported:
                self._reported.add(f"{other.id} {scheme.id}")
                self.report.warning(
                    "VK349",
                    f"security schemes '{other.id}' and '{scheme.id}' are required at once, and"
                    f" both write the {location} {wire}: only that of '{scheme.id}' is sent",
                    self.document.place(alternative),
                    "write them as two alternatives, by the client's overlay.yaml",
                )

    def all(self, needed: set[str]) -> tuple[Scheme, ...]:
        """The schemes that operations need, each with its key and its keyword."""
        found = [s for s in self._schemes.values() if s is not None and s.id in needed]
        given = {s.id: s.name for s in found if s.name}
        given |= {id_: name for id_, name in self.overrides.items() if id_ in needed}
        self.used |= {s.id for s in found} & set(self.overrides)
        free = [s for s in found if s.id not in given]
        claims = {s.id: _names(s) for s in free}
        taken = {f" {name}": name for name in given.values()}
        names = {**naming.settle(claims, taken), **given}
        for scheme in free:
            if names[scheme.id] != claims[scheme.id][0]:
                self.report.warning(
                    "VK340",
                    f"another credential is called {claims[scheme.id][0]} too; that of security"
                    f" scheme '{scheme.id}' becomes {names[scheme.id]}",
                    self._place(scheme.id),
                    "name it in client.toml under [credentials]",
                )
        return self._keyed([replace(s, name=names[s.id]) for s in found])

    def _keyed(self, found: list[Scheme]) -> tuple[Scheme, ...]:
        """Give each scheme its key: its keyword, unless it shares that."""
        for scheme in found:
            others = [s for s in found if s.name == scheme.name and s.is_basic != scheme.is_basic]
            if others and not scheme.is_basic:
                self.report.error(
                    "VK341",
                    f"security schemes '{scheme.id}' and '{others[0].id}' cannot share the keyword"
                    f" {scheme.name}: one takes a text, the other a user and a password",
                    self._place(scheme.id),
                    "name one of them in client.toml under [credentials]",
                )
        names = [s.name for s in found]
        claims = {
            s.id: (s.name,) if names.count(s.name) == 1 else (naming.snake(s.id), s.id)
            for s in found
        }
        keys = naming.settle(claims)
        return tuple(replace(s, key=keys[s.id]) for s in found)

    def _scheme(self, id_: str) -> Scheme | None:
        if id_ not in self._schemes:
            node = self._node(id_)
            self._schemes[id_] = self._read(id_, node) if node.map() else None
            if node.map() and self._schemes[id_] is None:
                self._report_by_http(id_, node)
        return self._schemes[id_]

    def _id(self, key: str) -> str:
        """The scheme that a requirement names: a component, also by its URI (OpenAPI 3.2)."""
        return key if self._node(key).map() else scheme_name(key)

    def _node(self, id_: str) -> Node:
        return self.document.resolve(self.document.node.get("components", "securitySchemes", id_))

    def _place(self, id_: str) -> Place:
        node = self._node(id_) or self._node(id_.rpartition("/")[0])
        return self.document.place(node)

    def _is_by_http(self, id_: str) -> bool:
        node = self._node(id_)
        return node.text("type") == "mutualTLS" or (
            node.text("type") == "http" and node.text("scheme").lower() in _BY_HTTP
        )

    def _report_by_http(self, id_: str, node: Node) -> None:
        if self._is_by_http(id_):
            self.report.warning(
                "VK342",
                f"security scheme '{id_}' is no credential of the client: it is up to the httpx"
                " client that is given as http=",
                self.document.place(node),
                "see docs/security.md",
            )
        elif not node.get("x-signature") and node.text("type") in (
            "apiKey",
            "http",
            "oauth2",
            "openIdConnect",
        ):
            where, goes = node, node.text("in")
            says = "says not, or in no form that HTTP has, where its credential goes"
            if node.text("type") == "apiKey" and goes and goes not in _FORMS:
                says = f"puts its credential in '{goes[:60]}', not in header, query or cookie"
                where = node.get("in")
            elif node.text("type") == "apiKey" and goes and not node.text("name"):
                says = f"lacks 'name', that of its {goes}"
            self.report.warning(
                "VK343",
                f"security scheme '{id_}' {says}; it is left out",
                self.document.place(where),
                "correct it in the client's overlay.yaml",
            )

    def _read(self, id_: str, node: Node) -> Scheme | None:
        kind, description = node.text("type"), node.text("description")
        scheme = Scheme(id=id_, key=id_, name="", kind=kind, description=description)
        if node.get("x-signature"):
            read = Signatures(self.document, self.report).read(node.get("x-signature"))
            if read is None:
                return None
            return replace(scheme, kind="signature", name=read[0], signature=read[1])
        if kind == "apiKey":
            location, wire = node.text("in"), node.text("name")
            if location not in _FORMS or not _FORMS[location].fullmatch(wire):
                return None
            return replace(scheme, location=location, wire=wire)
        if kind == "http":
            wire = node.text("scheme")
            if not _TOKEN.fullmatch(wire) or wire.lower() in _BY_HTTP:
                return None
            return replace(scheme, wire=_CANONICAL.get(wire.lower(), wire))
        if kind in ("oauth2", "openIdConnect"):
            flow = token_flow(self.document, node, self.servers, self.report)
            return replace(scheme, kind="http", wire="Bearer", flow=flow)
        return None


def _names(scheme: Scheme) -> tuple[str, ...]:
    """The keywords that a scheme may have, the most pleasant first."""
    where = scheme.location or ("basic" if scheme.is_basic else "token")
    return (
        naming.credential(scheme.id),
        naming.credential(f"{scheme.id}_{where}"),
        naming.credential(f"{scheme.id}_{scheme.wire}"),
        naming.credential(naming.spelled(scheme.id)),
    )
