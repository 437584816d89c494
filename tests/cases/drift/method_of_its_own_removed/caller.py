from .client import Client

client = Client()
client.copy_orders()
