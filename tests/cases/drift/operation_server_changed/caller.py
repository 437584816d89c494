from .client import Client, Server

client = Client(Server.FILES_EXAMPLE)
client.list_orders()
