from .client import Client


def call(client: Client) -> None:
    client.create_order()
