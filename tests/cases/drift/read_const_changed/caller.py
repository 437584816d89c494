from .client import Client


def call(client: Client) -> None:
    price: str = client.create_order().price
    print(price)
