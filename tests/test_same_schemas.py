"""A reference with something beside it that adds nothing is the class that it refers to."""

# ruff: noqa: E501 - schemas read best on a line each

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from .making import write_client
from .test_schemas import PETS, document

USERS = """
User: {title: User (Mini), type: object, properties: {id: {type: string}}}
Status: {type: string, enum: [open, done]}
Sent: {type: object, properties: {user: USED, status: {STATUS}}}
Got: {type: object, properties: {user: USED, many: {type: array, items: USED}, status: {STATUS}}}
"""
USER = "{$ref: '#/components/schemas/User'}"


def schemas(used: str) -> str:
    status = used.replace("/User", "/Status").removeprefix("{").removesuffix("}")
    return USERS.replace("USED", used).replace("STATUS", status)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    "used",
    [
        f"{{allOf: [{USER}, {{description: Its author.}}]}}",
        f"{{allOf: [{USER}], description: Its author., title: Author}}",
        f"{{allOf: [{{description: Its author., nullable: false}}, {USER}], x-order: 3}}",
        f"{{allOf: [{USER}, {{}}, {{example: x}}, {USER}], description: Its author.}}",
    ],
)
def test_annotations_make_no_class(used: str, version: str, tmp_path: Path) -> None:
    package = write_client(document(schemas(used), version), tmp_path)
    text = (package / "models.py").read_text()

    assert ["Status", "User", "Got", "Sent"] == re.findall(
        r"^class (?!Model\b)(\w+)", text, re.MULTILINE
    )
    assert "many: list[User] | None" in text
    assert 4 == text.count('"""Its author."""')


@pytest.mark.parametrize(
    "used",
    [
        f"{{allOf: [{USER}, {{type: object}}]}}",
        f"{{allOf: [{USER}, {{type: object, properties: {{}}, required: []}}]}}",
        "{$ref: '#/components/schemas/User', type: object, x-order: 3}",
    ],
)
def test_the_type_of_the_target_adds_nothing(used: str, make: Callable[..., Any]) -> None:
    users = schemas(used).replace("status: {" + used[1:-1].replace("/User", "/Status") + "}", "")
    made = make(document(users))
    got = made.Got.model_validate({"user": {"id": "a"}})

    assert type(got.user) is made.User


@pytest.mark.parametrize(
    "used",
    [
        f"{{allOf: [{USER}], required: [id]}}",
        f"{{allOf: [{USER}, {{properties: {{name: {{type: string}}}}}}]}}",
    ],
)
def test_what_adds_something_is_a_class_of_its_own(used: str, make: Callable[..., Any]) -> None:
    users = USERS.replace("USED", used).replace("STATUS", "type: string")
    made = make(document(users))
    got = made.Got.model_validate({"user": {"id": "a", "name": "b"}})

    assert "GotUser" == type(got.user).__name__  # not named by the title of what it is made of
    assert made.User is not type(got.user)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_base_with_annotations_is_read_as_its_variant(
    version: str, make: Callable[..., Any]
) -> None:
    described = "{allOf: [{$ref: '#/components/schemas/Pet'}], description: The first., readOnly: true, x-a: 1}"
    made = make(
        document(PETS + f"Held: {{type: object, properties: {{pet: {described}}}}}", version)
    )
    held = made.models.Held.model_validate({"pet": {"petType": "cat", "hunts": True}})

    assert isinstance(held.pet, made.Cat)


def test_read_only_in_a_member_is_not_sent(make: Callable[..., Any]) -> None:
    marked = f"{{allOf: [{USER}, {{readOnly: true}}]}}"
    made = make(document(schemas(marked), "3.0.3", body="Got"))

    assert {"many"} == set(made.models.GotRequest.model_fields)
    assert {"user", "many", "status"} == set(made.Got.model_fields)


def test_a_parameter_of_a_wrapped_enumeration(make: Callable[..., Any]) -> None:
    text = document(USERS.replace("USED", USER).replace("STATUS", "type: string"), "3.0.3")
    parameter = """
      parameters:
        - name: by
          in: query
          schema: {allOf: [{$ref: '#/components/schemas/Status'}], default: open}
        - name: any
          in: query
          explode: false
          schema: {type: array, items: {allOf: [{$ref: '#/components/schemas/Status'}, {description: x}]}}
"""
    made = make(text.replace("      requestBody:", parameter.strip("\n") + "\n      requestBody:"))
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.query)
        return httpx.Response(200, json={})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = made.Client("https://t.example", http=http)
    client.do(by=made.Status.OPEN, any=["done", made.Status.OPEN], body={})

    assert [b"by=open&any=done,open"] == sent
    with pytest.raises(made.InvalidRequest):
        client.do(by="gone", body={})


SHARED = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /a:
    post:
      operationId: first
      parameters: [{$ref: '#/components/parameters/sort'}]
      requestBody: {$ref: '#/components/requestBodies/Order'}
      responses: {'200': {$ref: '#/components/responses/GotResult'}, '404': {$ref: '#/components/responses/NotFound'}}
  /b:
    put:
      operationId: second
      parameters: [{$ref: '#/components/parameters/sort'}]
      requestBody: {$ref: '#/components/requestBodies/Order'}
      responses:
        '200': {$ref: '#/components/responses/GotResult'}
        '404': {$ref: '#/components/responses/NotFound'}
        '409': {description: No., content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
        '4XX': {description: No., content: {application/json: {schema: {type: object, properties: {b: {type: string}}}}}}
components:
  parameters:
    sort: {name: sort, in: query, schema: {type: string, enum: [up, down]}}
  requestBodies:
    Order: {content: {application/json: {schema: {type: object, properties: {side: {enum: [buy, sell]}}}}}}
  responses:
    GotResult: {description: Yes., content: {application/json: {schema: {type: object, properties: {2fa: {type: object, properties: {c: {type: string}}}}}}}}
    NotFound: {description: No., content: {application/json: {schema: {type: object, properties: {code: {type: integer}}}}}}
"""


def test_shared_components_give_their_names_to_what_is_inside(tmp_path: Path) -> None:
    text = (write_client(SHARED, tmp_path) / "models.py").read_text()

    assert {
        "SortParameter",
        "OrderRequest",
        "OrderRequestSide",
        "GotResult",
        "GotResult2Fa",
        "NotFoundResponse",
        "Second409Error",
        "Second4XXError",
    } == set(re.findall(r"^class (?!Model\b)(\w+)", text, re.MULTILINE))


def test_a_reference_may_have_an_empty_key_beside_it(make: Callable[..., Any]) -> None:
    users = USERS.replace("USED", "{$ref: '#/components/schemas/User', '': 1}")
    made = make(document(users.replace("STATUS", "type: string")))

    assert "a" == made.Got.model_validate({"user": {"id": "a"}}).user.id


BUNDLED = """
openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /orders:
    get:
      operationId: listOrders
      parameters: [{name: by, in: query, schema: {type: string, enum: [up, down]}}]
      responses:
        '200':
          description: Done.
          content:
            application/json:
              schema:
                allOf:
                - {type: object, properties: {at: {type: object, properties: {hour: {type: integer}}}}}
                - {type: object, properties: {items: {type: array, items: {type: object, properties: {id: {type: string}}}}}}
        '404': {$ref: '#/components/responses/404'}
    post:
      parameters: [{name: by, in: query, schema: {$ref: '#/paths/~1orders/get/parameters/0/schema'}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/requestBodies/New/content/application~1json/schema'}}}}
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/paths/~1orders/get/responses/200/content/application~1json/schema'}}}}
        '201': {description: d, content: {application/json: {schema: {$ref: '#/paths/~1orders/get/responses/200/content/application~1json/schema/allOf/1/properties/items/items'}}}}
        '202': {description: d, content: {application/json: {schema: {$ref: '#/paths/~1orders/get/responses/200/content/application~1json/schema/allOf/0/properties/at'}}}}
        '404': {description: d, content: {application/problem+json: {schema: {$ref: '#/components/responses/404/content/application~1json/schema'}}}}
    put:
      operationId: putOrder
      requestBody: {$ref: '#/components/requestBodies/New'}
      responses: {'204': {description: d}}
    delete:
      operationId: dropOrder
      requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
      responses: {'204': {description: d}}
    patch:
      operationId: mendOrder
      requestBody: {content: {application/json: {schema: {$ref: '#/paths/~1orders/delete/requestBody/content/application~1json/schema'}}}}
      responses: {'204': {description: d}}
components:
  requestBodies:
    New: {content: {application/json: {schema: {type: object, properties: {q: {type: string}}}}}}
  responses:
    '404': {description: f, content: {application/json: {schema: {type: object, properties: {why: {type: string}}}}}}
"""


def test_a_reference_into_an_operation_names_the_class_that_is_there(tmp_path: Path) -> None:
    models = (write_client(BUNDLED, tmp_path) / "models.py").read_text()

    assert [
        "ListOrdersBy",
        "DropOrderRequest",
        "ListOrdersResponseAt",
        "ListOrdersResponseItemsItem",
        "ListOrdersResponse",
        "NewRequest",
        "Response404",
    ] == re.findall(r"^class (?!Model\b)(\w+)", models, re.MULTILINE)
