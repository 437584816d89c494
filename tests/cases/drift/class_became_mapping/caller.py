from .client import Client, Leg, Order


def call(client: Client) -> None:
    symbol: str | None = client.create_order(body=Order(leg=Leg(symbol="A"))).leg.symbol
    print(symbol)
