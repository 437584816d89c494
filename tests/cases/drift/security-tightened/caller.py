from .client import Client


def call(client: Client) -> None:
    with Client(key="k") as other:
        other.create_order()
