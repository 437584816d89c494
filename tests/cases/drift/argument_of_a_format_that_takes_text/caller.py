from .client import Client

client = Client()
client.list(id="12345678-1234-5678-1234-567812345678")
