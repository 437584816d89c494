"""The only module that writes: a folder goes from its old state to its new one in one move.

Everything is staged beside the folder, with what it replaces. A journal is written, and from then
on the swap is completed or undone: by this run, or by the next one that finds the journal.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from venuekit.config import shown
from venuekit.diagnostics import Place, Report
from venuekit.records import dataclass

PROVENANCE = "provenance.json"
_JOURNAL = "journal.json"
_CACHE = "__pycache__"
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """What is on the disk: the files by their path below the root, and the symbolic links."""

    files: Mapping[PurePosixPath, bytes]
    links: tuple[PurePosixPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What to do to a folder: new contents by path, and the files that go."""

    writes: Mapping[PurePosixPath, bytes]
    removals: tuple[PurePosixPath, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.writes or self.removals)


@dataclass(frozen=True, slots=True)
class _Step:
    """One file of a swap: whether it was there, and whether it shall be."""

    path: str
    existed: bool
    remains: bool


def read(root: Path, folders: Collection[PurePosixPath], names: Collection[str]) -> Found:
    """Read whole folders and single files below a root, and what else the tool once wrote there."""
    files: dict[PurePosixPath, bytes] = {}
    links: list[PurePosixPath] = []
    if root.is_symlink():
        return Found(files, (PurePosixPath(),))
    every = [*folders, *(() if PurePosixPath() in folders else _written(root, folders))]
    for path in sorted({*every, *map(PurePosixPath, names)}):
        for below in _walk(root, path):
            if (root / below).is_symlink():
                links.append(below)
            elif (root / below).is_file():
                files[below] = _contents(root / below)
            else:  # a pipe or a device, which may never end
                files[below] = b""
    return Found(files, tuple(links))


def _contents(path: Path) -> bytes:
    """The bytes of a file; a pipe or a device would keep whoever reads it waiting."""
    if not path.is_file():
        raise OSError(22, "it is no regular file", str(path))
    return path.read_bytes()


def update(
    root: Path,
    look: Callable[[], Found],
    decide: Callable[[Found], Change | None],
    report: Report,
) -> Change | None:
    """Look at a folder, decide what changes and swap it in, while no other run does the same."""
    try:
        with _held(root.parent):
            _recover(root)
            change = decide(look())
            if change:
                _swap(root, change)
            return change
    except BlockingIOError:
        report.error(
            "VK411",
            "another run is writing here",
            Place(shown(root)),
            "wait until it has ended, then run the command again",
        )
    except OSError as error:
        report.error("VK407", *_refusal(root, error))
    return None


def write_file(path: Path, data: bytes, report: Report) -> None:
    """Write one file in one move."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        report.error("VK407", message, Place(shown(path)), "see that its folder can be written")


def recover(root: Path, report: Report) -> None:
    """Complete or undo what an interrupted run has left."""
    if _stage(root).exists():
        update(root, lambda: Found({}), lambda _: None, report)


def keep(path: Path, text: str) -> None:
    """Keep what is no part of a project, where that can be: it only saves work."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)


def _refusal(root: Path, error: OSError) -> tuple[str, Place, str]:
    path = error.filename if isinstance(error.filename, str) else str(root)
    message = f"cannot be written: {error.strerror or error}"
    if Path(path).is_relative_to(_stage(root)):
        path = str(root)
    undone = "nothing was changed; see that it can be written, and run the command again"
    pending = "the swap is half done; the next run that can write completes it"
    help = pending if (_stage(root) / _JOURNAL).exists() else undone
    return message, Place(shown(Path(path))), help


def _walk(root: Path, path: PurePosixPath) -> Iterator[PurePosixPath]:
    """Yield the files and links at or below a path; caches of bytecode are nobody's."""
    full = root / path
    if full.is_symlink() or not full.is_dir():
        if full.is_symlink() or full.exists():
            yield path
        return
    for name in sorted(os.listdir(full)):
        if name != _CACHE:
            yield from _walk(root, path / name)


def _written(root: Path, folders: Collection[PurePosixPath]) -> Iterator[PurePosixPath]:
    """Yield the folders at a root that hold a provenance and are none of these."""
    for name in sorted(os.listdir(root)) if root.is_dir() else []:
        path = PurePosixPath(name)
        if path not in folders and (root / path / PROVENANCE).is_file():
            yield path


def _stage(root: Path) -> Path:
    return root.parent / f".{root.name}.venuekit"


@contextlib.contextmanager
def _held(folder: Path) -> Generator[None]:
    """Hold a folder against other runs; the lock dies with its process, and leaves no file."""
    while not folder.exists():
        folder = folder.parent
    if sys.platform == "win32" or not folder.is_dir():
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            except OSError:  # a file system without locks
                break
        yield
    finally:
        os.close(handle)


def _swap(root: Path, change: Change) -> None:
    """Stage a change, commit to it, and carry it out; whatever fails is undone."""
    stage = _stage(root)
    made = _missing_folders(root)
    try:
        for folder in (root, *root.parents):
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(20, "a file is in the place of a folder", str(folder))
        root.parent.mkdir(parents=True, exist_ok=True)
        stage.mkdir()
        steps = _prepare(root, stage, change)
        _write_journal(stage, steps, undo=False)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        _remove_empty(made)
        raise
    try:
        _redo(root, stage, steps)
    except BaseException:
        _write_journal(stage, steps, undo=True)
        _undo(root, stage, steps)
        _finish(stage)
        _remove_empty(made)
        raise
    _finish(stage)


def _recover(root: Path) -> None:
    """Complete or undo the swap of a run that was interrupted."""
    stage = _stage(root)
    if stage.is_symlink() or not stage.is_dir():
        return
    journal = _read_journal(stage)
    if journal is not None:
        steps, undo = journal
        if not undo:
            try:
                _redo(root, stage, steps)
            except OSError:
                _write_journal(stage, steps, undo=True)
                undo = True
        if undo:
            _undo(root, stage, steps)
    _finish(stage)


def _prepare(root: Path, stage: Path, change: Change) -> list[_Step]:
    """Write what is new and copy what it replaces, under the numbers of the steps."""
    (stage / "new").mkdir()
    (stage / "old").mkdir()
    steps: list[_Step] = []
    for number, path in enumerate([*change.writes, *change.removals]):
        target = _target(root, path)
        existed = target.exists()
        if path in change.writes:
            (stage / "new" / str(number)).write_bytes(change.writes[path])
            if existed:
                shutil.copyfile(target, stage / "old" / str(number))
        steps.append(_Step(str(path), existed, path in change.writes))
    return steps


def _target(root: Path, path: PurePosixPath) -> Path:
    """Join a path to its root, unless it leads elsewhere."""
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise PermissionError(1, "its path leads out of the folder", str(root / path))
    target = root / path
    for below in (target, *target.parents):
        if below == root.parent:
            break
        if below.is_symlink():
            raise PermissionError(1, "it is reached through a symbolic link", str(below))
    if target.is_dir():
        raise IsADirectoryError(21, "a folder is in its place", str(target))
    return target


def _redo(root: Path, stage: Path, steps: list[_Step]) -> None:
    """Carry out the steps that are not done yet."""
    for number, step in enumerate(steps):
        target = _target(root, PurePosixPath(step.path))
        new, old = stage / "new" / str(number), stage / "old" / str(number)
        if step.remains and new.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(new, target)
        elif not step.remains and target.exists():
            os.replace(target, old)
    for step in steps:
        if not step.remains:
            _remove_hollow(root, (root / step.path).parent)


def _undo(root: Path, stage: Path, steps: list[_Step]) -> None:
    """Take back the steps that were done."""
    for number, step in enumerate(steps):
        target = _target(root, PurePosixPath(step.path))
        new, old = stage / "new" / str(number), stage / "old" / str(number)
        if old.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(old, target)
        elif not step.existed and not new.exists():
            target.unlink(missing_ok=True)
        if not step.existed:
            _remove_hollow(root, target.parent)


def _finish(stage: Path) -> None:
    (stage / _JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(stage)


def _write_journal(stage: Path, steps: list[_Step], *, undo: bool) -> None:
    entries = [[step.path, step.existed, step.remains] for step in steps]
    part = stage / "journal.part"
    part.write_text(json.dumps({"undo": undo, "steps": entries}), encoding="utf-8", newline="\n")
    os.replace(part, stage / _JOURNAL)


def _read_journal(stage: Path) -> tuple[list[_Step], bool] | None:
    """Read what an interrupted run had committed to; None where it had not come so far."""
    path = stage / _JOURNAL
    if not path.exists():
        return None
    try:
        journal = cast("dict[str, object]", json.loads(path.read_text(encoding="utf-8")))
    except ValueError:  # a disk that lost it; what it began is generated anew
        return None
    entries = cast("list[tuple[str, bool, bool]]", journal["steps"])
    return [_Step(*entry) for entry in entries], bool(journal["undo"])


def _missing_folders(root: Path) -> list[Path]:
    """List what has to be made for a root, itself included, the deepest first."""
    return [folder for folder in (root, *root.parents) if not folder.exists()]


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _remove_hollow(root: Path, folder: Path) -> None:
    """Remove a folder below the root, and its parents, that hold nothing but bytecode."""
    while folder != root and folder.is_relative_to(root) and folder.is_dir():
        if set(os.listdir(folder)) - {_CACHE}:
            return
        shutil.rmtree(folder / _CACHE, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.rmdir()
        folder = folder.parent
