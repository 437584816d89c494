from .client import Client

client = Client(api_key="k")
client.list_orders()
