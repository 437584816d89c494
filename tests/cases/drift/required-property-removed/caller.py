from .client import Client, Order


def call(client: Client) -> None:
    order = client.create_order(body=Order(price="1", size="2"))
    price: str = order.size
    print(price)
