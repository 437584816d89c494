from .client import Client


def call(client: Client) -> None:
    with Client() as other:
        other.create_order()
