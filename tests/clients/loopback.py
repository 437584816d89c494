"""A venue on loopback that answers as told and keeps what it was sent, byte for byte."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def values(self, name: str) -> list[str]:
        """Every value of a header, so that a header sent twice is seen."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name: str) -> str | None:
        values = self.values(name)
        return values[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the venue does with one request."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    silent: bool = False  # never answers
    cut: bool = False  # promises more than it sends, and closes

    @classmethod
    def json(cls, status: int, value: object, **headers: str) -> Answer:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), {**JSON, **named})


class Venue:
    """The script and the record of one server. The last answer is repeated."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = list(answers)
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self.sent: list[Sent] = []
        self.url = ""

    def take(self, sent: Sent) -> Answer:
        with self._lock:
            self.sent.append(sent)
            return self._answers[min(len(self.sent), len(self._answers)) - 1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, venue: Venue) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.venue = venue

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that has hung up is part of several tests, not worth a word."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]  # narrower, as made above
    protocol_version = "HTTP/1.1"
    timeout = 30

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        sent = Sent(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=self._body(),
        )
        answer = self.server.venue.take(sent)
        if answer.silent:
            self.server.venue.closing.wait(self.timeout)
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body) + 1000 * answer.cut))
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = answer.cut

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the record is in the venue."""


@contextmanager
def venue(*answers: Answer, running: Venue | None = None) -> Generator[Venue]:
    """Serve on a free port of loopback until the block ends."""
    running = running or Venue(answers or (Answer(),))
    server = _Server(running)
    running.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        running.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
