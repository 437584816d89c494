from .client import Client


def call(client: Client) -> None:
    client.get_order("1")
