"""Drift: every rule in both directions, meaning against spelling, and one finding a cause."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from venuekit.assembly import assemble
from venuekit.diagnostics import Report
from venuekit.drift import RULES, Finding, Missing, are_of_one_api, compare, rules_page
from venuekit.extraction import extract
from venuekit.sources import Map, read

from .corpus.documents import CORPUS, documents
from .corpus.spellings import SPELLINGS as CORPUS_SPELLINGS
from .corpus.spellings import differences, document_of

ROOT = Path(__file__).parents[1]


def test_the_page_explains_the_rules() -> None:
    assert rules_page() == (ROOT / "docs" / "drift-rules.md").read_text()


def test_ids_are_readable() -> None:
    assert all(id.replace("-", "").isalpha() and id.islower() for id in RULES)


CASES = ROOT / "tests" / "cases" / "drift"


def document(path: Path) -> Map:
    report = Report()
    page = extract(path.name, path.read_bytes(), report)
    assert page is not None, list(report)
    found = assemble((page,), (), report)
    assert found is not None, list(report)
    return found


def shown(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [
        {
            **{
                key: getattr(f, key) for key in ("rule", "wire", "source", "direction", "component")
            },
            "operations": list(f.operations),
            "pointer": f.pointer,
            "places": f"{f.old_place} {f.new_place}",
            "values": [f.old, f.new],
            "message": f.message,
        }
        for f in findings
    ]


@pytest.mark.parametrize("case", sorted(p.name for p in CASES.iterdir()))
def test_case(case: str, update: bool) -> None:
    """A change and its reverse: what is found, where, and whom it breaks."""
    folder = CASES / case
    old, new = document(folder / "old.yaml"), document(folder / "new.yaml")
    noted = folder / "missing.json"
    entries = json.loads(noted.read_text()) if noted.exists() else []
    missing = [Missing(**entry) for entry in entries]
    forth = compare(old, new, missing=missing).findings
    found = {"forth": shown(forth), "back": shown(compare(new, old).findings)}
    text = json.dumps(found, indent=1) + "\n"

    if update:
        (folder / "expected.json").write_text(text)
    assert (folder / "expected.json").read_text() == text
    assert case not in RULES or case in {f.rule for f in forth}


def test_every_rule_has_a_case() -> None:
    assert set() == RULES.keys() - {path.name for path in CASES.iterdir()}


# Spelling is no change.

SPELLED = """\
openapi: 3.0.3
info: {title: Paper, version: '1'}
servers: [{url: 'https://paper.example'}]
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      operationId: replaceOrder
      requestBody: {required: true, content: &order {application/json: {schema:
        {$ref: '#/components/schemas/Order'}}}}
      responses: {'200': {description: Done, content: *order}}
components:
  schemas:
    Order:
      type: object
      required: [side, legs]
      properties:
        side: {type: string, enum: [buy, sell]}
        price: {type: string, format: decimal, nullable: true}
        size: {type: integer, minimum: 0, exclusiveMinimum: true}
        kind: {type: string, enum: [market]}
        parent: {allOf: [{$ref: '#/components/schemas/Order'}], nullable: true}
        legs: {type: array, items: {$ref: '#/components/schemas/Leg'}}
    Leg:
      allOf:
        - {type: object, required: [symbol], properties: {symbol: {type: string}}}
        - {type: object, properties: {ratio: {type: number, default: 1}}}
"""


def changed(*changes: tuple[str, str]) -> str:
    text = SPELLED
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


SPELLINGS = {
    "prose": changed(
        ("title: Paper", "title: Paper, description: For tests"),
        ("operationId: replaceOrder", "operationId: replaceOrder\n      summary: Replace"),
        ("type: string, enum: [buy", "type: string, x-readme-order: 1, example: buy, enum: [buy"),
        ("version: '1'", "version: '2'"),
    ),
    "required in another order": changed(("[side, legs]", "[legs, side]")),
    "values in another order": changed(("[buy, sell]", "[sell, buy]")),
    "parameters of the operation": changed(
        ("    parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n", ""),
        (
            "      operationId",
            """      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      operationId""",
        ),
    ),
    "allOf merged": changed(
        (
            """      allOf:
        - {type: object, required: [symbol], properties: {symbol: {type: string}}}
        - {type: object, properties: {ratio: {type: number, default: 1}}}
""",
            """      type: object
      required: [symbol]
      properties: {symbol: {type: string}, ratio: {type: number, default: 1}}
""",
        )
    ),
    "3.1": changed(
        ("3.0.3", "3.1.0"),
        (
            "type: string, format: decimal, nullable: true",
            "type: [string, 'null'], format: decimal",
        ),
        ("minimum: 0, exclusiveMinimum: true", "exclusiveMinimum: 0"),
        (
            "{allOf: [{$ref: '#/components/schemas/Order'}], nullable: true}",
            "{oneOf: [{$ref: '#/components/schemas/Order'}, {type: 'null'}]}",
        ),
        ("{type: string, enum: [buy, sell]}", "{oneOf: [{const: buy}, {const: sell}]}"),
    ),
    "null as a branch": changed(
        ("3.0.3", "3.1.0"),
        (
            "{type: string, format: decimal, nullable: true}",
            "{anyOf: [{type: string, format: decimal}, {type: 'null'}]}",
        ),
        ("minimum: 0, exclusiveMinimum: true", "exclusiveMinimum: 0"),
    ),
    "one branch": changed(
        ("{$ref: '#/components/schemas/Leg'}", "{oneOf: [{$ref: '#/components/schemas/Leg'}]}")
    ),
}


def parsed(text: str) -> Map:
    found = read(text, "openapi.yaml", Report())
    assert isinstance(found, Map)
    return found


def api(title: str, server: str, *paths: str, prefix: str = "") -> Map:
    listed = "".join(
        f"  {prefix}{p}: {{get: {{responses: {{'200': {{description: Done}}}}}}}}\n" for p in paths
    )
    head = f"openapi: 3.1.0\ninfo: {{title: {title}, version: '1'}}\n"
    return parsed(f"{head}servers: [{{url: '{server}'}}]\npaths:\n{listed}")


PATHS = ("/orders", "/orders/{id}", "/fills", "/account")


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (api("Paper", "https://other.example", "/health"), True),  # the title is the same
        (api("Paper API", "//a.example", "/health"), True),  # the host is the same
        (api("Paper API", "/v2", *PATHS[:1]), True),  # no host says otherwise
        (api("Paper API", "/v2", "/health"), False),
        (api("Paper API", "https://b.example", *PATHS[:3], "/health", "/time"), True),
        (api("Paper API", "https://b.example/v1", *PATHS), True),
        (api("Paper API", "https://b.example", *PATHS, prefix="/v1"), False),
        (api("Paper API", "https://b.example", *PATHS[:2]), False),  # which may be by chance
    ],
)
def test_one_api_is_known_by_its_title_its_host_or_its_operations(new: Map, expected: bool) -> None:
    assert expected == are_of_one_api(api("Paper", "https://a.example", *PATHS), new)


def test_what_moved_between_server_and_paths_is_the_same_api() -> None:
    old = api("Paper", "https://a.example/v1", *PATHS)

    assert are_of_one_api(old, api("Paper API", "https://b.example", *PATHS, prefix="/v1"))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spelling_is_no_change(spelling: str) -> None:
    old, new = parsed(SPELLED), parsed(SPELLINGS[spelling])

    assert [] == shown(compare(old, new).findings)
    assert [] == shown(compare(new, old).findings)


def test_json_is_yaml() -> None:
    text = json.dumps(parsed(SPELLED))

    assert () == compare(parsed(SPELLED), parsed(text)).findings


def test_an_inline_schema_may_become_a_component() -> None:
    inline = "{type: object, properties: {ratio: {type: number}}}"
    kind = "kind: {type: string, enum: [market]}"
    old = parsed(changed((kind, f"extra: {inline}")))
    reference = "extra: {$ref: '#/components/schemas/Extra'}"
    new = parsed(changed((kind, reference)) + f"    Extra: {inline}\n")

    found = compare(old, new).findings

    assert {("component-added", "ok", "ok"), ("class-renamed", "ok", "breaking")} == {
        (f.rule, f.wire, f.source) for f in found
    }


def test_one_cause_is_one_finding() -> None:
    """A property of a schema that 151 operations use is added once."""
    reply = "{'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}"
    paths = "".join(
        f"  /{n}: {{get: {{operationId: get{n}, responses: {reply}}}}}\n" for n in range(151)
    )
    schema = "components: {schemas: {Order: {type: object, properties: {id: {type: string}%s}}}}\n"
    text = f"openapi: 3.1.0\ninfo: {{title: Paper, version: '1'}}\npaths:\n{paths}{schema}"
    old, new = parsed(text % ""), parsed(text % ", price: {type: string}")

    [finding] = compare(old, new).findings

    assert "Order" == finding.component
    assert 151 == len(finding.operations)


def test_a_name_that_the_path_spells_otherwise_is_that_of_the_parameter() -> None:
    """To put the path right changes no argument."""
    text = """
openapi: 3.1.0
info: {title: Paper, version: '1'}
paths:
  /v1/{name=shelves/*}/%s:
    get:
      operationId: get
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: book_id, in: path, required: true, schema: {type: integer}}
      responses: {'204': {description: done}}
"""
    old, new = parsed(text % "{bookId}"), parsed(text % "{book_id}")

    assert {"operation-moved"} >= {found.rule for found in compare(old, new).findings}
    assert all(found.source != "breaking" for found in compare(old, new).findings)


def test_a_fingerprint_outlives_other_changes() -> None:
    old = parsed(SPELLED)
    change = ("price: {type: string,", "price: {type: integer,")
    [one] = compare(old, parsed(changed(change))).findings
    more = compare(old, parsed(changed(change, ("/orders/{id}", "/v2/orders/{id}")))).findings

    assert one.fingerprint in {f.fingerprint for f in more}


# Documents of the corpus: `python -m tests.corpus.spellings` takes all of them.

SAMPLE = (
    "real/nowpayments/nowpayments.yaml",
    "real/zenofm/zenofm.yaml",
    "suites/aiopenapi3/paths-requestbody-formdata-wtforms.yaml",
    "suites/oapi-codegen/internal/test/schemas/objects/spec.yaml",
    "suites/ogen/_testdata/positive/type_extension.yml",
    "suites/openapi-generator-fork/3_0/allOf_nullable.yaml",
    "suites/progenitor/propolis-server.json",
    "suites/readme-oas-examples/3.0/json/complex-nesting.json",
)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this repository")
@pytest.mark.parametrize("spelling", CORPUS_SPELLINGS)
def test_nothing_differs_from_itself_in_other_words(spelling: str) -> None:
    entries = [entry for entry in documents() if entry.name in SAMPLE]
    assert len(SAMPLE) == len(entries)
    for entry in entries:
        found = document_of(entry)
        assert found is not None, entry.name
        assert [] == shown(differences(found, spelling)), entry.name


@pytest.mark.parametrize("spelling", CORPUS_SPELLINGS)
def test_a_difference_is_seen_in_other_words(spelling: str) -> None:
    """The spellings leave what is compared as it is."""
    other = CORPUS_SPELLINGS[spelling](parsed(changed(("enum: [buy, sell]", "enum: [buy]"))))

    assert other is not None
    assert any(f.rule == "enum-value-removed" for f in compare(parsed(SPELLED), other).findings)
