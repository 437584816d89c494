from .client import Client


def call(client: Client) -> None:
    text: str = client.create_order()
    print(text)
