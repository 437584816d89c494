from .client import Client, Order

client = Client()
price: int | float = client.create_order(body=Order(price=1)).price
print(price)
