from .client import Client


def call(client: Client) -> None:
    nothing: None = client.create_order()
    print(nothing)
