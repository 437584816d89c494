"""Clients in another repository: copied, verified, renewed, and used there on their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import jsonschema
import pytest

from venue_desk.demo import environment as credentials
from venue_sandbox import running
from venuekit import cli
from venuekit.diagnostics import Report
from venuekit.vendoring.desk import needs, relative
from venuekit.vendoring.lock import digest, read_lock

from . import interpreters

ROOT = Path(__file__).parents[1]
CASE = ROOT / "tests" / "cases" / "commands" / "vendor"
SARIF = ROOT / "tests" / "schemas" / "sarif-2.1.0.json"
DESK = ROOT / "facade" / "venue_desk"
CLIENTS = ["alpaca_broker", "alpaca_trading", "clear_street", "deltadefi", "polymarket"]


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=Ann", "-c", "user.email=ann@example.test")
    command = ["git", *settings, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one client."""
    shutil.copytree(CASE, folder := tmp_path / "project")
    monkeypatch.chdir(folder)
    assert cli.main(["generate", "-q"]) == 0
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A package in a repository of its own."""
    package = tmp_path / "other" / "src" / "shop" / "venues"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("")
    git(tmp_path / "other", "init", "-q")
    commit(package)
    return package


def commit(package: Path) -> None:
    repository = package.parents[2]
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "All")


def change(project: Path) -> None:
    spec = project / "specs" / "paper" / "openapi.yaml"
    spec.write_text(spec.read_text().replace("count", "total"))
    assert cli.main(["generate", "-q", "--project", str(project)]) == 0


def tree(package: Path) -> dict[str, bytes]:
    files = (p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(package).as_posix(): p.read_bytes() for p in files}


Vendor = Callable[..., tuple[int, Any]]


@pytest.fixture
def vendor(capsys: pytest.CaptureFixture[str]) -> Vendor:
    def run(*arguments: str | Path) -> tuple[int, Any]:
        capsys.readouterr()
        code = cli.main(["vendor", "--format", "json", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert err == ""
        return code, json.loads(out)

    return run


def codes(said: Any) -> list[tuple[str, str]]:
    return [(d["code"], Path(d["file"] or "").name) for d in said["diagnostics"]]


def test_the_lock_says_what_was_copied(project: Path, other: Path, vendor: Vendor) -> None:
    code, said = vendor("paper", "--into", other)
    original = project / "generated" / "paper"
    copied = {p: data for p, data in tree(other).items() if p.startswith("paper/")}
    lock = json.loads((other / "venuekit.lock").read_text())
    provenance = json.loads((original / "provenance.json").read_text())

    assert code == 0
    assert copied == {f"paper/{path}": data for path, data in tree(original).items()}
    assert sorted(said["wrote"]) == [*sorted(copied), "venuekit.lock"]
    [package] = lock["packages"]
    assert package["name"] == "paper"
    assert package["document"] == provenance["document"]["sha256"]
    assert package["generator"] == provenance["tools"][0]["version"]
    assert package["files"] == {p.removeprefix("paper/"): digest(d) for p, d in copied.items()}


def test_nothing_is_written_again(project: Path, other: Path, vendor: Vendor) -> None:
    vendor("paper", "--into", other)
    before = {p: p.stat().st_mtime_ns for p in other.rglob("*")}

    for arguments in (("paper", "--into", other), ("--update", other)):
        assert (0, []) == (vendor(*arguments)[0], vendor(*arguments)[1]["wrote"])
    assert before == {p: p.stat().st_mtime_ns for p in other.rglob("*")}


def test_an_update_says_what_it_breaks(project: Path, other: Path, vendor: Vendor) -> None:
    vendor("paper", "--into", other)
    change(project)
    code, said = vendor("--check", other)

    assert code == 1
    assert {"VK608"} == {c for c, _ in codes(said)}
    code, said = vendor("--update", other)
    [package] = said["packages"]
    rules = [finding["rule"] for finding in package["drift"]["findings"]]
    assert code == 0
    assert rules == ["required-property-removed", "required-property-added"]
    assert package["before"] != package["after"]
    assert "venuekit.lock" in said["wrote"]
    assert vendor("--check", other) == (0, {"diagnostics": []})


def test_findings_of_an_update_for_programs(
    project: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["vendor", "paper", "--into", str(other)])
    change(project)
    (other / "paper" / "API.md").write_text("mine")
    (other / "paper" / "models.py").write_text("mine")
    capsys.readouterr()

    assert cli.main(["vendor", "--update", str(other), "--format", "github"]) == 1
    assert "::error file=" in (said := capsys.readouterr().out)
    assert "required-property-removed" in said
    assert "title=VK605" in said
    assert cli.main(["vendor", "--update", str(other), "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    jsonschema.Draft4Validator(json.loads(SARIF.read_text())).validate(log)
    diagnostics, drift = log["runs"]
    assert ["VK605", "VK605"] == [result["ruleId"] for result in diagnostics["results"]]
    assert 2 == len(drift["results"])


def test_edits_are_kept_unless_forced(project: Path, other: Path, vendor: Vendor) -> None:
    vendor("paper", "--into", other)
    commit(other)
    client = other / "paper" / "client.py"
    edited = client.read_text() + "# ours\n"
    client.write_text(edited)
    assert [("VK604", "client.py")] == codes(vendor("--check", other)[1])
    change(project)
    before = tree(other)

    code, said = vendor("--update", other)
    assert (1, [("VK605", "client.py")]) == (code, codes(said))
    assert said["packages"][0]["drift"]["findings"]
    commit(other)
    code, said = vendor("--update", other)
    assert (1, [("VK604", "client.py")]) == (code, codes(said))
    assert before == tree(other)
    assert vendor("--update", other, "--force")[0] == 0
    assert edited != client.read_text()
    assert vendor("--check", other)[0] == 0


def test_only_what_is_to_be_written_must_be_clean(
    project: Path, other: Path, vendor: Vendor
) -> None:
    vendor("paper", "--into", other)
    commit(other)
    change(project)
    for path in (other / "__init__.py", other / "mine.py", other / "paper" / "mine.py"):
        path.write_text("mine = 1\n")

    assert vendor("--update", other)[0] == 0
    status = git(other, "status", "--porcelain").splitlines()
    assert [line for line in status if "mine.py" in line or "__init__" in line] == [
        " M src/shop/venues/__init__.py",
        "?? src/shop/venues/mine.py",
        "?? src/shop/venues/paper/mine.py",
    ]


def test_line_ends_are_no_edit(project: Path, other: Path, vendor: Vendor) -> None:
    vendor("paper", "--into", other)
    git(other, "config", "core.autocrlf", "true")
    commit(other)
    for path in other.rglob("*.*"):
        path.unlink()
    git(other.parents[2], "checkout", "--", ".")
    assert b"\r\n" in (other / "paper" / "client.py").read_bytes()
    assert b"\r\n" in (other / "venuekit.lock").read_bytes()

    assert vendor("--check", other) == (0, {"diagnostics": []})
    assert vendor("--update", other)[1]["wrote"] == []
    change(project)
    assert vendor("--update", other)[0] == 0
    assert vendor("--check", other)[0] == 0


def test_a_file_that_the_client_has_no_more_goes(
    project: Path, other: Path, vendor: Vendor
) -> None:
    vendor("paper", "--into", other)
    entry = json.loads((other / "venuekit.lock").read_text())["packages"][0]
    original = project / "generated" / "paper"
    provenance = json.loads((original / "provenance.json").read_text())
    provenance["files"] = [f for f in provenance["files"] if f["path"] != "API.md"]
    (original / "provenance.json").write_text(json.dumps(provenance))

    assert "API.md" in entry["files"]
    assert ("VK608", "API.md") in codes(vendor("--check", other)[1])
    assert vendor("--update", other)[1]["removed"] == ["paper/API.md"]
    assert vendor("--check", other)[0] == 0


@pytest.mark.parametrize("is_older", [False, True])
def test_a_lost_lock_is_made_again(
    project: Path, other: Path, vendor: Vendor, is_older: bool
) -> None:
    vendor("paper", "--into", other)
    lock = other / "venuekit.lock"
    before = lock.read_bytes()
    lock.unlink()
    assert vendor("--check", other)[0] == 2
    if is_older:
        change(project)

    assert vendor("paper", "--into", other)[0] == 0
    assert (before != lock.read_bytes()) == is_older
    assert vendor("--check", other)[0] == 0


def test_a_client_that_the_lock_does_not_list(project: Path, other: Path, vendor: Vendor) -> None:
    vendor("paper", "--into", other)
    shutil.copytree(project / "specs" / "paper", project / "specs" / "live")
    assert cli.main(["generate", "-q"]) == 0
    shutil.copytree(project / "generated" / "live", other / "live")

    assert [("VK607", "live")] == codes(vendor("--check", other)[1])
    assert vendor("live", "--into", other)[1]["wrote"] == ["venuekit.lock"]
    assert vendor("--check", other)[0] == 0
    assert vendor("live", "--check", other)[0] == 0
    assert vendor("lives", "--check", other)[0] == 2


ENTRY = (
    '{"version": 1, "packages": [{"name": "%s", "document": null, "generator": "1",'
    ' "files": %s, "checksum": ""}]}'
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "{" * 5000,
        '{"version": 2, "packages": []}',
        '{"version": 1, "packages": {}}',
        '{"version": 1, "packages": [{}]}',
        '{"version": 1, "packages": [1]}',
        ENTRY % ("..", "{}"),
        ENTRY % ("a", '{"../b": "c"}'),
        ENTRY % ("a", '{"/b": "c"}'),
    ],
)
def test_what_is_no_lock(text: str, project: Path, other: Path, vendor: Vendor) -> None:
    (other / "venuekit.lock").write_text(text)
    before = tree(other)

    for arguments in (("--check", other), ("--update", other), ("paper", "--into", other)):
        code, said = vendor(*arguments, *(() if "--check" in arguments else ("--force",)))
        assert (1, "VK602") == (code, said["diagnostics"][0]["code"])
    assert before == tree(other)


def test_every_value_of_a_lock_is_held(project: Path, other: Path, vendor: Vendor) -> None:
    vendor("paper", "--into", other)
    lock = json.loads((other / "venuekit.lock").read_text())
    [entry] = lock["packages"]
    edits = {"name": "papers", "document": "0", "generator": "9.9", "files": {}, "more": 1}

    for key, value in edits.items():
        text = json.dumps({**lock, "packages": [{**entry, key: value}]})
        report = Report()
        assert read_lock(text.encode(), "lock", report) is None
        assert ["VK603"] == [d.code for d in report]


@pytest.mark.parametrize("name", ["paper", "paper/client.py", "venuekit.lock", "."])
def test_a_link_leads_nowhere(
    name: str, project: Path, other: Path, vendor: Vendor, tmp_path: Path
) -> None:
    vendor("paper", "--into", other)
    change(project)
    shutil.move(other / name, tmp_path / "elsewhere")
    other.joinpath(name).symlink_to(tmp_path / "elsewhere")
    elsewhere = tmp_path / "elsewhere"
    before = tree(elsewhere) if elsewhere.is_dir() else elsewhere.read_bytes()

    code, said = vendor("--update", other, "--force")

    assert (1, "VK408") == (code, said["diagnostics"][0]["code"])
    assert before == (tree(elsewhere) if elsewhere.is_dir() else elsewhere.read_bytes())


INSIDE = "other/src/shop/venues/paper"


def test_a_target_must_be_a_package(
    project: Path, other: Path, vendor: Vendor, tmp_path: Path
) -> None:
    assert 0 == vendor("paper", "--into", other)[0]
    (tmp_path / "no-name").mkdir()
    (tmp_path / "no-name" / "__init__.py").touch()
    (tmp_path / "file").touch()
    before = tree(tmp_path)

    for target in ("gone", "file", "no-name", "other", "project/generated", INSIDE):
        code, said = vendor("paper", "--into", tmp_path / target)
        assert (2, ["VK601"]) == (code, [d["code"] for d in said["diagnostics"]]), target
    assert before == tree(tmp_path)


def test_without_a_project_the_installed_clients_are_copied(
    other: Path, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(other)

    assert vendor("deltadefi", "--into", ".")[0] == 0
    assert vendor("--check", ".") == (0, {"diagnostics": []})
    assert (ROOT / "generated/venue_clients/deltadefi/client.py").read_bytes() == (
        other / "deltadefi" / "client.py"
    ).read_bytes()


# The desk, and clients on their own.


def test_imports_of_clients_become_relative() -> None:
    text = b"""'venue_clients'
if 1:
    from venue_clients import a, b
from venue_clients.c import d
"""
    made = b"""'venue_clients'
if 1:
    from ... import a, b
from ...c import d
"""
    path = PurePosixPath("adapters/x.py")

    assert made == relative(path, text)
    assert ("a", "b", "c") == needs({path: text})
    with pytest.raises(ValueError, match="no relative form"):
        relative(path, b"import venue_clients.a\n")


def test_the_desk_brings_its_clients(other: Path, vendor: Vendor) -> None:
    assert vendor("venue_desk", "--into", other, "--project", ROOT)[0] == 0

    names = [
        entry["name"] for entry in json.loads((other / "venuekit.lock").read_text())["packages"]
    ]
    assert [*CLIENTS, "venue_desk"] == names
    modules = {p.relative_to(DESK) for p in DESK.rglob("*.py")}
    copied = {p.relative_to(other / "venue_desk") for p in (other / "venue_desk").rglob("*.py")}
    assert {Path("demo.py")} == modules - copied
    shutil.rmtree(other / "polymarket")
    assert ("VK606", "polymarket") in codes(vendor("--check", other)[1])


def test_the_desk_is_typed_where_it_is_vendored(other: Path, vendor: Vendor) -> None:
    vendor("venue_desk", "--into", other, "--project", ROOT)
    settings = {"include": ["shop"], "pythonVersion": "3.10", "typeCheckingMode": "strict"}
    source = other.parents[1]
    (source / "pyrightconfig.json").write_text(json.dumps(settings))

    pyright = ["pyright", "--pythonpath", sys.executable, "--project", str(source)]
    mypy = ["mypy", "--strict", "--python-version", "3.10", "--cache-dir", "cache", "shop"]
    for checker in (pyright, mypy):
        command = [sys.executable, "-m", *checker]
        environ = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MYPYPATH")}
        done = subprocess.run(command, cwd=source, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module", params=["oldest", "newest"])
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The oldest Python that clients run on and the newest one here, with httpx and pydantic."""
    found = max(interpreters.found())
    version = interpreters.OLDEST if request.param == "oldest" else found
    return interpreters.environment(tmp_path_factory.mktemp("python") / "venv", version)


IMPORT = """
import importlib.util, sys
for absent in ("venuekit", "venue_clients", "venue_desk", "venue_sandbox"):
    assert importlib.util.find_spec(absent) is None, absent
from shop.venues import paper
import httpx
answer = lambda request: httpx.Response(200, json={"total": 3})
with httpx.Client(transport=httpx.MockTransport(answer)) as http:
    report = paper.Client(http=http).cancel_all()
    print(type(report).__module__, report.total)
assert not [name for name in sys.modules if name.startswith("venue")]
"""


def test_a_vendored_client_stands_alone(
    project: Path, other: Path, vendor: Vendor, python: str
) -> None:
    vendor("paper", "--into", other)
    change(project)
    vendor("--update", other)

    done = interpreters.run(python, IMPORT, other.parents[1])

    assert (0, "shop.venues.paper.models 3\n", "") == (done.returncode, done.stdout, done.stderr)


CANCEL = """
import json, os
from shop.venues.venue_desk import Desk, Everything, open_venues
servers = json.loads(os.environ["SERVERS"])
with Desk(open_venues(os.environ, list(servers), live=True, servers=servers)) as desk:
    report = desk.cancel(Everything())
print(report.is_verified, len(report.venues), *[len(v.orders) for v in report.venues])
"""
COMMAND = """
import runpy, sys
sys.argv[1:] = {!r}
runpy.run_module("shop.venues.venue_desk", run_name="__main__")
"""


@pytest.fixture
def stocked() -> Iterator[Any]:
    with running() as sandbox:
        for name in sandbox.venues:
            sandbox.book(name).add({"deltadefi": "ADAUSDM", "polymarket": "101"}.get(name, "AAPL"))
        yield sandbox


def test_a_vendored_desk_cancels(other: Path, vendor: Vendor, python: str, stocked: Any) -> None:
    vendor("venue_desk", "--into", other, "--project", ROOT)
    environ = {**credentials(stocked, list(stocked.venues)), "SERVERS": json.dumps(stocked.urls)}

    done = interpreters.run(python, CANCEL, other.parents[1], **environ)
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout == "True 5 1 1 1 1 1\n"
    dry = COMMAND.format(["cancel", "--all", "--dry-run", "--venue", "deltadefi"])
    done = interpreters.run(python, dry, other.parents[1], DELTADEFI_API_KEY="k")
    assert done.returncode == 0, done.stderr
    assert "POST https://api-staging.deltadefi.io/order/cancel-all" in done.stdout
    done = interpreters.run(python, COMMAND.format(["demo"]), other.parents[1])
    assert (2, True) == (done.returncode, "invalid choice: 'demo'" in done.stderr)
