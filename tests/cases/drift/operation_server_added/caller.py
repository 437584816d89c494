from .client import Client, Server

client = Client(Server.PAPER_EXAMPLE)
client.list_orders()
