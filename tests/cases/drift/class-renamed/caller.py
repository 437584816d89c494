from .client import Client
from .client.models import Receipt


def call(client: Client) -> None:
    receipt: Receipt = client.create_order()
    print(receipt)
