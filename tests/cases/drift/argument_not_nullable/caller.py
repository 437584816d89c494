from .client import Client

client = Client()
client.list(id=None)
