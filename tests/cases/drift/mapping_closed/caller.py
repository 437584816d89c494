from .client import Client, Order

client = Client()
tags: dict[str, str] = client.create_order(body=Order(tags={"a": "b"})).tags
print(tags)
