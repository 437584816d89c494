from .client import Client

client = Client(key="k", secret="s")
client.list_orders()
