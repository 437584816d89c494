from .client import Client, Order

client = Client()
price: str | None = client.create_order(body=Order(price="1")).price
print(price)
