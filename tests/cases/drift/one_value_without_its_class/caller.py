from .client import Client, Order, Side

client = Client()
client.create_order(body=Order(side=Side.BUY))
