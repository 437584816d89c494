"""The table of a run, for people and for `docs/corpus.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .documents import IMPOSSIBLE, LEFT, Document
from .results import Result

Pair = tuple[Document, Result]

_HEAD = (
    "document", "generated", "imports", "operations", "types", "round trip", "seconds", "memory",
)  # fmt: skip


def rows(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """A row a document."""
    return [_row(document, result) for document, result in pairs]


def _row(document: Document, result: Result) -> tuple[str, ...]:
    spent = (f"{result.seconds:.1f}", f"{result.megabytes} MB")
    if not result.made:
        refused = "refused" if result.refusals and not result.failure(document) else "**no**"
        return (document.name, refused, "", "", "", "", *spent)
    if result.imported:
        return (document.name, "yes", "**no**", "", "", "", *spent)
    methods = result.operations - len(result.missing)
    back = result.examples - len(result.changed)
    return (
        document.name,
        f"yes, {result.warnings} warnings" if result.warnings else "yes",
        "yes",
        _of(methods, result.operations),
        f"**{len(result.errors)} errors**" if result.errors else _LOOKED[result.is_typed],
        _of(back, result.examples),
        *spent,
    )


_LOOKED = {True: "yes", False: "not looked at"}


def _of(count: int, all_: int) -> str:
    return f"{count}" if count == all_ else f"**{count} of {all_}**"


def printed(pairs: Sequence[Pair]) -> str:
    """The table in columns."""
    table = [_HEAD, *rows(pairs)]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in table)
    return "\n".join(line.rstrip().replace("**", "") for line in lines)


def summary(pairs: Sequence[Pair]) -> str:
    """The line that says it all."""
    failures = [document for document, result in pairs if result.failure(document)]
    made = [result for _, result in pairs if result.made]
    return (
        f"{len(pairs)} documents: {len(made)} clients with"
        f" {sum(r.operations - len(r.missing) for r in made)} of"
        f" {sum(r.operations for r in made)} operations,"
        f" {sum(r.is_typed for r in made)} type-checked,"
        f" {sum(r.examples - len(r.changed) for r in made)} of"
        f" {sum(r.examples for r in made)} examples unchanged,"
        f" {len(pairs) - len(made) - _unmade(pairs)} refused with a place,"
        f" {len(failures)} failures"
    )


def _unmade(pairs: Sequence[Pair]) -> int:
    return sum(not result.made and bool(result.failure(document)) for document, result in pairs)


def page(pairs: Sequence[Pair]) -> str:
    """The whole of `docs/corpus.md`."""
    real = [pair for pair in pairs if pair[0].set in ("real", "swagger2")]
    return "\n".join(
        [
            *_INTRODUCTION,
            "## All together",
            "",
            *_markdown(("set", "documents", "clients", "refused", "failures"), _sets(pairs)),
            "",
            f"{summary(pairs)}.",
            "",
            "## What is left",
            "",
            *(_failures(pairs) or ["Nothing."]),
            "",
            "## Real documents",
            "",
            *_markdown(_HEAD, rows(real)),
            "",
            "## Suites",
            "",
            *_markdown(("suite", "documents", "clients", "refused", "failures"), _groups(pairs)),
            "",
        ]
    )


def _sets(pairs: Sequence[Pair]) -> list[tuple[str, ...]]:
    kinds: dict[str, Callable[[Document], bool]] = {
        "real, valid": lambda d: d.set == "real" and d.is_valid,
        "real, invalid": lambda d: d.set == "real" and not d.is_valid,
        "Swagger 2.0": lambda d: d.set == "swagger2",
        "suites, valid": lambda d: d.set == "suite" and d.is_valid,
        "suites, invalid": lambda d: d.set == "suite" and not d.is_valid,
        "invalid on purpose": lambda d: d.set == "invalid",
    }
    return [(name, *_counts([p for p in pairs if is_one(p[0])])) for name, is_one in kinds.items()]


def _groups(pairs: Sequence[Pair]) -> list[tuple[str, ...]]:
    suites = [pair for pair in pairs if pair[0].set == "suite"]
    groups = sorted({document.group for document, _ in suites})
    return [(group, *_counts([p for p in suites if p[0].group == group])) for group in groups]


def _counts(pairs: Sequence[Pair]) -> tuple[str, ...]:
    made = sum(result.made for _, result in pairs)
    failures = sum(bool(result.failure(document)) for document, result in pairs)
    refused = len(pairs) - made - _unmade(pairs)
    return (str(len(pairs)), str(made), str(refused), str(failures))


def _failures(pairs: Sequence[Pair]) -> list[str]:
    found: list[str] = []
    for document, result in pairs:
        if failure := result.failure(document):
            reason = LEFT.get(document.name)
            found.append(f"- `{document.name}`: {reason or _cell(failure)}")
        elif document.must_be_made and document.name in IMPOSSIBLE:
            found.append(f"- `{document.name}`: {IMPOSSIBLE[document.name]}")
    return found


def _markdown(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(r) for r in body)]
    return [f"| {line} |" for line in lines]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")[:300]


_INTRODUCTION = """\
# The corpus

What venuekit makes of the documents of others: real ones of publishers of all kinds, and those of
other projects' test suites. Written by `nox -s corpus -- --write`; the documents are not part of
this repository.

- *generated*: `venuekit generate --spec` made a client, or refused the document with diagnostics
  that have places. What the standard's validator accepts, what people use as it is, and
  Swagger 2.0 must be made.
- *imports*: the package and every name that it exports.
- *operations*: every operation of the document is a method of `Client` and of `AsyncClient`.
- *types*: pyright (basic) finds no error.
- *round trip*: every example that fits its schema is read, and written back as the same JSON value.
- *seconds*, *memory*: of the command, without the start of Python; peak of the process.
""".split("\n")
