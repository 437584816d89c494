"""Typed clients, one package an API."""
