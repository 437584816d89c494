from .client import Client


def call(client: Client) -> None:
    side = str("buy")
    client.create_order(side=side)
