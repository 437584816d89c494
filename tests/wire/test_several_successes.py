"""Operations with several successes of which some arrive piece by piece, and some do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..clients.loopback import Answer, venue
from .conftest import Call

DOCUMENT = """
openapi: 3.1.0
info: {title: Several, version: "1"}
servers: [{url: https://several.example}]
paths:
  /events:
    get:
      operationId: watch
      responses:
        "200": {description: events, content: {text/event-stream: {schema: {type: string}}}}
        "201": &job
          description: later
          content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}
        "202": {description: words, content: {text/plain: {schema: {type: string}}}}
  /file:
    get:
      operationId: export
      responses:
        "200": {description: the file, content: {application/pdf: {}}}
        "201": *job
        "203": {description: words, content: {text/plain: {schema: {type: string}}}}
components:
  schemas:
    Job: {type: object, required: [job], properties: {job: {type: integer}}}
"""


@pytest.fixture
def package(client_of: Callable[..., Any]) -> Any:
    return client_of(DOCUMENT)


async def _texts(stream: Any) -> list[str]:
    return [event.data async for event in stream]


def _watched(client: Any) -> Any:
    stream = client.streamed.watch()
    return [e.data for e in stream] if hasattr(stream, "__next__") else _texts(stream)


OTHERS = [
    Answer.json(201, {"job": 7}),
    Answer(201, b'{"job": 7}', {"Content-Type": "application/vnd.venue"}),
]


@pytest.mark.parametrize("answer", [*OTHERS, Answer(202, b"soon", {"Content-Type": "text/plain"})])
def test_another_success_is_no_stream(package: Any, call: Call, answer: Answer) -> None:
    with venue(answer) as here:
        with pytest.raises(package.InvalidBody, match="no stream") as caught:
            call(package, here.url, _watched)
        assert answer.body == caught.value.response.content
        call(package, here.url, lambda client: client.watch())


@pytest.mark.parametrize("answer", OTHERS)
def test_another_success_is_no_file(
    package: Any, call: Call, answer: Answer, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    with venue(answer) as here:
        with pytest.raises(package.InvalidBody, match="not as a file") as caught:
            call(package, here.url, lambda client: client.streamed.export().save(path))
        assert 7 == call(package, here.url, lambda client: client.export()).job
    assert answer.body == caught.value.response.content
    assert not list(tmp_path.iterdir())


def test_every_medium_of_bytes_is_a_file(package: Any, call: Call, tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)  # as long as a name may be: what is unfinished has another
    answers = [Answer(200, b"%PDF"), Answer(203, b"text", {"Content-Type": "text/plain"})]
    with venue(*answers) as here:
        for answer in answers:
            call(package, here.url, lambda client: client.streamed.export().save(path))
            assert answer.body == path.read_bytes()
