"""The five clients against mocks of their own documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from venuekit.diagnostics import Report
from venuekit.mocking import serving
from venuekit.sources import Map, read_json

from .callers import CALLERS, Caller, Way, sync
from .loopback import venue
from .operations import OPERATIONS
from .test_operations import identity

# The documents have deprecated operations too.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    """The mocks of all clients, by the clients' names."""
    with ExitStack() as stack:
        found: dict[str, str] = {}
        for caller in CALLERS:
            document = read_json(caller.document.read_text(), "openapi.json", Report())
            assert isinstance(document, Map)
            found[caller.name] = stack.enter_context(serving(document)).url
        yield found


def homes(data: object) -> set[str]:
    """Where the classes are from that data is made of, or the items of a list."""
    return {type(item).__module__ for item in (data if isinstance(data, list) else [data])}


@pytest.mark.parametrize("operation", OPERATIONS, ids=identity)
def test_every_operation_gets_a_typed_answer(
    operation: Caller, way: Way, urls: dict[str, str]
) -> None:
    with venue(operation.success) as here:
        expected = way(operation, here.url)
    reply = way(operation, urls[operation.name])

    assert reply.status == operation.success.status
    assert reply.problems == ()
    assert homes(reply.data) == homes(expected.data)
    assert (reply.data is None) == (expected.data is None)


@pytest.mark.parametrize("caller", CALLERS, ids=str)
def test_a_caller_without_credentials_is_refused(caller: Caller, urls: dict[str, str]) -> None:
    package = caller.package
    settings = {"retry": package.NO_RETRY, "authenticate": False}
    with (
        package.Client(urls[caller.name], **settings) as client,
        pytest.raises((package.StatusError, package.UnexpectedStatus)) as caught,
    ):
        getattr(client, caller.operation)(*caller.arguments, **caller.options)

    assert caught.value.response.status_code == 401
    assert json.loads(caught.value.response.content)["errors"][0]["in"] == "credentials"


def test_a_mock_keeps_nothing(urls: dict[str, str]) -> None:
    caller = CALLERS[0]
    first, second = (sync(caller, urls[caller.name]) for _ in range(2))

    assert first.data == second.data
