from .client import Client, Order


def call(client: Client) -> None:
    order: Order = client.get_order()
    print(order)
