from .client import Cat, Client, Dog


def call(client: Client) -> None:
    pet: Cat | Dog = client.create_order()
    print(pet)
