"""Addresses of HTTP as a document writes them, which need not be any."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def is_address(url: str) -> bool:
    """Whether a client could send a request there: `http` or `https`, a host, a port if any."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()


def joined(base: str, url: str) -> str:
    """A URL, made whole by another; empty where it is none."""
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
