"""What is said of a text that no parser can read: where the slip is, and not where it shows."""

from __future__ import annotations

import gzip

import pytest

from venuekit.diagnostics import Place, Report
from venuekit.sources import decode, read

TEXT = """\
openapi: 3.0.3
info:
  title: Orders
  version: '1'
paths:
  /orders:
    get:
      tags: [orders]
      summary: "All: of them"
      operationId: listOrders
      parameters:
        - name: limit
          in: query
          schema:
            type: integer
            maximum: 5
        - name: status
          in: query
      responses:
        default: {description: Done}
"""


def said(text: str) -> tuple[int, int, str, str]:
    """Line, column, message and help of the only diagnostic."""
    report = Report()
    assert read(text, "f", report) is None
    [found] = report
    assert found.place is not None
    assert found.place.line is not None
    assert found.place.column is not None
    return found.place.line, found.place.column, found.message, found.help


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "message", "help"),
    [
        ("operationId: l", "operationId l", 10, 7, "no ': ' follows", "': '"),
        ("operationId: l", "operationId:l", 10, 7, "no ': ' follows", "': '"),
        ("[orders]", "[orders", 8, 13, "bracket that opens here", "add a ]"),
        ('them"', "them", 9, 16, "quote that opens here", 'add a "'),
        ('"All: of', "'One's", 9, 21, "behind the quote", "''"),
        ('"All: of them"', "All: of them", 9, 19, "not allowed", "quote a text"),
        ('"All: of them"', "*all", 9, 16, "no anchor is named 'all'", "quote a text"),
        ("      operationId", "        operationId", 10, 9, "by 8 spaces, and line 9", "keys"),
        ("            type", "          type", 16, 13, "than line 15", "alike"),
        ("        - name: s", "         - name: s", 17, 10, "expected '-'", "list alike"),
        ("        - name: s", "       - name: s", 17, 8, "expected key", "list alike"),
        ("      responses", "     responses", 19, 6, "by 5 spaces, and line 18", "keys"),
        ("      summary", "     \xa0summary", 9, 6, "U+00A0", "write a space"),
        ("title: Orders", "title:\u200bOrders", 3, 9, "U+200B", "remove it"),
        ("  /orders:", "  {orders}:", 6, 3, "single value", "quote a key"),
    ],
)
def test_the_slip_is_shown(
    right: str, wrong: str, line: int, column: int, message: str, help: str
) -> None:
    assert right in TEXT
    where = said(TEXT.replace(right, wrong, 1))

    assert (line, column) == where[:2], where
    assert message in where[2]
    assert help in where[3]


SIDES = "<<<<<<< HEAD\n{0}\n=======\n{1}\n>>>>>>> feature/names\n"


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("  title: Orders\n", SIDES.format("  title: Orders", "  title: All orders")),
        '{"info": {\n' + SIDES.format('"title": "Orders"', '"title": "All"') + "}}",
    ],
    ids=["yaml", "json"],
)
def test_a_conflict_of_a_merge_is_shown_at_its_first_mark(text: str) -> None:
    line, column, message, help = said(text)

    assert text.split("\n").index("<<<<<<< HEAD") + 1 == line
    assert 1 == column
    assert "a conflict of a merge is left here" in message
    assert "remove the three marks" in help


def test_marks_elsewhere_are_no_cause() -> None:
    marked = f"  description: |\n{SIDES.format('a', 'b')}".replace("\n", "\n    ").rstrip()
    text = TEXT.replace("  version: '1'\n", f"{marked}\n").replace("[orders]", "[orders")

    assert "the bracket that opens here" in said(text)[2]


@pytest.mark.parametrize(
    ("data", "message", "help"),
    [
        (TEXT.encode("utf-16"), "text in UTF-16", "UTF-8"),
        (TEXT.encode("utf-32"), "text in UTF-32", "UTF-8"),
        (gzip.compress(TEXT.encode()), "compressed by gzip", "decompress"),
        (b"PK\x03\x04\0\0", "a zip archive", "extract"),
    ],
)
def test_files_that_are_no_text_are_named(data: bytes, message: str, help: str) -> None:
    report = Report()

    assert decode(data, "f", report) is None
    [found] = report
    assert Place("f", 1, 1) == found.place
    assert message in found.message
    assert help in found.help
