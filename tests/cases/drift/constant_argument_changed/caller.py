from .client import Client

client = Client()
client.list(side="buy")
