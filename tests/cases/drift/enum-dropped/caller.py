from .client import Client, Order
from .client.models import OrderPrice


def call(client: Client) -> None:
    order = client.create_order(body=Order(price=OrderPrice.LIMIT))
    price: OrderPrice | str = order.price
    print(price)
