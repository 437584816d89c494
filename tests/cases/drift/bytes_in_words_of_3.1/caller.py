from .client import Client

client = Client()
client.upload(body={"file": b"x"})
