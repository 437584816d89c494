from .client import Client, Order, OrderPrice


def call(client: Client) -> None:
    order = client.create_order(body=Order(price=OrderPrice.MARKET))
    price: OrderPrice | str = order.price
    print(price)
