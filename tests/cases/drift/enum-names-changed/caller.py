from .client import Client, Order, OrderPrice


def call(client: Client) -> None:
    order = client.create_order(body=Order(price=OrderPrice.LIMIT))
    price: OrderPrice | int = order.price
    print(price)
