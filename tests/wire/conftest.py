"""What the tests on the wire share: clients made once a module, and both ways to call them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, Sent, venue
from ..making import make_client

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def client_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Make a client of a document beside the tests, or of a text; each once a module."""
    made: dict[str, Any] = {}
    folder = tmp_path_factory.mktemp("made")

    def client(document: str, **settings: Any) -> Any:
        if document not in made:
            path = HERE / document
            text = path.read_text() if document.endswith(".yaml") else document
            made[document] = make_client(text, folder, **settings)
        return made[document]

    return client


Call = Callable[..., Any]


def _sync(package: Any, url: str, use: Callable[[Any], Any], **options: Any) -> Any:
    with package.Client(url, **{"retry": package.NO_RETRY, "timeout": 5.0, **options}) as client:
        return use(client)


def _unsync(package: Any, url: str, use: Callable[[Any], Any], **options: Any) -> Any:
    async def call() -> Any:
        settings = {"retry": package.NO_RETRY, "timeout": 5.0, **options}
        async with package.AsyncClient(url, **settings) as client:
            return await use(client)

    return asyncio.run(call())


@pytest.fixture(params=[_sync, _unsync], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Call:
    """Call through both clients: `call(package, url, lambda client: client.raw.some())`."""
    return request.param


def sent_by(package: Any, call: Call, use: Callable[[Any], Any], **options: Any) -> Sent:
    """The only request of a call, which is answered with 204."""
    with venue(Answer(204)) as here:
        call(package, here.url, use, **options)
    (sent,) = here.sent
    return sent


def refused_by(package: Any, call: Call, match: str, use: Callable[[Any], Any]) -> None:
    """Expect an `InvalidRequest` that says this, and that nothing was sent."""
    with venue(Answer(204)) as here, pytest.raises(package.InvalidRequest, match=match):
        call(package, here.url, use)
    assert [] == here.sent
