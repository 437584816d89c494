from .client import Cat, Client


def call(client: Client) -> None:
    cat = client.create_order(body=Cat(kind="cat", claws=3))
    print(cat.claws)
