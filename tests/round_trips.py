"""Examples of a document, read and written back by its client."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter

from venuekit import sources
from venuekit.diagnostics import Report
from venuekit.validation import dialect, examples, operations, references

from .making import make_client


@dataclass(frozen=True)
class Outcome:
    """What became of an example; `said` is empty where it came back unchanged."""

    pointer: str
    said: str


def outcomes(path: Path, folder: Path, **settings: Any) -> Iterator[Outcome]:
    """Read and write every valid example of a document's responses, bodies and components."""
    text = path.read_text(encoding="utf-8")
    document = sources.read(text, path.name, Report())
    assert isinstance(document, sources.Map)
    yield from outcomes_of(document, make_client(text, folder, **settings))


def outcomes_of(document: sources.Map, package: Any) -> Iterator[Outcome]:
    """The outcome of each valid example that a type of the client is for."""
    types = _types(package)
    for path, value, schema, use in _valid_examples(document):
        adapter = types(schema, use)
        if adapter is None or (value is None and schema[0] == "components"):
            continue  # null belongs to where a component is used, not to its class
        plain = json.loads(json.dumps(value))
        pointer = sources.pointer(path)
        try:
            read = adapter.validate_json(json.dumps(plain))
        except ValueError as misfit:
            yield Outcome(pointer, f"not read: {misfit}")
            continue
        written = json.loads(adapter.dump_json(read, by_alias=True, exclude_unset=True))
        yield Outcome(pointer, "" if same(plain, written) else f"written as {written!r}")


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _valid_examples(document: sources.Map) -> Iterator[tuple[Any, Any, Any, str | None]]:
    report = Report()
    parts = references.read_parts(document, report)
    version = str(document.get("openapi"))[:3]
    rules = operations.Rules(parts, version, report)
    judge = dialect.Schemas(parts, version)
    for part in list(parts.by_path.values()):
        if part.reference is None and part.kind in ("schema", "media type"):
            for given in examples._examples(rules, part):  # pyright: ignore[reportPrivateUsage] - the same examples that validation looks at
                plain = json.loads(json.dumps(given.value, default=str))
                if not judge.misfits(given.schema, plain, part.use):
                    yield given.path, plain, given.schema, part.use


def _types(package: Any) -> Any:
    """The adapters of a client by the place of a schema in its document."""
    homes = [importlib.import_module(f"{package.__name__}.client")]
    if "operations" in (entry.name for entry in Path(package.__file__).parent.iterdir()):
        parts = importlib.import_module(f"{package.__name__}.operations")
        names = [found.name for found in pkgutil.iter_modules(parts.__path__)]
        homes += [importlib.import_module(f"{parts.__name__}.{name}") for name in names]
    runtime = __import__(f"{package.__name__}._runtime", fromlist=["_runtime"])
    models = __import__(f"{package.__name__}.models", fromlist=["models"])
    exported = vars(package)["_HOMES"].get("models", "").split()
    plans = [p for m in homes for p in vars(m).values() if isinstance(p, runtime.Operation)]
    found = {(p.method.lower(), p.path): p for p in plans}

    def model_of(name: str) -> Any:
        """The class or union of a component; other components have other names, or none."""
        return getattr(models, name, None) if name in exported else None

    def adapter(schema: tuple[Any, ...], use: str | None) -> Any:
        if schema[:2] == ("components", "schemas") and len(schema) == 3 and use != "request":
            named = model_of(schema[2])
            return None if named is None else runtime.Content(lambda: named).adapter
        if schema[:2] == ("components", "schemas") and len(schema) == 5 and use != "request":
            model = model_of(schema[2])
            return _of_field(model, schema[4]) if schema[3] == "properties" else None
        if schema[0] != "paths" or (str(schema[2]), schema[1]) not in found:
            return None
        plan = found[str(schema[2]), schema[1]]
        if schema[3] == "responses" and len(schema) == 8 and schema[5] == "content":
            contents = plan.responses.get(str(schema[4]).upper(), plan.responses.get(schema[4]))
        elif schema[3] == "requestBody" and len(schema) == 7:
            contents = plan.body
        else:
            return None
        fitting = (c for c in contents or () if _is_json(c, schema[-2]))
        return next((c.adapter for c in fitting), None)

    return adapter


def _of_field(model: Any, wire: str) -> Any:
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        return None
    model.model_rebuild()
    for name, known in model.model_fields.items():
        if (known.alias or name) == wire:
            kind: Any = known.annotation
            return TypeAdapter(Annotated[(kind, *known.metadata)] if known.metadata else kind)
    return None


def _is_json(content: Any, media: str) -> bool:
    """Whether a content is JSON of a media type; a client of nothing else does not say so."""
    known = getattr(content, "media", "application/json"), getattr(content, "kind", "json")
    return known == (media, "json")
