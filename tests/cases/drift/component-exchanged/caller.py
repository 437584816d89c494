from .client import Client, Order


def call(client: Client) -> None:
    orders: list[Order] = client.list_orders()
    print(orders)
