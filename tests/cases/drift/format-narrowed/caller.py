from .client import Client, Order


def call(client: Client) -> None:
    order = client.create_order(body=Order(price="1"))
    price: str = order.price
    print(price)
