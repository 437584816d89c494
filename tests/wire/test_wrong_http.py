"""An HTTP client of the other kind is refused before it can send anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..clients.loopback import Answer, venue
from ..making import exchange


@pytest.mark.parametrize("name", ["Client", "AsyncClient"])
def test_the_other_kind_of_http_client_is_refused(make: Callable[..., Any], name: str) -> None:
    package = make(exchange("", method="delete"))
    other: Any = {"Client": httpx.AsyncClient, "AsyncClient": httpx.Client}[name]()

    with venue(Answer(204)) as here:
        with pytest.raises(TypeError, match=rf"http must be of .*httpx\.{name}"):
            getattr(package, name)(here.url, http=other)
        assert [] == here.sent


def test_one_that_extends_it_is_taken(make: Callable[..., Any]) -> None:
    class Own(httpx.Client):
        pass

    package = make(exchange(""))
    with venue(Answer.json(200, {})) as here, Own() as http:
        package.Client(here.url, http=http).a()
    assert ["/a"] == [sent.path for sent in here.sent]
