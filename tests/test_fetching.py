"""Fetching from hosts that move, fail, dawdle and lie: what came of it, and how they were asked."""

from __future__ import annotations

import gzip
import socket
import time

import pytest

from venuekit import fetching
from venuekit.fetching import Answer as Fetched
from venuekit.fetching import Fetcher, Manners, Wish, objection, same_site

from .clients.loopback import Answer, Sent, venue
from .sites import Site, page, site
from .wire.trickle import trickling

QUICK = Manners(size=10_000, gap=0, pause=0, patience=2)


def fetched(url: str, manners: Manners = QUICK, **known: str) -> Fetched:
    [answer] = Fetcher(manners).fetch([Wish(url=url, **known)])
    return answer


def answered(answer: Answer) -> Fetched:
    with site(page=answer) as host:
        return fetched(f"{host.url}/page")


@pytest.mark.parametrize(
    ("modified", "date", "counts"),
    [
        ("Fri, 20 Nov 2026 23:58:59 GMT", "Sat, 21 Nov 2026 00:00:00 GMT", True),
        ("Fri, 20 Nov 2026 23:59:59 GMT", "Sat, 21 Nov 2026 00:00:00 GMT", False),
        ("yesterday", "Sat, 21 Nov 2026 00:00:00 GMT", False),
        ("Fri, 20 Nov 2015 23:58:59 GMT", "", True),
    ],
)
def test_the_time_of_a_change_counts_once_it_is_old(modified: str, date: str, counts: bool) -> None:
    """Another change within its second would have the same time."""
    found = answered(Answer(200, b"x", {"Last-Modified": modified, "Date": date}))

    assert (modified if counts else None) == found.modified


def test_a_page_comes_byte_for_byte_with_its_validators() -> None:
    data = b"\xef\xbb\xbf# Caf\xe9\r\nno UTF-8"
    head = {"ETag": 'W/"1"', "Last-Modified": "Sat, 21 Nov 2015 00:00:00 GMT"}

    found = answered(Answer(200, data, {**head, "Content-Type": "Text/Markdown; charset=x"}))

    assert "fetched" == found.state
    assert data == found.data
    assert (head["ETag"], head["Last-Modified"]) == (found.etag, found.modified)
    assert "text/markdown" == found.media


def test_what_is_known_is_not_sent_again() -> None:
    with site(page=page("old", tagged=True)) as host:
        first = fetched(f"{host.url}/page")
        assert first.etag
        assert "unchanged" == fetched(f"{host.url}/page", etag=first.etag).state
        host.answers["/page"] = page("new", tagged=True)
        again = fetched(f"{host.url}/page", etag=first.etag)

    assert ("fetched", b"new") == (again.state, again.data)
    assert [None, first.etag, first.etag] == [s.value("If-None-Match") for s in host.sent]


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (Answer(404), "gone", "404 Not Found"),
        (Answer(410), "gone", "410 Gone"),
        (Answer(401), "unreachable", "401 Unauthorized"),
        (Answer(403), "unreachable", "403 Forbidden"),
        (Answer(500), "unreachable", "500 Internal Server Error"),
        (Answer(503), "unreachable", "503 Service Unavailable"),
        (Answer(520), "unreachable", "answers 520"),
        (Answer(204), "unreachable", "204 No Content"),
        (Answer(304), "unreachable", "304 Not Modified"),
        (Answer(429, headers={"Retry-After": "3600"}), "unreachable", "come back in 3600 s"),
        (Answer(503, headers={"Retry-After": "Fri, 31 Dec 2100 00:00:00 GMT"}), "unreachable",
         "asks to come back in"),
        (Answer(302, headers={"Location": "http://login.test/"}), "unreachable", "another site"),
        (Answer(302, headers={"Location": "//[x"}), "unreachable", "another site"),
        (Answer(302, headers={"Location": "/page"}), "unreachable", "more than 5 times"),
        (Answer(302, headers={"Location": "file:///etc/passwd"}), "unreachable", "another site"),
        (Answer(302), "unreachable", "302 Found"),
        (Answer(200, b"half", cut=True), "unreachable", "breaks off"),
        (Answer(200, b"x" * 10_001), "unreachable", "larger than"),
        (Answer(200, gzip.compress(b"x" * 10**6), {"Content-Encoding": "gzip"}),
         "unreachable", "larger than"),
        (Answer(200, gzip.compress(b"x" * 10**6)), "unreachable", "larger than"),
        (Answer(200, gzip.compress(b"x")[:-9]), "unreachable", "breaks off"),
        (Answer(200, b"\x1f\x8bnot gzip"), "unreachable", "packed"),
        (Answer(200, b"not gzip", {"Content-Encoding": "gzip"}), "unreachable", "packed"),
    ],
)  # fmt: skip
def test_no_failure_is_taken_for_a_page(answer: Answer, state: str, reason: str) -> None:
    found = answered(answer)

    assert state == found.state
    assert reason in found.reason
    assert b"" == found.data


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_what_is_packed_is_unpacked(headers: dict[str, str]) -> None:
    assert b"# Orders" == answered(Answer(200, gzip.compress(b"# Orders"), headers)).data


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found = fetched(f"http://127.0.0.1:{taken.getsockname()[1]}/")

    assert "unreachable" == found.state
    assert "cannot be reached" in found.reason


def test_a_host_that_says_nothing_is_left() -> None:
    with site(page=Answer(silent=True)) as host:
        found = fetched(f"{host.url}/page", Manners(silence=0.3))

    assert ("unreachable", "it does not answer within 0.3 s") == (found.state, found.reason)


def test_an_answer_that_never_ends_is_left() -> None:
    with trickling(*[b"x"] * 200, pause=0.05, end="open") as host:
        found = fetched(host.url, Manners(silence=5, whole=0.3))
        assert host.hung_up.wait(5)

    assert "takes longer than 0.3 s" in found.reason


def test_a_redirect_within_the_site_is_followed() -> None:
    with site(old=Answer(301, headers={"Location": "new?a=b"}), new=page("here")) as host:
        found = fetched(f"{host.url}/old")

    assert b"here" == found.data
    assert f"{host.url}/new?a=b" == found.url


def test_a_redirect_to_another_port_is_another_site() -> None:
    with site(new=page("here")) as other:
        found = answered(Answer(302, headers={"Location": f"{other.url}/new"}))

    assert "another site" in found.reason
    assert [] == other.sent


class Busy(Site):
    """A host that asks to come back, once."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def take(self, sent: Sent) -> Answer:
        self.times.append(time.monotonic())
        return page("x") if len(self.times) > 1 else Answer(429, headers={"Retry-After": "1"})


def test_a_host_is_asked_again_when_it_says_so() -> None:
    busy = Busy()
    with venue(running=busy):
        found = fetched(f"{busy.url}/page")

    assert "fetched" == found.state
    assert busy.times[1] - busy.times[0] >= 1.0


def test_an_error_is_asked_about_twice_and_a_refusal_once() -> None:
    for status, times in ((503, 2), (500, 1), (403, 1), (404, 1)):
        with site(page=Answer(status)) as host:
            fetched(f"{host.url}/page")
            assert times == len(host.sent), status


def test_a_host_that_fails_again_and_again_is_left_alone() -> None:
    with site() as host:
        host.answers = {f"/{n}": Answer(500) for n in range(9)}
        found = Fetcher(QUICK).fetch([Wish(url=f"{host.url}/{n}") for n in range(9)])

    assert QUICK.failures == len(host.sent)
    assert "failed 3 times in a row" in found[-1].reason


def test_a_host_is_given_time_between_two_questions() -> None:
    manners = Manners(gap=0.2)
    begun = time.monotonic()
    with site(a=page("a"), b=page("b"), c=page("c")) as host:
        found = Fetcher(manners).fetch([Wish(url=f"{host.url}/{n}") for n in "abc"])

    assert [b"a", b"b", b"c"] == [answer.data for answer in found]
    assert 0.4 <= time.monotonic() - begun


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.test/x", "http:///x", "http://a:b@c.test/", "x://", "http://[",
     "http://a.test:0/", "http://a.test:99999/"],
)  # fmt: skip
def test_what_is_no_public_address_is_not_asked(url: str) -> None:
    assert objection(url)
    assert "unreachable" == fetched(url).state


@pytest.mark.parametrize(
    ("by", "url", "allowed"),
    [
        ("https://docs.example.com/", "https://docs.example.com/openapi.json", True),
        ("https://docs.example.com/", "https://93.184.216.34/openapi.json", True),
        ("https://docs.example.com/", "http://93.184.216.34/openapi.json", False),
        ("https://93.184.216.34/", "https://127.0.0.1/openapi.json", False),
        ("https://93.184.216.34/", "https://localhost/openapi.json", False),
        ("https://93.184.216.34/", "https://[::1]/openapi.json", False),
        ("https://93.184.216.34/", "https://[::ffff:127.0.0.1]/openapi.json", False),
        ("https://93.184.216.34/", "https://169.254.169.254/latest/", False),
        ("https://93.184.216.34/", "https://10.0.0.1/openapi.json", False),
        ("https://93.184.216.34/", "https://2130706433/openapi.json", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/openapi.json", True),
        ("https://93.184.216.34/", "file:///etc/passwd", False),
    ],
)
def test_a_page_cannot_send_us_into_our_own_network(by: str, url: str, allowed: bool) -> None:
    assert allowed == (objection(url, by) is None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.test/x", "https://a.test:443/y", True),
        ("https://A.test/x", "https://a.test/y", True),
        ("http://a.test/x", "https://a.test/y", True),
        ("https://a.test/x", "http://a.test/y", False),
        ("http://a.test:8080/x", "https://a.test/y", False),
        ("https://a.test/x", "https://b.a.test/y", False),
        ("https://a.test/x", "https://a.test.evil.test/y", False),
        ("https://a.test/x", "https://[", False),
    ],
)
def test_what_one_site_is(one: str, other: str, same: bool) -> None:
    assert same == same_site(one, other)


def test_it_says_who_asks() -> None:
    with site(page=page("x")) as host:
        fetched(f"{host.url}/page")

    assert (host.sent[0].value("User-Agent") or "").startswith("venuekit/")
    assert fetching.is_address(host.url)
