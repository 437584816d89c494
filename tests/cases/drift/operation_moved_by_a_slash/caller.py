from .client import Client


def call(client: Client) -> None:
    client.get_orders_open()
    client.get_fills()
