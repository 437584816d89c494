"""Every string of the document that uses everything, and the document with other strings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

SEED: Any = yaml.load(
    Path(__file__).with_name("everything.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)

# What names nothing, and what only has a few values; the documents of the fuzz test change these.
_WORDS = frozenset(
    """openapi jsonSchemaDialect info title summary description termsOfService contact name url
    email license identifier version externalDocs servers variables default enum tags security
    paths parameters in required schema type pattern examples style explode items get post put
    delete operationId deprecated content value responses headers example links server requestBody
    format encoding contentType callbacks webhooks components responses requestBodies pathItems
    schemas securitySchemes properties minLength const writeOnly readOnly contentEncoding
    contentMediaType multipleOf maximum minimum prefixItems additionalProperties patternProperties
    dependentRequired x-readme-ref-name x-examples x-enum-varnames oneOf allOf discriminator
    propertyName mapping x-extensible-enum $defs if then scheme bearerFormat flows clientCredentials
    tokenUrl refreshUrl scopes openIdConnectUrl x-signature algorithm key message timestamp query
    x-token-auth-method $ref""".split()
)
_KINDS = frozenset(
    """3.1.0 string integer number array object null true false path query header cookie label form
    simple deepObject pipeDelimited spaceDelimited binary password date-time base64 apiKey http
    basic bearer oauth2 openIdConnect client_secret_post hmac-sha256 s 0.5 10 1 5 200 201 204 207
    303 4XX default https://json-schema.org/draft/2020-12/schema""".split()
)
# Names that HTTP or our own extension holds to a form, and that decide what code is written.
STRICT = (
    "X-Signed-Name",
    "X-Signed-Time",
    "secret_key_name",
    "Message-prefix{timestamp}{method}{target}{body}",
    "Time-prefix{timestamp}",
    "Query-prefix{signature}",
    "{signature}",
)
_FORMED = frozenset(
    """format-value X-Header-name X-Rate-Limit X-Shared-Header X-Part-Header Cookie-name X-Key-Name
    Query-key-name Cookie-key-name region-name region-one region-two base-path path-default
    order-id second-id Readme-name""".split()
)
_REFERENCE = re.compile(r"#/")
_TEMPLATE = re.compile(r"\{([^{}]+)\}")

Frame = Callable[[str], str]


def _own(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in _WORDS and key not in _KINDS:
                yield key
            if key != "$ref":
                yield from _own(value)
    elif isinstance(node, list):
        for item in node:
            yield from _own(item)
    elif isinstance(node, str) and node not in _KINDS and not _REFERENCE.match(node):
        yield node


def frames(position: str) -> tuple[Frame, ...]:
    """How a text may stand at a position: as it is, and as a part of what belongs there."""

    def bare(text: str) -> str:
        return text

    if position.startswith("/"):
        templates = "".join(f"/{{{name}}}" for name in _TEMPLATE.findall(position))
        return (lambda text: f"/{text}{templates}",)
    if position.startswith("https://"):
        if "{" in position:
            return bare, lambda text: f"{position}/{text}"
        return bare, lambda text: f"https://host.test/{text}", lambda text: f"https://{text}/"
    if re.fullmatch(r"[a-z]+/[a-z.+-]+", position):
        return bare, lambda text: f"application/{text}", lambda text: f"text/x; a={text}"
    if position.startswith("^"):
        return bare, lambda text: re.escape(text)
    if "{" in position:
        return (lambda text: f"{position}{text}",)
    return (bare,)


POSITIONS = tuple(name for name in dict.fromkeys(_own(SEED)) if name not in STRICT)
"""The strings of the document that are its own, each once: equal strings are one name."""

TEXTS = tuple(
    name for name in POSITIONS if name not in _FORMED and [" "] == [f(" ") for f in frames(name)]
)
"""Those that are only names and texts."""


def words(node: Any = SEED, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of what the standard has words for: methods, statuses, types, styles."""
    for key, value in _children(node):
        if isinstance(value, str) and value in _KINDS:
            yield (*path, key)
        yield from words(value, (*path, key))


def _children(node: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(node, dict):
        return node.items()
    return enumerate(node) if isinstance(node, list) else ()


def replaced(path: tuple[str | int, ...], text: str) -> Any:
    """The document with another text at one path."""
    root = node = substituted({})
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = text
    return root


def substituted(replacements: Mapping[str, str]) -> Any:
    """The document with other strings; references and templates follow the names."""

    def text(old: str) -> str:
        new = replacements.get(old, old)
        for name in _TEMPLATE.findall(old) if old[:1] == "/" or "://" in old else ():
            new = new.replace(f"{{{name}}}", f"{{{replacements.get(name, name)}}}")
        if new != old:
            return new
        if _REFERENCE.match(old):
            steps = [replacements.get(step, step) for step in old.split("/")[1:]]
            return "#/" + "/".join(_step(step) for step in steps)
        return old

    def node(old: Any) -> Any:
        if isinstance(old, dict):
            return {text(key): node(value) for key, value in old.items()}
        if isinstance(old, list):
            return [node(item) for item in old]
        if old in _KINDS:
            return _typed(old)
        return text(old)

    return node(SEED)


def _step(text: str) -> str:
    escaped = text.replace("~", "~0").replace("/", "~1")
    return quote(escaped.encode("utf-8", "surrogatepass"), safe="~")


def _typed(text: str) -> Any:
    """The value of a scalar that is no string."""
    words: dict[str, Any] = {"true": True, "false": False, "0.5": 0.5, "10": 10, "1": 1, "5": 5}
    return words.get(text, text)
