"""Servers, and the parts of their addresses that callers choose."""

from __future__ import annotations

from venuekit.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server by the name of its constant."""

    name: str
    url: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerVariable:
    """A part of a server's URL that the caller chooses."""

    name: str  # keyword of the function
    wire: str
    default: str | None
    allowed: tuple[str, ...] = ()  # every value, where the document lists them
    in_path: bool = False  # may hold a slash
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTemplate:
    """A server whose URL has variables: a function that fills them in."""

    name: str  # of the function
    url: str
    variables: tuple[ServerVariable, ...]
    description: str = ""
