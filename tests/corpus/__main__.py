"""The whole corpus: `python -m tests.corpus [--only TEXT] [--failed] [--write]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from . import table
from .checking import check, slug
from .documents import CORPUS, Document, documents
from .results import Result
from .types import type_errors

_ROOT = Path(__file__).parents[2]


class Options(argparse.Namespace):
    """The arguments of a run."""

    only: str = ""
    set: str = ""
    under: int | None = None
    jobs: int = os.cpu_count() or 1
    failed: bool = False
    kept: bool = False
    untyped: bool = False
    write: bool = False
    cache: Path = _ROOT / "build" / "corpus"


def main() -> int:
    options = _options()
    if not CORPUS.exists():
        print("the corpus is not beside this repository", file=sys.stderr)
        return 2
    chosen = [d for d in documents() if _is_chosen(d, options)]
    kept = {d: r for d in chosen if (r := _kept(d, options)) is not None}
    stale = [d for d in chosen if d not in kept or _is_again(d, kept[d], options)]
    for path in {_path(d, options) for d in stale}:
        path.unlink(missing_ok=True)
    _side_by_side(stale, lambda d: _checked(d, options), options.jobs)
    results = {d: kept[d] if d not in stale else Result.read(_path(d, options)) for d in chosen}
    if not options.untyped:
        _add_types(results, options)
    pairs = list(results.items())
    print(table.printed(pairs))
    for document, result in pairs:
        if failure := result.failure(document):
            print(f"\n{document.name}\n  {failure[:600]}")
    print(f"\n{table.summary(pairs)}")
    if options.write:
        (_ROOT / "docs" / "corpus.md").write_text(table.page(pairs), encoding="utf-8")
    return int(any(result.failure(document) for document, result in pairs))


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--only", help="documents with this text in their path")
    parser.add_argument("--set", help="real, suite, swagger2 or invalid")
    parser.add_argument("--under", type=int, help="documents of fewer bytes")
    parser.add_argument("--jobs", type=int, help="documents side by side")
    parser.add_argument("--failed", action="store_true", help="again what failed, the rest as kept")
    parser.add_argument("--kept", action="store_true", help="only what was never looked at")
    parser.add_argument("--untyped", action="store_true", help="without the type checker")
    parser.add_argument("--write", action="store_true", help="write docs/corpus.md")
    parser.add_argument("--cache", type=Path, help="what earlier runs found")
    return parser.parse_args(namespace=Options())


def _is_chosen(document: Document, options: Options) -> bool:
    return (
        options.only in document.name
        and options.set in ("", document.set)
        and (options.under is None or document.size < options.under)
    )


def _is_again(document: Document, result: Result, options: Options) -> bool:
    if options.failed:
        return bool(result.failure(document))
    return not options.kept


def _path(document: Document, options: Options) -> Path:
    return options.cache / "results" / f"{slug(document)}.json"


def _kept(document: Document, options: Options) -> Result | None:
    path = _path(document, options)
    return Result.read(path) if path.exists() else None


def _checked(document: Document, options: Options) -> None:
    result = check(document, options.cache / "packages")
    result.write(_path(document, options))
    print(f"{document.name}: {result.failure(document) or 'ok'}"[:300], file=sys.stderr, flush=True)


def _side_by_side(work: Sequence[Document], do: Callable[[Document], None], jobs: int) -> None:
    """Do it for each, every one in a process of its own."""
    running: dict[int, Document] = {}
    waiting = list(reversed(work))
    while waiting or running:
        while waiting and len(running) < jobs:
            document = waiting.pop()
            child = os.fork()
            if child == 0:
                try:
                    do(document)
                    os._exit(0)
                finally:
                    os._exit(1)
            running[child] = document
        done, status = os.wait()
        document = running.pop(done)
        if status:
            raise RuntimeError(f"{document.name}: the check itself failed")


def _add_types(results: dict[Document, Result], options: Options) -> None:
    packages = {
        options.cache / "packages" / slug(d): d
        for d, r in results.items()
        if r.made and not r.imported
    }
    found = type_errors(packages, options.cache / "types.json", options.jobs)
    for package, document in packages.items():
        results[document].is_typed, results[document].errors = True, found[package]
        results[document].write(_path(document, options))


def _preloaded() -> Iterable[str]:
    """What every child needs, imported once."""
    import datamodel_code_generator
    import httpx
    import openapi_spec_validator
    import pydantic

    from venuekit import rendering, validation, workflow

    modules = (datamodel_code_generator, httpx, openapi_spec_validator, pydantic)
    return [module.__name__ for module in (*modules, rendering, validation, workflow)]


if __name__ == "__main__":
    _preloaded()
    sys.exit(main())
