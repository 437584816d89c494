from .client import Client

client = Client()
found: str = client.list_orders().id
print(found)
