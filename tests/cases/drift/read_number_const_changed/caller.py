from .client import Client


def call(client: Client) -> None:
    price: int = client.create_order().price
    print(price)
