"""The workflows that docs/ offers, run as they are against a site on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from venuekit import __version__, cli

from .clients.loopback import Answer, venue
from .sites import Site, page
from .test_drift_command import CANCEL, ORDERS

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / "docs" / "workflows"
BROKEN = [text.replace("id: {type: string}", "id: {type: integer}") for text in (ORDERS, CANCEL)]


class Machine:
    """A clone of a repository with a client, as a CI has it, and what its commands did."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        self.folder = folder
        self.work = folder / "work"
        self.origin = folder / "origin.git"
        self.calls = folder / "calls"
        self.calls.touch()
        tools = folder / "tools"
        tools.mkdir()
        self._tool(tools / "venuekit", f'exec "{sys.executable}" -m venuekit "$@"')
        for name in ("pip", "gh"):
            self._tool(tools / name, f'echo "{name} $*" >> "{self.calls}"')
        python = os.pathsep.join([str(ROOT / "generator"), os.environ.get("PYTHONPATH", "")])
        self.environment = {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "caches"),
            "PYTHONPATH": python,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self._repository()

    def _tool(self, path: Path, script: str) -> None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def _repository(self) -> None:
        pages = self.work / "specs" / "paper" / "pages"
        pages.mkdir(parents=True)
        (self.work / "pyproject.toml").write_text("[tool.venuekit]\n")
        for name, text in (("orders", ORDERS), ("cancel", CANCEL)):
            self.site.answers[f"/{name}.md"] = page(text, tagged=True)
            header = f"---\nsource_md: {self.site.url}/{name}.md\n---\n"
            (pages / f"{name}.md").write_text(header + text)
        assert 0 == cli.main(["-q", "generate", "--project", str(self.work)])
        self.git("init", "--quiet", "--bare", str(self.origin))
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "--all")
        self.git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "Start")
        self.git("remote", "add", "origin", str(self.origin))
        self.git("push", "--quiet", "origin", "main")

    def git(self, *arguments: str) -> str:
        return self.run(["git", *arguments]).stdout

    def run(
        self, command: list[str], environment: Mapping[str, str] | None = None, *, fine: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.work,
            env={**self.environment, **(environment or {})},
            capture_output=True,
            text=True,
            check=fine,
            timeout=120,
        )

    def moves(self) -> None:
        """The venue changes its pages."""
        for name, text in zip(("orders", "cancel"), BROKEN, strict=True):
            self.site.answers[f"/{name}.md"] = page(text, tagged=True)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    site = Site()
    with venue(running=site):
        yield Machine(tmp_path, site)


def steps(machine: Machine, file: str) -> Iterator[tuple[str, int]]:
    """Run the commands of a workflow as GitHub does, until one fails: the name and exit code."""
    [job] = yaml.safe_load((WORKFLOWS / file).read_text())["jobs"].values()
    outputs = machine.folder / "outputs"
    summary = machine.folder / "summary.md"
    known = {"github.token": "secret", "github.run_id": "1"}
    for step in job["steps"]:
        if "run" not in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
            continue
        outputs.write_text("")
        environment = {
            name: re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: known[found[1]], value)
            for name, value in step.get("env", {}).items()
        }
        assert "${{" not in step["run"], "text that others write is no part of a script"
        environment |= {
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(machine.folder),
        }
        code = machine.run(["bash", "-e", "-c", step["run"]], environment, fine=False).returncode
        for line in outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step['id']}.outputs.{name}"] = value
        yield step.get("name", step["run"]), code
        if code:
            return


def test_github_where_nothing_moved(machine: Machine) -> None:
    done = dict(steps(machine, "drift.yml"))

    assert {0} == set(done.values())
    assert f"pip install venuekit=={__version__}" in done
    assert f"pip install venuekit=={__version__}\n" == machine.calls.read_text()
    assert "no changes" in (machine.folder / "summary.md").read_text()
    assert "main" == machine.git("branch", "--format=%(refname:short)").strip()


def test_github_where_something_breaks(machine: Machine) -> None:
    machine.moves()

    done = dict(steps(machine, "drift.yml"))

    assert 1 == done.pop("Fail where something breaks")
    assert {0} == set(done.values())
    assert "was string and is integer" in (machine.folder / "summary.md").read_text()
    assert "gh pr create --head venuekit-drift" in machine.calls.read_text()
    changed = machine.git("diff", "--name-only", "origin/main", "origin/venuekit-drift").split()
    assert {"specs/paper/pages/orders.md", "generated/paper/models.py"} <= set(changed)
    machine.git("checkout", "--quiet", "venuekit-drift")
    assert 0 == machine.run(["venuekit", "check"]).returncode


def test_github_where_the_venue_is_down(machine: Machine) -> None:
    machine.site.answers = {f"/{name}.md": Answer(503) for name in ("orders", "cancel")}

    done = dict(steps(machine, "drift.yml"))

    assert 1 == done["Fail where something breaks"]
    assert "source-missing" in (machine.folder / "summary.md").read_text()
    assert "gh" not in machine.calls.read_text()


def shell(machine: Machine, *arguments: str) -> int:
    command = ["sh", str(WORKFLOWS / "drift.sh"), *arguments]
    return machine.run(command, {"REPORTS": "../reports"}, fine=False).returncode


def reports(machine: Machine) -> dict[str, str]:
    return {path.name: path.read_text() for path in (machine.folder / "reports").iterdir()}


def test_any_ci_where_nothing_moved(machine: Machine) -> None:
    assert 0 == shell(machine)

    found = reports(machine)
    assert {"drift.html", "drift.xml", "drift.patch"} == set(found)
    assert "" == found["drift.patch"]
    assert "0" == ElementTree.fromstring(found["drift.xml"]).get("failures")


def test_any_ci_where_something_breaks(machine: Machine) -> None:
    machine.moves()

    assert 1 == shell(machine, "paper")

    found = reports(machine)
    assert "1" == ElementTree.fromstring(found["drift.xml"]).get("failures")
    assert "was string and is integer" in found["drift.html"]
    assert "" == machine.git("status", "--porcelain"), "the work tree is as it was"
    machine.git("apply", "../reports/drift.patch")
    assert 0 == machine.run(["venuekit", "check"]).returncode


def test_any_ci_where_the_settings_are_wrong(machine: Machine) -> None:
    assert 2 == shell(machine, "unheard_of")


def test_any_ci_does_not_lose_work(machine: Machine) -> None:
    mine = machine.work / "specs" / "paper" / "notes.txt"
    mine.write_text("mine")

    assert 2 == shell(machine)
    assert mine.exists()
