from .client import Client


def call(client: Client) -> None:
    with Client(key="k", token="t") as other:
        other.create_order()
