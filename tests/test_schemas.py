"""What schemas become: classes, fields, what is read, and what is refused when it is sent."""

# ruff: noqa: E501 - schemas read best on a line each

from __future__ import annotations

import copy
import gc
import json
import pickle
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import TypeAdapter, ValidationError

from venuekit import sources
from venuekit.config import ClientSettings
from venuekit.diagnostics import Report
from venuekit.normalisation import normalise

from .making import make_client, write_client
from .round_trips import same

CASES = sorted((Path(__file__).parent / "cases" / "schemas").iterdir())


def document(schemas: str, version: str = "3.1.0", *, body: str = "Sent", got: str = "Got") -> str:
    """A document with one operation that sends `body` and answers `got`."""
    lines = "\n".join("    " + line for line in schemas.strip("\n").splitlines())
    return f"""
openapi: {version}
info: {{title: T, version: '1'}}
servers: [{{url: 'https://t.example'}}]
paths:
  /do:
    post:
      operationId: do
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/{body}'}}}}}}
      responses:
        '200':
          description: Done.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/{got}'}}}}}}
components:
  schemas:
{lines}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_models(case: Path, tmp_path: Path, update: bool) -> None:
    package = write_client((case / "openapi.yaml").read_text(), tmp_path)
    made = (package / "models.py").read_text()
    if update:
        (case / "models.py").write_text(made)

    assert (case / "models.py").read_text() == made


def read_back(made: Any, type_: Any, value: Any) -> Any:
    """Read a JSON value as a type; it must come back from there, also after a copy."""
    runtime = __import__(f"{made.__name__}._runtime", fromlist=["_runtime"])
    adapter: TypeAdapter[Any] = runtime.Content(lambda: type_).adapter
    read = adapter.validate_json(json.dumps(value))
    again = adapter.validate_python(copy.copy(read))
    for one in (read, again, copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        written = json.loads(adapter.dump_json(one, by_alias=True, exclude_unset=True))
        assert same(value, written), written
    return read


TEXTS = """
Sent: {type: object}
Got:
  type: object
  properties:
    moment: {type: string, format: date-time}
    day: {type: string, format: date}
    hour: {type: string, format: time}
    span: {type: string, format: duration}
    id: {type: string, format: uuid}
    qty: {type: string, format: decimal}
    data: {type: string, format: byte}
    number: {type: number}
    exact: {type: number, format: decimal}
    long: {type: integer, format: int64}
    odd: {type: string, format: whatever}
    at: {type: string, format: uri}
"""


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ("moment", "2024-01-01T00:00:00.123456789Z"),
        ("moment", "2024-01-01T00:00:00.123Z"),
        ("moment", "2024-01-01T00:00:00.100000Z"),
        ("moment", "2024-01-01T00:00:00.000000Z"),
        ("moment", "2024-01-01T00:00:00.123456Z"),
        ("moment", "2024-01-01T00:00:00"),
        ("moment", "2016-12-31T23:59:60Z"),
        ("moment", "2024-01-01t00:00:00z"),
        ("moment", "2024-01-01 00:00:00+00:00"),
        ("moment", "2024-01-01T00:00:00-05:30"),
        ("day", "2024-02-29"),
        ("hour", "10:00:00Z"),
        ("hour", "10:00:00.5+02:00"),
        ("hour", "23:59:60Z"),
        ("span", "P1Y2M3DT4H"),
        ("span", "PT36H"),
        ("span", "P1W"),
        ("id", "2B1F5F6E-0B5C-4B57-9F0B-000000000001"),
        ("id", "2b1f5f6e-0b5c-4b57-9f0b-000000000001"),
        ("qty", "150.00"),
        ("qty", "1e3"),
        ("qty", "+01.50"),
        ("qty", "0.000000000000000000001"),
        ("qty", "123456789012345678901234567890.123"),
        ("data", "aGVsbG8="),
        ("data", "aGVsbG8"),
        ("number", 1),
        ("number", 1.5),
        ("number", 12345678901234567890),
        ("exact", 0.1),
        ("exact", 100),
        ("long", 12345678901234567890123),
        ("odd", "x"),
        ("at", "https://x.example/a b"),
    ],
)
def test_texts_survive(wire: str, text: object, texts: Any) -> None:
    read_back(texts, texts.Got, {wire: text})


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(TEXTS), tmp_path_factory.mktemp("texts"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2024-02-29T23:59:59.1Z",
            "2024-02-29T00:00:00.000000000Z",
            "2024-02-29T00:00:00.1234567Z",
        ),
        *("2024-02-29T00:00:00.9999999+05:45", "2024-02-29T00:00:00.123-00:00"),
        *("2024-02-29T00:00:00.1234567890123Z", "2024-02-29T10:00:00+14:00"),
        *("2024-02-29T10:00:00-10:30", "2024-02-29T10:00:00.123456-00:30"),
        *("2023-02-29T00:00:00.5Z", "2024-01-01T24:00:00.5Z", "2024-01-01T00:00:61.5Z"),
        *("2024-01-01T00:00:00.5+24:00", "2024-01-01T00:00:00+10:99", "0000-01-01T00:00:00.5Z"),
    ],
)
def test_a_moment_is_what_pydantic_reads(texts: Any, text: str) -> None:
    """Whichever way a text takes; what is no moment is refused in each."""
    whole = json.dumps({"moment": text})
    try:
        expected = TypeAdapter(datetime).validate_python(text)
    except ValidationError:
        with pytest.raises(ValidationError):
            texts.Got.model_validate_json(whole)
        return
    moment = texts.Got.model_validate_json(whole).moment

    assert (expected, expected.utcoffset()) == (moment, moment.utcoffset())
    assert whole == json.dumps(
        json.loads(texts.Got(moment=moment).model_dump_json(exclude_unset=True))
    )


@pytest.mark.parametrize("wire", ["moment", "qty", "id"])
def test_texts_survive_that_come_again_among_many(wire: str, texts: Any) -> None:
    form, *odd = {
        "moment": (
            "2026-01-31T09:{:02}:{:02}.{:09}Z",
            "2026-01-31T09:30:00.0Z",
            "2026-01-31T09:30:00.00Z",
        ),
        "qty": ("{}{:02}.{:03}", "1" * 60),
        "id": ("2b1f5f6e-0b5c-4b57-{:04}-{:04}{:08}", "2B1F5F6E-0B5C-4B57-0000-000000000000"),
    }[wire]
    many = [form.format(n // 60 % 60, n % 60, n * 7) for n in range(4500)]

    read = read_back(texts, list[texts.Got], [{wire: v} for v in [*many, *odd, *many]])

    values = [str(getattr(got, wire)) for got in read]
    assert values[:4500] == values[-4500:]
    module = f"{texts.__name__}._runtime"
    kept = [
        o for o in gc.get_objects() if (type(o).__module__, type(o).__name__) == (module, "_Texts")
    ]
    assert kept
    assert all(len(texts) <= 4096 for texts in kept)


def test_what_is_computed_from_a_kept_text_is_written_anew(texts: Any) -> None:
    got = texts.Got.model_validate_json('{"moment": "2024-01-01T00:00:00.123456789Z"}')
    later = texts.Got(moment=got.moment.replace(year=2025, microsecond=0))

    assert "2025-01-01T00:00:00Z" == json.loads(later.model_dump_json())["moment"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("uuid", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("date-time", "2026-01-31T09:30:00.1Z"),
        ("date", "2026-01-31"),
        ("decimal", "1.50"),
        ("duration", "PT1H"),
    ],
)
@pytest.mark.parametrize("order", ["{0}, {1}", "{1}, {0}", "{1}, {0}, {{type: 'null'}}"])
def test_a_text_of_a_format_is_read_as_such_also_beside_any_text(
    form: str, text: str, order: str, make: Callable[..., Any]
) -> None:
    both = order.format(f"{{type: string, format: {form}}}", "{type: string}")
    made = make(
        document(f"""
Sent: {{type: object}}
Got: {{type: object, properties: {{value: {{anyOf: [{both}]}}}}}}
""")
    )
    of_json = made.Got.model_validate_json(json.dumps({"value": text})).value
    of_python = made.Got.model_validate({"value": text}).value

    assert not isinstance(of_json, str)
    assert of_json == of_python
    assert type(of_json) is type(of_python)
    assert "other" == made.Got.model_validate_json('{"value": "other"}').value


@pytest.mark.parametrize("wire", [{}, {"from": "c", "orderId": "d"}])
def test_what_is_read_has_the_names_of_the_wire(make: Callable[..., Any], wire: Any) -> None:
    """A key that is no property is never a field, whatever the field is called in Python."""
    schemas = """
Sent: {type: object}
Got: {type: object, properties: {from: {type: string}, orderId: {type: string}}}
"""
    made = make(document(schemas))
    body = {"from_": "a", **wire, "order_id": "b"}
    for got in (made.Got.model_validate_json(json.dumps(body)), made.Got.model_validate(body)):
        assert (wire.get("from"), wire.get("orderId")) == (got.from_, got.order_id)
    built = made.Got(from_="e", order_id="f")

    assert {"from": "e", "orderId": "f"} == built.model_dump(by_alias=True)


def test_a_field_called_self_is_given_by_that_name(make: Callable[..., Any]) -> None:
    schemas = """
Sent: {type: object}
Got: {type: object, required: [self], properties: {self: {type: string}}}
"""
    made = make(document(schemas))

    assert made.Got(self="a") == made.Got(self_="a")


PETS = """
Sent: {$ref: '#/components/schemas/Pet'}
Pet:
  type: object
  required: [petType]
  properties: {petType: {type: string}, name: {type: string}}
  discriminator: {propertyName: petType, mapping: {cat: '#/components/schemas/Cat', dog: Dog}}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {hunts: {type: boolean}}}]}
Siamese: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {sings: {type: boolean}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, required: [bark], properties: {bark: {type: integer, minimum: 0}}}]}
Got: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}, all: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
"""


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_base_class_is_read_as_what_its_tag_says(version: str, make: Callable[..., Any]) -> None:
    made = make(document(PETS, version))
    animals = [
        {"petType": "cat", "hunts": True},
        {"petType": "dog", "bark": 1},
        {"petType": "Siamese", "sings": True},
        {"petType": "fish", "fins": 3},
        {"petType": "Cat", "hunts": True},  # by its name, beside the mapping
    ]
    got = read_back(made, made.Got, {"pet": animals[0], "all": animals})

    assert got.pet.hunts is True
    assert ["Cat", "Dog", "Siamese", "Pet", "Cat"] == [type(pet).__name__ for pet in got.all]
    assert isinstance(got.pet, made.Pet)
    assert isinstance(got.all[2], made.Cat)


NESTED = """
Sent: {type: object}
Got:
  type: object
  properties: {events: {type: array, items: {$ref: '#/components/schemas/Event'}}, expr: {$ref: '#/components/schemas/Expr'}}
Event:
  oneOf: [{$ref: '#/components/schemas/Start'}, {$ref: '#/components/schemas/Fill'}]
  discriminator:
    propertyName: type
    mapping: {start: Start, part: '#/components/schemas/Fill', full: '#/components/schemas/Fill'}
Fill:
  oneOf: [{$ref: '#/components/schemas/Part'}, {$ref: '#/components/schemas/Full'}]
  discriminator: {propertyName: type, mapping: {part: Part, full: Full}}
Start: {type: object, required: [type], properties: {type: {type: string}, at: {type: integer}}}
Part: {type: object, required: [type], properties: {type: {type: string}, at: {type: string}}}
Full: {type: object, required: [type], properties: {type: {type: string}, then: {$ref: '#/components/schemas/Event'}}}
Expr:
  oneOf: [{$ref: '#/components/schemas/Both'}, {$ref: '#/components/schemas/Leaf'}]
  discriminator: {propertyName: op}
Both: {type: object, required: [op, of], properties: {op: {type: string, enum: [and, or]}, of: {type: array, items: {$ref: '#/components/schemas/Expr'}}}}
Leaf: {type: object, required: [op], properties: {op: {type: string, enum: [leaf]}}}
"""


def test_a_union_within_a_union_is_told_by_the_same_tag(make: Callable[..., Any]) -> None:
    made = make(document(NESTED))
    tags = ["start", "part", "full", "Part", "new"]
    got = read_back(made, made.Got, {"events": [{"type": tag} for tag in tags]})
    kinds = ["Start", "Part", "Full", "Part", "Model"]

    assert kinds == [type(event).__name__ for event in got.events]
    then = read_back(made, made.Got, {"events": [{"type": "full", "then": {"type": "part"}}]})
    assert made.Part is type(then.events[0].then)
    with pytest.raises(ValidationError, match="valid string"):  # and not read as a Start
        made.Got.model_validate({"events": [{"type": "part", "at": 1}]})


FURTHER = """
Sent: {$ref: '#/components/schemas/Got'}
Got:
  type: object
  properties: {shapes: {type: array, items: {$ref: '#/components/schemas/Shape'}}, pet: {$ref: '#/components/schemas/Pet'}}
Shape:
  oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Polygon'}, {$ref: '#/components/schemas/Group'}]
  discriminator: {propertyName: kind}
Circle: {type: object, required: [kind, r], properties: {kind: {type: string}, r: {type: number}}}
Group: {type: object, required: [kind], properties: {kind: {type: string}, members: {type: array, items: {$ref: '#/components/schemas/Shape'}}}}
Polygon:
  oneOf: [{$ref: '#/components/schemas/Square'}, {$ref: '#/components/schemas/Triangle'}]
  discriminator: {propertyName: sides, mapping: {four: Square, three: Triangle}}
Square: {type: object, required: [kind, sides], properties: {kind: {const: Polygon}, sides: {type: string}, sideLength: {type: integer}}}
Triangle: {type: object, required: [kind, sides], properties: {kind: {const: Polygon}, sides: {type: string}, in: {$ref: '#/components/schemas/Shape'}}}
Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: Cat}}}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {breed: {type: string}}}], discriminator: {propertyName: breed, mapping: {si: Siamese}}}
Siamese: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {singsWell: {type: boolean}}}]}
"""


def test_what_a_tag_tells_may_be_told_further_by_another(make: Callable[..., Any]) -> None:
    made = make(document(FURTHER))
    square = {"kind": "Polygon", "sides": "four", "sideLength": 2}
    shapes = [
        {"kind": "Circle", "r": 1},
        square,
        {"kind": "Polygon", "sides": "three", "in": square},
        {"kind": "Group", "members": [square]},
        {"kind": "Polygon", "sides": "many"},
        {"kind": "Cloud"},
    ]
    got = read_back(made, made.Got, {"shapes": shapes})
    kinds = [type(shape).__name__ for shape in got.shapes]
    assert ["Circle", "Square", "Triangle", "Group", "Model", "Model"] == kinds
    assert made.Square is type(got.shapes[2].in_) is type(got.shapes[3].members[0])
    with pytest.raises(ValidationError, match="Field required"):  # and not read as a Group
        made.Got.model_validate({"shapes": [{"kind": "Circle"}]})

    with pytest.raises(made.InvalidRequest, match="/shapes/0/sides: Not a documented value"):
        made.Client().do(body={"shapes": [{"kind": "Polygon", "sides": "many"}]})

    own = made.Got(shapes=[made.Square(kind="Polygon", sides="four", side_length=2)])
    assert {"shapes": [square]} == own.model_dump(by_alias=True, exclude_unset=True)


def test_a_base_class_within_a_family_has_a_family_of_its_own(make: Callable[..., Any]) -> None:
    made = make(document(FURTHER))
    for pet, kind in (
        ({"kind": "cat", "breed": "si", "singsWell": True}, made.Siamese),
        ({"kind": "cat", "breed": "of the street"}, made.Cat),
        ({"kind": "fish"}, made.Pet),
    ):
        assert kind is type(read_back(made, made.Got, {"pet": pet}).pet)


def test_constants_of_a_base_class_tell_none_of_its_cases(make: Callable[..., Any]) -> None:
    schemas = """
Sent: {type: object}
Got: {type: object, properties: {limit: {$ref: '#/components/schemas/Limit'}}}
Limit: {type: object, required: [type], properties: {type: {type: string, enum: [daily, weekly]}}, discriminator: {propertyName: type}}
Weekly: {allOf: [{$ref: '#/components/schemas/Limit'}, {type: object, required: [day], properties: {day: {type: integer}}}]}
"""
    made = make(document(schemas))

    assert made.Limit is type(read_back(made, made.Got, {"limit": {"type": "daily"}}).limit)


def test_a_tag_may_have_several_constants(make: Callable[..., Any]) -> None:
    made = make(document(NESTED))
    body = {"expr": {"op": "or", "of": [{"op": "and", "of": []}, {"op": "leaf"}, {"op": "xor"}]}}
    got = read_back(made, made.Got, body)

    assert made.Both is type(got.expr)
    assert ["Both", "Leaf", "Model"] == [type(part).__name__ for part in got.expr.of]


def test_a_ring_that_is_built_in_parts_has_a_json_schema(make: Callable[..., Any]) -> None:
    ring = "\n".join(
        f"C{n}: {{type: object, required: [v], properties: {{v: {{type: integer}}, "
        f"next: {{$ref: '#/components/schemas/C{(n + 1) % 90}'}}, "
        f"all: {{type: array, items: {{$ref: '#/components/schemas/C{(n + 7) % 90}'}}}}}}}}"
        for n in range(90)
    )
    made = make(document(f"Sent: {{type: object}}\nGot: {{type: object}}\n{ring}"))
    for schema in (
        made.C0.model_json_schema(),
        made.C5.model_json_schema(mode="serialization"),
        TypeAdapter(list[made.C3]).json_schema(),
    ):
        assert {f"C{n}" for n in range(90)} == set(schema["$defs"])
        pointed = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
        assert pointed == set(schema["$defs"])
        body: dict[str, Any] = {"v": 1}
        for _ in range(100):
            body = {"v": 1, "next": body}
        listed = [body] if "items" in schema else body
        assert jsonschema_rs.is_valid(schema, listed)
        body["next"]["next"]["v"] = "x"
        assert not jsonschema_rs.is_valid(schema, listed)


DATES = """
Sent: {type: object}
Day: {type: string, format: date}
Moment: {type: string, format: date-time}
Got:
  type: object
  properties:
    one: {oneOf: [{$ref: '#/components/schemas/Day'}, {$ref: '#/components/schemas/Moment'}]}
    other: {anyOf: [{$ref: '#/components/schemas/Moment'}, {$ref: '#/components/schemas/Day'}, {type: 'null'}]}
    any: {anyOf: [{$ref: '#/components/schemas/Moment'}, {$ref: '#/components/schemas/Day'}, {type: string}]}
"""


@pytest.mark.parametrize("field", ["one", "other", "any"])
def test_a_date_beside_a_moment_is_a_date(field: str, make: Callable[..., Any]) -> None:
    made = make(document(DATES))
    for text, kind in (
        ("2026-01-31", date),
        ("2026-01-31T00:00:00Z", datetime),
        ("2026-01-31T09:30:00.123456789+01:00", datetime),
    ):
        for got in (
            read_back(made, made.Got, {field: text}),
            made.Got.model_validate({field: text}),
        ):
            value = getattr(got, field)
            assert (kind is datetime, True) == (
                isinstance(value, datetime),
                isinstance(value, date),
            )
    with pytest.raises(ValueError, match="Neither a date nor a timestamp"):
        made.Got(one="31.1.")
    moment = datetime(2026, 1, 31, tzinfo=UTC)

    assert '{"one":"2026-01-31T00:00:00Z"}' == made.Got(one=moment).model_dump_json(
        exclude_unset=True
    )
    assert '{"one":"2026-01-31"}' == made.Got(one=moment.date()).model_dump_json(exclude_unset=True)


UNIONS = """
Sent: {type: object}
Tagged:
  oneOf: [{$ref: '#/components/schemas/Trade'}, {$ref: '#/components/schemas/Quote'}]
  discriminator: {propertyName: kind}
Inferred: {oneOf: [{$ref: '#/components/schemas/Trade'}, {$ref: '#/components/schemas/Quote'}, {type: 'null'}]}
Trade: {type: object, required: [kind], properties: {kind: {const: trade}, px: {type: number}}}
Quote: {type: object, required: [kind], properties: {kind: {enum: [quote]}, bid: {type: number}}}
Tree: {oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Tree'}}, {type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}]}
Open: {anyOf: [{type: string, enum: [a, b]}, {type: string}]}
Mixed: {enum: [a, 1, true, null]}
Mixed2: {enum: [a, 7, 2.5]}
Lists: {enum: [[1], [2]]}
Candle: {type: array, prefixItems: [{type: integer}, {type: string, format: decimal}, {type: string}]}
Spread: {type: object, required: [id], properties: {id: {type: string}}, oneOf: [{type: object, required: [a], properties: {a: {type: integer}}}, {type: object, required: [b], properties: {b: {type: integer}}}]}
Got:
  type: object
  properties:
    tagged: {$ref: '#/components/schemas/Tagged'}
    inferred: {$ref: '#/components/schemas/Inferred'}
    tree: {$ref: '#/components/schemas/Tree'}
    open: {$ref: '#/components/schemas/Open'}
    mixed: {$ref: '#/components/schemas/Mixed'}
    mixed2: {$ref: '#/components/schemas/Mixed2'}
    lists: {$ref: '#/components/schemas/Lists'}
    candle: {$ref: '#/components/schemas/Candle'}
    spread: {$ref: '#/components/schemas/Spread'}
    constant: {const: x}
    none: {type: 'null'}
    either: {type: [integer, string]}
    extras: {type: object, required: [a], properties: {a: {type: string}}, additionalProperties: {type: integer}}
    patterned: {type: object, properties: {a: {type: string}}, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}
    dynamic: {$dynamicRef: '#node'}
    any: true
"""


@pytest.fixture(scope="module")
def unions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(UNIONS), tmp_path_factory.mktemp("unions"))


@pytest.mark.parametrize(
    ("wire", "value", "shown"),
    [
        ("tagged", {"kind": "trade", "px": 1}, "Trade"),
        ("tagged", {"kind": "Quote", "bid": 1}, "Model"),
        ("tagged", {"kind": "quote", "bid": 1}, "Quote"),
        ("tagged", {"kind": "new", "x": 1}, "Model"),
        ("tagged", {}, "Model"),
        ("inferred", {"kind": "quote", "bid": 1}, "Quote"),
        ("inferred", None, "NoneType"),
        ("tree", [["a", {"b": []}]], "list"),
        ("open", "a", "Open"),
        ("open", "z", "str"),
        ("mixed", 1, "int"),
        ("mixed", True, "bool"),
        ("mixed", None, "NoneType"),
        ("mixed", "new", "str"),
        ("mixed2", 7, "Mixed2"),
        ("mixed2", "7", "str"),
        ("mixed2", 8, "int"),
        ("lists", [3], "list"),
        ("candle", [1, "1.50", "x"], "tuple"),
        ("candle", [1], "list"),
        ("candle", [1, "1.50", "x", "more"], "list"),
        ("spread", {"id": "1", "a": 1}, "SpreadWithA"),
        ("spread", {"id": "1", "b": 1}, "SpreadWithB"),
        ("constant", "y", "str"),
        ("none", None, "NoneType"),
        ("either", "1", "str"),
        ("either", 1, "int"),
        ("extras", {"a": "x", "b": 1}, "GotExtras"),
        ("patterned", {"a": "x", "x-b": 1}, "GotPatterned"),
        ("dynamic", {"a": 1}, "dict"),
        ("any", [1], "list"),
    ],
)
def test_unions(wire: str, value: object, shown: str, unions: Any) -> None:
    got = read_back(unions, unions.Got, {wire: value})

    assert shown == type(getattr(got, {"any": "any", "none": "none"}.get(wire, wire))).__name__


def test_what_fits_of_a_tagged_union_is_kept_by_its_class(unions: Any) -> None:
    runtime = __import__(f"{unions.__name__}._runtime", fromlist=["_runtime"])
    found: list[Any] = []
    got = runtime._fitted(unions.Got, {"tagged": {"kind": "quote", "bid": "x"}}, "", found)

    assert "Quote" == type(got.tagged).__name__
    assert {"/tagged/bid"} == {problem.pointer for problem in found}


LAYERS = """
Sent: {type: object}
First: {type: object, properties: {a: {type: integer}}}
Second: {description: renamed, allOf: [{$ref: '#/components/schemas/First'}]}
Third: {allOf: [{$ref: '#/components/schemas/Second'}, {type: object, properties: {b: {type: integer}}}]}
Round: {oneOf: [{$ref: '#/components/schemas/Round'}, {type: integer}]}
Listed: {type: object, required: [kind], properties: {kind: {type: string}, name: {type: string}}, oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}], discriminator: {propertyName: kind}}
One: {allOf: [{$ref: '#/components/schemas/Listed'}, {type: object, properties: {one: {type: integer}}}]}
Two: {allOf: [{$ref: '#/components/schemas/Listed'}, {type: object, properties: {two: {type: integer}}}]}
Moment: {oneOf: [{type: string, format: date}, {type: string, format: date-time}, {type: string, format: uuid}, {type: boolean}]}
Got: {type: object, properties: {third: {$ref: '#/components/schemas/Third'}, round: {$ref: '#/components/schemas/Round'}, listed: {$ref: '#/components/schemas/Listed'}, moment: {$ref: '#/components/schemas/Moment'}}}
"""


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(LAYERS), tmp_path_factory.mktemp("layers"))


@pytest.mark.parametrize(
    ("wire", "value", "shown"),
    [
        ("third", {"a": 1, "b": 2}, "Third"),
        ("round", 1, "int"),
        ("listed", {"kind": "One", "name": "x", "one": 1}, "One"),
        ("listed", {"kind": "Two", "two": 2}, "Two"),
        ("moment", "2024-01-01", "date"),
        ("moment", "2b1f5f6e-0b5c-4b57-9f0b-000000000001", "UUID"),
        ("moment", False, "bool"),
    ],
)
def test_layers(wire: str, value: object, shown: str, layers: Any) -> None:
    got = read_back(layers, layers.Got, {wire: value})

    assert shown == type(getattr(got, wire)).__name__


def test_what_a_renamed_base_is_extended_by_is_kept(layers: Any) -> None:
    assert {"a", "b"} == set(layers.Third.model_fields)
    assert {"kind", "name", "one"} == set(layers.One.model_fields)


def test_typed_extras_are_read_as_their_type(unions: Any) -> None:
    got = unions.Got.model_validate_json('{"extras": {"a": "x", "b": 1}}')

    assert {"b": 1} == got.extras.extras


ROLES = """
Sent:
  type: object
  required: [id, name, pw, kept]
  properties:
    id: {type: string, readOnly: true}
    name: {type: string}
    pw: {type: string, writeOnly: true}
    kept: {$ref: '#/components/schemas/Kept'}
    same: {$ref: '#/components/schemas/Same'}
Kept: {type: object, required: [at], properties: {at: {type: string, readOnly: true}, note: {type: string}}}
Same: {type: object, properties: {x: {type: integer}}}
Got: {type: object, required: [sent], properties: {sent: {$ref: '#/components/schemas/Sent'}}}
"""


def test_requests_and_responses_have_fields_of_their_own(make: Callable[..., Any]) -> None:
    made = make(document(ROLES))

    assert {"name", "pw", "kept", "same"} == set(made.SentRequest.model_fields)
    assert {"id", "name", "pw", "kept", "same"} == set(made.Sent.model_fields)
    assert made.SentRequest.model_fields["pw"].is_required()
    assert not made.Sent.model_fields["pw"].is_required()
    assert made.Sent.model_fields["id"].is_required()
    assert not hasattr(made, "SameRequest")
    assert {"note"} == set(made.KeptRequest.model_fields)


RULES = """
Got: {type: object}
Leaf: {type: object, required: [n], properties: {n: {type: integer, minimum: 1, maximum: 3}, next: {$ref: '#/components/schemas/Leaf'}}}
Sent:
  type: object
  required: [symbol]
  additionalProperties: false
  properties:
    symbol: {type: string, minLength: 1, maxLength: 5, pattern: '^[A-Z\\d]+$'}
    side: {type: string, enum: [buy, sell]}
    fixed: {const: x}
    price: {type: number, exclusiveMinimum: 0, multipleOf: 0.01}
    tags: {type: array, minItems: 1, maxItems: 2, uniqueItems: true, items: {type: string, minLength: 2}}
    note: {type: [string, 'null'], maxLength: 3}
    plain: {type: string}
    leaf: {$ref: '#/components/schemas/Leaf'}
    map: {type: object, minProperties: 1, additionalProperties: {type: integer, minimum: 0}, propertyNames: {pattern: '^[a-z]+$'}}
    either: {oneOf: [{type: string, maxLength: 2}, {type: integer, minimum: 5}]}
    pair: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
"""
GOOD = {
    "symbol": "AB1",
    "side": "buy",
    "fixed": "x",
    "price": 0.07,
    "tags": ["aa"],
    "note": None,
    "leaf": {"n": 1, "next": {"n": 3}},
    "map": {"a": 0},
    "either": 5,
    "pair": ["a", 1],
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_client(document(RULES), tmp_path_factory.mktemp("rules"))


def refusal(made: Any, body: Any) -> str:
    """What is said about a body that must not be sent; empty where it is (nobody listens)."""
    with made.Client("http://127.0.0.1:9", retry=made.NO_RETRY) as client:
        try:
            client.do(body=body)
        except made.InvalidRequest as refused:
            return str(refused)
        except made.TransportError:
            return ""
    raise AssertionError


def test_what_is_good_is_sent(rules: Any) -> None:
    assert "" == refusal(rules, GOOD)
    assert "" == refusal(rules, rules.Sent.model_validate(GOOD))


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"symbol": ""}, "/symbol"),
        ({"symbol": "ABCDEF"}, "/symbol"),
        ({"symbol": "a"}, "/symbol"),
        ({"symbol": "\u0663"}, "/symbol"),
        ({"side": "hold"}, "/side"),
        ({"fixed": "y"}, "/fixed"),
        ({"price": 0}, "/price"),
        ({"price": 0.075}, "/price"),
        ({"tags": []}, "/tags"),
        ({"tags": ["aa", "aa"]}, "/tags"),
        ({"tags": ["aa", "b"]}, "/tags/1"),
        ({"note": "abcd"}, "/note"),
        ({"plain": None}, "/plain"),
        ({"leaf": {"n": 1, "next": {"n": 4}}}, "/leaf/next/n"),
        ({"map": {}}, "/map"),
        ({"map": {"a": -1}}, "/map/a"),
        ({"map": {"A": 1}}, "/map"),
        ({"either": "abc"}, "/either"),
        ({"either": 4}, "/either"),
        ({"pair": ["a", 1, 2]}, "/pair"),
        ({"pair": ["a", "b"]}, "/pair/1"),
        ({"more": "secret"}, "not documented"),
    ],
)
def test_what_breaks_a_rule_is_refused_but_read(
    changed: dict[str, Any], pointer: str, rules: Any
) -> None:
    body = {**GOOD, **changed}
    said = refusal(rules, body)

    assert pointer in said
    assert "secret" not in said
    read_back(rules, rules.Sent, body)


def names_of(text: str) -> dict[str, tuple[str, ...]]:
    """Every class with its fields."""
    found = sources.read(text, "openapi.yaml", Report())
    assert isinstance(found, sources.Map)
    api = normalise(found, ClientSettings(name="x", sources=()), Report())
    assert api is not None
    return {m.name: tuple(sorted(f.name for f in m.fields)) for m in api.models}


@pytest.mark.parametrize("seed", range(8))
def test_names_do_not_depend_on_the_order_of_the_document(seed: int) -> None:
    schemas = {**_schemas(UNIONS), **_schemas(ROLES), **_schemas(PETS)}
    shuffler = random.Random(seed)

    assert names_of(_with(schemas)) == names_of(_with(_shuffled(schemas, shuffler)))


def test_a_class_without_another_name_has_a_mark(make: Callable[..., Any]) -> None:
    """A name in capitals, too: no class has a separator in its name."""
    schemas = """
Sent: {type: object}
Got:
  type: object
  properties:
    AB: {$ref: '#/components/schemas/AB'}
AB:
  type: object
  properties:
    a/b: {type: object, properties: {x: {type: integer}}}
    a b: {type: object, properties: {y: {type: integer}}}
"""
    found = [n for n in dir(make(document(schemas))) if n.startswith("ABAB")]

    assert 2 == len(found)
    assert all(re.fullmatch("ABAB[0-9A-F]{4}", name) for name in found)


@pytest.mark.parametrize("gone", ["Siamese", "Open", "Spread", "Candle", "Tree"])
def test_names_do_not_depend_on_unrelated_parts(gone: str) -> None:
    schemas = {**_schemas(UNIONS), **_schemas(PETS)}
    schemas["Got"] = {"type": "object"}
    fewer = {name: schema for name, schema in schemas.items() if name != gone}
    all_, some = names_of(_with(schemas)), names_of(_with(fewer))

    assert some == {name: fields for name, fields in all_.items() if not name.startswith(gone)}


def _schemas(text: str) -> dict[str, Any]:
    found = sources.read(text, "schemas.yaml", Report())
    assert isinstance(found, sources.Map)
    return json.loads(json.dumps(found))


def _with(schemas: dict[str, Any]) -> str:
    whole = sources.read(document("Sent: {}"), "openapi.yaml", Report())
    assert isinstance(whole, sources.Map)
    plain = json.loads(json.dumps(whole))
    plain["components"]["schemas"] = schemas
    return json.dumps(plain)


def _shuffled(value: Any, shuffler: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        shuffler.shuffle(keys)
        return {key: _shuffled(value[key], shuffler) for key in keys}
    return [_shuffled(item, shuffler) for item in value] if isinstance(value, list) else value


def test_a_giant_cycle_is_used_at_the_normal_limit_of_recursion(make: Callable[..., Any]) -> None:
    count = 300
    schemas: dict[str, Any] = {"Sent": {"type": "object"}, "Got": {"type": "object"}}
    for n in range(count):
        step = {"$ref": f"#/components/schemas/R{(n + 1) % count}"}
        leap = {"$ref": f"#/components/schemas/R{n * 7 % count}"}
        properties = {"step": step, "leaps": {"type": "array", "items": leap}}
        schemas[f"R{n}"] = {"type": "object", "properties": properties}
    made = make(_with(schemas))
    got = read_back(made, made.R150, {"step": {"leaps": [{"step": {"x": 1}}]}})

    assert 1 == got.step.leaps[0].step.x
    assert "R158" == type(got.step.leaps[0].step).__name__


def _chain(link: Callable[[int], str], length: int = 150) -> str:
    """Components that lead from one to the next, and at the end to an object."""
    links = "\n".join(f"S{n:03}: {link(n + 1)}" for n in range(length))
    last = f"S{length:03}: {{type: object, required: [x], properties: {{x: {{type: integer}}}}}}"
    return f"{links}\n{last}\nSent: {{$ref: '#/components/schemas/S000'}}\nGot: {{$ref: '#/components/schemas/S000'}}"


@pytest.mark.parametrize(
    "link",
    [
        lambda n: f"{{$ref: '#/components/schemas/S{n:03}'}}",
        lambda n: f"{{description: Next, $ref: '#/components/schemas/S{n:03}'}}",
        lambda n: f"{{type: object, properties: {{p: {{$ref: '#/components/schemas/S{n:03}'}}}}}}",
        lambda n: f"{{allOf: [{{$ref: '#/components/schemas/S{n:03}'}}, {{type: object, properties: {{p{n}: {{type: integer}}}}}}]}}",
    ],
    ids=["references", "described", "properties", "inheritance"],
)  # fmt: skip
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_chain_of_schemas_may_have_any_length(
    link: Callable[[int], str], version: str, tmp_path: Path
) -> None:
    package = write_client(document(_chain(link), version), tmp_path)
    models = [*package.glob("models.py"), *package.glob("models/[!_]*.py")]
    texts = [path.read_text() for path in (*models, package / "client.py")]

    assert [] == [found for text in texts for found in re.findall(r"(?:p: |-> |body: )Any.*", text)]


def test_what_goes_deep_is_read_and_written_like_all_else(make: Callable[..., Any]) -> None:
    """Classes that lead to each other in every way, in a ring that is longer than Python is deep."""
    count = 120
    kinds: list[Callable[[str], dict[str, Any]]] = [
        lambda ref: {"$ref": ref},
        lambda ref: {"type": "array", "items": {"$ref": ref}},
        lambda ref: {"type": "object", "additionalProperties": {"$ref": ref}},
        lambda ref: {"anyOf": [{"$ref": ref}, {"type": "null"}, {"type": "integer"}]},
        lambda ref: {"oneOf": [{"$ref": ref}, {"$ref": "#/components/schemas/Other"}], "discriminator": {"propertyName": "kind"}},
        lambda ref: {"$ref": "#/components/schemas/Base"},
        lambda ref: {"type": "array", "prefixItems": [{"type": "integer"}, {"$ref": ref}]},
    ]  # fmt: skip
    schemas: dict[str, Any] = {"Sent": {"type": "object"}, "Got": {"type": "object"}}
    kind = {"kind": {"type": "string"}, "n": {"type": "integer"}}
    schemas["Other"] = {"type": "object", "required": ["kind"], "properties": kind}
    schemas["Base"] = {**schemas["Other"], "discriminator": {"propertyName": "kind"}}
    for n in range(count):
        ref = f"#/components/schemas/R{(n + 1) % count}"
        own = {"type": "object", "properties": {**kind, "next": kinds[n % len(kinds)](ref)}}
        parts = [{"$ref": "#/components/schemas/Base"}, own] if n % len(kinds) == 6 else [own]
        schemas[f"R{n}"] = {"allOf": parts, "required": ["kind"]}
    made = make(_with(schemas))

    value: dict[str, Any] = {"kind": "R0"}
    for n in reversed(range(count)):
        inner: Any = {1: [value], 2: {"k": value}, 6: [1, value]}.get(n % len(kinds), value)
        value = {"kind": f"R{n}", "n": n, "next": inner}
    read: Any = read_back(made, made.R0, value)
    runtime = __import__(f"{made.__name__}._runtime", fromlist=["_runtime"])
    adapter: TypeAdapter[Any] = runtime.Content(lambda: made.R0).adapter
    with pytest.raises(ValueError, match="valid integer") as caught:
        adapter.validate_json(json.dumps(value).replace('"n": 3,', '"n": "no",'))
    [problem] = caught.value.errors()  # type: ignore[attr-defined]

    assert ("next", "next", 0, "next", "k", "n") == problem["loc"]
    for n in range(count):
        assert f"R{n}" == type(read).__name__
        read = {1: lambda v: v[0], 2: lambda v: v["k"], 6: lambda v: v[1]}.get(
            n % len(kinds), lambda v: v
        )(read.next)


def test_what_is_sent_stays_so_beside_constants_that_are_objects(make: Callable[..., Any]) -> None:
    client = make(
        document(
            """
Sent:
  type: object
  required: [head]
  properties:
    head:
      type: object
      enum: [{kind: a}, {kind: b}]
      required: [id, kind]
      properties: {id: {type: string, readOnly: true}, kind: {type: string}}
Got: {$ref: '#/components/schemas/Sent'}
"""
        )
    )

    assert ["kind"] == list(client.SentHeadRequest.model_fields)
    assert ["id", "kind"] == list(client.SentHead.model_fields)


INNER = """
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Tree:
      type: object
      properties:
        nodes: {type: array, items: {$ref: '#/components/schemas/Tree/properties/nodes'}}
        open: {type: [array, 'null'], items: {$ref: '#/components/schemas/Tree/properties/open'}}
        named: {$ref: '#/components/schemas/Nested'}
        circle: {$ref: '#/components/schemas/Tree/properties/circle'}
        one: {$ref: '#/components/schemas/Tree/properties/other'}
        other: {$ref: '#/components/schemas/Tree/properties/one'}
    Nested: {type: [array, 'null'], items: {$ref: '#/components/schemas/Nested'}}
"""


def test_what_is_made_of_itself_has_a_name_wherever_it_stands(make: Any) -> None:
    """Null inside of it too; a circle that reaches no schema is anything."""
    tree = make(INNER).models.Tree
    value = {"nodes": [[], [[]]], "open": [None, [None]], "named": [None, [[None]]]}
    value |= {"circle": 1, "one": "a", "other": [2]}

    read = tree.model_validate_json(json.dumps(value))

    assert value == json.loads(read.model_dump_json(by_alias=True, exclude_unset=True))
    with pytest.raises(ValidationError):
        tree.model_validate_json('{"nodes": [[3]]}')
    with pytest.raises(ValidationError):
        tree.model_validate_json('{"nodes": [null]}')


def test_a_sign_before_a_value_takes_no_letter_of_it(make: Callable[..., Any]) -> None:
    """A list is sorted by `name`, or by `-name` from the end."""
    values = "['name', '-name', '-new', '-1', '+1']"
    client = make(document(f"Sent: {{type: string, enum: {values}}}\nGot: {{type: string}}"))

    found = {member.value: name for name, member in client.Sent.__members__.items()}

    assert {
        "name": "NAME_",
        "-name": "MINUS_NAME",
        "-new": "MINUS_NEW",
        "-1": "MINUS_1",
        "+1": "PLUS_1",
    } == found
