"""Slips of the pen: what was probably meant where a document has a word that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from venuekit.sources import TYPES
from venuekit.validation.parts import Plain

# The fields of the objects of OpenAPI 3.0 to 3.2, without those of schemas.
_FIELDS = tuple(
    """openapi info servers paths webhooks components security tags externalDocs title summary
    description termsOfService contact license version name url email identifier variables enum
    default schemas responses parameters examples requestBodies headers securitySchemes links
    callbacks pathItems mediaTypes get put post delete options head patch trace query
    additionalOperations operationId requestBody deprecated required allowEmptyValue style explode
    allowReserved schema example content encoding itemSchema contentType operationRef value
    externalValue scheme bearerFormat flows openIdConnectUrl implicit password clientCredentials
    authorizationCode authorizationUrl tokenUrl refreshUrl scopes jsonSchemaDialect $ref""".split()
)
# The keywords of JSON Schema 2020-12, those that OpenAPI adds, and those of earlier drafts.
KEYWORDS = tuple(
    """$ref $defs $anchor $comment $schema $dynamicRef $dynamicAnchor type enum const title format
    description default examples example deprecated readOnly writeOnly nullable discriminator
    externalDocs multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength
    pattern maxItems minItems uniqueItems maxContains minContains contains prefixItems items
    additionalItems maxProperties minProperties required properties patternProperties
    additionalProperties propertyNames dependentRequired dependentSchemas dependencies
    unevaluatedItems unevaluatedProperties allOf anyOf oneOf then else contentEncoding
    contentMediaType contentSchema definitions""".split()
)
# Those of the two that OpenAPI 3.0 does not have, which has no JSON Schema but its own.
_LATER = frozenset(
    """webhooks pathItems mediaTypes query additionalOperations itemSchema jsonSchemaDialect
    identifier $defs $anchor $comment $schema $dynamicRef $dynamicAnchor const examples contains
    maxContains minContains prefixItems additionalItems patternProperties propertyNames
    dependentRequired dependentSchemas dependencies unevaluatedItems unevaluatedProperties then else
    contentEncoding contentMediaType contentSchema definitions""".split()
)
_PRESENT = frozenset((*_FIELDS, *KEYWORDS, "in", "if", "not", "xml", "id", "$id"))
_UNSEEN = re.compile(r"[^\w$-]+")  # quotes, spaces and what nobody sees
_SHORTEST = 3  # letters of a word that may be written wrongly and still be known
_LONG = 7  # letters of one that is known with two of them wrong: a `form` is no `format`
_TYPES = {
    "int": "integer", "int32": "integer", "int64": "integer", "long": "integer",
    "float": "number", "double": "number", "decimal": "number", "bool": "boolean",
    "str": "string", "text": "string", "uuid": "string", "uri": "string", "email": "string",
    "date": "string", "datetime": "string", "date-time": "string", "file": "string",
    "dict": "object", "map": "object", "list": "array",
}  # fmt: skip
_SAYINGS = {
    "any": "leave it out: a schema without a type takes any value",
    "null": "write 'nullable: true' beside the type of what is not null",
}
_OTHERWISE = {
    "min": "minimum", "max": "maximum", "desc": "description", "body": "requestBody",
    "payload": "requestBody", "regex": "pattern",
}  # fmt: skip
_FORMATS = {"datetime": "date-time", "file": "binary", "long": "int64"}
_OWN_FORMATS = frozenset(
    {"int32", "int64", "float", "double", "uuid", "uri", "email", "date", "date-time", "decimal"}
)


def meant(
    word: str,
    present: Collection[str] = (),
    *,
    in_schema: bool = False,
    version: str = "",
    fields: Collection[str] = (),
) -> str:
    """The known word that an unknown one was meant to be; empty where none is near.

    What the object has already is not meant a second time, nor is what a `version` of OpenAPI, as
    `3.0`, has not yet. Of several, one of the `fields` of the object itself is meant.
    """
    if word.startswith("x-") or word in fields:
        return ""
    if own := nearest(word, [one for one in fields if one not in present]):
        return own
    known = KEYWORDS if in_schema else fields or _FIELDS
    if (other := _OTHERWISE.get(word)) and other in known and other not in present:
        return other
    if word in _PRESENT:
        return ""
    known = KEYWORDS if in_schema else _FIELDS
    later = _LATER - {"examples"} if not in_schema else _LATER
    unknown = later if version == "3.0" else ()
    return nearest(word, [one for one in known if one not in present and one not in unknown])


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is written nearly as another; empty where there is none."""
    near = [one for one in known if _is_near(word, one)]
    return min(near, key=lambda one: (_distance(word, one), one), default="")


def misspelt(node: Iterable[str], name: str, fields: Collection[str] = ()) -> str:
    """What was meant to be a field that an object of OpenAPI lacks; empty where nothing was."""
    present = frozenset(node)
    if name in present:
        return ""
    return next((key for key in sorted(present) if meant(key, present, fields=fields) == name), "")


def type_meant(value: Plain) -> str:
    """What to write for a `type` that JSON Schema does not have; empty where nothing is near."""
    if not isinstance(value, str):
        return ""
    word = value.casefold()
    if word in _SAYINGS:
        return _SAYINGS[word]
    if word in _TYPES:
        format_ = _FORMATS.get(word) or (word if word in _OWN_FORMATS else "")
        beside = f" with format '{format_}'" if format_ else ""
        return f"write '{_TYPES[word]}'{beside}"
    near = nearest(word, TYPES)
    return f"write '{near}'" if near else ""


def _is_near(word: str, other: str) -> bool:
    if _UNSEEN.sub("", word) == other:
        return True
    if word.casefold() == other.casefold() or f"${word}" == other:
        return True
    if any(map(str.isdigit, word)):
        return False
    if min(len(word), len(other)) < _SHORTEST or word[0].casefold() != other[0].casefold():
        return False
    return _distance(word, other) <= (1 if len(other) < _LONG else 2)


def _distance(word: str, other: str) -> int:
    """How many letters are to be added, dropped, changed or exchanged with their neighbour."""
    word, other = word.casefold(), other.casefold()
    if abs(len(word) - len(other)) > 2:
        return 3
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, one in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (letter != one))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == one:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
