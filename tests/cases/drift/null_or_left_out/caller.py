from .client import Client, Order

client = Client()
id: str | None = client.create_order(body=Order(id=None)).id
print(id)
