"""Addresses in, answers out, politely: the only module that reaches the network."""

from __future__ import annotations

import datetime
import email.utils
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from http import HTTPStatus
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httpx

from venuekit import __version__
from venuekit.fetching.addresses import host_of, is_address, objection, same_site
from venuekit.records import dataclass

__all__ = ["Answer", "Fetcher", "Manners", "Wish", "is_address", "objection", "same_site"]

State = Literal["fetched", "unchanged", "gone", "unreachable"]

_GONE = (404, 410)
_PASSING = (429, 502, 503, 504)
_REDIRECTS = 5
_GZIP = b"\x1f\x8b"
_HEADERS = {
    "User-Agent": f"venuekit/{__version__}",
    "Accept": "text/markdown, application/json, application/yaml, text/html;q=0.8, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a venue is asked; times are in seconds."""

    connect: float = 10
    silence: float = 20  # between two pieces of an answer
    whole: float = 90  # for one answer
    size: int = 64 * 2**20  # bytes of an answer, unpacked
    gap: float = 0.25  # between two questions to one host
    pause: float = 1  # before a question is asked again, where the host does not say
    patience: float = 60  # for what a host says
    tries: int = 2
    hosts: int = 4  # that are asked at the same time
    failures: int = 3  # in a row, after which a host is left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An address, what is known of its last answer, and the page that names it."""

    url: str
    etag: str | None = None
    modified: str | None = None
    by: str | None = None

    @classmethod
    def named(cls, url: str, *, by: str) -> Wish:
        """Wish for what a page names, as the page writes it."""
        try:
            return cls(url=urljoin(by, url), by=by)
        except ValueError:
            return cls(url=url, by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a wish: data where it was fetched, else a reason that people understand."""

    state: State
    url: str
    reason: str = ""
    data: bytes = b""
    media: str = ""
    etag: str | None = None
    modified: str | None = None


@dataclass(slots=True)
class Fetcher:
    """Asks hosts side by side, and each of them one thing after the other."""

    manners: Manners = field(default_factory=Manners)
    stopped: threading.Event = field(default_factory=threading.Event)
    _last: dict[str, float] = field(default_factory=dict[str, float])

    def fetch(
        self, wishes: Sequence[Wish], progress: Callable[[str], None] | None = None
    ) -> list[Answer]:
        """Answer each wish, in their order; a host that fails again and again is left alone."""
        hosts: dict[str, list[int]] = {}
        for index, wish in enumerate(wishes):
            hosts.setdefault(host_of(wish.url), []).append(index)
        found: dict[int, Answer] = {}
        tell: Callable[[str], None] = progress or _tell_nobody

        def ask(host: str) -> None:
            with _client(self.manners) as client:
                asked = _Host(self, client, host)
                for index in hosts[host]:
                    tell(f"fetching {wishes[index].url} ({len(found) + 1} of {len(wishes)})")
                    found[index] = asked.answer(wishes[index])

        with ThreadPoolExecutor(self.manners.hosts) as pool:
            try:
                list(pool.map(ask, hosts))
            except BaseException:
                self.stopped.set()
                raise
        return [found[index] for index in range(len(wishes))]

    def wait(self, seconds: float) -> None:
        """Sleep, unless the run is being stopped."""
        if seconds > 0:
            self.stopped.wait(seconds)

    def keep_gap(self, host: str) -> None:
        """Wait until a host may be asked again."""
        since = time.monotonic() - self._last.get(host, float("-inf"))
        self.wait(self.manners.gap - since)
        self._last[host] = time.monotonic()


class _Host:
    """One host under questions."""

    def __init__(self, fetcher: Fetcher, client: httpx.Client, host: str) -> None:
        self.fetcher = fetcher
        self.manners = fetcher.manners
        self.client = client
        self.host = host
        self.failures = 0

    def answer(self, wish: Wish) -> Answer:
        reason = objection(wish.url, wish.by)
        if reason is None and self.failures >= self.manners.failures:
            reason = f"{urlsplit(wish.url).hostname} has failed {self.failures} times in a row"
        if reason is None and self.fetcher.stopped.is_set():
            reason = "the run was stopped"
        if reason:
            return Answer(state="unreachable", url=wish.url, reason=reason)
        try:
            found = self._patiently(wish)
        except _Refusal as refused:
            found = Answer(state="unreachable", url=wish.url, reason=str(refused))
            self.failures += refused.is_about_host
            return found
        self.failures = 0
        return found

    def _patiently(self, wish: Wish) -> Answer:
        """Ask, and ask again after what is likely to pass."""
        for left in reversed(range(self.manners.tries)):
            self.fetcher.keep_gap(self.host)
            try:
                return self._ask(wish)
            except _Refusal as refused:
                if not refused.may_pass or not left or self.fetcher.stopped.is_set():
                    raise
                wait = self.manners.pause if refused.wait is None else refused.wait
                if wait > self.manners.patience:
                    message = f"{refused}, and asks to come back in {wait:.0f} s"
                    raise _Refusal(message, is_about_host=True) from None
                self.fetcher.wait(wait)
        raise AssertionError

    def _ask(self, wish: Wish) -> Answer:
        headers = {
            name: value
            for name, value in (
                ("If-None-Match", wish.etag),
                ("If-Modified-Since", wish.modified),
            )
            if value
        }
        url = wish.url
        for _ in range(_REDIRECTS + 1):
            found = self._once(url, headers)
            if isinstance(found, Answer):
                return found
            target = Wish.named(found, by=url).url
            if not same_site(url, target):
                raise _Refusal(f"it redirects to another site: {target}")
            url = target
        raise _Refusal(f"it redirects more than {_REDIRECTS} times")

    def _once(self, url: str, headers: Mapping[str, str]) -> Answer | str:
        """One exchange: an answer, or where a redirect leads."""
        until = time.monotonic() + self.manners.whole
        try:
            with self.client.stream("GET", url, headers=headers) as response:
                if response.has_redirect_location:
                    return response.headers["Location"]
                return self._judged(response, headers, until)
        except httpx.TimeoutException:
            seconds = self.manners.silence
            message = f"it does not answer within {seconds:g} s"
            raise _Refusal(message, is_about_host=True) from None
        except httpx.DecodingError:
            raise _Refusal("its answer is packed, and cannot be unpacked") from None
        except httpx.RemoteProtocolError:
            raise _Refusal(
                "it breaks off its answer, or does not speak HTTP", may_pass=True
            ) from None
        except httpx.TransportError as error:
            message = f"it cannot be reached: {str(error) or type(error).__name__}"
            raise _Refusal(message, may_pass=True, is_about_host=True) from None
        except (httpx.InvalidURL, ValueError):
            raise _Refusal("it answers what is not HTTP") from None

    def _judged(self, response: httpx.Response, headers: Mapping[str, str], until: float) -> Answer:
        status, url = response.status_code, str(response.url)
        if status == 304 and headers:
            return Answer(state="unchanged", url=url, reason=_said(status))
        if status in _GONE:
            return Answer(state="gone", url=url, reason=_said(status))
        if status in _PASSING:
            wait = _retry_after(response.headers.get("Retry-After"))
            raise _Refusal(_said(status), may_pass=True, wait=wait, is_about_host=True)
        if status != 200:
            raise _Refusal(_said(status), is_about_host=status >= 500)
        return Answer(
            state="fetched",
            url=url,
            data=self._body(response, until),
            media=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            etag=response.headers.get("ETag"),
            modified=_sure(response.headers.get("Last-Modified"), response.headers.get("Date")),
        )

    def _body(self, response: httpx.Response, until: float) -> bytes:
        most = self.manners.size
        large = f"its answer is larger than {most / 2**20:g} MB"
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > most:
            raise _Refusal(large)
        data = bytearray()
        for piece in response.iter_bytes():
            data += piece
            if len(data) > most:
                raise _Refusal(large)
            if time.monotonic() > until or self.fetcher.stopped.is_set():
                message = f"its answer takes longer than {self.manners.whole:g} s"
                raise _Refusal(message, is_about_host=True)
        return _unpacked(data, most, large) if data.startswith(_GZIP) else bytes(data)


class _Refusal(Exception):
    """Why there is no answer; it may pass, after a wait that the host may have named."""

    def __init__(
        self,
        message: str,
        *,
        may_pass: bool = False,
        wait: float | None = None,
        is_about_host: bool = False,
    ) -> None:
        super().__init__(message)
        self.may_pass = may_pass
        self.wait = wait
        self.is_about_host = is_about_host


def _tell_nobody(_: str) -> None:
    """Progress that nobody has asked for."""


def _client(manners: Manners) -> httpx.Client:
    return httpx.Client(
        headers=_HEADERS,
        follow_redirects=False,
        timeout=httpx.Timeout(manners.silence, connect=manners.connect),
    )


def _unpacked(data: bytearray, most: int, large: str) -> bytes:
    """The contents of a file that is packed by itself, and not only on its way."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(data, most + 1)
    except zlib.error:
        raise _Refusal("its answer is packed, and cannot be unpacked") from None
    if len(found) > most:
        raise _Refusal(large)
    if not unpacker.eof:
        raise _Refusal("it breaks off its answer")
    return found


def _retry_after(value: str | None) -> float | None:
    """The seconds that a host asks for, as a number or as a date."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    date = _date(value)
    now = datetime.datetime.now(datetime.UTC)
    return max(0.0, (date - now).total_seconds()) if date else None


def _sure(modified: str | None, now: str | None) -> str | None:
    """A time of the last change that tells two states apart: one that is a minute old (RFC 9110).

    Of what has just changed, another state may have the same time.
    """
    changed = _date(modified or "")
    if changed is None:
        return None
    age = (_date(now or "") or datetime.datetime.now(datetime.UTC)) - changed
    return modified if age.total_seconds() >= 60 else None


def _date(text: str) -> datetime.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)


def _said(status: int) -> str:
    try:
        return f"it answers {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"it answers {status}"
