"""What is written stays in the folder that was named, whatever lies there and whatever asks."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from . import pipeline, places
from .payloads import CODE

SPEC = Path(__file__).with_name("everything.yaml")
CLIMBING = ("../../pwned", "/etc/pwned", "..\\..\\pwned", "~/pwned", "pwned\0", "a/../../pwned")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def _tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _project(root: Path, client: str, settings: str = "") -> Path:
    specs = root / "project" / "specs" / client
    specs.mkdir(parents=True)
    (root / "project" / "pyproject.toml").write_text("[tool.venuekit]\n", encoding="utf-8")
    (specs / "client.toml").write_text(settings, encoding="utf-8")
    (specs / "openapi.yaml").write_bytes(SPEC.read_bytes())
    return root / "project"


def test_names_of_a_document_are_no_paths(tmp_path: Path) -> None:
    for number, name in enumerate(CLIMBING):
        texts = {position: f"{name}{index}" for index, position in enumerate(places.TEXTS)}
        spec = tmp_path / "openapi.json"
        spec.write_text(json.dumps(places.substituted(texts)), encoding="utf-8")
        out = tmp_path / f"out{number}" / "client"
        before = _tree(tmp_path)

        done = pipeline.run("generate", "--spec", spec, "--out", out)

        assert 0 == done.status, done.errors
        new = _tree(tmp_path) - before
        assert new
        assert all(path.startswith(f"out{number}") for path in new)


@pytest.mark.parametrize(
    "name", ["../pwned", "/tmp/pwned", "..", ".", "", "a/b", "~", "a\nb", "-q"]
)
def test_names_of_clients_are_no_paths(name: str, tmp_path: Path) -> None:
    project = _project(tmp_path, "paper")
    before = _tree(tmp_path)

    done = pipeline.run("generate", "--project", project, "--", name)

    assert done.status in (1, 2)
    assert before == _tree(tmp_path)


@pytest.mark.parametrize("key", ["sources", "overlays"])
@pytest.mark.parametrize("path", ["../../../secret.yaml", "/etc/hostname", "link.yaml", "folder"])
def test_settings_read_no_files_of_others(key: str, path: str, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("TOPSECRET: [", encoding="utf-8")
    written = f'["{path}"]' if key == "overlays" else f'["openapi.yaml", "{path}"]'
    project = _project(tmp_path, "paper", f"{key} = {written}\n")
    folder = project / "specs" / "paper"
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "folder").symlink_to(tmp_path)

    done = pipeline.run("generate", "--project", project)

    assert done.status in (1, 2)
    assert "TOPSECRET" not in str(done.diagnostics)
    assert not (project / "generated").exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = outside / "target.py"
    target.write_text("untouched", encoding="utf-8")
    for number, make in enumerate((_link_to_a_file, _link_to_a_folder, _link_that_hangs)):
        out = tmp_path / f"client{number}"
        make(out, outside)
        before = _tree(outside)

        done = pipeline.run("generate", "--spec", SPEC, "--out", out)

        assert done.status in (0, 1, 2)
        assert before == _tree(outside), make
        assert "untouched" == target.read_text(encoding="utf-8"), make
        if done.status == 0:
            assert not any(path.is_symlink() for path in out.rglob("*")), make


def _link_to_a_file(out: Path, outside: Path) -> None:
    """A file of the client is a link."""
    assert 0 == pipeline.run("generate", "--spec", SPEC, "--out", out).status
    (out / "models.py").unlink()
    (out / "models.py").symlink_to(outside / "target.py")


def _link_to_a_folder(out: Path, outside: Path) -> None:
    """The client itself is a link."""
    out.symlink_to(outside)


def _link_that_hangs(out: Path, outside: Path) -> None:
    """The client is a link to what is not there yet."""
    out.symlink_to(outside / "new")


def test_a_hard_link_is_parted(tmp_path: Path) -> None:
    out, kept = tmp_path / "client", tmp_path / "kept.py"
    assert 0 == pipeline.run("generate", "--spec", SPEC, "--out", out).status
    kept.write_text("untouched", encoding="utf-8")
    (out / "models.py").unlink()
    os.link(kept, out / "models.py")

    done = pipeline.run("generate", "--spec", SPEC, "--out", out)

    assert done.status in (0, 1)
    assert "untouched" == kept.read_text(encoding="utf-8")


def test_a_staging_folder_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "journal.json").write_text('{"undo": false, "steps": [["a", true, false]]}')
    out = tmp_path / "client"
    (tmp_path / ".client.venuekit").symlink_to(outside)

    done = pipeline.run("generate", "--spec", SPEC, "--out", out)

    assert done.status in (0, 1, 2)
    assert {"journal.json"} == _tree(outside)


def test_a_journal_leads_nowhere_else(tmp_path: Path) -> None:
    """A folder that looks like an interrupted run's, by somebody who wants a file removed."""
    kept = tmp_path / "kept.txt"
    for number, path in enumerate(("../kept.txt", str(kept), "a/../../kept.txt")):
        kept.write_text("kept", encoding="utf-8")
        stage = tmp_path / f".client{number}.venuekit"
        (stage / "new").mkdir(parents=True)
        (stage / "old").mkdir()
        (stage / "new" / "0").write_text("pwned", encoding="utf-8")
        steps = f'[["{path}", true, true], ["{path}", true, false]]'
        (stage / "journal.json").write_text(f'{{"undo": false, "steps": {steps}}}')

        done = pipeline.run("generate", "--spec", SPEC, "--out", tmp_path / f"client{number}")

        assert done.status in (0, 1, 2)
        assert "kept" == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("make", ["fifo", "folder"])
def test_special_files_are_refused(make: str, tmp_path: Path) -> None:
    out = tmp_path / "client"
    assert 0 == pipeline.run("generate", "--spec", SPEC, "--out", out).status
    (out / "models.py").unlink()
    if make == "fifo":
        os.mkfifo(out / "models.py")
    else:
        (out / "models.py").mkdir()

    done = pipeline.run("generate", "--spec", SPEC, "--out", out)

    assert done.status in (1, 2)
    assert {"VK407"} <= {d["code"] for d in done.errors}


def test_messages_do_not_steer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Terminals, pull requests: what a message quotes is text there too."""
    from venuekit import cli

    spec = tmp_path / "openapi.json"
    texts = {p: CODE[n % len(CODE)] for n, p in enumerate(places.POSITIONS)}
    spec.write_text(json.dumps(places.substituted(texts)), encoding="utf-8")
    for style in ("text", "github"):
        cli.main(["validate", "--spec", str(spec), "--format", style])
        out, err = capsys.readouterr()
        said = out + err

        assert said
        assert all(c == "\n" or c.isprintable() for c in said), style
        if style == "github":
            assert all(line.startswith(("::error ", "::warning ")) for line in out.splitlines())
