"""What stands beside its place has one diagnostic, which says where it belongs."""

from __future__ import annotations

import pytest

from venuekit.assembly import assemble
from venuekit.diagnostics import Report
from venuekit.extraction import extract
from venuekit.validation import validate

TEXT = """\
openapi: VERSION
info:
  title: Orders
  version: '1'
servers:
  - url: https://t.example
security:
  - key: []
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - name: limit
          in: query
          schema:
            type: integer
            maximum: 9
      responses:
        '200':
          description: Done
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Orders'
  /orders/all:
    delete:
      operationId: deleteOrders
      responses:
        '204':
          description: Done
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Orders:
      type: array
      items: {type: string}
"""


def said(text: str, version: str) -> list[str]:
    report = Report()
    page = extract("f", text.replace("VERSION", version).encode(), report)
    assert page is not None
    document = assemble((page,), (), report)
    assert document is not None
    validate(document, (page,), report)
    return [f"{d.place.line if d.place else 0} {d.message}; {d.help}" for d in report]


def less(text: str, after: str, until: str = "\0") -> str:
    """The text with two spaces less before each line behind one, to another or to the end."""
    before, found, rest = text.partition(after)
    assert found
    inside, end, behind = rest.partition(until)
    moved = "".join(line.removeprefix("  ") for line in inside.splitlines(keepends=True))
    return before + found + moved + end + behind


def more(text: str, first: str, until: str) -> str:
    """The text without what stands before the first of some lines, which are two spaces in."""
    before, found, rest = text.partition(first)
    inside, end, behind = rest.partition(until)
    assert found
    assert end
    moved = "".join(f"  {line}" for line in (found + inside).splitlines(keepends=True))
    return before.partition("servers:")[0] + moved + end + behind


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        (less(TEXT, "\ninfo:\n", "servers"), "2 'info' holds nothing", "indent"),
        (less(TEXT, "\npaths:\n", "\ncomp"), "9 'paths' holds nothing", "in 'paths' further"),
        (less(TEXT, "\n    get:\n", "  /orders/a"), "11 'get' holds nothing", "in 'get'"),
        (less(TEXT, "      schema:\n", "      resp"), "16 'schema' holds nothing", "indent"),
        (less(TEXT, "    content:\n", "  /orders/a"), "22 'content' holds nothing", "indent"),
        (less(TEXT, "\ncomponents:\n"), "32 'components' holds nothing", "indent"),
        (less(TEXT, "\n  schemas:\n"), "35 'schemas' holds nothing; what", "indent"),
        (TEXT.replace("\n  /orders/all", "\n/orders/all"), "26 the document has '/orders/all'",
         "belongs into 'paths'"),
        (TEXT.replace("\ncomponents:", "\n  components:"), "32 'components' is no path",
         "indent it less"),
        (more(TEXT, "paths:", "\ncomp"), "5 'info' has 'paths'", "indent it less"),
        (TEXT.replace("            maximum", "            max"), "18 schema", "call it 'maximum'"),
        (TEXT.replace("\npaths", "\npath"), "9 the document has 'path'", "call it 'paths'"),
        (TEXT.replace("\ncomponents", "\ncomponent"), "32 the document has 'component'",
         "call it 'components'"),
        (TEXT.replace("  schemas:", "  schema:"), "35 components 'components' has 'schema'",
         "call it 'schemas'"),
        (TEXT.replace("  schemas:", "  definitions:"), "35 components", "call it 'schemas'"),
        (TEXT.replace("  securityS", "  security_s"), "33 components", "'securitySchemes'"),
        (TEXT.replace("operationId: d", "\u200boperationId: d"), "28 operation 'delete'",
         "call it 'operationId'"),
        (TEXT.replace("  title", "  “title”"), "3 'info' has", "call it 'title'"),
        (TEXT.replace("query\n          schema:", "query\n          schemas:"), "16 parameter",
         "call it 'schema'"),
    ],
)  # fmt: skip
def test_one_cause_is_said_once(text: str, message: str, help: str, version: str) -> None:
    [found] = said(text, version)

    assert found.startswith(message)
    assert help in found


def test_what_is_in_its_place_is_no_cause() -> None:
    assert [] == said(TEXT, "3.1.0")
    [found] = said(TEXT.replace("    Orders:", "    Trades:"), "3.1.0")
    assert found.startswith("25 reference to '#/components/schemas/Orders'")


def test_a_response_has_its_schema_in_its_content() -> None:
    before, _, rest = TEXT.partition("          content:\n")
    text = before + rest.split("\n", 1)[1].replace("              ", "          ")
    [found] = said(text, "3.0.3")

    assert "put it into 'content', under its media type" in found


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("openApi: 3.0.3", "it has 'openApi', which is written 'openapi'"),
        ("openapi: [3.0.3]", "its 'openapi' names no version"),
    ],
)
def test_a_document_without_its_version_is_named(first: str, message: str) -> None:
    report = Report()

    assert extract("f.yaml", TEXT.replace("openapi: VERSION", first).encode(), report) is None
    assert [message] == [d.message.partition(": ")[2] for d in report]


@pytest.mark.parametrize("written", ["v3.0.3", "'3.0.3 '"])
def test_a_version_with_more_than_it_needs_is_read(written: str) -> None:
    [found] = said(TEXT, written)

    assert "'openapi' does not match" in found
