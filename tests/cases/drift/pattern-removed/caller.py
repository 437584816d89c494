from .client import Client, Order


def call(client: Client) -> None:
    order = client.create_order(body=Order(price="abc"))
    price: str = order.price
    print(price)
