"""Each case is a document, with a page of evidence or without, and what is said of it."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from venuekit.diagnostics import Report
from venuekit.documents import document_hash
from venuekit.extraction import Page, extract
from venuekit.reports import text
from venuekit.sources import Map, read
from venuekit.validation import dialect, slips, standard, validate
from venuekit.validation.prose import promised_statuses

CASES = Path(__file__).parent / "cases" / "validation"
SPECS = Path(__file__).parent.parent / "specs"


def document(written: str, file: str = "openapi.yaml") -> Map:
    report = Report()
    node = read(written, file, report)
    assert [] == list(report)
    assert isinstance(node, Map)
    return node


def said(node: Map, *pages: Page, known_valid: str | None = None) -> str:
    report = Report()
    validate(node, pages, report, known_valid=known_valid)
    return "".join(f"{text(diagnostic)}\n" for diagnostic in report)


def page_of(file: Path, shown: str) -> Page:
    report = Report()
    page = extract(shown, file.read_bytes(), report)
    assert page is not None
    return page


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_case(folder: Path, update: bool) -> None:
    node = document((folder / "openapi.yaml").read_text())
    pages = [page_of(file, file.name) for file in folder.glob("page.*")]

    found = said(node, *pages)

    expected = folder / "expected.txt"
    if update:
        expected.write_text(found)
    assert expected.read_text() == found


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_the_validator_walks_wherever_it_finds_anything(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = document((folder / "openapi.yaml").read_text())
    found = said(node)

    monkeypatch.setattr(standard, "is_walk_needed", lambda *_, **__: True)

    assert said(node) == found


def test_the_document_is_left_as_it_was() -> None:
    for folder in CASES.iterdir():
        node = document((folder / "openapi.yaml").read_text())
        before = json.dumps(node)
        said(node)
        assert before == json.dumps(node)


def test_the_page_of_deltadefi_names_an_undefined_scheme() -> None:
    file = "specs/deltadefi/pages/cancel-all-orders.md"
    page = page_of(SPECS.parent / file, file)

    found = said(page.fragments[0].document)

    assert (
        f"{file}:6:88: warning[VK204]: security scheme 'ApiKeyAuth' is used but never defined\n"
        "  help: define it in specs/deltadefi/overlay.yaml under components.securitySchemes\n"
    ) in found


def test_the_page_of_clear_street_agrees_with_its_document() -> None:
    node = document((SPECS / "clear_street" / "openapi.yaml").read_text())
    pages = [page_of(file, file.name) for file in (SPECS / "clear_street" / "pages").iterdir()]

    assert all(page.evidence for page in pages)
    assert "" == said(node, *pages)


def test_a_pointer_leads_to_what_is_wrong() -> None:
    node = document((CASES / "examples_that_do_not_fit" / "openapi.yaml").read_text())
    report = Report()

    validate(node, (), report)

    pointers = {found.place.pointer for found in report if found.place}
    assert "/components/schemas/Order/x-examples/second" in pointers
    assert "/paths/~1orders/get/parameters/0/example" in pointers


def test_what_is_known_to_be_valid_is_not_judged_again() -> None:
    node = document((CASES / "departures_from_the_standard_3_0" / "openapi.yaml").read_text())

    assert "VK203" in said(node)
    assert "VK203" in said(node, known_valid="another")
    assert 1 == said(node, known_valid=document_hash(node)).count("VK203")


def test_what_the_standard_lets_through_is_said_of_what_it_accepts() -> None:
    """A build of ours that looked for less may have recorded that the document is valid."""
    node = document(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://t.example'}]\n"
        "paths: {}\ncomponents: {schemas: {A: {type: object, requierd: [b]}}}\n"
    )

    assert "call it 'required'" in said(node)
    assert said(node) == said(node, known_valid=document_hash(node))


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    one, other = document('{"a": 1, "b": [2, "é"]}'), document('{"b": [2, "é"], "a": 1}')

    assert document_hash(one) == document_hash(other)
    assert document_hash(one) != document_hash(document('{"a": 1, "b": ["é", 2]}'))


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    node = document(
        """
        openapi: 3.1.0
        info: {title: API, version: '1'}
        jsonSchemaDialect: http://localhost:9/dialect
        paths:
          /a: {$ref: 'http://localhost:9/item.json'}
        components:
          schemas:
            A: {$schema: 'http://localhost:9/schema', $id: 'http://localhost:9/a', example: 1}
            B: {$ref: 'http://localhost:9/b.json', example: 1}
            C: {$dynamicRef: 'http://localhost:9/c.json', type: string, example: 1}
        """
    )

    found = said(node)

    assert "VK206" in found
    assert "VK230" in found


def test_many_examples_are_judged_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also beside schemas that cannot be compiled, and below those that are rewritten."""
    schemas = [
        f"    S{n}: {{type: integer, example: {'wrong' if n % 7 == 0 else n}}}" for n in range(150)
    ]
    odd = """
    Bad: {type: string, pattern: '(?<=a+)b', example: 1}
    Far: {properties: {x: {$ref: 'other.yaml#/X'}}, example: {x: 1}}
    Null: {nullable: true, oneOf: [{type: string, example: 1}, {type: integer, example: a}]}
    Big: {type: integer, example: 123456789012345678901234567890}
    Read: {required: [a], properties: {a: {readOnly: true, type: string}}, example: {}}"""
    text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
    node = document(text + "\n".join(schemas) + odd)
    together = said(node)

    monkeypatch.setattr(
        dialect.Schemas,
        "all_misfits",
        lambda self, asked: [dialect.Schemas.misfits(self, *one) for one in asked],
    )

    assert 22 <= together.count("VK230")
    assert said(node) == together


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "^(a|a)*$", "(?=(a+)+$)b", "(?<", "[", "a{1,9999}{1,9999}"]
)
def test_patterns_are_tried_without_harm(pattern: str) -> None:
    node = document(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "API", "version": "1"},
                "components": {
                    "schemas": {
                        "A": {"type": "string", "pattern": pattern, "example": "a" * 50 + "!"}
                    }
                },
            }
        )
    )

    assert "VK209" not in said(node)


def test_alternatives_that_multiply_are_not_listed() -> None:
    value: object = {"wrong": 1}
    for _ in range(100):
        value = {"next": value}
    again = {"$ref": "#/components/schemas/A"}
    schema = {"properties": {"next": {"anyOf": [again, again]}, "wrong": False}, "example": value}
    node = {"openapi": "3.1.0", "info": {"title": "API", "version": "1"}}

    found = said(document(json.dumps({**node, "components": {"schemas": {"A": schema}}})))

    assert "it fits none of its many alternatives" in found


@pytest.mark.parametrize(
    "broken",
    [
        '{"openapi": "3.1.0"}',
        '{"openapi": 3.1, "info": null, "paths": null, "components": {"schemas": null}}',
        '{"openapi": "3.0.0", "paths": {"/a": null, "b": [], "/c": {"get": 1, "parameters": {}}}}',
        '{"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [1], "responses": []}}}}',
        '{"openapi": "3.1.0", "components": {"schemas": {"A": 1, "B": {"$ref": 1}, "C": null}}}',
        '{"openapi": "3.1.0", "components": {"schemas": {"A": {"type": {}, "enum": 1}}}}',
        '{"openapi": "3.1.0", "components": {"schemas": {"A": {"format": {}, "required": {}}}}}',
        '{"openapi": "3.2.0", "paths": {"/a": {"additionalOperations": {"COPY": 1}}}, "tags": [1]}',
        '{"openapi": "3.1.0", "paths": {}, "security": [1, {"A": 1}], "servers": [1, {"url": 2}]}',
        '{"openapi": {"a": 1}}',
    ],
)
def test_odd_documents_are_told_so(broken: str) -> None:
    assert "VK2" in said(document(broken))


@pytest.mark.parametrize(
    ("prose", "statuses"),
    [
        ("the server will respond with status 422, and reject the request", [422]),
        ("Upon acceptance of the cancel request, it returns status 204.", [204]),
        ("Returns `404 Not Found` if it is gone, a 429 error if you are too fast", [404, 429]),
        ("HTTP status code 401 or 403", [401, 403]),
        ("status code: 400", [400]),
        ("order status 200", []),
        ("returns 100 orders", []),
        ("Returns up to 500 items. At most 200 of them", []),
        ("This will not return 404", []),
        ("Returns 202 instead of status 200", [202]),
        ("The target must respond with a 200 OK", []),
        ("costs 429", []),
    ],
)
def test_statuses_that_prose_promises(prose: str, statuses: list[int]) -> None:
    assert statuses == promised_statuses(prose)


def test_a_list_of_no_paths_loses_nothing() -> None:
    """PHP writes an empty object as a list."""
    empty = document(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: []\n"
        "components: {schemas: {Order: {type: object}}}\n"
    )

    assert "openapi.yaml:3:1: warning[VK203]: 'paths' must be an object" in said(empty)
    assert "error" not in said(empty)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("fromat", "format"),
        ("formt", "format"),
        ("propertys", "properties"),
        ("minimal", "minimum"),
        ("read_only", "readOnly"),
        ("form", ""),
        ("forms", ""),
        ("unit", ""),
        ("x-format", ""),
    ],
)
def test_a_word_of_ones_own_is_no_slip(word: str, meant: str) -> None:
    assert meant == slips.meant(word, in_schema=True)


def test_what_a_version_does_not_have_is_not_meant() -> None:
    assert "const" == slips.meant("cost", in_schema=True, version="3.1")
    assert not slips.meant("cost", in_schema=True, version="3.0")
    assert "example" == slips.meant("exampels", in_schema=True, version="3.0")
    assert "examples" == slips.meant("exampels", version="3.0")
