"""What a client does when the venue, the network or its own caller is difficult."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from ..clients.loopback import Answer, Sent, Venue, venue
from .conftest import Call
from .trickle import trickling

Package = Any
KEY = "k3y-s3cr3t"
ORDER = Answer.json(200, {"id": 1})


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Package:
    return client_of("reliability.yaml")


@pytest.fixture
def waits(package: Package, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of the clients, which they do not make."""
    found: list[float] = []
    runtime = __import__(f"{package.__name__}._runtime", fromlist=["SyncCore"])
    for core in (runtime.SyncCore, runtime.AsyncCore):
        monkeypatch.setattr(core, "_sleep", staticmethod(found.append))
    return found


# Retries.


@pytest.mark.parametrize("asked", ["7", "7.5", "0"])
def test_retry_after_in_seconds(
    package: Package, call: Call, waits: list[float], asked: str
) -> None:
    with venue(Answer(429, headers={"Retry-After": asked}), ORDER) as here:
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=package.Retry())
    assert [float(asked)] == waits


def test_retry_after_as_a_date(package: Package, call: Call, waits: list[float]) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=20)
    later = Answer(503, headers={"Retry-After": format_datetime(moment, usegmt=True)})
    with venue(later, ORDER) as here:
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=package.Retry())
    [wait] = waits
    assert 0 < wait <= 20


@pytest.mark.parametrize(
    "form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
)
def test_each_form_of_a_date_is_in_utc(
    package: Package,
    call: Call,
    waits: list[float],
    form: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=20)
    monkeypatch.setenv("TZ", "EST5")
    time.tzset()
    try:
        with venue(Answer(503, headers={"Retry-After": moment.strftime(form)}), ORDER) as here:
            call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=package.Retry())
    finally:
        monkeypatch.undo()
        time.tzset()
    [wait] = waits
    assert 0 < wait <= 20


@pytest.mark.parametrize("asked", ["Fri, 31 Dec 1999 23:59:59 GMT", "0"])
def test_a_moment_that_has_passed_is_now(
    package: Package, call: Call, waits: list[float], asked: str
) -> None:
    with venue(Answer(503, headers={"Retry-After": asked}), ORDER) as here:
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=package.Retry())
    assert [0] == waits


@pytest.mark.parametrize("asked", ["soon", "-5", "1e9", "NaN", "Fri, 99 Foo 2020", "7, 8", "٧"])
def test_a_retry_after_of_no_form_is_none(
    package: Package, call: Call, waits: list[float], asked: str
) -> None:
    later = Answer(503, headers={"Retry-After": asked.encode().decode("latin-1")})
    with venue(later, ORDER) as here:
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=package.Retry())
    [wait] = waits
    assert 0 <= wait <= 0.5


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_waits_are_spread_over_all_that_they_may_last(
    package: Package,
    call: Call,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
    share: float,
) -> None:
    runtime = __import__(f"{package.__name__}._runtime", fromlist=["random"])
    monkeypatch.setattr(runtime.random, "uniform", lambda low, high: low + share * (high - low))
    retry = package.Retry(tries=6, first_wait=0.5, longest_wait=3)
    with venue(Answer(503)) as here, pytest.raises(package.ServerError):
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=retry)
    assert [share * longest for longest in (0.5, 1.0, 2.0, 3.0, 3.0)] == waits
    assert 6 == len(here.sent)


def test_a_wait_beyond_the_deadline_is_not_begun(
    package: Package, call: Call, waits: list[float]
) -> None:
    retry = package.Retry(deadline=5)
    late = Answer(503, headers={"Retry-After": "6"})
    with venue(late) as here, pytest.raises(package.ServerError) as caught:
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=retry)
    assert 6 == caught.value.retry_after
    assert [] == waits


def test_the_deadline_ends_a_try_whose_timeout_is_longer(package: Package, call: Call) -> None:
    retry = package.Retry(deadline=2)  # long enough to connect on a busy machine
    with venue(Answer(silent=True)) as here, pytest.raises(package.TransportError) as caught:
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=retry, timeout=60.0)
    assert caught.value.may_have_taken_effect
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)


def test_the_deadline_ends_an_answer_that_never_ends(package: Package, call: Call) -> None:
    retry = package.Retry(deadline=2)
    spaces = trickling(*[b" "] * 1000, pause=0.01, media="application/json")
    with spaces as here, pytest.raises(package.InvalidBody):
        call(package, here.url, lambda c: c.get_order(1), key=KEY, retry=retry, timeout=60.0)


# One client for many.


class Echo(Venue):
    """Answers each request with the order that it asks for, one slower than the other."""

    def take(self, sent: Sent) -> Answer:
        with self._lock:
            self.sent.append(sent)
        id_ = int(sent.path.rpartition("/")[2])
        time.sleep(id_ % 3 / 1000)
        return Answer.json(200, {"id": id_})


def test_threads_share_a_client(package: Package) -> None:
    with (
        venue(running=Echo([])) as here,
        package.Client(here.url, key=KEY, timeout=20) as client,
        ThreadPoolExecutor(12) as threads,
    ):
        found = list(threads.map(lambda n: client.get_order(n).id, range(120)))
    assert list(range(120)) == found


def test_threads_make_one_connection_pool(package: Package) -> None:
    """Whoever comes first makes it, and all others have the same."""
    client, barrier = package.Client(key=KEY), threading.Barrier(8)

    def use(_: int) -> httpx.Client:
        barrier.wait()
        return client.http

    with ThreadPoolExecutor(8) as threads, client:
        assert 1 == len(set(map(id, threads.map(use, range(8)))))


def test_tasks_share_a_client(package: Package) -> None:
    async def run(url: str) -> list[int]:
        async with package.AsyncClient(url, key=KEY, timeout=20) as client:
            orders = await asyncio.gather(*(client.get_order(n) for n in range(60)))
            return [order.id for order in orders]

    with venue(running=Echo([])) as here:
        assert list(range(60)) == asyncio.run(run(here.url))


@pytest.mark.parametrize("where", ["before the answer", "amid the answer"])
def test_a_cancelled_call_gives_its_connection_back(package: Package, where: str) -> None:
    """The pool has room for one connection alone: the next call needs it."""

    async def run(url: str, then: str) -> int:
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(limits=limits, timeout=5) as http:
            call = asyncio.create_task(package.AsyncClient(url, key=KEY, http=http).get_order(1))
            await asyncio.sleep(0.2)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            client = package.AsyncClient(then, key=KEY, http=http, timeout=5)
            return (await client.get_order(1)).id

    with venue(ORDER) as then:
        if where == "before the answer":
            with venue(Answer(silent=True)) as here:
                assert 1 == asyncio.run(run(here.url, then.url))
        else:
            with trickling(*[b" "] * 300, pause=0.01) as trickle:
                assert 1 == asyncio.run(run(trickle.url, then.url))


def test_models_are_used_first_by_many_threads(
    client_of: Callable[..., Any], tmp_path: Any
) -> None:
    """Pydantic 2.11 to 2.13 returned values that were not validated."""
    properties = "".join(f", p{n}: {{$ref: '#/components/schemas/Part{n}'}}" for n in range(20))
    parts = "".join(
        f"\n    Part{n}: {{type: object, properties: {{when: {{type: string, format: date-time}},"
        f" next: {{$ref: '#/components/schemas/Part{(n + 1) % 20}'}}}}}}"
        for n in range(20)
    )
    text = f"""
openapi: 3.1.0
info: {{title: Many, version: '1'}}
servers: [{{url: https://many.example}}]
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          description: All
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/All'}}}}}}
components:
  schemas:
    All: {{type: object, properties: {{id: {{type: integer}}{properties}}}}}{parts}
"""
    body = {f"p{n}": {"when": "2026-01-31T09:30:00Z", "next": {"next": {}}} for n in range(20)}
    package, barrier = client_of(text), threading.Barrier(12)

    def use(_: int) -> set[str]:
        barrier.wait()
        data = client.a()
        kinds = {type(getattr(data, f"p{n}")).__name__ for n in range(20)}
        return kinds | {type(data.p0.when).__name__, type(data.p19.next.next).__name__}

    with (
        venue(Answer.json(200, body)) as here,
        package.Client(here.url, timeout=60) as client,
        ThreadPoolExecutor(12) as threads,
    ):
        found = list(threads.map(use, range(12)))
    assert [{f"Part{n}" for n in range(20)} | {"datetime", "Part1"}] * 12 == found


# Answers that cannot be read.


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>"),
        Answer(200, b"{"),
        Answer(200, b""),
        Answer(200, b"garbage", {"Content-Encoding": "gzip"}),
        Answer(200, b'{"id": 1', {"Content-Type": "application/json"}, cut=True),
        Answer(200, b"\xff\xfe\x00"),
        Answer(200, b"[" * 5000),
    ],
    ids=["html", "half", "none", "no gzip", "cut", "no text", "deep"],
)
def test_a_success_that_cannot_be_read_has_come(
    package: Package, call: Call, answer: Answer
) -> None:
    with venue(answer) as here, pytest.raises(package.InvalidBody) as caught:
        call(package, here.url, lambda c: c.get_order(1), key=KEY)
    assert 200 == caught.value.status
    assert answer.body == caught.value.response.content


@pytest.mark.parametrize(
    "answer",
    [
        Answer(422, b"<html>"),
        Answer(422, b""),
        Answer(422, b"garbage", {"Content-Encoding": "gzip"}),
        Answer(422, b'{"why"', cut=True),
        Answer(422, b'{"why": 7}'),
        Answer(422, b"[" * 5000),
    ],
    ids=["html", "none", "no gzip", "cut", "misfit", "deep"],
)
def test_no_body_hides_an_error(package: Package, call: Call, answer: Answer) -> None:
    with venue(answer) as here, pytest.raises(package.Unprocessable) as caught:
        call(package, here.url, lambda c: c.change_order(1, body={}), key=KEY)
    assert caught.value.body is None
    assert answer.body == caught.value.response.content


def test_what_fits_of_nested_models(package: Package, call: Call) -> None:
    body = {
        "id": "x",
        "legs": [{"price": 1}, {"price": "a"}, 5, {"order": {"id": 2, "best": {}}}],
        "best": {"price": None},
        "by_name": {"a/b": {"price": 3}, "c": {"price": []}},
    }
    with venue(Answer.json(200, body)) as here:
        reply = call(package, here.url, lambda c: c.raw.get_order(1), key=KEY, lenient=True)
    data = reply.data
    assert ("x", 1, "a", 5) == (data.id, data.legs[0].price, data.legs[1].price, data.legs[2])
    assert (2, None) == (data.legs[3].order.id, data.legs[3].order.best.price)
    assert 3 == data.by_name["a/b"].price
    assert {
        "/id", "/legs/1/price", "/legs/2", "/legs/3/price", "/legs/3/order/best/price",
        "/best/price", "/by_name/c/price",
    } == {problem.pointer for problem in reply.problems}  # fmt: skip


# Logs.


def test_a_client_logs_what_it_did(
    package: Package, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, package.__name__)
    with venue(Answer(503, headers={"Retry-After": "0"}), ORDER) as here:
        call(package, here.url, lambda c: c.get_order(987654), key=KEY, retry=package.Retry())

    found = [r.getMessage() for r in caplog.records if r.name == package.__name__]
    assert ["GET /orders/{id}: 503", "GET /orders/{id}: 200"] == [m.split(" in ")[0] for m in found]
    assert all(message.endswith(" s") for message in found)


SECRETS = (KEY, "t0ken-s3cr3t", "p1n-s3cr3t", "0tp-s3cr3t")


@pytest.mark.parametrize("answer", [Answer(204), Answer(503), Answer(500), Answer(silent=True)])
def test_no_secret_is_logged_or_raised(
    package: Package, call: Call, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with venue(answer) as here:
        try:
            reply = call(
                package,
                here.url,
                lambda c: c.raw.reset(SECRETS[1], pin=SECRETS[2], x_otp=SECRETS[3]),
                key=KEY,
                timeout=0.3,
            )
            shown += [repr(reply), repr(reply.http.request), str(reply.http.url)]
        except package.Error as error:
            shown += [repr(error), str(error), repr(error.__cause__)]
            response = getattr(error, "response", None)
            if response is not None:
                shown += [repr(response), repr(response.request), str(response.url)]

    assert f"/reset/{SECRETS[1]}" == here.sent[0].path
    assert f"pin={SECRETS[2]}&key={KEY}" == here.sent[0].query
    text = "\n".join([*shown, *(record.getMessage() for record in caplog.records)])
    assert "/reset/" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_a_refused_argument_is_not_shown(package: Package, call: Call) -> None:
    with venue(Answer(204)) as here:
        with pytest.raises(package.InvalidRequest) as caught:
            call(
                package,
                here.url,
                lambda c: c.change_order(1, body={"password": "s3cr3t" * 9}),
                key=KEY,
            )
        assert [] == here.sent
    assert "password" in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


# The caller's own code on the way: docs/middleware.md.


def test_a_transport_and_hooks_see_each_try(package: Package, waits: list[float]) -> None:
    seen: list[str] = []

    class Counted(httpx.BaseTransport):
        def __init__(self, inner: httpx.BaseTransport) -> None:
            self.inner = inner

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append("transport")
            request.headers["X-Trace"] = str(len(seen))
            return self.inner.handle_request(request)

        def close(self) -> None:
            self.inner.close()

    hooks = {
        "request": [lambda request: seen.append(request.method)],
        "response": [lambda response: seen.append(str(response.status_code))],
    }
    transport = Counted(httpx.HTTPTransport())
    with (
        venue(Answer(503), ORDER) as here,
        httpx.Client(transport=transport, event_hooks=hooks, headers={"X-Desk": "1"}) as http,
    ):
        client = package.Client(here.url, key=KEY, http=http)
        assert 1 == client.get_order(1).id
        client.close()
        assert not http.is_closed

    assert ["GET", "transport", "503", "GET", "transport", "200"] == seen
    assert ["2", "5"] == [sent.value("X-Trace") for sent in here.sent]
    assert ["1", "1"] == [sent.value("X-Desk") for sent in here.sent]
    assert 1 == len(waits)


def test_a_transport_answers_without_a_network(package: Package) -> None:
    http = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"id": 3}))
    )
    with http:
        assert 3 == package.Client(key=KEY, http=http).get_order(3).id


# A head that comes piece by piece, and steps that each take their time.


def test_a_head_that_never_ends_is_left_at_the_deadline(package: Package, call: Call) -> None:
    lines = [f"X-Line-{number}: {number}" for number in range(60)]
    options, retry = {"key": KEY, "timeout": 60.0}, package.Retry(deadline=1)
    with trickling(b'{"id": 1}', media="application/json", headers=lines, head_pause=0.05) as here:
        with pytest.raises(package.TransportError) as caught:
            call(package, here.url, lambda c: c.get_order(1), retry=retry, **options)
        assert here.hung_up.wait(5)
        other = call(package, here.url, lambda c: c.raw.get_order(1), **options)
    assert caught.value.may_have_taken_effect
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)
    assert "59" == other.headers["X-Line-59"]
    assert 2 == len(here.requests)


def test_each_step_of_a_try_has_what_is_left_of_the_deadline(package: Package) -> None:
    asked: list[dict[str, float]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        timeouts = request.extensions["timeout"]
        for seconds in (0.0, 0.2, 0.4):
            time.sleep(seconds and 0.2)
            asked.append(
                {name: timeouts.get(name) for name in ("connect", "read", "write", "pool")}
            )
        return httpx.Response(200, json={"id": 1})

    http_type = {"Client": httpx.Client, "AsyncClient": httpx.AsyncClient}
    for name, type_ in http_type.items():
        http = type_(transport=httpx.MockTransport(answer))
        options = {"http": http, "key": KEY, "timeout": httpx.Timeout(60.0, connect=0.1, pool=None)}
        client = getattr(package, name)("http://t", retry=package.Retry(deadline=30), **options)
        found = client.get_order(1)
        assert 1 == (asyncio.run(_awaited(found)) if name == "AsyncClient" else found).id

    for first, second, third in (asked[:3], asked[3:]):
        assert 0.1 == first["connect"] == third["connect"]
        for name in ("read", "write", "pool"):
            assert 30 >= first[name] >= second[name] + 0.2 >= third[name] + 0.4


async def _awaited(found: Any) -> Any:
    return await found
