from .client import Client, Dog


def call(client: Client) -> None:
    pet = client.create_order(body=Dog(kind="dog", tail=1))
    print(pet)
