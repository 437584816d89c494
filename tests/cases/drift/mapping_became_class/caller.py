from .client import Client

client = Client()
order = client.create_order(body={"leg": {"symbol": "A"}})
print(order.leg["symbol"])
