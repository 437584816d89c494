from .client import Client, Order


def call(client: Client) -> None:
    first: Order | None = client.list_orders().first
    print(first)
