from .client import Client, Order


def call(client: Client) -> None:
    order = client.create_order(body=Order(client_id="1"))
    price: str = order.client_id
    print(price)
