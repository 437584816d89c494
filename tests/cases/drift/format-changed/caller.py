from uuid import UUID

from .client import Client, Order


def call(client: Client) -> None:
    order = client.create_order(body=Order(price=UUID(int=1)))
    price: UUID = order.price
    print(price)
