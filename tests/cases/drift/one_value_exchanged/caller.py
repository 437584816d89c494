from .client import Client, Order

client = Client()
side: str = client.create_order(body=Order(side="buy")).side
print(side)
