from .client import Client

client = Client(bearer_auth="t")
client.list_orders()
