from .client import Client, Order


def call(client: Client) -> None:
    client.create_order(body=Order(price="1"))
