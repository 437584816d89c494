"""What the standard says of a document: the only import of openapi_spec_validator.

The document's own schema and its schemas' dialect are judged by jsonschema_rs, whose errors know
why each alternative failed; the rest by the validator, which knows none of that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path as File
from typing import Any, cast

import jsonschema_rs

from venuekit.paths import is_balanced
from venuekit.records import dataclass
from venuekit.sources import Map
from venuekit.validation import misplaced, slips
from venuekit.validation.misfits import Misfit, misfits_of
from venuekit.validation.parts import Part, Path, Plain, twin_of
from venuekit.validation.references import Parts

_DIALECTS = {
    "3.1": "https://spec.openapis.org/oas/3.1/dialect/base",
    "3.2": "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
}
_DRAFTS = re.compile(
    r"http://json-schema\.org/draft-0[467]/schema#?"
    r"|https://json-schema\.org/draft/20(19-09|20-12)/schema"
)

_POINTER = re.compile(r"#/[^%#]+")

_OF_UNKNOWN = "remove it, correct its name, or let it begin with x-"
_OF_MISSING = "add it to the document, or by an overlay"
_INTO_SCHEMA = "put 'type', and what belongs to it, into 'schema'"


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from the standard: where it is, and what is to be said of it."""

    path: Path
    message: str
    help: str = "correct it in the document, or by an overlay"


class Incomplete(Exception):
    """The judges could not finish; the message says why."""


def findings_of(parts: Parts, version: str, *, is_accepted: bool = False) -> list[Finding]:
    """Everything that the standard has against a document, each cause once.

    Of a document that its judges are known to accept, only what they do not look for.
    """
    if is_accepted:
        return list(dict.fromkeys(_beside(parts, version)))
    try:
        judged = [*_structure(parts, version), *_schemas(parts, version), *_beside(parts, version)]
        found = dict.fromkeys(judged)
    except Exception as failed:
        raise Incomplete(_reason(failed)) from failed
    if not is_walk_needed(parts, is_sound=not found):
        return list(found)
    try:
        found.update(dict.fromkeys(_walk(parts.plain, version)))
    except Exception as failed:
        # The walker trips over what the schema has already found.
        if not found:
            raise Incomplete(_reason(failed)) from failed
    return list(found)


def _reason(failed: Exception) -> str:
    text = " ".join(str(failed).partition(" within {")[0].split()) or "no reason given"
    return f"{type(failed).__name__}: {text}"[:200]


def _structure(parts: Parts, version: str) -> Iterator[Finding]:
    for misfit in misfits_of(_document_judge(version).iter_errors(parts.plain)):
        yield from _findings(misfit, parts, version, ())


def _beside(parts: Parts, version: str) -> Iterator[Finding]:
    """What the standard's judges let through, or say elsewhere: braces, and slips of the pen."""
    yield from _slips(parts, version)
    paths = parts.plain.get("paths")
    for url in paths if isinstance(paths, dict) else ():
        if not is_balanced(url):
            says = f"the braces of the path '{url[:80]}' do not match"
            yield Finding(("paths", url), says, "write each variable as {name}")


def _findings(misfit: Misfit, parts: Parts, version: str, base: Path) -> Iterator[Finding]:
    path = _keys(parts.plain, (*base, *misfit.path))
    subject, part = _subject(path, parts), parts.by_path.get(path)
    if misfit.keyword in ("additionalProperties", "unevaluatedProperties"):
        beside = misplaced.outdented(part.kind, part.plain) if part else {}
        yield from (_outdented((*path, key), names) for key, names in beside.items())
        told = {name for names in beside.values() for name in names}
        for name in misfit.names:
            is_told = name in told or (name in slips.KEYWORDS and _is_bare(path, parts))
            if not is_told and not (path == () and name.startswith("x-")):
                yield _unknown(path, name, parts, version)
    elif beside := _beside_nothing(path, parts):
        yield _outdented(path, beside)
    elif misfit.keyword == "required":
        node = twin_of(parts.plain, path)
        present = node if isinstance(node, dict) else {}
        fields = misplaced.FIELDS.get(part.kind, ()) if part else ()
        if word := slips.misspelt(present, misfit.names[0], fields):
            yield _unknown(path, word, parts, version)
        elif path or not misplaced.is_inside(parts.plain, misfit.names[0]):
            says = f"{subject} {misfit.says} (OpenAPI {version})"
            yield Finding(path, says, _INTO_SCHEMA if _is_bare(path, parts) else _OF_MISSING)
    elif help := _correction(path, misfit, parts):
        yield Finding(path, f"{subject} {misfit.says} (OpenAPI {version})", help)
    else:
        yield Finding(path, f"{subject} {misfit.says} (OpenAPI {version})")


def _beside_nothing(path: Path, parts: Parts) -> tuple[str, ...]:
    """What stands beside a key that holds nothing, and belongs into it."""
    above = parts.by_path.get(path[:-1]) if path else None
    if above is None or above.plain.get(str(path[-1]), "") is not None:
        return ()
    return misplaced.outdented(above.kind, above.plain).get(str(path[-1]), ())


def _outdented(path: Path, names: tuple[str, ...]) -> Finding:
    """That what belongs into a key stands beside it."""
    listed = ", ".join(f"'{name[:40]}'" for name in names[:3])
    more = " and more" if len(names) > 3 else ""
    says = f"'{path[-1]}' holds nothing; what belongs into it stands beside it: {listed}{more}"
    return Finding(path, says, f"indent what is in '{path[-1]}' further than itself")


def _is_bare(path: Path, parts: Parts) -> bool:
    """Whether a parameter or header has the words of a schema beside it, as in Swagger 2.0."""
    part = parts.by_path.get(path)
    if part is None or part.kind not in ("parameter", "header") or "type" not in part.plain:
        return False
    return "schema" not in part.plain and "content" not in part.plain


def _unknown(path: Path, name: str, parts: Parts, version: str) -> Finding:
    """That an object has a key which OpenAPI does not know; a path item loses an operation."""
    part = parts.by_path.get(path)
    in_schema = part is not None and part.kind == "schema"
    object_ = twin_of(parts.plain, path)
    beside = object_ if isinstance(object_, dict) else ()
    kind = part.kind if part is not None else ""
    fields = misplaced.FIELDS.get(kind, ())
    meant_ = slips.meant(name, beside, in_schema=in_schema, version=version, fields=fields)
    says = f"{_subject(path, parts)} has '{name[:60]}', which OpenAPI {version} does not know here"
    if part is not None and part.kind == "path item" and isinstance(part.node.get(name), Map):
        says = f"{says}; it is left out"
    kind = kind or str(path[-1] if len(path) == 1 else "")
    help = misplaced.place_for(kind, name) or (f"call it '{meant_}'" if meant_ else _OF_UNKNOWN)
    return Finding((*path, name), says, help)


def _correction(path: Path, misfit: Misfit, parts: Parts) -> str:
    """What to write for a value, where it is known what was meant."""
    keys = [key for key in path if isinstance(key, str)]
    value = twin_of(parts.plain, path)
    match keys[-1:], misfit.keyword, value:
        case ["type"], "enum", str():
            above = path[:-1] if path[-1] == "type" else path[:-2]
            part = parts.by_path.get(above)
            return slips.type_meant(value) if part is not None and part.kind == "schema" else ""
        case ["in"], "enum", "body" | "formData":
            return "describe it as the requestBody of the operation"
        case _, "enum", str() if near := slips.nearest(
            value, (o.strip("'") for o in misfit.options)
        ):
            return f"write '{near}'"
        case ["required"], "type", bool():
            return "list the names of what is required in 'required' of the object around it"
        case _:
            return ""


def _keys(plain: Plain, path: Path) -> Path:
    """A path with `"200"` for a key that the judge has given as a number."""
    keys: list[str | int] = []
    for key in path:
        name = str(key) if isinstance(plain, dict) else key
        plain = twin_of(plain, (name,))
        keys.append(name)
    return tuple(keys)


def _subject(path: Path, parts: Parts) -> str:
    if not path:
        return "the document"
    last = path[-1]
    name = f"{path[-2]}[{last}]" if isinstance(last, int) and len(path) > 1 else f"'{last}'"
    part: Part | None = parts.by_path.get(path)
    name = name if len(name) <= 80 else f"{name[:77]}...'"
    return f"{part.kind} {name}" if part is not None else name


def _schemas(parts: Parts, version: str) -> Iterator[Finding]:
    """Judge the schemas of 3.1 and later by their dialect; that of 3.0 is part of its schema."""
    if version not in _DIALECTS:
        return
    dialect = parts.plain.get("jsonSchemaDialect")
    usual = dialect if isinstance(dialect, str) else _DIALECTS[version]
    for part in parts.of_kind("schema"):
        if _parent(part, parts) is not None:
            continue
        named = part.plain.get("$schema", usual)
        judge = _schema_judge(named if isinstance(named, str) else "")
        if judge is None:
            if "$schema" in part.plain or part.path[:2] == ("components", "schemas"):
                where = (*part.path, "$schema") if "$schema" in part.plain else ()
                where = where or ("jsonSchemaDialect",)
                yield Finding(where, f"the dialect of JSON Schema '{str(named)[:80]}' is unknown")
            continue
        for misfit in misfits_of(judge.iter_errors(part.plain)):
            yield from _findings(misfit, parts, version, part.path)


def _slips(parts: Parts, version: str) -> Iterator[Finding]:
    """Keys that are nearly known ones: schemas may have any, and other faults hide others."""
    for part in parts.by_path.values():
        in_schema = part.kind == "schema"
        if part.kind == "callback" or (part.reference is not None and not in_schema):
            continue
        fields = misplaced.FIELDS.get(part.kind, ())
        for name in part.plain:
            if slips.meant(name, part.plain, in_schema=in_schema, version=version, fields=fields):
                yield _unknown(part.path, name, parts, version)


def _parent(part: Part, parts: Parts) -> Part | None:
    for length in (1, 2):
        above = parts.by_path.get(part.path[:-length])
        if above is not None:
            return above if above.kind == "schema" else None
    return None


@lru_cache(maxsize=4)
def _document_judge(version: str) -> jsonschema_rs.Validator:
    folder = _folder("openapi_spec_validator") / "resources" / "schemas" / f"v{version}"
    schema = json.loads((folder / "schema.json").read_bytes())
    return jsonschema_rs.validator_for(schema, offline=True)


@lru_cache(maxsize=16)
def _schema_judge(dialect: str) -> jsonschema_rs.Validator | None:
    if dialect in _DIALECTS.values():
        return jsonschema_rs.Draft202012Validator(
            {"$ref": dialect}, registry=_dialects(), validate_formats=True, offline=True
        )
    if _DRAFTS.fullmatch(dialect):
        judge = jsonschema_rs.validator_cls_for({"$schema": dialect})
        return judge({"$ref": dialect}, validate_formats=True, offline=True)
    return None


@lru_cache(maxsize=1)
def _dialects() -> jsonschema_rs.Registry:
    """The dialects of OpenAPI, as they come with the validator."""
    folder = _folder("openapi_schema_validator") / "schemas"
    files = sorted(file for file in folder.rglob("[!._]*") if file.is_file())
    contents = [cast("dict[str, Any]", json.loads(file.read_bytes())) for file in files]
    return jsonschema_rs.Registry([(content["$id"], content) for content in contents])


def _folder(package: str) -> File:
    """Where the files of a package are; to import it would take longer than to read them."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return File(spec.origin).parent


def is_walk_needed(parts: Parts, *, is_sound: bool) -> bool:
    """Whether the walk may say anything of a document that fits its schema, or of another.

    It judges tags, and follows references. What it says of parameters and of the names of
    operations, our own rules say at their place; of schemas and paths, all is said already.
    Where it trips over a reference, that counts for a document that fits its schema.
    """
    tags = parts.plain.get("tags")
    if isinstance(tags, list) and not _are_flat([t for t in tags if isinstance(t, dict)]):
        return True
    if not is_sound:
        return False
    for part in parts.by_path.values():
        if part.reference and not _POINTER.fullmatch(part.reference):
            return True
        responses = part.plain.get("responses") if part.kind == "operation" else None
        if isinstance(responses, dict) and any(name.startswith("x-") for name in responses):
            return True  # it takes extensions for responses
    return False


def _are_flat(tags: list[dict[str, Plain]]) -> bool:
    """Whether tags have names of their own, and none is below another."""
    names = {str(tag.get("name")) for tag in tags}
    return len(names) == len(tags) and not any("parent" in tag for tag in tags)


def _walk(plain: dict[str, Plain], version: str) -> Iterator[Finding]:
    """What the validator finds by walking: its own rules, without those that we place better."""
    from openapi_spec_validator import (
        OpenAPIV30SpecValidator,
        OpenAPIV31SpecValidator,
        OpenAPIV32SpecValidator,
    )
    from openapi_spec_validator.validation import exceptions, keywords

    class Judged(keywords.KeywordValidator):
        """Stands for the check of a schema, which is done already."""

        def __call__(self, *_: object, **__: object) -> Iterator[Any]:
            return iter(())

    walkers = {
        "3.0": OpenAPIV30SpecValidator,
        "3.1": OpenAPIV31SpecValidator,
        "3.2": OpenAPIV32SpecValidator,
    }
    usual = walkers[version]
    # The validator has no types that a checker could see.
    walker: Any = type(
        "Walker",
        (usual,),
        {
            "schema_validator": _Silent(),
            "keyword_validators": {**usual.keyword_validators, "schema": Judged},
        },
    )
    ours = (
        exceptions.UnresolvableParameterError,
        exceptions.ParameterDuplicateError,
        exceptions.DuplicateOperationIDError,
    )
    paths = plain.get("paths")
    if isinstance(paths, dict):  # it takes extensions for paths
        walked = {url: paths[url] for url in paths if url.startswith("/") and is_balanced(url)}
        plain = {**plain, "paths": walked}
    for error in walker(plain).iter_errors():
        if not isinstance(error, ours):
            message = " ".join(str(error.message).split())[:200]
            yield Finding(("tags",) if "tag " in message.lower() else (), message)


class _Silent:
    def iter_errors(self, _: object) -> Iterator[Any]:
        return iter(())
