from .client import Client


def call(client: Client) -> None:
    with Client(secret="s") as other:
        other.create_order()
