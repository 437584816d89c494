from .client import Client, Server


def call(client: Client) -> None:
    with Client(Server.PAPER_EXAMPLE) as other:
        other.create_order()
