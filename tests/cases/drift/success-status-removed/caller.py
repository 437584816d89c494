from .client import Client


def call(client: Client) -> None:
    text: str | None = client.create_order()
    print(text)
