from .client import Client, Order

client = Client()
client.create_order(body=Order(seal=b"x"))
