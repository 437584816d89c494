from .client import Client


def call(client: Client) -> None:
    text: str | bytes = client.create_order()
    if isinstance(text, str):
        print(text.strip())
