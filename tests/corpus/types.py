"""The type checker over many packages at once: it starts slowly, and remembers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_BATCH = 4_000_000  # bytes of Python


def type_errors(
    packages: Iterable[Path], known: Path | None = None, jobs: int = 1
) -> Mapping[Path, list[str]]:
    """The errors of pyright (basic) in each package; `known` keeps what was found before.

    What all clients share is looked at once where it is the same text.
    """
    remembered: dict[str, list[str]] = {}
    if known is not None and known.exists():
        remembered = json.loads(known.read_text(encoding="utf-8"))
    parts = {package: _parts(package) for package in packages}
    new: dict[str, list[Path]] = {}
    for found in parts.values():
        new.update((digest, files) for digest, files in found.items() if digest not in remembered)
    for batch in _batches(new):
        remembered.update(_checked(batch, jobs))
        if known is not None:
            known.write_text(json.dumps(remembered), encoding="utf-8")
    return {
        package: [error for digest in found for error in remembered[digest]]
        for package, found in parts.items()
    }


def _parts(package: Path) -> dict[str, list[Path]]:
    """The files of a package by a digest: those that stand alone, and all others."""
    shared = [package / "_runtime.py", package / "errors.py"]
    own = sorted(set(package.rglob("*.py")) - set(shared))
    return {_digest(package, shared): shared, _digest(package, [*own, *shared]): own}


def _digest(package: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _batches(parts: Mapping[str, list[Path]]) -> Iterator[dict[str, list[Path]]]:
    batch: dict[str, list[Path]] = {}
    size = 0
    for digest, files in parts.items():
        weight = sum(path.stat().st_size for path in files)
        if batch and size + weight > _BATCH:
            yield batch
            batch, size = {}, 0
        batch[digest] = files
        size += weight
    if batch:
        yield batch


def _checked(parts: Mapping[str, list[Path]], jobs: int) -> dict[str, list[str]]:
    files = {path: digest for digest, found in parts.items() for path in found}
    folder = next(iter(files)).parents[1]
    config = folder / "pyrightconfig.json"
    settings = {
        "include": [str(path.relative_to(folder)) for path in files],
        "typeCheckingMode": "basic",
        "pythonVersion": "3.10",
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    if jobs > 1:
        command += ["--threads", str(jobs)]
    done = subprocess.run([*command, "--project", str(config)], capture_output=True, text=True)
    answer = json.loads(done.stdout)
    checked = answer["summary"]["filesAnalyzed"]
    if checked < len(files):
        raise RuntimeError(f"pyright looked at {checked} files only: {done.stderr}")
    found: dict[str, list[str]] = {digest: [] for digest in parts}
    for one in answer["generalDiagnostics"]:
        if one["severity"] == "error":
            path = Path(one["file"])
            where = "/".join(path.relative_to(folder).parts[1:])
            line = one["range"]["start"]["line"] + 1
            found[files[path]].append(f"{where}:{line}: {one['message'][:300]}")
    return found
