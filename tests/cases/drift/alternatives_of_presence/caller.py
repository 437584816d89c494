from .client import Client, Order

client = Client()
name: str | None = client.create_order(body=Order(id="1")).id
print(name)
