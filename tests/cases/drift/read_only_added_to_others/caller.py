from .client import Client, OrderRequest

client = Client()
client.create_order(body=OrderRequest(price="1"))
