"""An independent judge of requests: openapi-core, against the client's own document."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from .loopback import Sent


class Judged:
    """A recorded request in the form that openapi-core reads."""

    def __init__(self, host_url: str, sent: Sent) -> None:
        self.host_url = host_url
        self.path = sent.path
        self.method = sent.method.lower()
        self.body = sent.body or None
        self.content_type = (sent.value("Content-Type") or "").lower()
        self.parameters = RequestParameters(
            path={},
            query=ImmutableMultiDict(parse_qsl(sent.query, keep_blank_values=True)),
            header=Headers(list(sent.headers)),
            cookie=ImmutableMultiDict(
                (name, unquote(value))
                for name, _, value in (
                    pair.partition("=") for pair in (sent.value("Cookie") or "").split("; ") if pair
                )
            ),
        )


def judge(document: Path, sent: Sent) -> None:
    """Raise what openapi-core raises where the request breaks the document."""
    api, server = _loaded(document)
    api.validate_request(Judged(server, sent))  # pyright: ignore[reportUnknownMemberType]  # untyped there


@cache
def _loaded(document: Path) -> tuple[OpenAPI, str]:
    loaded: dict[str, Any] = json.loads(document.read_text(encoding="utf-8"))
    schemes: dict[str, Any] = loaded.get("components", {}).get("securitySchemes", {})
    for name, scheme in schemes.items():
        if scheme["type"] == "oauth2":  # unknown to the judge; what is sent is a bearer's token
            schemes[name] = {"type": "http", "scheme": "bearer"}
    return OpenAPI.from_dict(loaded), loaded["servers"][0]["url"]
