from .client import Client


def call(client: Client) -> None:
    reply = client.raw.create_order()
    print(reply.header.x_next)
