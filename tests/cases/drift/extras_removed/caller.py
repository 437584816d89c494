from .client import Client, Order

client = Client()
order = client.create_order(body=Order(id="1"))
print(order.extras)
