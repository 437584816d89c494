"""Where a page that holds no document says that it is: in HTML, scripts and lists of pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from venuekit.records import dataclass

LOOKED_FOR = (
    "an OpenAPI document, a block of one in a page, JSON or YAML of one in a script or <pre>, the "
    "attributes spec-url, data-url, apiDescriptionUrl and data-configuration, Redoc.init, the "
    "url, urls and configUrl of Swagger UI and Scalar, ReadMe's registry, <link> to a "
    "description or to Markdown, openapi_spec_url, and the links of an llms.txt"
)
"""What a document may be found by, for people whose page has none of it."""

_REGISTRY = "https://dash.readme.com/api/v1/api-registry/"
_ATTRIBUTES = ("spec-url", "data-spec-url", "apidescriptionurl", "api-description-url")
_LOADERS = re.compile(
    r"swagger|redoc|scalar|api-reference|rapidoc|elements-api|createApiReference", re.IGNORECASE
)
_SCRIPT = re.compile(r"swagger[-_]?(?:ui[-_])?init|swagger-config|redoc[-_]?init", re.IGNORECASE)
_INIT = re.compile(r"""\bRedoc\.init\(\s*["'`]([^"'`]+)["'`]""")
_URL = re.compile(
    r"""\b(?:url|specUrl|spec_url|definitionUrl|apiDescriptionUrl)["']?\s*[:=]\s*["'`]([^"'`]+)["'`]"""
)
_SERVERS = re.compile(r"""\bservers["']?\s*:\s*\[[^\]]*\]""")  # of an API, not of its document
_CONFIG = re.compile(r"""\bconfigUrl["']?\s*[:=]\s*["'`]([^"'`]+)["'`]""")
_UUID = re.compile(r'"apiRegistries"\s*:\s*\[[^\]]*?"uuid"\s*:\s*"([\w-]+)"')
_STATS = re.compile(r"""^openapi_spec_url[ \t]*:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*[-*][ \t].*?\[[^\]\n]*\]\(<?([^)\s>]+)", re.MULTILINE)
_DATA = (".json", ".yaml", ".yml")
_OTHERS = (".js", ".mjs", ".css", ".html", ".png", ".svg", ".ico", ".jpg", ".woff2")
_MARKDOWN = ("text/markdown", "text/x-markdown")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses as a page writes them, relative ones too.

    `documents` are named as the page's document, `scripts` may hold or name it, and `pages` are
    pages beside it, of which some may hold a part of it.
    """

    documents: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.scripts or self.pages)


def stats_link(text: str) -> str | None:
    """The document that a Stainless `.stats.yml` names."""
    found = _STATS.search(text)
    return found[1] if found else None


def links_of_html(text: str) -> Links:
    """What an HTML page loads its document from."""
    reading = _Reading()
    reading.feed(text)
    reading.close()
    named, configs = _named(reading.code, loads=_LOADERS.search(text) is not None)
    return Links(
        _sound((*reading.documents, *named)),
        _sound((*reading.scripts, *configs)),
        _sound(reading.pages),
    )


def links_of_script(text: str) -> Links:
    """What a script that a page loads, or its configuration, loads the document from."""
    named, configs = _named(text, loads=True)
    return Links(_sound(named), _sound(configs))


def links_of_configuration(text: str) -> Links:
    """What the configuration of a Swagger UI names."""
    return Links(_sound(_URL.findall(text)))


def links_of_list(text: str) -> Links:
    """The links of an `llms.txt`: documents, pages, and further lists."""
    found = _sound(_ITEM.findall(text))
    documents = tuple(url for url in found if _suffix(url) in _DATA)
    others = [url for url in found if url not in documents]
    lists = tuple(url for url in others if is_list(url))
    return Links(documents, lists, tuple(url for url in others if url not in lists))


def is_list(url: str) -> bool:
    """Whether an address is that of an `llms.txt`."""
    return PurePosixPath(urlsplit(url).path).name == "llms.txt"


def _named(code: str, *, loads: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents and the configurations that scripts name.

    Where there is a configuration, it is what counts.
    """
    code = _SERVERS.sub("", code)
    configs = tuple(_CONFIG.findall(code))
    found = [*_INIT.findall(code), *(_URL.findall(code) if loads and not configs else ())]
    found += [_REGISTRY + uuid for uuid in _UUID.findall(code)]
    return tuple(found), configs


def _sound(urls: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Addresses, each once, without what is no address of a document."""
    return tuple(dict.fromkeys(url.strip() for url in urls if _may_be_document(url.strip())))


def _may_be_document(url: str) -> bool:
    if not url or url.startswith(("#", "data:", "blob:", "javascript:", "mailto:")):
        return False
    if any(mark in url for mark in ("{{", "${", "<%", " ")):
        return False
    return _suffix(url) not in _OTHERS or _SCRIPT.search(url) is not None


def _suffix(url: str) -> str:
    try:
        return PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return ""


class _Reading(HTMLParser):
    """What the elements of a page say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.documents: list[str] = []
        self.scripts: list[str] = []
        self.pages: list[str] = []
        self._code: list[str] = []
        self._in_script = False

    @property
    def code(self) -> str:
        return "\n".join(self._code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value}
        self._in_script = tag == "script"
        self.documents += [values[name] for name in _ATTRIBUTES if name in values]
        if tag == "script" and "data-url" in values:
            self.documents.append(values["data-url"])
        self.documents += _configured(values.get("data-configuration", ""))
        if tag == "script" and _SCRIPT.search(values.get("src", "")):
            self.scripts.append(values["src"])
        if tag == "link" and "href" in values:
            self._link(values)
        if tag == "a" and _is_description(values.get("href", "")):
            self.documents.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self._code.append(data)

    def _link(self, values: dict[str, str]) -> None:
        relations = values.get("rel", "").lower().split()
        media = values.get("type", "").lower()
        if "service-desc" in relations or "openapi" in media:
            self.documents.append(values["href"])
        elif "alternate" in relations and media in _MARKDOWN:
            self.pages.append(values["href"])


def _configured(text: str) -> Iterator[str]:
    """The addresses in the configuration that Scalar takes as an attribute."""
    if not text:
        return
    try:
        json.loads(text)
    except (RecursionError, ValueError):
        return
    yield from _URL.findall(text)


def _is_description(url: str) -> bool:
    """Whether a link leads to a file that is called as such documents are."""
    name = PurePosixPath(urlsplit(url).path).name.lower() if url else ""
    return name.startswith(("openapi", "swagger")) and _suffix(url) in _DATA
