"""The type checker over many packages at once: it starts slowly, and remembers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

_BATCH = 6_000_000  # bytes of Python
_MANY = 60  # packages


def type_errors(
    packages: Iterable[Path], known: Path | None = None, jobs: int = 1
) -> Mapping[Path, list[str]]:
    """The errors of pyright (basic) in each package; `known` keeps what was found before."""
    remembered: dict[str, list[str]] = {}
    if known is not None and known.exists():
        remembered = json.loads(known.read_text(encoding="utf-8"))
    hashes = {package: _hash(package) for package in packages}
    new = [package for package in hashes if hashes[package] not in remembered]
    for batch in _batches(new):
        for package, said in _checked(batch, jobs).items():
            remembered[hashes[package]] = said
        if known is not None:
            known.write_text(json.dumps(remembered), encoding="utf-8")
    return {package: remembered[digest] for package, digest in hashes.items()}


def _hash(package: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _batches(packages: Sequence[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for package in packages:
        weight = sum(path.stat().st_size for path in package.rglob("*.py"))
        if batch and (size + weight > _BATCH or len(batch) == _MANY):
            yield batch
            batch, size = [], 0
        batch.append(package)
        size += weight
    if batch:
        yield batch


def _checked(packages: Sequence[Path], jobs: int) -> dict[Path, list[str]]:
    folder = packages[0].parent
    config = folder / "pyrightconfig.json"
    settings = {
        "include": [package.name for package in packages],
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
    if checked < sum(len(list(package.rglob("*.py"))) for package in packages):
        raise RuntimeError(f"pyright looked at {checked} files only: {done.stderr}")
    found: dict[Path, list[str]] = {package: [] for package in packages}
    for one in answer["generalDiagnostics"]:
        if one["severity"] == "error":
            inside = Path(one["file"]).relative_to(folder)
            line = one["range"]["start"]["line"] + 1
            where = "/".join(inside.parts[1:])
            found[folder / inside.parts[0]].append(f"{where}:{line}: {one['message'][:300]}")
    return found
