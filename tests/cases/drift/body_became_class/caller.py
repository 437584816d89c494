from .client import Client

client = Client()
client.create_order(body={"symbol": "A"})
