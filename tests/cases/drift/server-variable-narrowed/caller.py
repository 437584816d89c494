from .client import Client, server_url

client = Client(server_url(area="eu"))
client.list_orders()
