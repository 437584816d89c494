"""Schemas of any version as one dialect, compiled once, to fit values against."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, cast
from urllib.parse import quote

import jsonschema_rs

from venuekit.sources import TYPES, Seq, pointer
from venuekit.validation.misfits import Misfit, misfits_of
from venuekit.validation.parts import Part, Path, Plain, Use, twin_of
from venuekit.validation.references import Parts

_DOCUMENT = "doc:///document"
# The formats that clients read as more than a text. Where they read more than a standard's grammar
# has, so does the pattern: an example that a client reads is none to complain of.
_PATTERNS = {
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?",
    "time": r"([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d+)?)?([Zz]|[+-]\d\d:?\d\d)?",
    "duration": r"[+-]?P(?=.)(\d+(\.\d+)?[YMWD])*(T(\d+(\.\d+)?[HMS])+)?"
    r"|[+-]?(?=.)(\d+ ?d(ays?)?,? ?)?(\d\d:\d\d(:\d\d(\.\d+)?)?)?",
    "byte": r"\s*(([A-Za-z0-9+/_-]\s*){4})*(([A-Za-z0-9+/_-]\s*){2,3})?[=\s]*",
}
_FORMATS = {"date-time", "date", "uuid", *_PATTERNS}
_EFFORT = 200_000
_TRIED = 64  # schemas that are compiled together
_REGEX = jsonschema_rs.FancyRegexOptions(backtrack_limit=20_000)
_SCHEMAS = frozenset(
    """items additionalProperties not if then else contains propertyNames unevaluatedItems
    unevaluatedProperties contentSchema""".split()
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")
_COUNTS = frozenset(
    """minLength maxLength minItems maxItems minProperties maxProperties minContains
    maxContains""".split()
)
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_FOREIGN = ("$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary", "$recursiveAnchor", "id")
_HIDDEN: dict[Use, tuple[str, ...]] = {
    "request": ("readOnly",),
    "response": ("writeOnly",),
    None: ("readOnly", "writeOnly"),
}


def _check(pattern: str) -> Callable[[str], bool]:
    """Whether a text is written as a pattern says."""
    whole = re.compile(pattern, re.ASCII)
    return lambda text: whole.fullmatch(text) is not None


_CHECKS = {name: _check(pattern) for name, pattern in _PATTERNS.items()}
Asked: TypeAlias = tuple[Path, Plain, Use]  # where the schema is, a value, and its direction


class Schemas:
    """The schemas of a document; takes its plain copy over and rewrites it."""

    def __init__(self, parts: Parts, version: str) -> None:
        self._parts = parts
        schemas = list(parts.of_kind("schema"))
        ways = [_one_way(part) for part in schemas]
        rewritten = [_rewrite(part, parts, version) for part in schemas]
        # The schemas that ask for less in one direction: what each requires, and its flags.
        self._directed = [
            (schema, cast("list[Plain]", schema["required"]), flags)
            for schema, flags in zip(rewritten, ways, strict=True)
            if flags and "required" in schema
        ]
        self._registries: dict[Use, jsonschema_rs.Registry] = {}
        self._compiled: dict[tuple[Use, Path], jsonschema_rs.Validator | None] = {}

    def misfits(self, path: Path, value: Plain, use: Use) -> list[Misfit]:
        """Why a value does not fit the schema at a path; nothing where that cannot be known."""
        validator = self._validator(path, use)
        try:
            if validator is None or validator.is_valid(value):
                return []
            if self._effort(path, value, {}) > _EFFORT:
                return [Misfit((), "", "fits none of its many alternatives")]
            return misfits_of(validator.iter_errors(value))
        except (ValueError, RecursionError):
            return []  # a value or a schema that the judge cannot hold; others have said so

    def _effort(self, path: Path, value: Plain, known: dict[tuple[Path, int], int]) -> int:
        """How many schemas are tried to explain a misfit: nested alternatives multiply."""
        if not isinstance(value, dict | list):
            return 1
        key = (path, id(value))
        if key not in known:
            known[key] = 1
            known[key] = 1 + sum(
                self._effort(schema, child, known) for schema, child in self._tried(path, value)
            )
        return known[key]

    def _tried(
        self, path: Path, value: dict[str, Plain] | list[Plain]
    ) -> Iterator[tuple[Path, Plain]]:
        """The schemas that a schema hands a value on to, with the value or what is in it."""
        part = self._parts.by_path.get(path)
        if part is None:
            return
        if path in self._parts.targets:
            yield self._parts.targets[path], value
        for key in ("allOf", "anyOf", "oneOf"):
            branches = part.node.get(key)
            for index in range(len(branches) if isinstance(branches, Seq) else 0):
                yield (*path, key, index), value
        for key in ("if", "then", "else", "not"):
            yield (*path, key), value
        if isinstance(value, list):
            yield from (((*path, "items"), item) for item in value)
        else:
            for name, item in value.items():
                yield (*path, "properties", name), item
                yield (*path, "additionalProperties"), item

    def all_misfits(self, asked: Sequence[Asked]) -> list[list[Misfit]]:
        """Why each of many values does not fit its schema, as `misfits` says it of one.

        Most values fit: they are tried many at a time, and only the others are asked for alone,
        since to compile a schema takes longer than anything else here.
        """
        doubtful = self._doubtful(asked)
        return [self.misfits(*one) if n in doubtful else [] for n, one in enumerate(asked)]

    def _doubtful(self, asked: Sequence[Asked]) -> set[int]:
        """The numbers of the values that are not known to fit."""
        numbers: dict[Use, dict[Path, list[int]]] = {}
        for number, (path, _, use) in enumerate(asked):
            by_path = numbers.setdefault(use if self._directed else None, {})
            by_path.setdefault(path, []).append(number)
        doubtful: set[int] = set()
        for use, by_path in numbers.items():
            paths = [path for path in by_path if self._is_there(path)]
            doubtful.update(n for path in by_path.keys() - {*paths} for n in by_path[path])
            for start in range(0, len(paths), _TRIED):
                for judge, those in self._trials(paths[start : start + _TRIED], use):
                    for name, path in enumerate(those):
                        values = [asked[number][1] for number in by_path[path]]
                        if not _is_valid(judge, {str(name): values}):
                            doubtful.update(by_path[path])
        return doubtful

    def _is_there(self, path: Path) -> bool:
        """Whether a schema is where it was before all were rewritten."""
        try:
            return twin_of(self._parts.plain, path) is not None
        except (KeyError, IndexError):
            return False

    def _trials(
        self, paths: list[Path], use: Use
    ) -> Iterator[tuple[jsonschema_rs.Validator | None, list[Path]]]:
        """Judges of objects that have, by its number, a list of values for each of some schemas.

        Where they cannot be compiled together, as few as it takes are judged by none.
        """
        schemas = {str(number): {"items": _reference(path)} for number, path in enumerate(paths)}
        judge = self._judge({"properties": schemas}, use)
        if judge is not None or len(paths) == 1:
            yield judge, paths
            return
        half = len(paths) // 2
        yield from self._trials(paths[:half], use)
        yield from self._trials(paths[half:], use)

    def _validator(self, path: Path, use: Use) -> jsonschema_rs.Validator | None:
        use = use if self._directed else None
        if (use, path) not in self._compiled:
            self._compiled[use, path] = self._judge(_reference(path), use)
        return self._compiled[use, path]

    def _judge(self, schema: dict[str, Any], use: Use) -> jsonschema_rs.Validator | None:
        """A schema that may refer to the document, compiled; None where it is no valid one."""
        try:
            return jsonschema_rs.Draft202012Validator(
                schema,
                registry=self._registry(use),
                validate_formats=True,
                formats=_CHECKS,
                pattern_options=_REGEX,
                offline=True,
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            return None  # which has been reported

    def _registry(self, use: Use) -> jsonschema_rs.Registry:
        if use not in self._registries:
            hidden = _HIDDEN[use]
            for schema, required, flags in self._directed:
                schema["required"] = [n for n in required if flags.get(str(n)) not in hidden]
            # The judge has a copy of its own: the document goes on as the next direction sees it.
            document = cast("dict[str, Any]", self._parts.plain)
            self._registries[use] = jsonschema_rs.Registry([(_DOCUMENT, document)])
        return self._registries[use]


def _reference(path: Path) -> dict[str, Any]:
    return {"$ref": f"{_DOCUMENT}#{quote(pointer(path), safe='/~')}"}


def _is_valid(judge: jsonschema_rs.Validator | None, value: dict[str, list[Plain]]) -> bool:
    """Whether a judge has nothing against a value; one that it cannot hold, it does not take."""
    try:
        return judge is not None and judge.is_valid(value)
    except (ValueError, RecursionError):
        return False


def _one_way(part: Part) -> dict[str, str]:
    """The required properties of a schema that one direction leaves out."""
    required, properties = part.plain.get("required"), part.plain.get("properties")
    names: dict[str, str] = {}
    if isinstance(required, list) and isinstance(properties, dict):
        for name in required:
            schema = properties.get(name) if isinstance(name, str) else None
            for flag in ("readOnly", "writeOnly"):
                if isinstance(name, str) and isinstance(schema, dict) and schema.get(flag) is True:
                    names[name] = flag
    return names


def _rewrite(part: Part, parts: Parts, version: str) -> dict[str, Plain]:
    """Make a schema one of JSON Schema 2020-12 that asserts only what we assert.

    Returns where its keywords are now: in an alternative, if it admits null besides.
    """
    schema = part.plain
    target = parts.targets.get(part.path)
    if target is not None:
        if version == "3.0":
            schema.clear()
        schema["$ref"] = f"#{quote(pointer(target), safe='/~')}"
    for key in _FOREIGN:
        schema.pop(key, None)
    for key in ("$dynamicRef", "$recursiveRef"):
        anchor = parts.anchors.get(str(schema.pop(key, None)))
        if anchor is not None:
            schema.setdefault("$ref", f"#{quote(pointer(anchor), safe='/~')}")
    _rewrite_type(schema)
    _rewrite_limits(schema)
    _rewrite_forms(schema)
    _rewrite_patterns(schema)
    return _admit_null(schema) if schema.get("nullable") is True else schema


def _rewrite_limits(schema: dict[str, Plain]) -> None:
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and limit in schema:
            schema[exclusive] = schema.pop(limit)
    if schema.get("contentEncoding") == "base64":
        schema.setdefault("format", "byte")
    if str(schema.get("format")) not in _FORMATS:
        schema.pop("format", None)
    if isinstance(schema.get("items"), list):
        schema["prefixItems"] = schema.pop("items")


def _rewrite_forms(schema: dict[str, Plain]) -> None:
    """Drop what has not the form of its keyword: one `required: true` would void every schema."""
    for key in [key for key in schema if not _has_form(key, schema[key])]:
        del schema[key]
    for key in _MAPS:
        if isinstance(found := schema.get(key), dict):
            schema[key] = {name: v for name, v in found.items() if isinstance(v, dict | bool)}
    for key in _LISTS:
        if isinstance(found := schema.get(key), list):
            schema[key] = [v for v in found if isinstance(v, dict | bool)] or [True]
    if isinstance(names := schema.get("required"), list):
        schema["required"] = [*dict.fromkeys(name for name in names if isinstance(name, str))]


def _has_form(key: str, value: Plain) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if key in _COUNTS or key == "multipleOf":
        return is_number and cast("float", value) >= 0 and (key != "multipleOf" or value != 0)
    if key in _LIMITS:
        return is_number
    if key in _SCHEMAS:
        return isinstance(value, dict | bool)
    if key in _MAPS or key == "dependentRequired":
        return isinstance(value, dict)
    if key in _LISTS or key in ("required", "enum"):
        return isinstance(value, list)
    return key != "uniqueItems" or isinstance(value, bool)


def _rewrite_patterns(schema: dict[str, Plain]) -> None:
    """Drop what is no regular expression: it would void the whole schema."""
    pattern, patterns = schema.get("pattern"), schema.get("patternProperties")
    if "pattern" in schema and not (isinstance(pattern, str) and _compiles(pattern)):
        del schema["pattern"]
    if isinstance(patterns, dict):
        for name in [name for name in patterns if not _compiles(name)]:
            del patterns[name]


def _rewrite_type(schema: dict[str, Plain]) -> None:
    named = schema.get("type")
    names = named if isinstance(named, list) else [named]
    if not all(isinstance(name, str) and name in TYPES for name in names):
        schema.pop("type", None)


def _admit_null(schema: dict[str, Plain]) -> dict[str, Plain]:
    kind, values = schema.get("type"), schema.get("enum")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    if isinstance(values, list) and None not in values:
        schema["enum"] = [*values, None]
    if any(key in schema for key in ("$ref", "allOf", "anyOf", "oneOf", "not", "const")):
        inner = dict(schema)
        schema.clear()
        schema["anyOf"] = [{"type": "null"}, cast("Plain", inner)]
        return inner
    return schema


@lru_cache(maxsize=10_000)
def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.Draft202012Validator(
            {"pattern": pattern}, pattern_options=_REGEX, offline=True
        )
    except ValueError:
        return False
    return True
