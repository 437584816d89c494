"""Why a value does not fit a schema, as few short sentences instead of a cascade."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import cast

from jsonschema_rs import ValidationError, ValidationErrorKind

from venuekit.records import dataclass
from venuekit.validation.parts import Path

_NAMES: dict[type, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    dict: "an object",
    list: "an array",
    type(None): "null",
}
_WANTED = {
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "object": "an object",
    "array": "an array",
    "null": "null",
}
_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be greater than {}",
    "exclusiveMaximum": "must be less than {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "minProperties": "must have at least {} properties",
    "maxProperties": "must have at most {} properties",
    "multipleOf": "must be a multiple of {}",
}
_SHOWN = 8  # of the values that are allowed
_OF_TYPE = frozenset({"enum", "const", "pattern", "format"})  # say nothing of a wrong type
_FIXED = {
    "uniqueItems": "holds equal items",
    "contains": "holds no item of the kind that it must hold",
    "falseSchema": "is not allowed here",
    "additionalItems": "has too many items",
    "unevaluatedItems": "has too many items",
    "dependentRequired": "lacks a property that another one requires",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One cause: where in the value, by which keyword, and what is to be said of it."""

    path: Path
    keyword: str
    says: str
    names: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # the values that are allowed, as they are shown


def misfits_of(errors: Iterable[ValidationError]) -> list[Misfit]:
    """The causes of errors: the nearest alternative only, and no error that follows from one."""
    found: dict[Misfit, None] = {}
    for error in errors:
        found.update(dict.fromkeys(_causes(error)))
    causes = {
        misfit.path[:length]
        for misfit in found
        if misfit.keyword != "unevaluatedProperties"
        for length in range(len(misfit.path) + 1)
    }
    of_wrong_type = {misfit.path for misfit in found if misfit.keyword == "type"}
    return [
        misfit
        for misfit in found
        if (misfit.keyword != "unevaluatedProperties" or misfit.path not in causes)
        and (misfit.keyword not in _OF_TYPE or misfit.path not in of_wrong_type)
    ]


def shown(value: object, limit: int = 60) -> str:
    """A value as JSON, cut to a length; strings in single quotes."""
    if isinstance(value, str):
        text = f"'{value}'"
    else:
        try:
            text = json.dumps(value, ensure_ascii=False, default=str)
        except (TypeError, ValueError):
            text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _causes(error: ValidationError) -> list[Misfit]:
    kind = error.kind
    path = tuple(error.instance_path)
    match kind:
        case ValidationErrorKind.AnyOf() | ValidationErrorKind.OneOfNotValid():
            return _nearest(path, kind.context)
        case ValidationErrorKind.OneOfMultipleValid():
            return []  # the alternatives overlap, which is no fault of the value
        case (
            ValidationErrorKind.BacktrackLimitExceeded() | ValidationErrorKind.RegexEngineFailure()
        ):
            return []
        case ValidationErrorKind.PropertyNames():
            says = f"has a property with a wrong name: {shown(kind.error.instance)}"
            return [Misfit(path, "propertyNames", says)]
        case (
            ValidationErrorKind.AdditionalProperties() | ValidationErrorKind.UnevaluatedProperties()
        ):
            listed = ", ".join(shown(name) for name in kind.unexpected[:3])
            more = ", ..." if len(kind.unexpected) > 3 else ""
            says = f"has {listed}{more}, which the schema does not know"
            return [Misfit(path, kind.name, says, tuple(kind.unexpected))]
        case ValidationErrorKind.Enum() | ValidationErrorKind.Constant():
            return [_no_option(path, _options(kind), shown(error.instance))]
        case _:
            return [Misfit(path, kind.name, _sentence(error, kind), _names(kind))]


def _options(kind: ValidationErrorKind) -> tuple[str, ...]:
    match kind:
        case ValidationErrorKind.Enum():
            return tuple(shown(option, 30) for option in kind.options)
        case ValidationErrorKind.Constant():
            return (shown(kind.expected_value),)
        case _:
            return ()


def _no_option(path: Path, options: tuple[str, ...], actual: str) -> Misfit:
    """A value that is none of those which are allowed."""
    if len(options) == 1:
        return Misfit(path, "enum", f"must be {options[0]}, not {actual}", (actual,), options)
    listed = ", ".join(options[:_SHOWN])
    more = ", ..." if len(options) > _SHOWN else ""
    return Misfit(path, "enum", f"must be one of {listed}{more}, not {actual}", (actual,), options)


def _names(kind: ValidationErrorKind) -> tuple[str, ...]:
    match kind:
        case ValidationErrorKind.Required():
            return (kind.property,)
        case ValidationErrorKind.Type():
            return tuple(kind.types)
        case _:
            return ()


def _sentence(error: ValidationError, kind: ValidationErrorKind) -> str:
    match kind:
        case ValidationErrorKind.Required():
            return f"lacks '{kind.property}'"
        case ValidationErrorKind.Type():
            wanted = " or ".join(_WANTED.get(name, name) for name in kind.types)
            if _is_quoted(error.instance, kind.types):
                return f"must be {wanted}, not a string that holds its JSON"
            return f"must be {wanted}, not {_NAMES.get(type(error.instance), 'that')}"
        case ValidationErrorKind.Format():
            name = "base64" if kind.format == "byte" else kind.format
            return f"is no {name}: {shown(error.instance)}"
        case ValidationErrorKind.Pattern():
            return f"does not match {shown(kind.pattern)}: {shown(error.instance)}"
        case ValidationErrorKind.Not():
            return _excluded(kind.schema)
        case _:
            return _of_limit(error, kind)


def _excluded(schema: object) -> str:
    """That a value has a form that it must not have: most often, several properties at once."""
    required = cast("dict[str, object]", schema).get("required") if isinstance(schema, dict) else ()
    names = cast("list[object]", required) if isinstance(required, list) else []
    if not names:
        return "has a form that is excluded"
    listed = " and ".join(map(shown, names))
    return f"must not have {'both ' if len(names) == 2 else ''}{listed}"


def _is_quoted(value: object, wanted: Sequence[str]) -> bool:
    """Whether an object or an array was written as a string."""
    text = value.strip() if isinstance(value, str) else ""
    return ("object" in wanted and text.startswith("{") and text.endswith("}")) or (
        "array" in wanted and text.startswith("[") and text.endswith("]")
    )


def _of_limit(error: ValidationError, kind: ValidationErrorKind) -> str:
    if kind.name in ("minItems", "minLength", "minProperties") and kind.value == 1:
        return "must not be empty"
    if kind.name in _LIMITS:
        return _LIMITS[kind.name].format(shown(kind.value))
    return _FIXED.get(kind.name) or " ".join(error.message.split())[:120]


def _nearest(path: Path, alternatives: Sequence[Sequence[ValidationError]]) -> list[Misfit]:
    """The causes in the alternative that the value was most likely meant to fit."""
    branches = [misfits_of(branch) for branch in alternatives]
    if not branches or not all(branches):
        return []
    if all(any(_is_wrong_type(misfit, path) for misfit in branch) for branch in branches):
        wanted = dict.fromkeys(
            name
            for branch in branches
            for misfit in branch
            if _is_wrong_type(misfit, path)
            for name in misfit.names
        )
        actual = branches[0][0].says.rpartition(", not ")[2]
        listed = " or ".join(_WANTED.get(name, name) for name in wanted)
        return [Misfit(path, "type", f"must be {listed}, not {actual}", tuple(wanted))]
    if common := [one for one in branches[0] if all(one in branch for branch in branches)]:
        return common
    return _of_tags(path, branches) or min(branches, key=lambda one: _distance(one, path))


def _of_tags(path: Path, branches: Sequence[Sequence[Misfit]]) -> list[Misfit]:
    """That a value, or a property of it, is none of those which tell the alternatives apart."""
    told = [
        {one.path: one for one in branch if one.options and len(one.path) <= len(path) + 1}
        for branch in branches
    ]
    places = [at for at in told[0] if all(at in branch for branch in told)]
    return [
        _no_option(
            at,
            tuple(dict.fromkeys(option for branch in told for option in branch[at].options)),
            told[0][at].names[0],
        )
        for at in places[:1]
    ]


def _is_wrong_type(misfit: Misfit, path: Path) -> bool:
    return misfit.keyword == "type" and misfit.path == path


def _distance(branch: Sequence[Misfit], path: Path) -> tuple[bool, bool, bool, int, int]:
    return (
        any(_is_wrong_type(misfit, path) for misfit in branch),
        any(misfit.names == ("$ref",) for misfit in branch),
        any(
            misfit.keyword in ("enum", "const") and len(misfit.path) <= len(path) + 1
            for misfit in branch
        ),
        -max(len(misfit.path) for misfit in branch),
        len(branch),
    )
