from .client import Client, server_url

client = Client(server_url(area="us"))
client.list_orders()
