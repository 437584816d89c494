from .client import Client
from .client.models import CreateOrderRequest


def call(client: Client) -> None:
    client.create_order(body=CreateOrderRequest(price="1"))
