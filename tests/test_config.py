"""Settings of projects and clients, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from venuekit import config
from venuekit.diagnostics import Report

PROJECT = '[tool.venuekit]\noutput = "generated"\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "specs/paper/pages").mkdir(parents=True)
    (tmp_path / "specs/paper/pages/orders.md").write_text("# Orders\n")
    return tmp_path


def found(report: Report) -> list[str]:
    return [f"{d.place or '-'} {d.code} {d.message}" for d in report]


def project(text: str, root: Path) -> tuple[config.Project | None, list[str]]:
    (root / "pyproject.toml").write_text(text)
    report = Report()
    return config.load_project(None, report), found(report)


def client(text: str) -> tuple[config.ClientSettings | None, list[str]]:
    Path("specs/paper/client.toml").write_text(text)
    report = Report()
    loaded = config.load_project(None, report)
    assert loaded
    return config.load_client(loaded, "paper", report), found(report)


def test_a_project_is_found_from_below_and_from_outside(root: Path) -> None:
    below, report = root / "specs/paper", Report()

    assert config.load_project(None, report) == config.load_project(root, report)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(below)
        loaded = config.load_project(None, report)

    assert loaded == config.Project(
        root=root, specs=root / "specs", output=root / "generated", clients=("paper",)
    )


def test_a_pyproject_of_somebody_else_is_passed_by(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = root / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[project]\ndependencies = ["venuekit"]\n')
    monkeypatch.chdir(inner)

    loaded = config.load_project(None, Report())

    assert loaded is not None
    assert root == loaded.root


def test_without_a_project_the_way_out_is_named(tmp_path: Path) -> None:
    report = Report()

    assert config.load_project(tmp_path, report) is None
    assert ["VK001"] == [d.code for d in report]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.venuekit\n", "pyproject.toml:1:15 VK002 is not TOML: expected ']'"),
        ("[tool.venuekit]\nstrickt = true\n", "VK003 unknown key 'tool.venuekit.strickt'"),
        ("[tool.venuekit]\nstrict = 'yes'\n", "2:1 VK004 'tool.venuekit.strict' must be true"),
        ("[tool.venuekit]\nhttp = 'requests'\n", "2:1 VK004 'tool.venuekit.http' must be 'httpx'"),
        ("[tool.venuekit]\nspecs = '../specs'\n", "2:1 VK005 'specs' must be a folder inside"),
        ("[tool.venuekit]\noutput = '/tmp'\n", "2:1 VK005 'output' must be a folder inside"),
        ("[tool.venuekit]\noutput = '.'\n", "2:1 VK005 'output' must be a folder inside"),
        ("[tool.venuekit]\noutput = 'specs/x'\n", "2:1 VK004 'tool.venuekit.output' must be"),
        ("[tool.venuekit]\ntemplates = 'own'\n", "2:1 VK006 no folder 'own'"),
        ("tool.venuekit = 3\n", "pyproject.toml:1:1 VK004 'tool.venuekit' must be a table"),
    ],
)
def test_wrong_settings_of_a_project(root: Path, text: str, expected: str) -> None:
    loaded, messages = project(text, root)

    assert loaded is None
    assert len(messages) == 1, messages
    assert expected in messages[0]


def test_a_client_without_settings_has_its_pages_in_order(root: Path) -> None:
    pages = root / "specs/paper/pages"
    for name in ("b.md", "B.md", "a.md", ".hidden"):
        (pages / name).write_text("")
    (root / "specs/paper/openapi.yaml").write_text("openapi: 3.1.0\n")
    (root / "specs/paper/overlay.yaml").write_text("overlay: 1.0.0\n")
    report = Report()
    loaded = config.load_project(None, report)
    assert loaded

    settings = config.load_client(loaded, "paper", report)

    assert settings is not None
    files = [source.file for source in settings.sources]
    expected = ["pages/B.md", "pages/a.md", "pages/b.md", "pages/orders.md", "openapi.yaml"]
    assert expected == files
    assert ["overlay.yaml"] == [overlay.file for overlay in settings.overlays]


def test_all_settings_of_a_client(root: Path) -> None:
    settings, messages = client(
        """
sources = ["pages/orders.md", {file = "pages/orders.md", url = "https://venue.test/o"}]
overlays = []
[servers]
PAPER = "https://paper.test"
[names.operations]
"DELETE /v1/orders" = "cancel_all"
[names.models]
Ordr = "Order"
[names.parameters]
"list.from" = "start"
[credentials]
API_Key = "api_key"
[operations]
include = [{tag = "Orders"}, {path = "/v1/*"}]
exclude = [{id = "deleteAll"}]
"""
    )

    assert [] == messages
    assert settings is not None
    assert [None, "https://venue.test/o"] == [source.url for source in settings.sources]
    assert {"PAPER": "https://paper.test"} == settings.servers
    assert {"DELETE /v1/orders": "cancel_all"} == settings.names.operations
    assert {"Ordr": "Order"} == settings.names.models
    assert {"list.from": "start"} == settings.names.parameters
    assert {"API_Key": "api_key"} == settings.credentials
    assert [("tag", "Orders"), ("path", "/v1/*")] == [(s.kind, s.value) for s in settings.include]
    assert [("id", "deleteAll", 16)] == [(s.kind, s.value, s.place.line) for s in settings.exclude]
    file = "specs/paper/client.toml"
    assert f"{file}:7:1" == str(settings.place("names", "operations", "DELETE /v1/orders"))
    assert f"{file}:6:2" == str(settings.place("names", "operations", "unheard of"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[name]\n", "1:2 VK003 unknown key 'name'"),
        ("\n[names.operation]\n", "2:2 VK003 unknown key 'names.operation'"),
        ("servers = 3\n", "1:1 VK004 'servers' must be a table"),
        ("[servers]\nA = 1\n", "2:1 VK004 'servers.A' must be a string"),
        ('sources = "pages/orders.md"\n', "1:1 VK004 'sources' must be an array"),
        ('sources = [\n  "../other.md"]\n', "2:3 VK005 '../other.md' leads out of specs/paper"),
        ('sources = ["/etc/hosts"]\n', "1:12 VK005 '/etc/hosts' leads out of specs/paper"),
        ('sources = [\n"pages/orders.md",\n"a.md"]\n', "3:1 VK006 no file 'specs/paper/a.md'"),
        ('overlays = ["a.yaml"]\n', "1:13 VK006 no file 'specs/paper/a.yaml'"),
        ('sources = [{file = "pages/orders.md", x = 1}]\n', "1:1 VK003 unknown key 'sources.x'"),
        ("sources = []\n", "1:1 VK011 client 'paper' has no sources"),
        ('operations.include = [{tags = "a"}]\n', "1:1 VK004 'operations.include' must be"),
        ("a = 1\na = 2\n", "VK002 is not TOML: cannot overwrite a value"),
        ("a = [", "1:6 VK002 is not TOML: "),
    ],
)
def test_wrong_settings_of_a_client(root: Path, text: str, expected: str) -> None:
    settings, messages = client(text)

    assert settings is None
    assert len(messages) == 1, messages
    assert f"specs/paper/client.toml:{expected}".replace(":VK", " VK") in messages[0] or (
        expected in messages[0]
    )


def test_a_source_that_leads_out_through_a_link_is_refused(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "page.md"
    outside.write_text("")
    (root / "specs/paper/link.md").symlink_to(outside)

    _, messages = client('sources = ["link.md"]\n')

    assert ["specs/paper/client.toml:1:12 VK005 'link.md' leads out of specs/paper"] == messages


def test_settings_that_are_no_text_are_refused(root: Path) -> None:
    (root / "specs/paper/client.toml").write_bytes(b"a = 1\n\xff\n")
    report = Report()
    loaded = config.load_project(None, report)
    assert loaded

    assert config.load_client(loaded, "paper", report) is None
    assert ["specs/paper/client.toml:2:1 VK002 is not UTF-8 text"] == found(report)


@pytest.mark.parametrize(
    ("name", "code"), [("papper", "VK008"), ("class", "VK007"), ("a-b", "VK007")]
)
def test_the_name_of_a_client(root: Path, name: str, code: str) -> None:
    if code == "VK007":
        (root / "specs" / name / "pages").mkdir(parents=True)
    report = Report()
    loaded = config.load_project(None, report)
    assert loaded

    assert config.load_client(loaded, name, report) is None
    assert [code] == [d.code for d in report]
