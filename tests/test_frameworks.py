"""Documents as web frameworks write them: Django REST framework, FastAPI, ASP.NET."""

# ruff: noqa: E501 - schemas read best on a line each

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from pydantic import TypeAdapter

from venuekit.diagnostics import Report

from .making import write_client
from .test_schemas import document

CHOICES = """
SideEnum: {enum: [buy, sell], type: string}
BlankEnum: {enum: ['']}
NullEnum: {enum: [null]}
Order:
  type: object
  properties:
    side:
      nullable: true
      oneOf: [{$ref: '#/components/schemas/SideEnum'}, {$ref: '#/components/schemas/BlankEnum'}, {$ref: '#/components/schemas/NullEnum'}]
"""


@pytest.mark.parametrize(
    ("value", "read"), [("buy", "SideEnum"), ("", "BlankEnum"), ("hold", "str"), (None, "NoneType")]
)
def test_each_of_several_enumerations_has_its_members(
    value: str | None, read: str, make: Callable[..., Any]
) -> None:
    made = make(document(CHOICES, "3.0.3", body="Order", got="Order"))
    order = made.Order.model_validate({"side": value})

    assert read == type(order.side).__name__
    assert {"side": value} == order.model_dump(mode="json")


OPTIONAL = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /a:
    get:
      operationId: read
      parameters:
        - {name: q, in: query, schema: {anyOf: [{type: string}, {type: 'null'}]}}
        - {name: by, in: query, schema: {type: [string, 'null'], enum: [up, down, null]}}
        - {name: x-token, in: header, required: true, schema: {type: [string, 'null']}}
      responses: {'204': {description: Done.}}
"""


def test_none_is_said_once_of_an_argument(tmp_path: Path) -> None:
    text = (write_client(OPTIONAL, tmp_path) / "client.py").read_text()

    assert "q: str | None = None" in text
    assert "x_token: str | None," in text
    assert "None | None" not in text.replace("\n", " ").replace("    ", "")


ANSWERS = """
openapi: 3.0.1
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /order:
    get:
      operationId: order
      responses:
        '200':
          description: Success
          content:
            text/plain: {schema: {$ref: '#/components/schemas/Order'}}
            application/json: {schema: {$ref: '#/components/schemas/Order'}}
            text/json: {schema: {$ref: '#/components/schemas/Order'}}
  /name:
    get:
      operationId: name
      responses:
        '200':
          description: Success
          content: {text/plain: {schema: {type: string}}, application/json: {schema: {type: string}}}
components:
  schemas:
    Order: {type: object, required: [id], properties: {id: {type: integer, format: int64}}}
"""


def test_an_object_as_text_is_its_json(make: Callable[..., Any]) -> None:
    made = make(ANSWERS)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["accept"])
        if request.url.path == "/name":
            return httpx.Response(200, text="plain")
        return httpx.Response(200, text='{"id": 7}')  # as text/plain

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = made.Client("https://t.example", http=http)

    assert made.Order(id=7) == client.order()
    assert "plain" == client.name()
    assert "text/plain" not in asked[0]
    assert "text/plain" in asked[1]


NOTATIONS = """
openapi: 3.0.1
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /order:
    get:
      operationId: order
      responses:
        '200':
          description: Success
          content:
            application/xml: {schema: {$ref: '#/components/schemas/Order'}}
            application/yaml: {schema: {$ref: '#/components/schemas/Order'}}
            application/json: {schema: {$ref: '#/components/schemas/Order'}}
            application/vnd.kubernetes.protobuf: {schema: {$ref: '#/components/schemas/Order'}}
        '400':
          description: Failure
          content:
            text/xml: {schema: {type: array, items: {type: string}}}
            application/problem+json: {schema: {type: array, items: {type: string}}}
  /report:
    get:
      operationId: report
      responses:
        '200':
          description: Success
          content:
            application/json: {schema: {$ref: '#/components/schemas/Order'}}
            application/xml: {schema: {type: string}}
            text/csv: {schema: {$ref: '#/components/schemas/Order'}}
components:
  schemas:
    Order: {type: object, required: [id], properties: {id: {type: integer, format: int64}}}
"""


def test_what_is_json_too_is_not_asked_for_in_other_notations(make: Callable[..., Any]) -> None:
    made = make(NOTATIONS)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["accept"].partition(", application/problem+json")[0])
        return httpx.Response(200, json={"id": 7})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = made.Client("https://t.example", http=http)
    client.order()
    client.report()

    assert ["application/json", "application/json, application/xml, text/csv"] == asked
    assert "Order" == made.Client.order.__annotations__["return"].rpartition(".")[2]


EXTENDED = """
Sent: {oneOf: [{$ref: '#/components/schemas/Order'}, {$ref: '#/components/schemas/LimitOrder'}]}
Got: {$ref: '#/components/schemas/LimitOrder'}
Order:
  type: object
  required: [type]
  discriminator: {propertyName: type}
  properties:
    type: {type: string}
    status: {type: string, enum: [NEW, DONE]}
    legs: {type: array, items: {type: object, properties: {symbol: {type: string}}}}
LimitOrder:
  allOf: [{$ref: '#/components/schemas/Order'}, {type: object, properties: {limit: {type: number}}}]
Filled:
  allOf: [{$ref: '#/components/schemas/Order'}, {type: object, properties: {at: {type: object, properties: {hour: {type: integer}}}}}]
"""


@pytest.mark.parametrize("discriminator", [True, False])
def test_what_is_inherited_keeps_its_classes(discriminator: bool, make: Callable[..., Any]) -> None:
    schemas = (
        EXTENDED
        if discriminator
        else EXTENDED.replace("  discriminator: {propertyName: type}\n", "")
    )
    made = make(document(schemas))
    order = {"type": "LimitOrder", "status": "NEW", "legs": [{"symbol": "A"}], "limit": 3}
    read = made.LimitOrder.model_validate(order)

    assert discriminator == isinstance(read, made.Order)
    assert made.OrderStatus.NEW is read.status
    assert made.OrderLegsItem(symbol="A") == read.legs[0]
    assert hasattr(made, "FilledAt")
    assert not hasattr(made, "LimitOrderStatus")
    assert order == read.model_dump(mode="json", by_alias=True)


def test_what_may_be_given_is_said_once(tmp_path: Path) -> None:
    text = (write_client(document(EXTENDED), tmp_path) / "client.py").read_text()

    assert "body: models.Order | Mapping[str, Any]" in text
    assert "Mapping[str, Any] | Mapping" not in " ".join(text.split())


ALTERNATIVES = """
Sent: {type: object}
Source:
  oneOf:
    - {type: object, required: [type, size], properties: {size: {type: integer}, type: {type: string, enum: [blank]}}}
    - {type: object, required: [type, size], properties: {size: {type: integer}, type: {type: string, enum: [snapshot-copy]}}}
Got:
  type: object
  properties:
    source: {$ref: '#/components/schemas/Source'}
    maybe: {anyOf: [{type: object, properties: {a: {type: string}}}, {type: 'null'}]}
    size: {oneOf: [{type: string, enum: [auto, none]}, {type: integer}]}
    way: {oneOf: [{type: string, enum: [auto]}, {type: object, properties: {b: {type: string}}}]}
    lists: {anyOf: [{type: array, items: {type: object, properties: {d: {type: string}}}}, {type: object, properties: {d: {type: string}}}]}
    plain: {oneOf: [{type: object, properties: {x: {type: string}, y: {type: string}}}, {type: object, required: [z], properties: {x: {type: string}, z: {type: string}, a: {type: string}}}]}
    more: {oneOf: [{allOf: [{$ref: '#/components/schemas/Sent'}, {properties: {e: {type: string}}}]}, {type: object, properties: {f: {type: string}}}]}
"""


@pytest.mark.parametrize("is_turned", [False, True])
def test_alternatives_are_called_by_what_tells_them_apart(is_turned: bool, tmp_path: Path) -> None:
    given = yaml.safe_load(document(ALTERNATIVES))
    for schema in (s := given["components"]["schemas"])["Got"]["properties"].values():
        for union in (schema.get("oneOf"), schema.get("anyOf"), s["Source"]["oneOf"]):
            if union and is_turned:
                union.reverse()
    package = write_client(json.dumps(given), tmp_path)
    found = re.findall(
        r"^class (?!Model\b)(\w+)", (package / "models.py").read_text(), re.MULTILINE
    )

    assert [
        "Got",
        "GotListsListItem",
        "GotListsObject",
        "GotMaybe",
        "GotMoreSent",
        "GotMoreWithF",
        "GotPlainWithY",
        "GotPlainWithZ",
        "GotSize",
        "GotWay",
        "SourceBlank",
        "SourceSnapshotCopy",
    ] == sorted(found)


def test_an_alternative_of_a_union_that_refers_to_itself_has_a_name_of_its_own(
    make: Callable[..., Any],
) -> None:
    schemas = """
Sent: {type: object}
Got: {oneOf: [{type: object, properties: {next: {$ref: '#/components/schemas/Got'}}}, {type: string}]}
"""
    made = make(document(schemas))
    read = TypeAdapter(made.models.Got).validate_python({"next": {"next": None}})

    assert "GotObject" == type(read).__name__ == type(read.next).__name__


@pytest.mark.parametrize("null", ["{type: 'null'}", "{type: 'null', description: none}"])
@pytest.mark.parametrize("kind", ["oneOf", "anyOf"])
def test_an_object_or_null_that_refers_to_itself_is_one_class(
    kind: str, null: str, make: Callable[..., Any]
) -> None:
    schemas = f"""
Sent: {{type: object}}
Got:
  {kind}:
    - {null}
    - {{type: object, properties: {{next: {{$ref: '#/components/schemas/Got'}}}}}}
"""
    report = Report()
    made = make(document(schemas), report=report)

    read = made.models.Got.model_validate({"next": {"next": None}})

    assert "Got" == type(read).__name__ == type(read.next).__name__
    assert read.next.next is None
    assert [] == [found.message for found in report if found.code == "VK301"]


TITLED = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /orders:
    get:
      operationId: list_orders
      parameters:
        - {name: sort_by, in: query, schema: {type: string, enum: [up, down], title: Sort By}}
        - {$ref: '#/components/parameters/Scope'}
      responses:
        '200':
          description: Done.
          content:
            application/json:
              schema: {title: Response List Orders, oneOf: [{$ref: '#/components/schemas/Order'}, {$ref: '#/components/schemas/Fill'}]}
        '404': {$ref: '#/components/responses/404'}
  /fills/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: Done., content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
components:
  parameters:
    Scope: {name: scope, in: query, schema: {type: string, enum: [own, all], title: Scope}}
  responses:
    '404': {description: None., content: {application/json: {schema: {type: object, properties: {why: {type: string}}}}}}
  schemas:
    Order:
      type: object
      required: [kind]
      properties:
        kind: {const: order, title: Kind}
        order_status: {type: string, enum: [open, done], title: Order Status}
        tags: {type: array, title: Tags, items: {type: string, enum: [a, b]}}
        terms: {anyOf: [{type: string, enum: [day, gtc]}, {type: integer}], title: Terms}
        owner: {type: object, title: Owner, properties: {id: {type: string}}}
        venue: {type: string, enum: [x, y], title: Place of Trade}
    Fill:
      type: object
      required: [kind]
      properties:
        kind: {const: fill, title: Kind}
        owner: {type: object, title: Owner, properties: {id: {type: string}}}
EXTRA
"""
EXTRA = """
    Other:
      type: object
      properties:
        tags: {type: array, title: Tags, items: {type: string, enum: [c, d]}}
        order_status: {type: string, enum: [gone, lost], title: Order Status}
        sort_by: {type: string, enum: [left, right], title: Sort By}
"""


def class_names(text: str, folder: Path) -> set[str]:
    """The classes and named unions of a document, and what was warned of."""
    models = (write_client(text, folder) / "models.py").read_text()
    return set(
        re.findall(
            r"^(?:class )?(?!Model\b)([A-Z]\w*)(?:\(|(?:: TypeAlias)? = )", models, re.MULTILINE
        )
    )


def test_titles_that_frameworks_make_of_names_name_no_class(tmp_path: Path) -> None:
    found = class_names(TITLED.replace("EXTRA", ""), tmp_path)

    assert {
        "Order",
        "Fill",
        "OrderOrderStatus",
        "OrderTagsItem",
        "OrderTerms",
        "Owner",
        "PlaceOfTrade",
        "ListOrdersSortBy",
        "ScopeParameter",
        "ListOrdersResponse",
        "Response404",
        "GetFillsIdResponse",
    } == found


def test_such_names_stay_when_others_come(tmp_path: Path) -> None:
    before = class_names(TITLED.replace("EXTRA", ""), tmp_path)
    after = class_names(TITLED.replace("EXTRA", EXTRA), tmp_path)

    assert {"Other", "OtherTagsItem", "OtherOrderStatus", "OtherSortBy"} == after - before
    assert before <= after


ANNOTATED = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /do:
    get:
      operationId: do
      parameters:
        - {name: side, in: query, schema: {$ref: '#/components/schemas/Side'}}
        - {name: model, in: query, schema: {$ref: '#/components/schemas/ModelName'}}
        - {name: zone, in: query, schema: {anyOf: [{type: string}, {type: string, enum: [eu, us]}]}}
        - {name: level, in: query, schema: {oneOf: [{const: 1, title: Low}, {const: 2, title: High}]}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
components:
  schemas:
    Side:
      description: The side.
      oneOf: [{const: buy, title: Buy, description: Take it.}, {const: sell, description: Give it.}]
    State: {oneOf: [{type: string, enum: [open, new], description: Open.}, {type: string, enum: [done]}]}
    ModelName: {anyOf: [{type: string}, {const: x-1, description: One.}, {const: x-2}]}
    Order:
      type: object
      properties:
        side: {$ref: '#/components/schemas/Side'}
        state: {$ref: '#/components/schemas/State'}
        model: {$ref: '#/components/schemas/ModelName'}
        unit: {anyOf: [{const: lot}, {const: share}, {type: 'null'}]}
        size: {anyOf: [{const: all}, {const: half}, {type: integer}]}
"""


def test_alternatives_of_one_constant_each_are_an_enumeration(make: Callable[..., Any]) -> None:
    made = make(ANNOTATED)
    order = {"side": "buy", "state": "open", "model": "x-3", "unit": None, "size": 3}

    read = made.Order.model_validate(order)

    assert [made.Side.BUY, made.State.OPEN, "x-3", None, 3] == [getattr(read, n) for n in order]
    assert made.OrderUnit.LOT is made.Order(unit="lot").unit
    assert "half" == made.Order.model_validate({"size": "half"}).size.value
    assert order == read.model_dump(mode="json", exclude_unset=True)
    assert "The side.\n\n- `buy`: Take it.\n- `sell`: Give it." == inspect.getdoc(made.Side)
    assert ["LOW", "HIGH"] == [member.name for member in made.DoLevel]


def test_any_text_beside_an_enumeration_may_be_sent(make: Callable[..., Any]) -> None:
    made = make(ANNOTATED)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.query, "ascii"))
        return httpx.Response(200, json={})

    client = made.Client(http=httpx.Client(transport=httpx.MockTransport(answer)))
    client.do(model="x-3", zone="asia")
    client.do(model=made.ModelName.X1, zone="eu", level=2)
    with pytest.raises(made.InvalidRequest):
        client.do(side="hold")

    assert ["model=x-3&zone=asia", "model=x-1&zone=eu&level=2"] == asked
    assert "models.DoZone | str | None" == made.Client.do.__annotations__["zone"]
