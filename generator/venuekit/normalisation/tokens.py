"""The flows of an OAuth2 scheme into how a token is fetched, for each server."""

from __future__ import annotations

from urllib.parse import urlsplit

from venuekit.diagnostics import Report
from venuekit.ir import Server, TokenFlow
from venuekit.normalisation.addresses import is_address, joined
from venuekit.normalisation.reading import Document, Node

_METHODS = ("client_secret_basic", "client_secret_post")


def token_flow(
    document: Document, scheme: Node, servers: tuple[Server, ...], report: Report
) -> TokenFlow | None:
    """The client credentials flow of a scheme, where it has one or may have one.

    OpenID Connect Discovery and RFC 8414 have metadata say where tokens come from, where the
    document does not.
    """
    flow = scheme.get("flows", "clientCredentials")
    is_connect = scheme.text("type") == "openIdConnect"
    if not flow.map() and not is_connect:
        return None
    owner = flow if flow.get("x-token-urls") else scheme
    urls = _by_server(document, owner, servers, report)
    url = _usable(flow.text("tokenUrl"))
    metadata = scheme.text("openIdConnectUrl" if is_connect else "oauth2MetadataUrl")
    discovers = url is None and not urls and _usable(metadata) is not None
    if discovers:
        url = metadata
    if is_connect and not discovers and not urls:
        return None
    if url is not None and urls:
        url = None
    elif url is not None:
        url, urls = _following(url, servers)
    if url is None and not urls:
        report.warning(
            "VK344",
            "the flow has no tokenUrl: callers must say where tokens come from",
            document.place(flow),
            "add it in the client's overlay.yaml",
        )
    return TokenFlow(
        url=url,
        urls=tuple(urls.items()),
        method=_method(document, flow if flow.get("x-token-auth-method") else scheme, report),
        discovers=discovers,
    )


def _usable(url: str) -> str | None:
    """A URL, also a relative one, that a request can be sent to."""
    return url if url and is_address(joined("https://host.invalid/", url)) else None


def _by_server(
    document: Document, owner: Node, servers: tuple[Server, ...], report: Report
) -> dict[str, str]:
    """What `x-token-urls` says, our own extension: server to token URL."""
    known = [server.url for server in servers]
    found: dict[str, str] = {}
    for server, entry in owner.get("x-token-urls").entries():
        url = entry.value
        if server.rstrip("/") not in known or not isinstance(url, str):
            report.error(
                "VK345",
                f"x-token-urls must be URLs by servers of the document; '{server}' is none",
                document.place(entry),
                f"its servers are: {', '.join(known) or 'none'}",
            )
            continue
        found[server.rstrip("/")] = joined(server, url)
    return found


def _following(url: str, servers: tuple[Server, ...]) -> tuple[str, dict[str, str]]:
    """A token URL that also serves a base URL of the caller's own, and what it is for each server.

    Below a server of the document it follows the caller's base URL, as a relative one does.
    """
    parts = urlsplit(url)
    origins = {urlsplit(server.url)[:2] for server in servers}
    if not parts.netloc or parts[:2] not in origins:
        return url, {}
    relative = parts._replace(scheme="", netloc="").geturl() or "/"
    others = [server.url for server in servers if joined(server.url, relative) != url]
    return relative, dict.fromkeys(others, url)


def _method(document: Document, owner: Node, report: Report) -> str | None:
    """What `x-token-auth-method` says, our own extension: how the client shows its secret."""
    node = owner.get("x-token-auth-method")
    if not node:
        return None
    if node.value in _METHODS:
        return str(node.value)
    report.error(
        "VK345",
        f"x-token-auth-method must be {' or '.join(_METHODS)}",
        document.place(node),
    )
    return None
