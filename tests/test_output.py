"""The swap of a folder: whole, or as before, whatever interrupts it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from venuekit import output
from venuekit.diagnostics import Report
from venuekit.output import Change, Found

OLD = {"a/client.py": "old", "a/gone.py": "old", "b/models.py": "old", "c/only.py": "old"}
NEW = {"a/client.py": "new", "b/models.py": "new", "d/e/added.py": "new"}


class Crash(BaseException):
    """A process that ends here and now."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in OLD.items():
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "out"


def tree(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}


def change() -> Change:
    removed = sorted(PurePosixPath(name) for name in OLD.keys() - NEW.keys())
    return Change({PurePosixPath(k): v.encode() for k, v in NEW.items()}, tuple(removed))


def update(root: Path, report: Report, change: Change | None = None) -> None:
    output.update(root, lambda: Found({}), lambda _: change, report)


def test_a_change_is_written_and_nothing_is_left_beside(root: Path) -> None:
    report = Report()
    (root / "c/__pycache__").mkdir()
    (root / "c/__pycache__/only.pyc").write_text("")

    update(root, report, change())

    assert [] == list(report)
    assert tree(root) == NEW
    assert ["out"] == os.listdir(root.parent)
    assert not (root / "c").exists()


def test_texts_have_newlines_of_one_kind(root: Path) -> None:
    update(root, Report(), Change({PurePosixPath("é.py"): "ü\n".encode()}))

    assert "ü\n".encode() == (root / "é.py").read_bytes()


def crashing(count: int, patch: pytest.MonkeyPatch) -> None:
    """Let the process die at the given call of the file system, and at every one after it."""
    calls = 0

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls >= count:
                raise Crash
            return real(*args, **options)

        return call

    for name in ("replace", "mkdir", "unlink", "rmdir"):
        patch.setattr(os, name, dying(getattr(os, name)))
    patch.setattr(shutil, "rmtree", dying(shutil.rmtree))
    patch.setattr(shutil, "copyfile", dying(shutil.copyfile))


def test_a_crash_at_any_step_leaves_a_whole_tree_to_the_next_run(
    tmp_path: Path, root: Path
) -> None:
    outcomes: list[bool] = []
    for count in range(1, 100):
        work = tmp_path / str(count) / "out"
        shutil.copytree(root, work)
        try:
            with pytest.MonkeyPatch.context() as patch:
                crashing(count, patch)
                update(work, Report(), change())
        except Crash:
            pass
        else:
            break

        output.recover(work, report := Report())

        assert [] == list(report)
        assert tree(work) in (OLD, NEW), count
        assert ["out"] == os.listdir(work.parent), count
        outcomes.append(tree(work) == NEW)

    assert outcomes == sorted(outcomes), "from one step on the change is made"
    assert {False, True} == set(outcomes)


def test_a_failure_at_any_step_is_undone_at_once(tmp_path: Path, root: Path) -> None:
    replaces = 0
    real = os.replace

    for count in range(2, 12):
        work = tmp_path / str(count) / "out"
        shutil.copytree(root, work)
        replaces = 0

        def failing(source: Path, target: Path, count: int = count) -> None:
            nonlocal replaces
            replaces += 1
            if replaces == count:
                raise OSError(28, "No space left on device", str(target))
            real(source, target)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", failing)
            update(work, report := Report(), change())

        assert ["out"] == os.listdir(work.parent)
        if replaces < count:
            assert tree(work) == NEW
            break
        assert ["VK407"] == [d.code for d in report]
        assert tree(work) == OLD
    else:
        pytest.fail("more steps than expected")


def test_a_failed_redo_is_undone(root: Path) -> None:
    real = os.replace
    done: list[Path] = []

    def dying(source: Path, target: Path) -> None:
        if len(done) == 3:
            raise Crash
        done.append(Path(target))
        real(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", dying)
        with pytest.raises(Crash):
            update(root, Report(), change())
    shutil.rmtree(root / "d")
    (root / "d").write_text("in the way")

    output.recover(root, report := Report())

    assert [] == list(report)
    assert {**OLD, "d": "in the way"} == tree(root)
    assert ["out"] == os.listdir(root.parent)


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    report = Report()

    update(tmp_path / "file/below/out", report, change())

    assert ["VK407"] == [d.code for d in report]
    assert ["file"] == os.listdir(tmp_path)


def test_parents_are_made_and_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(tmp_path / "x/y/out", Report(), Change({PurePosixPath("a.py"): b""}))
    assert {"a.py": ""} == tree(tmp_path / "x/y/out")

    def failing(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "z/y/out/a.py"))

    monkeypatch.setattr(os, "replace", failing)
    update(tmp_path / "z/y/out", report := Report(), Change({PurePosixPath("a.py"): b""}))

    assert ["VK407"] == [d.code for d in report]
    assert ["x"] == os.listdir(tmp_path)


@pytest.mark.parametrize("link", ["a", "a/client.py", "."])
def test_nothing_is_written_through_a_link(root: Path, link: str) -> None:
    outside = root.parent / "outside"
    path = root / link
    path.rename(outside)
    path.symlink_to(outside)
    before = tree(root.parent)

    update(root, report := Report(), change())

    assert ["VK407"] == [d.code for d in report]
    assert before == tree(root.parent)


def test_a_second_run_waits_for_the_first(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_PATIENCE", 0.0)
    inner = Report()

    def decide(_: Found) -> Change:
        update(root, inner, change())
        return change()

    output.update(root, lambda: Found({}), decide, outer := Report())

    assert ["VK411"] == [d.code for d in inner]
    assert [] == list(outer)
    assert tree(root) == NEW


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes of a name")
def test_a_pipe_is_not_read(root: Path) -> None:
    os.mkfifo(root / "a/pipe")

    found = output.read(root, [PurePosixPath("a")], ())

    assert b"" == found.files[PurePosixPath("a/pipe")]
    assert b"old" == found.files[PurePosixPath("a/client.py")]
