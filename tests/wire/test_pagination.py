"""Listings as iterators over the items of all their pages, and that they come to an end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venuekit.diagnostics import Report

from ..clients.loopback import Answer, Venue, venue
from ..making import write_client

Package = Any
Read = Callable[..., Any]
KEY = "s3cr3t"


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("pagination.yaml")


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest, package: Package) -> Read:
    """Use a client of either kind: what is awaitable is awaited."""

    def sync_use(url: str, what: Callable[[Any], Any], **options: Any) -> Any:
        with package.Client(url, retry=package.NO_RETRY, timeout=5.0, **options) as client:
            return list(what(client))

    def async_use(url: str, what: Callable[[Any], Any], **options: Any) -> Any:
        async def run() -> Any:
            settings = {"retry": package.NO_RETRY, "timeout": 5.0, **options}
            async with package.AsyncClient(url, **settings) as client:
                return [item async for item in what(client)]

        return asyncio.run(run())

    return sync_use if request.param == "sync" else async_use


def orders(*ids: int) -> list[dict[str, int]]:
    return [{"id": id_} for id_ in ids]


def rows(next_: object, *ids: int) -> Answer:
    return Answer.json(200, {"data": {"rows": orders(*ids)}, "meta": {"next": next_}})


def targets(here: Venue) -> list[str]:
    return [sent.target for sent in here.sent]


# Kinds.


@pytest.mark.parametrize("end", ["LTE=", "", None])
def test_a_cursor_leads_on_until_one_that_ends_it(use: Read, package: Package, end: object) -> None:
    with venue(rows("b c", 1, 2), rows(3), rows(end, 4)) as here:
        found = use(here.url, lambda c: c.paged.by_cursor(side="buy"))

    assert [package.Order(id=n) for n in (1, 2, 4)] == found
    assert ["/cursor?side=buy", "/cursor?cursor=b%20c&side=buy", "/cursor?cursor=3&side=buy"] == (
        targets(here)
    )


def test_a_reply_without_a_cursor_is_the_last(use: Read, package: Package) -> None:
    with venue(Answer.json(200, {"data": {"rows": None}})) as here:
        assert [] == use(here.url, lambda c: c.paged.by_cursor(cursor="z"))
    assert ["/cursor?cursor=z"] == targets(here)


def test_a_cursor_may_travel_in_headers(use: Read) -> None:
    last = Answer.json(200, orders(2))
    with venue(Answer.json(200, orders(1), X_Next="7"), last) as here:
        found = use(here.url, lambda c: c.paged.by_header())

    assert [1, 2] == [order.id for order in found]
    assert [None, "7"] == [sent.value("X-Cursor") for sent in here.sent]


def test_items_may_be_in_the_first_of_a_list(use: Read) -> None:
    pages = [[{"rows": ["a", "b"]}], [], [{"rows": ["c"]}]]
    cursors = ["n 1", "n2", "END"]
    answers = [
        Answer.json(200, {"tables": page}, X_Next=cursor)
        for page, cursor in zip(pages, cursors, strict=True)
    ]
    with venue(*answers) as here:
        assert ["a", "b", "c"] == use(here.url, lambda c: c.paged.by_table())
    assert [None, "n 1", "n2"] == [sent.value("X-Cursor") for sent in here.sent]


def test_pages_are_counted_to_the_last(use: Read) -> None:
    answers = [Answer.json(200, {"data": orders(n), "total_page": 3}) for n in range(4)]
    with venue(*answers) as here:
        found = use(here.url, lambda c: c.paged.by_number("b/1"))

    assert [0, 1, 2] == [order.id for order in found]
    assert ["/number/b%2F1", "/number/b%2F1?page=1", "/number/b%2F1?page=2"] == targets(here)


def test_an_empty_page_is_the_last(use: Read) -> None:
    answers = [Answer.json(200, {"data": orders(*ids)}) for ids in ((1, 2), (3,), ())]
    with venue(*answers) as here:
        found = use(here.url, lambda c: c.paged.by_number("b", page=5))

    assert [1, 2, 3] == [order.id for order in found]
    assert ["/number/b?page=5", "/number/b?page=6", "/number/b?page=7"] == targets(here)


def test_an_offset_grows_by_the_items_that_came(use: Read) -> None:
    pages = [{"data": orders(1, 2, 3)}, {"data": orders(4), "total_count": 9}]
    last = {"data": orders(5), "has_more": False}
    with venue(*(Answer.json(200, page) for page in (*pages, last))) as here:
        found = use(here.url, lambda c: c.paged.by_offset())

    assert [1, 2, 3, 4, 5] == [order.id for order in found]
    assert ["/offset", "/offset?offset=3", "/offset?offset=4"] == targets(here)


def test_an_offset_ends_with_the_total(use: Read) -> None:
    with venue(Answer.json(200, {"data": orders(1, 2), "total_count": 2})) as here:
        assert 2 == len(use(here.url, lambda c: c.paged.by_offset()))
    assert 1 == len(here.sent)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ('</a>; rel=prev, </link?p=2&q=a,b>; rel="next"', "/link?p=2&q=a,b"),
        ('<{url}/elsewhere/7;v=1>; title="a, <b>; rel=x"; REL="last NEXT"', "/elsewhere/7;v=1"),
        ("<?p=2>;rel=next;rel=prev", "/link?p=2"),
        ('</no>; rel=next; anchor="/other", <./yes>; rel=next', "/yes"),
    ],
)
def test_a_link_leads_on(use: Read, link: str, target: str) -> None:
    running = Venue([])
    with venue(running=running) as here:
        first = Answer.json(200, orders(1), Link=link.replace("{url}", here.url))
        here._answers += [first, Answer.json(200, orders(2), Link="</>; rel=prev")]
        found = use(here.url, lambda c: c.paged.by_link(side="buy"), authenticate=False)

    assert [1, 2] == [order.id for order in found]
    assert ["/link?side=buy", target] == targets(here)


def test_a_link_may_stand_in_the_body_and_below_the_base(use: Read) -> None:
    pages = [{"data": ["a"], "links": {"next": "/v1/next?page=2"}}, {"data": ["b"], "links": {}}]
    with venue(*(Answer.json(200, page) for page in pages)) as here:
        assert ["a", "b"] == use(f"{here.url}/v1", lambda c: c.paged.by_next())
    assert ["/v1/next", "/v1/next?page=2"] == targets(here)


def test_a_link_carries_credentials_once(use: Read) -> None:
    first = Answer.json(200, orders(1), Link=f"</link?p=2&api%20key={KEY}>; rel=next")
    with venue(first, Answer.json(200, [])) as here:
        use(here.url, lambda c: c.paged.by_link(), key=KEY)
    assert [f"/link?api%20key={KEY}", f"/link?p=2&api%20key={KEY}"] == targets(here)


def test_a_link_to_another_host_is_not_followed(use: Read, package: Package) -> None:
    with (
        venue(Answer.json(200, orders(1), Link="<https://evil.example/link>; rel=next")) as here,
        pytest.raises(package.PagingError, match="another host"),
    ):
        use(here.url, lambda c: c.paged.by_link(), key=KEY)
    assert 1 == len(here.sent)


def test_the_last_id_leads_on(use: Read) -> None:
    pages = [{"items": orders(9, 8)}, orders(7), []]
    with venue(*(Answer.json(200, page) for page in pages)) as here:
        found = use(here.url, lambda c: c.paged.by_last())

    assert [9, 8, 7] == [order.id for order in found]
    assert ["/last", "/last?after=8", "/last?after=7"] == targets(here)


@pytest.mark.parametrize("given", ["none", "mapping", "model"])
def test_a_cursor_may_stand_in_the_body(use: Read, package: Package, given: str) -> None:
    where = {"text": "x", "page": {"size": 2}}
    bodies = {"none": None, "mapping": where, "model": package.Search.model_validate(where)}
    arguments = {} if given == "none" else {"body": bodies[given]}
    with venue(*(Answer.json(200, {"data": orders(1), "next": n}) for n in ("a", "b", ""))) as here:
        assert 3 == len(use(here.url, lambda c: c.paged.search(**arguments)))

    kept = {} if given == "none" else where
    sent = [json.loads(sent.body or b"null") for sent in here.sent]
    page = kept.get("page", {})
    turned = [{**kept, "page": {**page, "cursor": cursor}} for cursor in ("a", "b")]
    assert [kept or None, *turned] == sent
    assert where == {"text": "x", "page": {"size": 2}}


# An end, whatever the venue does.


@pytest.mark.parametrize(
    ("method", "arguments", "answer", "items"),
    [
        ("by_cursor", (), rows("same", 1), 1),
        ("by_number", ("b",), Answer.json(200, {"data": orders(1)}), 1),
        ("by_offset", (), Answer.json(200, {"data": orders(1, 2)}), 2),
        ("by_last", (), Answer.json(200, orders(1, 2)), 2),
        ("by_link", (), Answer.json(200, orders(1), Link="</link>; rel=next"), 1),
    ],
)
def test_pages_that_go_round_end_with_an_error(
    package: Package, method: str, arguments: tuple[str, ...], answer: Answer, items: int
) -> None:
    found: list[Any] = []
    with venue(answer) as here, package.Client(here.url, authenticate=False) as client:
        listing = getattr(client.paged, method)(*arguments)
        with pytest.raises(package.PagingError, match="is kept"):
            found.extend(listing)
        with pytest.raises(package.PagingError):
            next(listing)

    assert items == len(found)
    assert 2 == len(here.sent)


@pytest.mark.parametrize(
    "link", ["javascript:x", "http://[::1", "/li\x7fnk", "http://127.0.0.1:x/"]
)
def test_a_link_that_is_none_loses_no_item(package: Package, link: str) -> None:
    page = Answer.json(200, {"data": ["a", "b"], "links": {"next": link}})
    with venue(page) as here, package.Client(here.url, authenticate=False) as client:
        listing = client.paged.by_next()
        found = [next(listing), next(listing)]
        with pytest.raises(package.PagingError, match="what is no URL"):
            next(listing)
        with pytest.raises(package.PagingError, match="what is no URL"):
            listing.all()

    assert ["a", "b"] == found
    assert 1 == len(here.sent)


def test_a_cursor_that_never_brings_anything_ends_with_an_error(package: Package) -> None:
    class Empty(Venue):
        def take(self, sent: Any) -> Answer:
            self.sent.append(sent)
            return rows(len(self.sent))

    with (
        venue(running=Empty([])) as here,
        package.Client(here.url) as client,
        pytest.raises(package.PagingError, match="stay empty"),
    ):
        list(client.paged.by_cursor())
    assert len(here.sent) < 150


def test_an_item_without_an_id_leads_nowhere(package: Package) -> None:
    with (
        venue(Answer.json(200, [{"id": None}])) as here,
        package.Client(here.url, lenient=True) as client,
    ):
        listing = client.paged.by_last()
        assert next(listing).id is None
        with pytest.raises(package.PagingError, match="no id"):
            next(listing)


# Errors on the way.


def test_an_error_on_the_way_loses_nothing(package: Package) -> None:
    answers = rows("b", 1, 2), rows("c", 3), Answer(500), rows(None, 4)
    with venue(*answers) as here, package.Client(here.url) as client:
        listing = client.paged.by_cursor()
        assert 1 == next(listing).id
        with pytest.raises(package.ServerError):
            listing.all()
        assert "c" == listing.reply.data.meta.next
        rest = list(listing)

    assert [2, 3, 4] == [order.id for order in rest]
    assert "/cursor?cursor=c" == here.sent[2].target == here.sent[3].target


def test_an_error_on_the_way_loses_nothing_when_awaited(package: Package) -> None:
    async def run(url: str) -> list[int]:
        async with package.AsyncClient(url) as client:
            listing = client.paged.by_cursor()
            with pytest.raises(package.ServerError):
                await listing.all()
            return [order.id for order in await listing.all()]

    with venue(rows("b", 1, 2), Answer(500), rows(None, 3)) as here:
        assert [1, 2, 3] == asyncio.run(run(here.url))


def test_nothing_is_asked_before_it_is_needed(package: Package) -> None:
    with venue(rows("b", 1), rows(None, 2)) as here, package.Client(here.url) as client:
        listing = client.paged.by_cursor()
        assert [] == here.sent
        next(listing)
        assert 1 == len(here.sent)


def test_a_derived_client_pages_by_itself(package: Package) -> None:
    with venue(Answer.json(200, [{"id": "x"}])) as here, package.Client(here.url) as client:
        client.paged.by_last()
        lenient = client.with_options(lenient=True)
        assert "x" == next(lenient.paged.by_last()).id


# What is made.


def test_what_is_no_listing_has_no_paging(tmp_path: Path) -> None:
    text = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://t.example}]
paths: {/a: {get: {operationId: a, responses: {'204': {description: Done}}}}}
"""
    folder = write_client(text, tmp_path)
    assert not any("aging" in path.read_text() for path in folder.glob("*.py"))


BROKEN = """
openapi: 3.1.0
info: {{title: T, version: '1'}}
servers: [{{url: https://t.example}}]
paths:
  /a:
    get:
      operationId: a
      x-pagination: {extension}
      parameters: [{{name: cursor, in: query, schema: {{type: string}}}}]
      responses:
        '200':
          description: A page
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {{type: array, items: {{type: string}}}}
                  next: {{type: string}}
"""


@pytest.mark.parametrize(
    ("extension", "code", "message"),
    [
        ("true", "VK360", "needs a kind: cursor"),
        ("{kind: pages}", "VK360", "needs a kind"),
        (
            "{kind: cursor, parameter: cursor, next: /next, items: /data, size: 5}",
            "VK360",
            "'size'",
        ),
        ("{kind: cursor, parameter: cursor, next: next, items: /data}", "VK360", "a JSON pointer"),
        ("{kind: cursor, parameter: cursor, items: /data}", "VK360", "'next' or 'header'"),
        ("{kind: cursor, next: /next, items: /data}", "VK360", "'parameter' or 'body'"),
        ("{kind: page, parameter: cursor, start: x, items: /data}", "VK360", "a whole number"),
        ("{kind: link, next: /next, header: Link, items: /data}", "VK360", "one alone"),
        ("{kind: cursor, parameter: at, next: /next, items: /data}", "VK361", "parameter 'at'"),
        ("{kind: cursor, parameter: cursor, next: /then, items: /data}", "VK361", "'/then'"),
        ("{kind: cursor, parameter: cursor, next: /next}", "VK361", "its reply"),
        ("{kind: cursor, parameter: cursor, next: /next, items: /next}", "VK361", "no list at"),
        ("{kind: cursor, body: /at, next: /next, items: /data}", "VK361", "no body of JSON"),
        ("{kind: page, parameter: cursor, more: /next, items: /data}", "VK361", "no boolean"),
        ("{kind: last-id, parameter: cursor, id: /id, items: /data}", "VK361", "'/id'"),
    ],
)
def test_an_extension_that_is_not_sound_is_left_out(
    tmp_path: Path, extension: str, code: str, message: str
) -> None:
    report = Report()
    folder = write_client(BROKEN.format(extension=extension), tmp_path, report=report)

    [found] = report
    assert code == found.code
    assert message in found.message
    assert 9 == found.place.line
    assert "aging" not in (folder / "client.py").read_text()
