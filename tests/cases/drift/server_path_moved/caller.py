from .client import Client, Server


def call(client: Client) -> None:
    with Client(Server.PAPER) as other:
        other.list_orders()
