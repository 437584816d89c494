"""The command as its users meet it: cases, formats, exit codes, and no traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from venuekit import __version__, cli, workflow
from venuekit.workflow import making

CASES = Path(__file__).parent / "cases" / "commands"
DOCUMENT = CASES / "stale_source" / "specs" / "paper" / "openapi.yaml"


@pytest.mark.parametrize("case", sorted(p.name for p in CASES.iterdir()))
def test_case(
    case: str,
    update: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Carry out the lines of `steps` in a copy of the case, and look at what the last one says."""
    work = tmp_path / "work"
    shutil.copytree(CASES / case, work)
    steps = (work / "steps").read_text().splitlines()
    expected = CASES / case / "expected.txt"
    for name in ("steps", "expected.txt"):
        (work / name).unlink(missing_ok=True)
    monkeypatch.chdir(work)
    code = 0
    for step in steps:
        if step.startswith("venuekit"):
            capsys.readouterr()
            code = cli.main(step.split()[1:])
        else:
            subprocess.run(step, shell=True, check=True)
    out, err = capsys.readouterr()
    said = f"exit {code}\n--- stdout\n{out}--- stderr\n{err}".replace(str(work), "WORK")

    if update:
        expected.write_text(said)
    assert expected.read_text() == said
    assert [] == list(work.rglob(".*venuekit*")), "nothing is left beside"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(DOCUMENT, tmp_path / "spec.yaml"))


def test_a_document_becomes_a_package_without_a_project(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate = ["generate", "--spec", "spec.yaml", "--out", "deep/below/paper"]

    assert cli.main(generate) == 0
    out, err = capsys.readouterr()

    assert out == ""
    assert err == "wrote 9 files in deep/below/paper\n"
    provenance = json.loads(Path("deep/below/paper/provenance.json").read_text())
    keys = ["document", "sources", "overlays", "tools", "operations", "files"]
    assert keys == list(provenance)
    assert ["title", "version", "sha256"] == list(provenance["document"])
    [source] = provenance["sources"]
    assert ["file", "url", "scraped_at", "sha256"] == list(source)
    assert source["file"] == "spec.yaml"
    operation = {"id": "cancelAll", "method": "DELETE", "path": "/orders", "name": "cancel_all"}
    assert [operation] == provenance["operations"]
    names = {p.name for p in Path("deep/below/paper").iterdir()}
    assert names - {file["path"] for file in provenance["files"]} == {"provenance.json"}
    assert "openapi: 3.1.0" not in (openapi := Path("deep/below/paper/openapi.json").read_text())
    assert json.loads(openapi)["info"]["title"] == "Paper"
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in Path("deep").rglob("*.*")}

    assert cli.main(generate) == 0
    assert ("", "") == capsys.readouterr()
    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in before}
    assert cli.main(["check", *generate[1:]]) == 0
    assert not any(b"/tmp" in data for _, data in before.values())


def test_nothing_is_written_where_one_client_has_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    shutil.copytree(CASES / "stale_source", work)
    (work / "specs/broken").mkdir()
    (work / "specs/broken/openapi.yaml").write_text("openapi: 3.1.0\nopenapi: 3.1.0\n")
    monkeypatch.chdir(work)

    assert cli.main(["generate"]) == 1

    assert "specs/broken/openapi.yaml:2:1: error[VK" in capsys.readouterr().err
    assert not (work / "generated").exists()
    assert cli.main(["generate", "paper"]) == 0


def report(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    assert err == ""
    return code, out


def test_findings_for_programs(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(spec.read_text().replace("operationId: cancelAll\n", "summary: 'a, 100%'\n"))
    validate = ["validate", "--spec", "spec.yaml"]

    code, out = report([*validate, "--format", "json"], capsys)
    found = json.loads(out)["diagnostics"]
    keys = ["code", "severity", "message", "help", "file", "line", "column", "pointer"]
    assert code == 0
    assert all(keys == list(d) and d["severity"] == "warning" for d in found)
    assert {"spec.yaml"} == {d["file"] for d in found}

    code, out = report(["--format=sarif", *validate, "--strict"], capsys)
    [run] = json.loads(out)["runs"]
    assert code == 1
    assert [d["code"] for d in found] == [r["ruleId"] for r in run["results"]]
    assert {"error"} == {r["level"] for r in run["results"]}
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": found[0]["line"], "startColumn": found[0]["column"]}
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in run["results"])

    _, out = report([*validate, "--format", "github"], capsys)
    lines = out.splitlines()
    assert len(found) == len(lines)
    assert lines[0].startswith(f"::warning file=spec.yaml,title={found[0]['code']},line=")


def test_quiet_prints_errors_alone(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(spec.read_text().replace("operationId: cancelAll\n", "summary: a\n"))

    assert cli.main(["-q", "validate", "--spec", "spec.yaml"]) == 0
    assert ("", "") == capsys.readouterr()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unheard-of"],
        ["generate", "--unheard-of"],
        ["generate", "--format", "xml"],
        ["generate", "--spec", "spec.yaml"],
        ["generate", "a", "--spec", "spec.yaml", "--out", "b"],
        ["validate", "--out", "b"],
        ["generate", "--spec", "spec.yaml", "--out", "class"],
        ["generate", "--spec", "spec.yaml", "--out", "spec.yaml"],
        ["generate", "--project", "nowhere"],
    ],
)
def test_wrong_usage(spec: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[VK0" in err
    assert [spec] == list(spec.parent.iterdir())


def test_wrong_usage_is_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = report(["generate", "--spec", "x", "--format", "json"], capsys)

    assert code == 2
    assert ["VK010"] == [d["code"] for d in json.loads(out)["diagnostics"]]


def test_an_unexpected_exception_asks_for_a_report(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError("too\x1bdeep")

    monkeypatch.setattr(making, "begin", broken)
    generate = ["generate", "--spec", "spec.yaml", "--out", "paper"]

    assert cli.main(generate) == 1
    err = capsys.readouterr().err
    assert r"error[VK999]: internal error: RecursionError: too\x1bdeep, client 'paper'" in err
    assert "Traceback" not in err
    assert cli.main([*generate, "-v"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_what_the_system_refuses_is_no_bug(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "specs/paper/pages")

    monkeypatch.setattr(workflow, "spec_job", refused)

    assert cli.main(["validate", "--spec", "spec.yaml"]) == 2
    message = "specs/paper/pages: error[VK013]: cannot be read: Permission denied"
    assert message in capsys.readouterr().err


def test_an_interruption_is_no_finding(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "begin", interrupted)

    assert cli.main(["validate", "--spec", "spec.yaml"]) == 130


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind there")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_a_run_in_order(
    name: str, code: int, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, number = making.begin, getattr(signal, name)

    def ended(*arguments: Any, **more: Any) -> Any:
        os.kill(os.getpid(), number)
        return begin(*arguments, **more)

    monkeypatch.setattr(making, "begin", ended)

    assert cli.main(["generate", "--spec", "spec.yaml", "--out", "paper"]) == code
    assert signal.SIG_DFL == signal.getsignal(number)
    assert ["spec.yaml"] == sorted(p.name for p in Path.cwd().iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
def test_output_that_cannot_be_written_is_no_traceback(spec: Path) -> None:
    command = [sys.executable, "-m", "venuekit", "validate", "--spec", "spec.yaml"]
    path = os.pathsep.join(filter(None, sys.path))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "--format", "json"],
            env={**os.environ, "PYTHONPATH": path},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert 1 == done.returncode
    assert "venuekit: error[VK407]: cannot print: No space left on device\n" == done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_is_read_once(spec: Path) -> None:
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_bytes(spec.read_bytes()))
    writer.start()

    assert cli.main(["generate", "--spec", "pipe", "--out", "paper", "-q"]) == 0
    writer.join()
    assert Path("paper", "client.py").exists()


def test_a_file_without_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Path("spec.yaml").open("wb") as file:
        file.truncate((256 << 20) + 1)

    assert cli.main(["validate", "--spec", "spec.yaml"]) == 1
    said = "spec.yaml: error[VK100]: the file cannot be read: it has more than 256 MB\n1 error\n"
    assert said == capsys.readouterr().err


def test_too_little_memory_is_no_bug(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(making, "begin", exhausted)

    assert cli.main(["validate", "--spec", "spec.yaml"]) == 1
    assert "error[VK119]: there is not enough memory" in capsys.readouterr().err


def test_the_module_is_the_command_and_survives_a_closed_pipe(spec: Path) -> None:
    command = [sys.executable, "-m", "venuekit"]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == f"venuekit {__version__}\n"

    read, write = os.pipe()
    os.close(read)
    arguments = [*command, "validate", "--spec", "spec.yaml", "--format", "sarif"]
    closed = subprocess.run(arguments, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)

    assert (1, "") == (closed.returncode, closed.stderr)


def test_colour_is_for_terminals(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli.printing, "is_terminal", lambda _: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    arguments = ["validate", "--spec", "gone.yaml"]

    cli.main(arguments)
    assert "\x1b[1;31merror[VK012]" in capsys.readouterr().err
    cli.main(["--no-color", *arguments])
    assert "\x1b" not in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    cli.main(arguments)
    assert "\x1b" not in capsys.readouterr().err
