"""Which addresses are asked: of one site, of the Internet, without secrets."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

import httpx

_PORTS = {"http": 80, "https": 443}


def is_address(text: str) -> bool:
    """Whether a text is meant for an address, not for a file."""
    return "://" in text


def same_site(one: str, other: str) -> bool:
    """Whether two addresses have one host and port; from http to https may be moved, not back."""
    try:
        before, after = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    if before.hostname != after.hostname or before.hostname is None:
        return False
    ports = _port(before), _port(after)
    if before.scheme == after.scheme:
        return ports[0] == ports[1]
    return (before.scheme, after.scheme) == ("http", "https") and ports == (80, 443)


def objection(url: str, by: str | None = None) -> str | None:
    """Why an address is not asked; None where it may be.

    `by` is the page that names it. What a page of elsewhere names is not looked for on this machine
    or in its network, and not without encryption where the page came with it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return "this is no address"
    if parts.scheme not in _PORTS or not host or port == 0:
        return "only addresses of http and https are fetched"
    if parts.username is not None or parts.password is not None:
        return "an address that is recorded must not hold a password"
    if by is None or same_site(by, url):
        return None
    origin = urlsplit(by)
    if _is_near(origin.hostname or ""):
        return None
    if origin.scheme == "https" and parts.scheme != "https":
        return f"{origin.hostname} names it, and it is not encrypted"
    if _is_near(host):
        return f"{origin.hostname} names it, and it lies in the network of this machine"
    return None


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or is in a network that the Internet does not reach."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False  # nobody's: asking it says so
    return any(not ipaddress.ip_address(str(a).partition("%")[0]).is_global for a in found)


def host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
