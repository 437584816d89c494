"""Every operation, with every status that its document gives it, over the wire."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from openapi_core.exceptions import OpenAPIError

from .callers import CALLERS, Caller, Way, as_json, sync
from .judge import judge
from .loopback import HTML, Answer, Sent, venue
from .operations import OPERATIONS
from .test_errors import name_of, raised

# The documents have deprecated operations too.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")

DOCUMENTED = [(operation, status) for operation in OPERATIONS for status in operation.errors]


def identity(value: object) -> str | None:
    return f"{value.name}.{value.operation}" if isinstance(value, Caller) else None


def declared(caller: Caller) -> dict[str, Any]:
    """The operations of a client's document, by the name of their method."""
    document = json.loads(caller.document.read_text(encoding="utf-8"))
    made = json.loads(caller.document.with_name("provenance.json").read_text(encoding="utf-8"))
    return {
        operation["name"]: document["paths"][operation["path"]][operation["method"].lower()]
        for operation in made["operations"]
    }


@pytest.mark.parametrize("caller", CALLERS, ids=str)
def test_every_operation_is_called(caller: Caller) -> None:
    called = {operation.operation for operation in OPERATIONS if operation.name == caller.name}

    assert set(declared(caller)) == called


@pytest.mark.parametrize("operation", OPERATIONS, ids=identity)
def test_every_documented_status_is_tried(operation: Caller) -> None:
    tried = {str(status) for status in (operation.success.status, *operation.errors)}

    assert set(declared(operation)[operation.operation]["responses"]) == tried


@pytest.mark.parametrize(("operation", "status"), DOCUMENTED, ids=identity)
def test_a_documented_status_has_its_error_and_its_body(operation: Caller, status: int) -> None:
    error = raised(operation, sync, Answer.json(status, operation.errors[status]))

    assert name_of(status) == type(error).__name__
    assert operation.error_model == type(error.body).__name__
    assert operation.errors[status] == as_json(error.body)


@pytest.mark.parametrize("operation", OPERATIONS, ids=identity)
def test_no_page_of_a_proxy_masks_a_status(operation: Caller) -> None:
    with httpx.Client() as http:
        for status in operation.errors:
            error = raised(
                operation, sync, Answer(status, b"<html>gateway</html>", HTML), http=http
            )
            assert (name_of(status), None) == (type(error).__name__, error.body)


@pytest.mark.parametrize("operation", OPERATIONS, ids=identity)
def test_every_request_passes_the_judge(operation: Caller, way: Way) -> None:
    with venue(operation.success) as here:
        way(operation, here.url)
    (sent,) = here.sent

    judge(operation.document, sent)
    if not operation.public:
        with pytest.raises(OpenAPIError):
            judge(operation.document, Sent(sent.method, sent.target, (), sent.body))


@pytest.mark.parametrize("operation", OPERATIONS, ids=identity)
def test_every_success_is_read_without_loss(operation: Caller, way: Way) -> None:
    with venue(operation.success) as here:
        reply = way(operation, here.url)
    body = operation.success.body

    assert (json.loads(body) if body else None) == as_json(reply.data)
    assert [] == list(reply.problems)
