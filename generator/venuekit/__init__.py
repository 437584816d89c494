"""Typed clients from trading venues' documentation pages, and from any OpenAPI document."""

__version__ = "0.1.0"
