from .client import Client


def call(client: Client) -> None:
    price: str | None = client.create_order().price
    print(price)
