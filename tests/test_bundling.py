"""A document and the files that it refers to become one document, with the places of each."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from venuekit.bundling import Folder, Library, bundle_page, refuse
from venuekit.diagnostics import Report
from venuekit.extraction import Page, extract
from venuekit.sources import Map, locate

from .test_assembly import order, read_map, shown

CASES = Path(__file__).parent / "cases" / "bundling"


def bundled(file: Path, report: Report, *, is_open: bool = False, root: Path | None = None) -> Page:
    """The page of a file, bundled as `--spec` would."""
    page = extract(file.name, file.read_bytes(), report)
    assert page is not None
    shelf = Folder(root or file.parent, file.parent, is_open=is_open)
    return bundle_page(page, os.path.realpath(file), Library(shelf, refuse), report)


def document_of(page: Page) -> Map:
    return page.fragments[0].document


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_case(folder: Path, update: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "files")
    report = Report()

    document = document_of(bundled(_root(), report))

    found = "".join(map(shown, report))
    diagnostics, expected = folder / "diagnostics.txt", folder / "expected.yaml"
    if update:
        if found:
            diagnostics.write_text(found)
        if expected.exists() or not found:
            expected.write_text(f"{json.dumps(document, indent=1, ensure_ascii=False)}\n")
    assert (diagnostics.read_text() if diagnostics.exists() else "") == found
    assert found or expected.exists()
    if expected.exists():
        assert order(read_map(expected.read_text(), "expected.yaml")) == order(document)


def _root() -> Path:
    names = ("openapi.yaml", "swagger.json")
    return next(Path(name).absolute() for name in names if Path(name).exists())


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / next(iter(files))


MAIN = """\
openapi: 3.0.3
info: {title: API, version: '1'}
paths:
  /a: {$ref: paths.yaml#/a}
components:
  schemas:
    Order: {$ref: order.yaml}
"""
PATHS = """\
a:
  get:
    responses:
      '200':
        description: OK
        content: {application/json: {schema: {$ref: fill.yaml}}}
"""


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/paths/~1a", "paths.yaml:2:3"),
        ("/paths/~1a/get", "paths.yaml:2:3"),
        ("/paths/~1a/get/responses/200/content", "paths.yaml:6:9"),
        ("/components/schemas/Order", "order.yaml:1:1"),
        ("/components/schemas/Order/properties/id", "order.yaml:3:3"),
        ("/components/schemas/fill/type", "fill.yaml:1:1"),
        ("/components/schemas/fill/gone", "fill.yaml:1:1"),
    ],
)
def test_a_place_is_in_the_file_that_was_written(
    pointer: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    order_ = "type: object\nproperties:\n  id: {type: string}\n"
    files = {"openapi.yaml": MAIN, "paths.yaml": PATHS, "order.yaml": order_}
    file = write(tmp_path, {**files, "fill.yaml": "type: object\n"})
    report = Report()

    place = locate(document_of(bundled(file, report)), pointer)

    assert [] == list(report)
    assert expected == str(place)
    assert pointer == place.pointer


def test_what_it_was_made_of_is_named_once_with_its_hash(tmp_path: Path) -> None:
    files = {"openapi.yaml": MAIN, "paths.yaml": PATHS, "order.yaml": "{$ref: ./fill.yaml}\n"}
    page = bundled(write(tmp_path, {**files, "fill.yaml": "type: object\n"}), Report())

    found = {reference.file: reference.sha256 for reference in page.references}
    assert ["fill.yaml", "order.yaml", "paths.yaml"] == list(found)
    assert hashlib.sha256(b"type: object\n").hexdigest() == found["fill.yaml"]


def test_a_link_out_is_refused_and_a_link_inside_is_the_same_file(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text("type: object\ntitle: secret\n")
    folder = tmp_path / "project"
    files = {"openapi.yaml": MAIN, "paths.yaml": PATHS}
    file = write(folder, {**files, "fill.yaml": "type: object\n"})
    report = Report()
    (folder / "order.yaml").symlink_to(outside)

    document = document_of(bundled(file, report))

    assert ["VK120"] == [diagnostic.code for diagnostic in report]
    assert "secret" not in json.dumps(document)
    (folder / "order.yaml").unlink()
    (folder / "order.yaml").symlink_to(folder / "fill.yaml")
    schemas = document_of(bundled(file, Report()))["components"]
    assert {"schemas": {"Order": {"type": "object"}}} == schemas


def test_what_leads_out_is_read_where_that_is_allowed(tmp_path: Path) -> None:
    files = {"in/openapi.yaml": MAIN.replace("order.yaml", "../order.yaml"), "in/paths.yaml": PATHS}
    others = {"order.yaml": "type: object\n", "in/fill.yaml": "type: object\n"}
    file = write(tmp_path, {**files, **others})

    for allowed in ({"is_open": True}, {"root": tmp_path}):
        report = Report()
        page = bundled(file, report, **allowed)  # type: ignore[arg-type]
        assert [] == list(report)
        assert "../order.yaml" in [reference.file for reference in page.references]


def test_names_do_not_depend_on_the_order_of_references(tmp_path: Path) -> None:
    paths = [
        f"  /{n}: {{get: {{responses: {{'200': {{description: OK, content: {{a/b: {{schema: "
        f"{{$ref: {n}/Order.yaml}}}}}}}}}}}}}}"
        for n in ("x", "y", "z")
    ]
    seen: set[str] = set()
    for number, listed in enumerate((paths, paths[::-1], [paths[1], paths[2], paths[0]])):
        head = "openapi: 3.0.3\ninfo: {title: API, version: '1'}\npaths:\n"
        files = {f"{n}/Order.yaml": f"title: {n}\n" for n in ("x", "y", "z")}
        text = head + "\n".join(listed)
        file = write(tmp_path / str(number), {"openapi.yaml": text, **files})
        seen.add(json.dumps(document_of(bundled(file, Report()))["components"]))

    assert 1 == len(seen)
    assert '"x_Order"' in seen.pop()


def test_a_document_that_refers_to_nothing_else_is_not_touched(tmp_path: Path) -> None:
    file = write(tmp_path, {"openapi.yaml": "openapi: 3.0.3\npaths: {/a: {$ref: '#/paths/~1b'}}\n"})
    page = extract("openapi.yaml", file.read_bytes(), Report())
    assert page is not None

    library = Library(Folder(tmp_path, tmp_path), refuse)
    assert page is bundle_page(page, str(file), library, Report())


def test_the_default_of_a_discriminator_is_brought_along(tmp_path: Path) -> None:
    files = {
        "openapi.yaml": "openapi: 3.2.0\ninfo: {title: API, version: '1'}\npaths: {}\ncomponents:\n"
        "  schemas:\n    Pet:\n      oneOf: [{$ref: x.yaml#/Stray}]\n"
        "      discriminator: {propertyName: kind, defaultMapping: x.yaml#/Stray}\n",
        "x.yaml": "Stray: {type: object, description: here}\n",
    }
    report = Report()
    found = document_of(bundled(write(tmp_path, files), report))["components"]["schemas"]

    assert [] == list(report)
    default = found["Pet"]["discriminator"]["defaultMapping"]
    assert "here" == found[default.removeprefix("#/components/schemas/")]["description"]


@pytest.mark.parametrize("place", ["schema", "path item", "description", "mapping", "default"])
@pytest.mark.parametrize(
    "reference",
    [
        *("http://[", "//[x", "//host/x.yaml", "\x01", "%00.yaml", "%zz", "..", ".", "", "?", "#"),
        *("file:", "file:///", "file://host/x", "x.yaml#/%", "x.yaml#/~2", "x.yaml##", "http://"),
        *(
            "a" * 5000,
            "urn:x:y",
            "/dev/zero",
            "/proc/self/environ",
            "pipe",
            "loop.yaml",
            "a\nb.yaml",
        ),
    ],
)
def test_no_reference_is_too_odd(reference: str, place: str, tmp_path: Path) -> None:
    document: dict[str, object] = {
        "openapi": "3.1.0",
        "info": {"title": "API", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "OK"}}}}},
    }
    odd = {"$ref": reference}
    named = {"defaultMapping": reference} if place == "default" else {"mapping": {"odd": reference}}
    pet = {"discriminator": {"propertyName": "kind", **named}}
    if place == "path item":
        document["paths"] = {"/b": odd}
    elif place == "description":
        document["info"] = {"title": "API", "version": "1", "description": odd}
    else:
        document["components"] = {
            "schemas": {"A": {"$ref": "x.yaml"}, "B": odd if place == "schema" else pet}
        }
    file = write(tmp_path, {"openapi.yaml": json.dumps(document), "x.yaml": "type: object\n"})
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    report = Report()

    result = document_of(bundled(file, report))

    assert {"VK100", "VK120", "VK121", "VK205", "VK207", "VK208"} >= {d.code for d in report}
    assert all(d.place and d.place.line == 1 for d in report)
    assert json.dumps(result)
