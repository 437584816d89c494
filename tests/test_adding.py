"""`venuekit add`: from an address or a file to a client that generates, or to nothing at all."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from venuekit import cli

from .clients.loopback import Answer, venue
from .sites import Site, page, site
from .test_drift_command import CANCEL, FENCE, LOGIN, ORDERS

DOCUMENT = ORDERS[ORDERS.index("openapi:") : ORDERS.index(f"{FENCE}\n\nAny")]
JSON = json.dumps(
    {
        "openapi": "3.1.0",
        "info": {"title": "Paper", "version": "1"},
        "servers": [{"url": "https://paper.example"}],
        "paths": {
            "/orders": {
                "get": {
                    "operationId": "listOrders",
                    "responses": {"204": {"description": "None"}},
                }
            }
        },
    }
)


CASES = Path(__file__).parent / "cases" / "commands"


class Project:
    """An empty project, and a site on loopback."""

    def __init__(self, root: Path, docs: Site, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.site = docs
        self.capsys = capsys
        (root / "specs").mkdir(parents=True)
        (root / "pyproject.toml").write_text("[tool.venuekit]\n")

    def serve(self, path: str, text: str, media: str = "text/html") -> str:
        self.site.answers[path] = page(text, media)
        return self.site.url + path

    def run(self, *arguments: str) -> tuple[int, str]:
        self.capsys.readouterr()
        code = cli.main(arguments)
        out, err = self.capsys.readouterr()
        assert "VK999" not in err
        assert out == "" or arguments[0] != "add"
        return code, err

    def add(self, *sources: str) -> str:
        """Add a client, and see that it is generated and nothing in its settings is idle."""
        code, err = self.run("add", "paper", *sources)
        assert 0 == code, err
        assert (0, "") == self.run("check")
        assert (self.root / "generated/paper/client.py").is_file()
        assert not list(self.root.rglob(".*venuekit*"))
        return err

    def refused(self, *arguments: str) -> tuple[int, str]:
        before = sorted(self.root.rglob("*"))
        code, err = self.run("add", *arguments)
        assert before == sorted(self.root.rglob("*")), "nothing is half-written"
        return code, err

    @property
    def settings(self) -> str:
        return (self.root / "specs/paper/client.toml").read_text()

    @property
    def files(self) -> list[str]:
        folder = self.root / "specs/paper"
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Project]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    docs = Site()
    with venue(running=docs):
        made = Project(tmp_path / "project", docs, capsys)
        monkeypatch.chdir(made.root)
        yield made


def test_a_document_at_an_address(project: Project) -> None:
    url = project.serve("/openapi.yaml", DOCUMENT, "application/yaml")

    err = project.add(url)

    assert f'sources = [{{ file = "pages/openapi.yaml", url = "{url}" }}]\n' == project.settings
    assert DOCUMENT == (project.root / "specs/paper/pages/openapi.yaml").read_text()
    assert "wrote specs/paper/client.toml\nwrote specs/paper/pages/openapi.yaml\n" in err
    assert 0 == project.run("drift", "--fail-on", "any")[0]


def test_pages_at_addresses_and_in_files(project: Project) -> None:
    header = "---\nsource_md: https://docs.example/cancel.md\n---\n"
    (project.root / "cancel.md").write_text(header + CANCEL)

    project.add(project.serve("/list/orders.md", ORDERS, "text/markdown"), "cancel.md")

    listed = tomllib.loads(project.settings)
    assert {
        "sources": [
            {"file": "pages/orders.md", "url": f"{project.site.url}/list/orders.md"},
            "pages/cancel.md",
        ]
    } == listed


def test_files_need_no_settings(project: Project) -> None:
    (project.root / "orders.md").write_text(ORDERS)
    (project.root / "Cancel all.md").write_text(CANCEL)

    project.add("orders.md", "Cancel all.md")

    assert "" == project.settings
    assert ["client.toml", "pages/Cancel-all.md", "pages/orders.md"] == project.files


def test_a_page_of_evidence_with_a_document_and_an_overlay_beside_it(project: Project) -> None:
    (project.root / "list.txt").write_text('GET /orders\n\n{"id": "1"}\n')
    (project.root / "openapi.yaml").write_text(DOCUMENT)
    (project.root / "ours.yaml").write_text(
        "overlay: 1.1.0\ninfo: {title: Ours, version: '1'}\nactions:\n"
        "  - target: $.info\n    description: Ours.\n    update: {summary: Paper money}\n"
    )

    project.add("openapi.yaml", "list.txt", "ours.yaml")

    assert ["client.toml", "openapi.yaml", "overlay.yaml", "pages/list.txt"] == project.files
    assert "" == project.settings


PAGES = {
    "redoc": '<redoc spec-url="openapi.json"></redoc>',
    "redoc init": "<script>Redoc.init('/docs/openapi.json', {}, el)</script>",
    "redoc link": '<a href="openapi.json">Download the OpenAPI specification</a>',
    "swagger ui": '<script>window.ui = SwaggerUIBundle({url: "openapi.json"})</script>',
    "swagger urls": '<script>SwaggerUIBundle({urls: [{url: "openapi.json", name: "v1"}]})</script>',
    "swagger initializer": '<script src="./swagger-initializer.js" charset="UTF-8"> </script>',
    "swagger express": '<script src="./swagger-ui-init.js"> </script>',
    "springdoc": '<script>SwaggerUIBundle({url: "https://petstore.swagger.io/v2/swagger.json",'
    ' configUrl: "swagger-config"})</script>',
    "scalar attribute": '<script id="api-reference" data-url="/docs/openapi.json"></script>',
    "scalar": "<script>Scalar.createApiReference('#app', { url: 'openapi.json' })</script>",
    "scalar configuration": '<div id="api-reference" '
    'data-configuration="{&quot;url&quot;: &quot;openapi.json&quot;}"></div>',
    "stoplight": '<elements-api apiDescriptionUrl="openapi.json" router="hash"></elements-api>',
    "service description": '<link rel="service-desc" href="openapi.json">',
    "markdown": '<link rel="alternate" type="text/markdown" href="page.md">',
    "embedded in redoc": f"<script>const __redoc_definition = {JSON};</script>",
    "embedded in readme": '<script id="ssr-props" type="application/json">'
    f'{{"document": {{"api": {{"schema": {JSON}}}}}}}</script>',
}


@pytest.mark.parametrize("kind", PAGES)
def test_html_leads_to_its_document(project: Project, kind: str) -> None:
    url = project.serve("/docs/", f"<!doctype html>\n<html><body>{PAGES[kind]}</body></html>")
    project.serve("/docs/openapi.json", JSON, "application/json")
    project.serve("/docs/page.md", ORDERS, "text/markdown")
    project.serve("/docs/swagger-config", '{"configUrl": "/x", "url": "openapi.json"}')
    script = "window.ui = SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui' })"
    project.serve("/docs/swagger-initializer.js", script, "application/javascript")
    script = f'var options = {{ "swaggerDoc": {JSON}, "customOptions": {{}} }};'
    project.serve("/docs/swagger-ui-init.js", script, "application/javascript")

    project.add(url)

    [source] = tomllib.loads(project.settings)["sources"]
    assert source["url"].startswith(url)
    assert 0 == project.run("drift", "--fail-on", "any")[0]


def test_a_list_of_pages(project: Project) -> None:
    url = project.serve(
        "/llms.txt",
        "# Paper\n\n## API\n\n- [List](/orders.md): all\n- [Cancel](cancel.md)\n- [Guide](/g.md)\n"
        "- [Elsewhere](https://elsewhere.example/x.md)\n- [Broken](/gone.md)\n",
        "text/plain",
    )
    project.serve("/orders.md", ORDERS, "text/markdown")
    project.serve("/cancel.md", CANCEL, "text/markdown")
    project.serve("/g.md", "# A guide\n\nWords.\n", "text/markdown")

    project.add(url)

    assert ["client.toml", "pages/cancel.md", "pages/orders.md"] == project.files


def test_a_list_of_documents_in_two_spellings(project: Project) -> None:
    url = project.serve(
        "/api/llms.txt", "# Paper\n- [JSON](/openapi.json)\n- [YAML](/openapi.yaml)\n", "text/plain"
    )
    project.serve("/openapi.json", JSON, "application/json")
    project.serve("/openapi.yaml", JSON.replace('"', "'"), "application/yaml")

    project.add(project.serve("/llms.txt", f"# All\n- [API]({url})\n", "text/plain"))

    assert ["client.toml", "pages/openapi.json"] == project.files


def test_a_stainless_file_is_kept_as_the_address(project: Project) -> None:
    with site() as other:
        other.answers["/spec-1.yml"] = page(DOCUMENT, "application/yaml")
        text = f"configured_endpoints: 1\nopenapi_spec_url: {other.url}/spec-1.yml\n"
        url = project.serve("/.stats.yml", text, "text/plain")

        err = project.add(url)

        assert f"note: {url} names {other.url}/spec-1.yml\n" in err
        assert f'sources = [{{ file = "pages/spec-1.yml", url = "{url}" }}]\n' == project.settings
        other.answers["/spec-2.yml"] = page(DOCUMENT + "# new\n", "application/yaml")
        project.serve("/.stats.yml", text.replace("spec-1", "spec-2"), "text/plain")
        code, err = project.run("drift")
    assert 0 == code
    assert "pages/spec-1.yml: changed" in err


def test_a_stainless_file_on_the_disk(project: Project) -> None:
    url = project.serve("/spec.yml", DOCUMENT, "application/yaml")
    (project.root / ".stats.yml").write_text(f"openapi_spec_url: {url}\n")

    project.add(".stats.yml")

    assert f'sources = [{{ file = "pages/spec.yml", url = "{url}" }}]\n' == project.settings


def test_names_are_apart_in_every_file_system(project: Project) -> None:
    first = project.serve("/a/Index.md", ORDERS, "text/markdown")
    second = project.serve("/b/index.md", CANCEL, "text/markdown")
    text = JSON.replace("/orders", "/fills").replace("listOrders", "listFills")
    third = project.serve("/v3/api-docs", text, "application/json")

    project.add(first, second, f"{third}?format=json")

    files = ["client.toml", "pages/Index.md", "pages/api-docs.json", "pages/b-index.md"]
    assert files == project.files


# What is refused.


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("class", "VK007"), ("a-b", "VK007"), ("", "VK007"), ("../x", "VK007"), ("__x", "VK007"),
        ("taken", "VK020"), ("Taken", "VK020"),
    ],
)  # fmt: skip
def test_names_that_cannot_be(project: Project, name: str, code: str) -> None:
    (project.root / "specs" / "taken").mkdir()

    status, err = project.refused(name, project.serve("/openapi.json", JSON))

    assert 2 == status
    assert f"error[{code}]" in err
    assert [] == project.site.sent


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("file:///etc/passwd", "VK023"),
        ("ftp://docs.example/openapi.json", "VK023"),
        ("https://me:secret@docs.example/openapi.json", "VK023"),
        ("gone.md", "VK012"),
    ],
)
def test_sources_that_are_none(project: Project, source: str, code: str) -> None:
    status, err = project.refused("paper", source)

    assert 2 == status
    assert f"error[{code}]" in err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page(LOGIN, "text/html"), "spec-url, data-url, apiDescriptionUrl"),
        (page("# Words alone"), "looked for an OpenAPI document"),
        (page('{"a": 1}', "application/json"), "no OpenAPI document"),
        (page('<html><redoc spec-url="/gone.json"></redoc></html>'), "it answers 404 Not Found"),
        (page('<html><redoc spec-url="file:///etc/passwd"></redoc></html>'), "http and https"),
        (page('<html><redoc spec-url="http://[x"></redoc></html>'), "no address"),
        (page('<html><redoc spec-url="/page"></redoc></html>'), "no document is at"),
        (Answer(404), "it answers 404 Not Found"),
        (Answer(403), "it answers 403 Forbidden"),
        (Answer(302, headers={"Location": "https://login.example/"}), "redirects to another site"),
        (Answer(200, DOCUMENT.encode(), cut=True), "it breaks off its answer"),
        (Answer(200, b"\xff\xfe\x00"), "text in UTF-16"),
    ],
)
def test_addresses_without_a_document(project: Project, answer: Answer, said: str) -> None:
    project.site.answers["/page"] = answer

    status, err = project.refused("paper", f"{project.site.url}/page")

    assert 1 == status
    assert "error[VK530]" in err
    assert said in err


def test_several_apis_are_a_choice(project: Project) -> None:
    first = project.serve("/a.json", JSON, "application/json")
    second = project.serve("/b.json", JSON.replace("Paper", "Live"), "application/json")
    text = "<html><script>SwaggerUIBundle({urls: [{url: '/a.json'}, {url: '/b.json'}]})</script>"

    status, err = project.refused("paper", project.serve("/docs", f"{text}</html>"))

    assert 1 == status
    assert "error[VK531]" in err
    assert f"{first}, {second}" in err


def test_what_cannot_be_generated_is_not_written(project: Project) -> None:
    (project.root / "pyproject.toml").write_text("[tool.venuekit]\nstrict = true\n")
    url = project.serve("/openapi.json", JSON.replace('"operationId": "listOrders", ', ""))

    status, err = project.refused("paper", url)

    assert 1 == status
    assert "specs/paper/pages/openapi.json:1:" in err
    assert "error[VK212]" in err
    assert "error[VK532]" in err


COLLISIONS = {
    "operations_of_one_name": "[names.operations]\n",
    "parameters_of_one_name": "[names.parameters]\n",
    "models_of_one_name": "[names.models]\n",
}


@pytest.mark.parametrize("case", COLLISIONS)
def test_a_strict_project_is_given_the_names_that_it_asks_for(project: Project, case: str) -> None:
    (project.root / "pyproject.toml").write_text("[tool.venuekit]\nstrict = true\n")
    [document] = (CASES / case).glob("specs/*/openapi.yaml")
    text = document.read_text()
    url = project.serve("/openapi.yaml", text, "application/yaml")

    project.add(url)

    assert COLLISIONS[case] in project.settings
    lines = project.settings.splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("["):
            fewer = "\n".join([*lines[:number], *lines[number + 1 :]])
            (project.root / "specs/paper/client.toml").write_text(fewer)
            assert 0 != project.run("check")[0], f"{line} is superfluous"


def test_what_is_in_the_way_stays(project: Project) -> None:
    (project.root / "generated" / "paper").mkdir(parents=True)
    (project.root / "generated" / "paper" / "client.py").write_text("# mine\n")

    status, err = project.refused("paper", project.serve("/openapi.json", JSON))

    assert 1 == status
    assert "error[VK410]" in err


# Files without a project: what --spec reads.


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("redoc.html", '<html><redoc spec-url="openapi.json"></redoc></html>'),
        ("redoc.html", '<html><redoc spec-url="/docs/openapi.json"></redoc></html>'),
        ("index.html", '<html><script src="./swagger-initializer.js"></script></html>'),
        ("swagger-initializer.js", "SwaggerUIBundle({url: 'openapi.json'})"),
        ("swagger-ui-init.js", f'var options = {{"swaggerDoc": {JSON}}};'),
    ],
)
def test_spec_reads_html_and_what_lies_beside_it(
    project: Project, tmp_path: Path, name: str, text: str
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "openapi.json").write_text(JSON)
    (folder / "swagger-initializer.js").write_text("SwaggerUIBundle({url: 'openapi.json'})")
    (folder / name).write_text(text)

    assert 0 == project.run("generate", "--spec", str(folder / name), "--out", "out/paper")[0]
    assert 0 == project.run("check", "--spec", str(folder / name), "--out", "out/paper")[0]


def test_pages_that_name_each_other_end(project: Project, tmp_path: Path) -> None:
    for name, other in (("a.html", "b.html"), ("b.html", "a.html")):
        (tmp_path / name).write_text(f'<html><redoc spec-url="{other}"></redoc></html>')

    status, err = project.refused("paper", str(tmp_path / "a.html"))
    assert 1 == status
    assert "error[VK116]" in err
    assert 1 == project.run("validate", "--spec", str(tmp_path / "a.html"))[0]


@pytest.mark.parametrize("link", ["../openapi.json", "https://docs.example/openapi.json", "%00"])
def test_spec_reads_nothing_elsewhere(project: Project, tmp_path: Path, link: str) -> None:
    (tmp_path / "openapi.json").write_text(JSON)
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "redoc.html").write_text(f'<html><redoc spec-url="{link}"></redoc></html>')

    code, err = project.run("validate", "--spec", str(folder / "redoc.html"))

    assert 1 == code
    assert "error[VK116]" in err
    assert f"save the document that it loads: {link}" in err


def test_the_first_client_makes_the_folder_of_the_specs(project: Project) -> None:
    (project.root / "specs").rmdir()

    code, err = project.run("generate")
    assert 2 == code
    assert "no folder 'specs'\n  help: `venuekit add NAME SOURCE ...`" in err
    assert 1 == project.refused("paper", project.serve("/login", "<html>Log in</html>"))[0]
    project.add(project.serve("/openapi.json", JSON, "application/json"))

    assert ["client.toml", "pages/openapi.json"] == project.files


def test_a_document_that_is_shown_in_html_makes_the_page_the_source(project: Project) -> None:
    shown = JSON.replace('"', "&quot;")
    text = f"<!doctype html><html><body><pre><code>{shown}</code></pre></body></html>"

    project.add(project.serve("/orders", text))

    assert ["client.toml", "pages/orders.html"] == project.files
