from .client import Client

client = Client(api_key_auth="k")
client.list_orders()
