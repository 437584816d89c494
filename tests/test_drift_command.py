"""`venuekit drift`: what moved at the venue, and what an outage is not taken for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from venuekit import cli, remembering

from .clients.loopback import Answer, venue
from .sites import Site, page

FENCE = "````"
ORDERS = f"""# Orders

## OpenAPI

{FENCE}yaml get /orders
openapi: 3.1.0
info: {{title: Paper, version: '1'}}
servers: [{{url: 'https://paper.example'}}]
paths:
  /orders:
    get:
      operationId: listOrders
      responses:
        '200': {{description: All, content: {{application/json: {{schema:
          {{$ref: '#/components/schemas/Order'}}}}}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {{type: string}}
{FENCE}

Anything that follows.
"""
CANCEL = (
    ORDERS.replace("# Orders", "# Cancel")
    .replace("yaml get", "yaml delete")
    .replace("    get:", "    delete:")
    .replace("listOrders", "cancelOrders")
)
LOGIN = "<!doctype html><html><body><form action='/login'>Sign in</form></body></html>"


class Project:
    """A project with one client, whose pages a site on loopback serves."""

    def __init__(self, root: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.site = site
        self.capsys = capsys
        self.pages = root / "specs" / "paper" / "pages"
        self.pages.mkdir(parents=True)
        (root / "pyproject.toml").write_text("[tool.venuekit]\n")
        self.write("orders", ORDERS)
        self.write("cancel", CANCEL)
        assert (0, "") == self.run("generate")[:2]

    def write(self, name: str, text: str, answer: Answer | None = None) -> None:
        """Commit a page below the header of a scraper, and serve it without."""
        self.site.answers[f"/{name}.md"] = answer or page(text, tagged=True)
        header = (
            f"---\nsource_md: {self.site.url}/{name}.md\nscraped_at: 2026-01-01T00:00:00Z\n---\n"
        )
        (self.pages / f"{name}.md").write_text(header + text)

    def serve(self, name: str, answer: str | Answer) -> None:
        text = page(answer, tagged=True) if isinstance(answer, str) else answer
        self.site.answers[f"/{name}.md"] = text

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = cli.main(arguments)
        out, err = self.capsys.readouterr()
        assert "VK999" not in err
        return code, out, err

    def drift(self, *arguments: str) -> tuple[int, Any]:
        code, out, _ = self.run("drift", "--format", "json", *arguments)
        return code, json.loads(out)

    def files(self) -> dict[str, bytes]:
        paths = sorted(self.root.rglob("*"))
        return {str(p.relative_to(self.root)): p.read_bytes() for p in paths if p.is_file()}


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Project]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    site = Site()
    with venue(running=site):
        yield Project(root, site, capsys)


def rules(report: Any) -> dict[str, list[str]]:
    return {finding["rule"]: finding["operations"] for finding in report["findings"]}


def states(report: Any) -> dict[str, str]:
    return {Path(source["file"]).stem: source["state"] for source in report["sources"]}


def test_nothing_moved(project: Project) -> None:
    before = project.files()

    assert (0, "") == project.run("drift", "-q")[:2]
    code, report = project.drift("--fail-on", "any")

    assert 0 == code
    assert [] == report["findings"]
    assert {"orders": "same", "cancel": "same"} == states(report)
    assert before == project.files()


def test_what_is_unchanged_is_not_sent_again(project: Project) -> None:
    project.drift()
    project.drift()

    tags = [sent.value("If-None-Match") for sent in project.site.sent]
    assert [False, False, True, True] == [tag is not None for tag in tags]
    place = remembering.place()
    assert place
    known = json.loads(place.read_text())
    assert 2 == len(known)


def test_a_memory_that_is_broken_or_cannot_be_kept_costs_nothing_but_a_fetch(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = remembering.place()
    assert place
    place.parent.mkdir(parents=True)
    address = json.dumps(f"{project.site.url}/orders.md")
    digest = hashlib.sha256(ORDERS.encode()).hexdigest()
    wrong = json.dumps({"etag": 1, "modified": [], "sha256": digest})
    for text in ("{", "[]", *(f"{{{address}: {entry}}}" for entry in ("1", '{"a": "b"}', wrong))):
        place.write_text(text)
        assert 0 == project.drift("--fail-on", "any")[0]
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.pages / "orders.md"))
    assert 0 == project.drift("--fail-on", "any")[0]


def test_what_is_known_of_a_page_does_not_hide_that_it_was_edited(project: Project) -> None:
    """A server that says "not modified" speaks of what it sent, not of what is committed."""
    project.drift()
    file = project.pages / "orders.md"
    file.write_text(file.read_text().replace("id: {type: string}", "id: {type: integer}"))

    _, report = project.drift()

    assert {"orders": "changed", "cancel": "same"} == states(report)


def test_what_breaks_is_told_at_its_line(project: Project) -> None:
    project.serve("orders", ORDERS.replace("id: {type: string}", "id: {type: integer}"))
    project.serve("cancel", CANCEL.replace("id: {type: string}", "id: {type: integer}"))

    code, out, err = project.run("drift")

    assert 1 == code
    assert "Breaking (1)" in out
    assert "specs/paper/pages/cancel.md:25:14 → specs/paper/pages/cancel.md:25:14" in out
    assert "specs/paper/pages/orders.md: changed" in err
    assert "hint: info.version stood still at 1 through these changes" in err
    assert 0 == project.run("drift", "--fail-on", "none")[0]


def test_a_version_alone_is_a_hint(project: Project) -> None:
    for name, text in (("orders", ORDERS), ("cancel", CANCEL)):
        project.serve(name, text.replace("version: '1'", "version: '2'"))

    code, _, err = project.run("drift", "--fail-on", "any")

    assert 0 == code
    assert "hint: info.version moved from 1 to 2 without a change" in err


OUTAGES = {
    "gone": [Answer(404), Answer(410)],
    "unreachable": [
        Answer(500), Answer(503), Answer(401), Answer(403), Answer(200, ORDERS.encode(), cut=True),
        Answer(302, headers={"Location": "https://login.example/"}), Answer(204),
    ],
    "unreadable": [
        page(LOGIN, "text/html"),
        page(LOGIN, "text/markdown"),
        page("<html><body><h1>502 Bad Gateway</h1></body></html>"),
        page('{"error": "unauthorised"}', "application/json"),
        page("Service unavailable"),
        page(""),
        page(ORDERS[: ORDERS.index("responses:") + 4]),
        page(ORDERS[: ORDERS.index("components:")]),
        page(ORDERS.replace("  /orders:", "  {}\nx-was:\n  /orders:")),
        Answer(200, ORDERS.encode("utf-16"), {"Content-Type": "text/markdown; charset=utf-16"}),
        Answer(200, b"# Orders \xff\xfe"),
        page("openapi: 3.1.0\ninfo: {title: Paper, version: '1'}\npaths: {}\n", "application/yaml"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        pytest.param(state, answer, id=f"{state}-{index}")
        for state, answers in OUTAGES.items()
        for index, answer in enumerate(answers)
    ],
)
def test_an_outage_removes_nothing(project: Project, state: str, answer: Answer) -> None:
    before = project.files()
    project.serve("orders", answer)

    code, report = project.drift("--update")

    assert {"orders": state, "cancel": "same"} == states(report)
    assert {"source-missing": ["listOrders"]} == rules(report)
    assert [] == report["summary"]["hints"]
    assert 0 == code
    assert before == project.files()
    assert 1 == project.drift("--fail-on", "any")[0]


def test_where_nothing_could_be_had_nobody_is_content(project: Project) -> None:
    for name in ("orders", "cancel"):
        project.serve(name, Answer(403))

    code, report = project.drift()

    assert 1 == code
    assert ["VK521"] == [d["code"] for d in report["diagnostics"]]
    assert ["source-missing"] * 2 == [f["rule"] for f in report["findings"]]


def test_an_operation_may_really_be_gone(project: Project) -> None:
    both = ORDERS.replace(
        "components:",
        CANCEL[CANCEL.index("  /orders:") : CANCEL.index("components:")].replace(
            "/orders:", "/orders/all:"
        )
        + "components:",
    )
    project.write("orders", both.replace("cancelOrders", "cancelAll"))
    project.run("generate")
    project.serve("orders", ORDERS)

    code, report = project.drift()

    assert 1 == code
    assert {"operation-removed": ["cancelAll"]} == rules(report)


def test_update_writes_the_pages_and_tells_what_generating_would_change(project: Project) -> None:
    before = project.files()
    new = ORDERS.replace("id: {type: string}", "id: {type: integer}") + "\r\nno newline at the end"
    project.serve("orders", new)
    project.serve("cancel", CANCEL.replace("id: {type: string}", "id: {type: integer}"))

    code, out, err = project.run("drift", "--update")

    assert 1 == code
    assert "+++ b/generated/paper/models.py" in out
    assert "wrote 2 sources; `venuekit generate` would change" in err
    text = (project.pages / "orders.md").read_bytes()
    header, _, body = text.partition(b"\n---\n")
    assert new.encode() == body
    assert b"/orders.md\nscraped_at: 20" in header
    assert b"2026-01-01" not in header
    after = project.files()
    changed = {name for name in after if after[name] != before.get(name)}
    assert {"specs/paper/pages/orders.md", "specs/paper/pages/cancel.md"} == changed
    assert after.keys() == before.keys()

    assert 1 == project.run("drift")[0], "the client is of the old pages still"
    assert 0 == project.run("generate")[0]
    assert (0, "") == project.run("drift", "--fail-on", "any")[:2]


def test_an_action_that_became_unnecessary_is_told(project: Project) -> None:
    overlay = project.root / "specs" / "paper" / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.1.0\ninfo: {title: Ours, version: '1'}\nactions:\n"
        "  - target: $.components.schemas.Order.properties.id\n"
        "    description: The page does not say that it is a UUID.\n"
        "    update: {format: uuid}\n"
    )
    assert 0 == project.run("generate")[0]
    for name, text in (("orders", ORDERS), ("cancel", CANCEL)):
        project.serve(name, text.replace("id: {type: string}", "id: {type: string, format: uuid}"))

    code, report = project.drift()

    assert 1 == code
    assert [] == report["findings"]
    [found] = report["diagnostics"]
    assert ("VK142", "specs/paper/overlay.yaml") == (found["code"], found["file"])


def test_pages_that_contradict_each_other_are_not_written(project: Project) -> None:
    before = project.files()
    project.serve("orders", ORDERS.replace("id: {type: string}", "id: {type: integer}"))

    code, report = project.drift("--update")

    assert 1 == code
    assert ["VK131"] == [d["code"] for d in report["diagnostics"]]
    assert before == project.files()


def test_another_api_at_the_address_is_not_written(project: Project) -> None:
    before = project.files()
    for name, text in (("orders", ORDERS), ("cancel", CANCEL)):
        project.serve(name, text.replace("Paper", "Portal").replace("paper.ex", "portal.ex"))

    code, report = project.drift("--update")

    assert 1 == code
    assert ["VK522"] == [d["code"] for d in report["diagnostics"]]
    assert before == project.files()


def test_accepted_findings_are_passed_over_until_they_lapse(project: Project) -> None:
    new = [text.replace("id: {type: string}", "id: {type: integer}") for text in (ORDERS, CANCEL)]
    for name, text in zip(("orders", "cancel"), new, strict=True):
        project.serve(name, text)
    _, report = project.drift()
    [finding] = report["findings"]
    accepted = project.root / "specs" / "paper" / "accepted.toml"
    entry = f'[[accepted]]\nfingerprint = "{finding["fingerprint"]}"\nreason = "Not read."\n'
    accepted.write_text(f"{entry}lapses = 9999-12-31\n")

    assert 0 == project.drift()[0]

    project.serve("orders", Answer(503))
    project.serve("cancel", CANCEL)
    code, report = project.drift()
    assert (0, []) == (code, report["diagnostics"]), "what could not be seen is not over"

    project.serve("orders", ORDERS)
    assert ["VK505"] == [d["code"] for d in project.drift()[1]["diagnostics"]]
    assert 0 == project.run("check")[0]


@pytest.mark.parametrize("form", ["github", "sarif", "markdown", "html", "junit"])
def test_every_format_is_printed_alone(project: Project, form: str) -> None:
    project.serve("orders", Answer(404))

    code, out, err = project.run("drift", "--format", form)

    assert 0 == code
    assert "source-missing" in out
    assert "orders.md: gone: it answers 404 Not Found" in err


def settings(project: Project, *sources: str) -> None:
    (project.root / "specs/paper/client.toml").write_text(f"sources = [{', '.join(sources)}]\n")


def test_the_settings_have_the_address(project: Project) -> None:
    """What is served is written byte for byte where the page never had a header."""
    data = ORDERS.encode()
    (project.pages / "orders.md").write_bytes(data)
    settings(
        project,
        f'{{ file = "pages/orders.md", url = "{project.site.url}/orders.md" }}',
        f'{{ file = "pages/more.md", url = "{project.site.url}/cancel.md" }}',
    )
    (project.pages / "cancel.md").unlink()

    code, report = project.drift("--update")

    assert {"orders": "same", "more": "new"} == states(report)
    assert 0 == code
    assert CANCEL.encode() == (project.pages / "more.md").read_bytes()
    assert data == (project.pages / "orders.md").read_bytes()


def test_a_client_may_begin_with_an_address(project: Project) -> None:
    folder = project.root / "specs" / "fresh"
    folder.mkdir()
    entry = f'sources = [{{ file = "pages/a.md", url = "{project.site.url}/orders.md" }}]\n'
    (folder / "client.toml").write_text(entry)

    assert 0 == project.drift("fresh", "--update")[0]
    assert ORDERS == (folder / "pages" / "a.md").read_text()
    assert 0 == project.run("generate", "fresh")[0]


def test_without_an_address_there_is_nothing_to_ask(project: Project) -> None:
    settings(project, '"pages/orders.md"')
    (project.pages / "orders.md").write_text(ORDERS)

    code, _, err = project.run("drift")

    assert 2 == code
    assert "error[VK021]: no source has an address" in err


def test_an_address_of_another_kind_is_not_followed(project: Project) -> None:
    (project.pages / "orders.md").write_text(ORDERS)
    settings(project, '{ file = "pages/orders.md", url = "file:///etc/passwd" }')

    code, report = project.drift()

    assert 1 == code
    assert {"orders": "unreachable"} == states(report)


def test_a_stainless_address_is_followed_to_its_document(project: Project) -> None:
    document = ORDERS[ORDERS.index("openapi:") : ORDERS.index(f"{FENCE}\n\nAny")]
    (project.pages / "openapi.yml").write_text(document)
    settings(project, f'{{ file = "pages/openapi.yml", url = "{project.site.url}/.stats.yml" }}')
    project.run("generate")
    site = project.site
    site.answers["/.stats.yml"] = page("openapi_spec_url: /spec-2.yml\n")
    site.answers["/spec-2.yml"] = page(document.replace("listOrders", "listAll"))

    code, report = project.drift()

    assert 1 == code
    assert {"operation-renamed": ["listAll"]} == rules(report)


# A folder.


@pytest.fixture
def folder(project: Project) -> Path:
    copy = project.root / "fetched" / "paper"
    copy.mkdir(parents=True)
    for path in project.pages.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def test_a_folder_is_read_without_the_network(project: Project, folder: Path) -> None:
    (folder / "orders.md").unlink()
    cancel = folder / "cancel.md"
    cancel.write_text(cancel.read_text().replace("cancelOrders", "cancelAll"))

    code, report = project.drift("--from", "fetched", "--fail-on", "source")

    assert 1 == code
    assert {"orders": "gone", "cancel": "changed"} == states(report)
    assert ["listOrders"] == rules(report)["source-missing"]
    assert [] == project.site.sent
    assert 1 == project.drift("--from", "fetched/paper")[0], "it is of the only client"


def test_pages_that_are_new_in_a_folder_are_told_and_written(
    project: Project, folder: Path
) -> None:
    new = ORDERS.replace("/orders", "/fills").replace("listOrders", "listFills")
    (folder / "fills.md").write_text(new)

    code, report = project.drift("--from", "fetched", "--update")

    assert 0 == code
    assert "new" == states(report)["fills"]
    assert {"operation-added": ["listFills"]} == rules(report)
    assert new == (project.pages / "fills.md").read_text()


def test_a_folder_of_other_clients_is_wrong_usage(project: Project) -> None:
    code, _, err = project.run("drift", "--from", "nowhere")

    assert 2 == code
    assert "error[VK022]" in err


def test_pages_that_are_evidence_only_may_be_missing(project: Project) -> None:
    """They describe no operation, so none is named."""
    document = ORDERS[ORDERS.index("openapi:") : ORDERS.index(f"{FENCE}\n\nAny")]
    for path in project.pages.iterdir():
        path.unlink()
    (project.pages.parent / "openapi.yaml").write_text(document)
    project.write("list", 'GET /orders\n\n{"id": "1"}\n')
    project.run("generate")
    assert 0 == project.drift("--fail-on", "any")[0]

    project.serve("list", "We have moved. Sign in to read on.")
    code, report = project.drift()

    assert 1 == code
    assert {"source-missing": []} == rules(report)
    assert {"list": "unreadable", "openapi": "unasked"} == states(report)
