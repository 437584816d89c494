"""Servers: their constants, the functions for their variables, and operations with their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field

from venuekit import naming
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.ir import Server, ServerTemplate, ServerVariable
from venuekit.normalisation.addresses import is_address, joined
from venuekit.normalisation.reading import Document, Node
from venuekit.records import dataclass

_NAME_WORDS = 3  # of a server's description that make a constant
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class _Found:
    """A server as it stands in the document."""

    url: str  # with the defaults of its variables; "" where one has none
    template: str
    variables: tuple[ServerVariable, ...]
    description: str


@dataclass(slots=True)
class Servers:
    """Reads the servers of the document, of paths and of operations.

    `urls` says where the files of the document were fetched from, for servers that are relative.
    """

    document: Document
    settings: ClientSettings
    urls: Mapping[str, str]
    report: Report
    relative: list[str] = field(default_factory=list[str])
    _seen: dict[tuple[str, ...], _Found | None] = field(
        default_factory=dict[tuple[str, ...], _Found | None]
    )

    def read(self, owners: Sequence[Node]) -> tuple[Server, ...]:
        """The document's own servers, then those of its paths and operations."""
        found: dict[str, str] = {}
        for owner in (self.document.node, *owners):
            for server in self._of(owner):
                if server.url:
                    found.setdefault(server.url, server.description)
        named = {url.rstrip("/"): constant for constant, url in self.settings.servers.items()}
        for url, constant in named.items():
            if url not in found:
                self.report.error(
                    "VK305",
                    f"the document has no server '{url}'",
                    self.settings.place("servers", constant),
                    f"its servers are: {', '.join(found) or 'none'}",
                )
        names = {url: constant for url, constant in named.items() if url in found}
        own = {server.url for server in self._of(self.document.node)}
        for urls in (own, found.keys() - own):  # the document's own servers choose first
            claims = {u: _constants(u, d) for u, d in found.items() if u in urls}
            names = naming.settle(claims, names)
        return tuple(
            Server(name=names[url], url=url, description=description)
            for url, description in found.items()
        )

    def default(self, servers: Sequence[Server]) -> str:
        """The constant of the sole server; none where the document has several, or parts of it."""
        own = [server.url for server in self._of(self.document.node)]
        return next((s.name for s in servers if own == [s.url]), "")

    def templates(self, owners: Sequence[Node]) -> tuple[ServerTemplate, ...]:
        """The servers with variables, each a function."""
        found: dict[str, _Found] = {}
        for owner in (self.document.node, *owners):
            for server in self._of(owner):
                if server.variables:
                    found.setdefault(server.template, server)
        if len(found) == 1:
            names = dict.fromkeys(found, "server_url")
        else:
            names = naming.settle(
                {
                    template: tuple(
                        f"{name.lower()}_server_url"
                        for name in _constants(_VARIABLE.sub("-", template), server.description)
                    )
                    for template, server in found.items()
                }
            )
        return tuple(
            ServerTemplate(
                name=names[template],
                url=template,
                variables=server.variables,
                description=server.description,
            )
            for template, server in found.items()
        )

    def own(self, owner: Node, servers: Sequence[Server]) -> tuple[tuple[str, str], ...]:
        """Which server a path or an operation of its own servers has for each of the client's.

        The same server, else the one that is described alike, else its only one; else none, and
        the caller must choose. One with variables is told by its template too: what a caller gives
        for them holds for those that are the same.
        """
        found = self._of(owner)
        own = [server for server in found if server.url]
        if not own:
            return self._beside(owner)
        alike = {server.description.casefold(): server.url for server in own if server.description}
        urls = [server.url for server in own]
        chosen: list[tuple[str, str]] = []
        for server in servers:
            if server.url in urls:
                continue
            sole = urls[0] if len(urls) == 1 else ""
            chosen.append((server.url, alike.get(server.description.casefold(), sole)))
        for root in self._of(self.document.node) if owner is not self.document.node else ():
            if root.variables and root.template not in {server.template for server in found}:
                told = [s for s in found if s.description.casefold() == root.description.casefold()]
                meant = told[-1:] if root.description and told else found if len(found) == 1 else []
                chosen.append((root.template, _following(root, meant[0]) if meant else ""))
        return tuple(chosen)

    def _beside(self, owner: Node) -> tuple[tuple[str, str], ...]:
        """A sole server that is relative to nobody knows what: whatever the client's server is."""
        nodes = [*owner.get("servers").items()]
        url = nodes[0].text("url") if len(nodes) == 1 else ""
        if not url or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url) or _VARIABLE.search(url):
            return ()
        self.report.warning(
            "VK346",
            f"the server '{url}' is relative to where the document is, which nobody knows: it is"
            " taken as relative to the client's server",
            self.document.place(nodes[0]),
            "name the whole URL in the client's overlay.yaml",
        )
        return (("", url),)

    def _of(self, owner: Node) -> list[_Found]:
        return [s for s in map(self._server, owner.get("servers").items()) if s is not None]

    def _server(self, node: Node) -> _Found | None:
        if node.pointer not in self._seen:
            self._seen[node.pointer] = self._read(node)
        return self._seen[node.pointer]

    def _read(self, node: Node) -> _Found | None:
        template = self._whole(node).rstrip("/")
        description = node.text("description") or node.text("name")
        if template and not re.match(r"https?://|\{", template):
            return self._unusable(node, template)
        variables = self._variables(node, template)
        defaults = {variable.wire: variable.default or "\0" for variable in variables}
        url = _VARIABLE.sub(lambda found: defaults[found[1]], template)
        if "\0" in url or not re.match(r"https?://[^/?#@\s{}]+(/[^?#\s{}]*)?$", url):
            url = ""
        if url and not is_address(url):
            url = ""
        if not url and not variables:
            return self._unusable(node, template) if template else None
        return _Found(url.rstrip("/"), template, variables, description)

    def _unusable(self, node: Node, url: str) -> None:
        self.report.warning(
            "VK348",
            f"the server '{url[:100]}' is no address that a request could go to; it is left out",
            self.document.place(node.get("url")),
            "name an address of HTTP in the client's overlay.yaml",
        )

    def _whole(self, node: Node) -> str:
        """The URL of a server, made whole by that of the file that it stands in; "" for none."""
        # Schemes are written small (RFC 3986, section 3.1); many publishers do not.
        url = _SCHEME.sub(lambda found: found[0].lower(), node.text("url"))
        if not url or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|\{", url):
            return url
        place = self.document.place(node)
        base = self.urls.get(place.file, "")
        if base:
            whole = joined(base, url)
            self.report.warning(
                "VK346",
                f"the server '{url}' is relative to where the document is: it is {whole}",
                place,
                "name the whole URL in the client's overlay.yaml",
            )
            return whole
        if node.pointer[:1] == ("servers",) and url not in self.relative:
            self.relative.append(url)
        return ""

    def _variables(self, node: Node, template: str) -> tuple[ServerVariable, ...]:
        wires = dict.fromkeys(_VARIABLE.findall(template))
        names = naming.settle(
            {wire: (naming.argument(wire), naming.argument(naming.spelled(wire))) for wire in wires}
        )
        return tuple(self._variable(node, template, wire, names[wire]) for wire in wires)

    def _variable(self, node: Node, template: str, wire: str, name: str) -> ServerVariable:
        found = node.get("variables", wire)
        default = found.map().get("default")
        allowed = found.get("enum").strings()
        if allowed and isinstance(default, str) and default not in allowed:
            self.report.warning(
                "VK347",
                f"the default '{default}' of the server's variable '{wire}' is not in its enum",
                self.document.place(found),
                "correct either in the client's overlay.yaml",
            )
            allowed = (default, *allowed)
        before = template.partition("{" + wire + "}")[0]
        return ServerVariable(
            name=name,
            wire=wire,
            default=default if isinstance(default, str) else None,
            allowed=allowed,
            in_path="/" in before.partition("://")[2] or not before,
            description=found.text("description"),
        )


def _following(root: _Found, own: _Found) -> str:
    """The URL of an operation's server, but for the variables that it has from the document's.

    Variables of one name and one default are one. None where such a one allows less here, or where
    another has no default.
    """
    given = {variable.wire: variable for variable in root.variables}
    url = own.template
    for variable in own.variables:
        shared = given.get(variable.wire)
        if shared is None or shared.default != variable.default:
            if variable.default is None:
                return ""
            url = url.replace("{" + variable.wire + "}", variable.default)
        elif variable.allowed and not (shared.allowed and {*shared.allowed} <= {*variable.allowed}):
            return ""
    return url


def _constants(url: str, description: str) -> tuple[str, ...]:
    """A server's constant: its short description, else its host, else all of its URL."""
    rest = re.sub(r"^https?://", "", url)
    found = [naming.constant(rest.partition("/")[0]), naming.constant(rest), naming.constant(url)]
    if 0 < len(naming.words(description)) <= _NAME_WORDS:
        found.insert(0, naming.constant(description))
    return tuple(found)
