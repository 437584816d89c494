from .client import Client

client = Client(basic=("key", "secret"))
client.list_orders()
