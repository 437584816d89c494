"""Documentation sites on loopback: an answer for each path, and conditional requests."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from .clients.loopback import Answer, Sent, Venue, venue


class Site(Venue):
    """Answers by path, 404 for what it does not have; `answers` may change while it runs."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        super().__init__([Answer(404, b"<html><body>Not found</body></html>")])
        self.answers = dict(answers or {})

    def take(self, sent: Sent) -> Answer:
        missing = super().take(sent)
        answer = self.answers.get(sent.path, missing)
        known = {name.lower(): value for name, value in answer.headers.items()}
        etag, modified = known.get("etag"), known.get("last-modified")
        asked = sent.value("If-None-Match"), sent.value("If-Modified-Since")
        if (etag and asked[0] == etag) or (modified and asked == (None, modified)):
            return Answer(304, headers=answer.headers)
        return answer

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [sent.path for sent in self.sent]


def page(text: str, media: str = "text/markdown", *, tagged: bool = False) -> Answer:
    """A page as a site serves it; `tagged` gives it an ETag that follows from its text."""
    data = text.encode()
    tag = {"ETag": f'"{hashlib.sha256(data).hexdigest()[:8]}"'} if tagged else {}
    return Answer(200, data, {"Content-Type": f"{media}; charset=utf-8", **tag})


@contextmanager
def site(**answers: Answer) -> Generator[Site]:
    """Serve pages by their names, until the block ends."""
    running = Site({f"/{name}": answer for name, answer in answers.items()})
    with venue(running=running):
        yield running
